using Realtime.Protocol.Tests.Lifecycle.Scenarios;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>The corners of events and of what is asked, each in one line: the sentence that is true, and the conversation that shows it.</summary>
public class CornerTests
{
    private const string Runs = "!create · →create(e1) · ←created(A, e1)";
    private const string Speaks = Runs + " · ←message(A, m) · ←audio(A, m, 1000)";
    private const string Call = """{"id":"f","type":"function_call","status":"completed","call_id":"call_1","name":"clock","arguments":"{}"}""";

    [Theory]
    [InlineData("the end of the session is no refusal of the event that it names", "manual · !create · →create(e1) · ←error(session_expired, e1) · ⊢ turn(1, Disconnected) · ⊢ surfaced(Reconnect)")]
    [InlineData("an error without a name answers no cancel", "manual · " + Runs + " · !interrupt · →cancel(A) · wait(1) · ←error(server_error) · !create(x) · wait(5s) · →create(e3, x)")]
    [InlineData(
        "a cancel's error that bears a name answers the cancel of that name",
        "manual · " + Runs + " · !interrupt · →cancel(A, e2) · ←done(A) · !create · →create(e3) · ←created(B, e3) · !interrupt · →cancel(B, e4) · !create(x) · ∅ · ←error(response_cancel_not_active, e4) · →create(e5, x)")]
    [InlineData(
        "a cancel is answered once, and the next error without a name is the next cancel's",
        "manual · " + Runs + " · !interrupt · →cancel(A) · ←error(response_cancel_not_active) · !create · →create(e3) · ←created(B, e3) · !interrupt · →cancel(B) · ←error(response_cancel_not_active) · !create(x) · →create(e5, x)")]
    [InlineData(
        "a cancel that was refused is answered, and the next error without a name is the next cancel's",
        "manual · " + Runs + " · !interrupt · →cancel(A, e2) · ←error(of_tomorrow, e2) · ←done(A) · !create · →create(e3) · ←created(B, e3) · !interrupt · →cancel(B) · ←error(response_cancel_not_active) · !create(x) · →create(e5, x)")]
    [InlineData("a cancel's error that names another event refuses that one", "manual · !add(one) · →item(e1) · ←error(response_cancel_not_active, e1) · ⊢ failed(1)")]
    [InlineData("the refusal of a cancel is told", "manual · " + Runs + " · !interrupt · →cancel(A, e2) · ←error(of_tomorrow, e2) · ⊢ surfaced(Recoverable)")]
    [InlineData("the refusal of a clear is told", "manual · !clear · →clear(e1) · ←error(of_tomorrow, e1) · ⊢ surfaced(Recoverable)")]
    [InlineData("a probe that finds nothing frees the place", "manual · !create · →create(e1) · wait(30s) · →cancel(e2, -response_id) · !create · ∅ · ←error(response_cancel_not_active, e2) · →create(e3)")]
    [InlineData("an error without a name refuses no commit", "manual · !speak(500) · →commit · →create(e1) · ←error(server_error) · ⊢ turn(1, open)")]
    [InlineData("a duplicate has been read by the server's answer", "vad · !add(one) · →item(e1) · ←error(item_create_duplicate_item_id, e1) · ←started · !create · ∅ · ←stopped · ←committed · ←created(V) · ⊢ answers(V, 1)")]
    [InlineData(
        "a duplicate that was given to a turn has been read by the server's answer",
        "vad(queue) · ←created(A) · !text(one) · →item(e1, one) · ←error(item_create_duplicate_item_id, e1) · ←started · ←done(A, cancelled, turn_detected) · ∅ · ←stopped · ←committed · ←created(V) · ⊢ answers(V, 2)")]
    [InlineData(
        "a duplicate that was given to a turn is left of it",
        "manual(queue) · " + Runs + " · !text(one) · !text(two) · →item(e2, one) · →item(e3, two) · ←error(item_create_duplicate_item_id, e2) · ←error(invalid_value, e3) · ⊢ turn(2, open)")]
    [InlineData("an error that says that a commit was too short refuses the oldest", "manual · wait(60s) · !speak(500) · →commit · →create(e1) · ←error(input_audio_buffer_commit_empty) · ⊢ turn(1, Rejected)")]
    [InlineData("what is there cannot be refused any more", "manual · !text(one) · →item(e1, one) · →create(e2) · ←error(item_create_duplicate_item_id, e1) · ←error(invalid_value, e1) · ⊢ turn(1, open) · ⊢ surfaced(Recoverable)")]
    [InlineData("a message that was refused is no item", "manual · !add(one) · →item(e1) · ←error(invalid_value, e1) · !delete(e1) · ⊢ refused(IT-06)")]
    [InlineData("a turn's text that was refused is no item", "manual · !text(one) · →item(e1, one) · →create(e2) · ←error(invalid_value, e1) · !delete(e1) · ⊢ refused(IT-06)")]
    [InlineData("the deletion of a message that was refused is done", "manual · !add(one) · →item(e1) · !delete(e1) · ⊢ queued · ←error(invalid_value, e1) · ⊢ failed(1) · ⊢ completed(2)")]
    public void AnError_ReachesAsFarAsItSays(string sentence, string scenario) => Run(sentence, scenario);

    [Theory]
    [InlineData("speech counts as over ten seconds after it began", "vad · wait(20s) · ←started · !create · ∅ · wait(9s) · ∅ · wait(1s) · →create(e1)")]
    [InlineData("a commit ends speech that nobody said has ended", "vad · ←started · ←committed · ←created(V) · ←done(V) · !create · →create(e1)")]
    [InlineData("a commit ends the wait for it", "vad · ←started · ←stopped · ←committed · ←created(V) · ←done(V) · !create · →create(e1)")]
    [InlineData("a cleared buffer ends the wait for a commit", "vad · ←started · ←stopped · ←cleared · !create · →create(e1)")]
    [InlineData(
        "audio that the server took is left of its turn",
        "manual(queue) · " + Runs + " · !speak(500) · →commit · !text(two) · ⊢ joined(2) · →item(e3, two) · ←committed · ←error(invalid_value, e3) · ⊢ turn(2, open)")]
    [InlineData("a clear is sent", "manual · !clear · →clear(e1) · ∅")]
    public void TheUsersAudio_IsWhereTheServerSaysItIs(string sentence, string scenario) => Run(sentence, scenario);

    [Theory]
    [InlineData(
        "an item of a running response is deleted after it, whenever it is confirmed",
        "manual · " + Runs + " · ←response.output_item.added(response_id=A, item.id=m) · !delete(m) · ⊢ queued · ←added(m) · ⊢ pending(1) · ∅ · ←done(A) · →delete(m)")]
    [InlineData("an item whose deletion waits is being deleted already", "manual · " + Runs + " · ←message(A, n) · !delete(n) · ⊢ queued · !delete(n) · ⊢ refused(IT-06)")]
    [InlineData("a message that is done is completed", "manual · " + Runs + " · ←message(A, m) · ←conversation.item.done(item.id=m) · ⊢ final(m, completed)")]
    [InlineData("a message of a completed response is completed", "manual · " + Runs + " · ←message(A, m) · ←done(A) · ⊢ final(m, completed)")]
    [InlineData("what the server has cut is not cut again", "manual · " + Speaks + " · !played(m, 500) · ←conversation.item.truncated(item_id=m, content_index:=0, audio_end_ms:=500) · !interrupt · →cancel(A) · ∅")]
    [InlineData("nobody waits for an item that is gone", "vad · ←started · !add(one) · →item(e1) · !create · ∅ · ←deleted(e1) · ←stopped · ←committed · ←created(V) · ⊢ answers(V, 1)")]
    [InlineData("nobody waits for an item that was not confirmed in time", "vad · !add(one) · →item(e1) · wait(10s) · ⊢ failed(1) · ←started · !create · ∅ · ←stopped · ←committed · ←created(V) · ⊢ answers(V, 1)")]
    [InlineData("a request waits for no item that came after it", "vad · ←started · !create · ∅ · !add(one) · →item(e1) · ←stopped · ←committed · ←created(V) · ⊢ answers(V, 1)")]
    [InlineData("an item that nobody confirmed is not deleted, however long that is asked", "manual · !add(one) · →item(e1) · !delete(e1) · ⊢ queued · wait(40s) · ⊢ failed(2) · !delete(e1) · ⊢ queued · ∅")]
    [InlineData(
        "an item keeps its place in the output when an event does not say it",
        "manual · " + Runs + " · ←response.output_item.added(response_id=A, output_index:=1, item:={\"id\":\"f\",\"type\":\"function_call\",\"call_id\":\"call_1\",\"name\":\"clock\"}) · ←conversation.item.done(item:={\"id\":\"f\",\"type\":\"function_call\",\"name\":\"clock\"})"
        + " · ←response.output_item.done(response_id=A, output_index:=1, item:={\"id\":7,\"type\":\"function_call\",\"status\":\"completed\",\"name\":\"clock\",\"arguments\":\"{}\"}) · ⊢ runs(call_1)")]
    [InlineData("the sixteenth part of an item is cut", "manual(any part) · " + Runs + " · ←message(A, m) · ←bytes(A, m, 48000, 15) · !played(1, 500) · !interrupt · →cancel(A) · →conversation.item.truncate(item_id=m, content_index:=15, audio_end_ms:=500)")]
    [InlineData("a part beyond the sixteenth is not cut", "manual(any part) · " + Runs + " · ←message(A, m) · ←bytes(A, m, 48000, 16) · !played(1, 500) · !interrupt · →cancel(A) · ∅")]
    public void AnItem_IsWhatTheServerSaysOfIt(string sentence, string scenario) => Run(sentence, scenario);

    [Theory]
    [InlineData("a response that is text is not cut", "manual · !create · →create(e1) · ←response.created(response.id=A, response.metadata.'realtime.token'=$token of e1, response.output_modalities:=[\"text\"]) · ←message(A, m) · ←audio(A, m, 1000) · !played(m, 500) · !interrupt · →cancel(A) · ∅")]
    [InlineData("a response that says late that it is text is not cut", "manual · !create · →create(e1) · ←message(A, m) · ←response.created(response.id=A, response.metadata.'realtime.token'=$token of e1, response.output_modalities:=[\"text\"]) · ←audio(A, m, 1000) · !played(m, 500) · !interrupt · →cancel(A) · ∅")]
    [InlineData("a response that is text stays text", "manual · !create · →create(e1) · ←response.created(response.id=A, response.metadata.'realtime.token'=$token of e1, response.output_modalities:=[\"text\"]) · ←response.created(response.id=A) · ←message(A, m) · ←audio(A, m, 1000) · !played(m, 500) · !interrupt · →cancel(A) · ∅")]
    [InlineData("a late announcement without our token answers nothing of ours", "vad · !create(x) · →create(e1, x) · ←committed · ←message(V, m) · ←created(V) · ⊢ turn(1, open) · ←busy(e1, V) · ←done(V) · →create(e2, x)")]
    [InlineData("a late announcement with the token of what nobody wants is cancelled", "vad · !create(x) · →create(e1, x) · ←committed · ←message(V, m) · !cancel(1) · ∅ · ←created(V, e1) · →cancel(V)")]
    [InlineData("a token that only the end repeats is our answer all the same", "manual · " + Runs + " · ←done(A) · !create(x) · →create(e2, x) · ←created(V) · ⊢ turn(2, open) · ←response.done(response.id=V, response.status=completed, response.metadata.'realtime.token'=$token of e2) · ⊢ turn(2, Merged)")]
    [InlineData("audio of no response begins none", "manual · ←response.output_audio.delta(response_id:=7, item_id=m, delta=AAAA) · !create · →create(e1)")]
    [InlineData("output of a response that was not announced is reported", "manual · ←message(V, m) · ⊢ tolerated(RC-14)")]
    [InlineData("a response that only a refusal named may be silent for thirty seconds from then on", "manual · wait(40s) · !create · →create(e1) · ←busy(e1, V) · wait(29s) · ∅ · wait(1s) · →cancel(V)")]
    [InlineData("audio that is dropped has no place in the turn's stream", "manual · " + Speaks + " · wait(30s) · →cancel(A) · ←audio(A, m, 1000) · ⊢ dropped · !played(1, 1500) · !interrupt · →truncate(m, 1000)")]
    [InlineData("audio that names another response's item does not count as that item's", "manual · " + Speaks + " · ←done(A) · !create · →create(e2) · ←created(B, e2) · ←audio(B, m, 1000) · !played(2, 500) · !interrupt · →cancel(B) · ∅")]
    [InlineData("audio that names an earlier response's silent item does not count as that item's", "manual · " + Runs + " · ←message(A, m) · ←done(A) · !create · →create(e2) · ←created(B, e2) · ←audio(B, m, 1000) · !played(2, 500) · !interrupt · →cancel(B) · ∅")]
    [InlineData("an item stays the response's that made it", "manual · " + Runs + " · ←message(A, m) · ←done(A) · !create · →create(e2) · ←created(B, e2) · ←response.output_item.added(response_id=B, item.id=m) · !delete(m) · →delete(m)")]
    [InlineData("a response of ours is the application's", "manual · " + Runs + " · ⊢ origin(Application)")]
    [InlineData("a call that stands only in the end of an unannounced response is run", "manual · !create · →create(e1) · ←response.done(response.id=A, response.status=completed, response.metadata.'realtime.token'=$token of e1, response.output:=[" + Call + "]) · ⊢ runs(call_1) · !output(call_1) · →output(call_1) · →create(e3)")]
    [InlineData("a call that stands only in an end without a status is run", "manual · " + Runs + " · ←response.done(response.id=A, response.output:=[" + Call + "]) · ⊢ runs(call_1)")]
    [InlineData("a call that stands only in the end of a cancelled response is not run", "manual · " + Runs + " · ←response.done(response.id=A, response.status=cancelled, response.output:=[" + Call + "]) · ⊢ runs")]
    [InlineData("a report of a turn that has made no sound says nothing of an earlier one", "manual · " + Speaks + " · !played(1, 400) · ←done(A) · !create · →create(e2) · ←created(B, e2) · !played(2, 100) · !interrupt · →cancel(B) · →truncate(m, 400)")]
    public void AResponse_IsWhatItsEventsSay(string sentence, string scenario) => Run(sentence, scenario);

    private static void Run(string sentence, string scenario)
    {
        Assert.NotEmpty(sentence);
        Scenario.Run(scenario);
    }
}
