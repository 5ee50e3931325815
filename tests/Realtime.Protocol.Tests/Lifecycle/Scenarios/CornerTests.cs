namespace Realtime.Protocol.Tests.Lifecycle.Scenarios;

/// <summary>The corners of the rules: each conversation goes wrong when one word of a condition is left out. <see cref="ScenarioTests"/> shows what a rule is for.</summary>
public class CornerTests
{
    [Theory]
    [InlineData("manual · ←created(A) · ←created(B) · ←audio(A, m, 100) · ⊢ dropped")] // the older of two is not heard
    [InlineData("manual · ←created(A) · ←message(A, m) · ←audio(A, m, 1000) · ←created(B) · !played(m, 1000) · !interrupt · →cancel(B) · ∅")] // and brings no more, so it was heard to its end
    [InlineData("manual · !create · →create(e1) · ←created(A, e1) · ←message(A, m) · ←audio(A, m, 1000) · wait(30s) · →cancel(A, e2) · ←error(response_cancel_not_active, e2) · !played(m, 1000) · !interrupt · ∅")]
    [InlineData("vad · !create(x) · →create(e1, x) · ←committed · ←created(V) · ←created(W, of somebody else) · ⊢ turn(1, Merged)")] // V, which may be the answer, ended unrefused
    [InlineData("manual · !create(x) · →create(e1, x) · ←created(V, of somebody else) · ←created(W, of somebody else) · ⊢ turn(1, open)")] // V was not ours
    [InlineData("manual · ←created(S) · ←done(S) · ←created(A, aside) · ←call(A, f, call_1) · ←done(A) · ⊢ runs")] // nobody here asked for it
    [InlineData("manual · ←response.created(response.id=V, response.conversation_id:=null, response.metadata.'realtime.token'=of somebody else) · !create · →create(e1)")]
    [InlineData("manual · !create · →create(e1) · wait(30s) · →response.cancel(-response_id, event_id=$e2) · ←error(response_cancel_not_active, e2) · ←response.created(response.id=Z, response.conversation_id:=null, response.metadata.'realtime.token'=$token of e1) · →cancel(Z)")]
    [InlineData("manual · ←created(S) · ←done(S) · ←created(O, aside) · !create · →create(e1) · ←created(V, of somebody else) · ←busy(e1, O) · ∅ · ←done(V) · →create(e2)")] // V holds the place
    [InlineData("manual · ←created(S) · ←done(S) · ←created(O, aside) · !create · →create(e1) · ←busy(e1, O) · ∅ · ←done(O) · →create(e2)")] // the server says that O is in the way
    public void TwoResponses_OrOneAside_AreToldApart(string scenario) => Scenario.Run(scenario);

    [Theory]
    [InlineData("manual · ←created(A) · !interrupt · →cancel(A) · ←done(A, cancelled) · !create · →create(e1) · ←created(B, e1) · !interrupt · →cancel(B) · ←error(response_cancel_not_active) · !create · →create(e2)")] // A's cancel had its answer
    [InlineData("manual · ←created(A) · !interrupt · →cancel(A) · ←done(A) · !create · →create(e1) · ←created(B, e1) · !interrupt · →cancel(B) · ←done(B, cancelled) · !create · →create(e2) · ←created(C, e2) · !interrupt · →cancel(C) · ←error(response_cancel_not_active) · !create · ∅ · ←done(C, cancelled) · →create(e3)")] // A's had not
    [InlineData("manual · ←created(A) · !interrupt · →cancel(A, e1) · ←error(unknown_event, e1) · wait(20s) · ←error(unknown_event, e1) · wait(9999) · ∅ · wait(1) · →cancel(A)")] // said twice
    [InlineData("manual · ←created(A) · !interrupt · →cancel(A, e1) · ←done(A) · !create · →create(e2) · ←created(B, e2) · !interrupt · →cancel(B) · wait(1) · ←error(unknown_event, e1) · !create · wait(4998) · ∅ · wait(1) · →create(e3)")] // said of A
    [InlineData("manual · !create · →create(e1) · wait(30s) · →response.cancel(-response_id, event_id=$e2) · ←error(response_cancel_not_active, e2) · !create · →create(e3)")]
    [InlineData("manual · !create · →create(e1) · wait(30s) · →response.cancel(-response_id, event_id=$e2) · ←created(Z, e1) · →cancel(Z) · ←done(Z, cancelled) · !create(x) · →create(e4, x) · ←error(response_cancel_not_active, e2) · !create(y) · ∅")] // about a create that was answered
    [InlineData("manual · !create · →create(e1) · wait(30s) · →response.cancel(-response_id, event_id=$e2) · ←created(V, of somebody else) · ←done(X) · !create(y) · ←done(V) · ∅")] // X answers no probe while V runs
    [InlineData("manual · ←created(A) · ←error(server_error, -, Cancellation failed: no active response found) · ⊢ surfaced(Recoverable)")] // a code says more than a sentence
    public void AnswerToACancel_IsGivenToThatCancel(string scenario) => Scenario.Run(scenario);

    [Theory]
    [InlineData("vad · ←started · !create(x) · →create(e1, x) · ←created(V) · ⊢ answers(V, 2) · ⊢ turn(1, open)")]
    [InlineData("vad · ←started · ←stopped · !create(x) · →create(e1, x) · wait(1999) · ←created(V) · ⊢ answers(V, 2) · ⊢ turn(1, open)")]
    [InlineData("vad · ←started · ←stopped · !create(x) · →create(e1, x) · wait(2000) · ←created(V) · ⊢ answers(V, 1)")]
    [InlineData("manual · ←started · !create(x) · →create(e1, x) · ←created(V) · ⊢ answers(V, 1)")] // this server answers nothing
    [InlineData("manual · ←started · !create · →create(e1)")]
    [InlineData("vad · ←started · ←stopped · wait(1999) · !create · ∅ · wait(1) · →create(e1)")]
    [InlineData("vad · ←started · ←stopped · wait(2000) · !create · →create(e1)")]
    [InlineData("vad · !create(x) · →create(e1, x) · ←committed · ←created(V) · ←done(V) · ←created(Z, e1) · →cancel(Z)")] // V was the answer, so Z is one too many
    [InlineData("vad · !create(x) · →create(e1, x) · ←committed · ←created(V) · ←input_audio_buffer.committed(item_id=w) · ←created(W) · ⊢ answers(W, 1)")]
    [InlineData("vad · !create · →create(e1) · ←committed · ←created(V) · ⊢ answers(V, 1)")]
    [InlineData("vad · !create · →create(e1) · !interrupt · ←committed · ←created(V) · ∅ · ⊢ answers(V, 2)")]
    [InlineData("manual · !create · →create(e1) · ←created(A, e1) · ←done(A) · !create(x) · →create(e2, x) · ←message(B, m) · ⊢ answers(B, 2)")] // an item repeats no token
    [InlineData("manual · !create · →create(e1) · ←created(A, e1) · ←done(A) · !create(x) · →create(e2, x) · ←created(B) · ⊢ answers(B, 3) · ⊢ turn(2, open)")] // a beginning would have
    [InlineData("vad · ←started · !create · !text(two) · →item(e2, two) · ⊢ joined(1) · ←stopped · ←committed · ←created(V) · ⊢ answers(V, 2) · ⊢ turn(1, open)")] // V cannot have read two
    [InlineData("vad · ←started · !create · !text(two) · →item(e2, two) · ⊢ joined(1) · ←added(e2) · ←stopped · ←committed · ←created(V) · ⊢ answers(V, 1)")]
    public void WhoseAnswerItIs_DependsOnWhatTheServerOwes(string scenario) => Scenario.Run(scenario);

    [Theory]
    [InlineData("vad · ←committed · wait(1500) · ←input_audio_buffer.committed(item_id=w) · !create(x) · wait(1999) · ∅ · wait(1) · →create(e1, x)")]
    [InlineData("vad · ←created(A) · ←committed · wait(1500) · ←done(A) · !create(x) · wait(1999) · ∅ · wait(1) · →create(e1, x)")] // what held it up is over
    [InlineData("vad · ←created(A) · ←committed · !interrupt · →cancel(A) · ←started · ←done(A, cancelled) · ←created(V) · ∅ · ⊢ answers(V, 2)")] // the user's next words
    [InlineData("manual · ←timeout · wait(1500) · ←committed · !create(x) · wait(1999) · ∅ · wait(1) · →create(e1, x)")]
    [InlineData("vad · ←committed · wait(1500) · ←session.updated(session.type=realtime, session.audio.input.turn_detection:=null) · ←input_audio_buffer.committed(item_id=w) · !create(x) · wait(499) · ∅ · wait(1) · →create(e1, x)")]
    [InlineData("vad(no interrupt) · ←committed · !create(x) · ∅ · wait(1999) · ∅ · wait(1) · →create(e1, x)")]
    [InlineData("vad(no interrupt) · ←created(A) · !interrupt · →cancel(A) · ←committed · ←done(A, cancelled) · !create(x) · →create(e1, x)")]
    [InlineData("vad · !create(x) · →create(e1, x) · ←created(V, of somebody else) · ←committed · wait(10s) · ←done(V) · ⊢ turn(1, TimedOut) · ←created(W) · ⊢ origin(ServerTurnDetection)")] // nothing is overdue while V runs
    [InlineData("vad · !create(x) · →create(e1, x) · ←committed · wait(2s) · ←created(V) · ⊢ answers(V, 1)")] // but beside a create it is
    public void AnAnswerThatIsOwed_IsWaitedForTwoSeconds_OnceNothingHoldsItUp(string scenario) => Scenario.Run(scenario);

    [Theory]
    [InlineData("vad · !create(x) · →create(e1, x) · ←committed · ←created(V) · wait(5s) · ←message(V, m) · wait(5s) · ⊢ turn(1, open)")] // its answer may be running
    [InlineData("manual · !create(x) · →create(e1, x) · wait(9999) · ⊢ turn(1, open) · wait(1) · ⊢ turn(1, TimedOut)")]
    [InlineData("manual · !create(x) · →create(e1, x) · !interrupt · wait(29999) · ∅ · wait(1) · →response.cancel(-response_id)")]
    [InlineData("manual · !create(x) · →create(e1, x) · !interrupt · ←created(V, of somebody else) · wait(20s) · ←message(V, m) · wait(10s) · ∅")] // V holds the place, so the create does not
    [InlineData("manual · !create(x) · →create(e1, x) · wait(30s) · →response.cancel(-response_id) · ←created(V, of somebody else) · wait(20s) · ⊢ alive")]
    [InlineData("manual · !create(x) · →create(e1, x) · wait(30s) · →response.cancel(-response_id) · wait(4999) · ⊢ alive · wait(1) · ⊢ dead")]
    [InlineData("manual · ←created(A) · wait(29999) · ∅ · wait(1) · →cancel(A) · wait(4999) · ⊢ alive · wait(1) · ⊢ dead")]
    [InlineData("manual · ←created(A) · !interrupt · →cancel(A) · ←added(u) · wait(5s) · ⊢ dead")] // what came at the same time shows no life after it
    [InlineData("manual · ←created(A) · !interrupt · →cancel(A) · wait(1) · ←added(u) · wait(5s) · ⊢ alive · ⊢ tolerated(RC-11)")]
    [InlineData("manual · ←created(A) · wait(1) · ←added(u) · wait(30s) · →cancel(A)")] // the connection lives, the response does not
    [InlineData("manual · !create · →create(e1) · ←busy(e1) · wait(1999) · ∅ · wait(1) · →create(e2)")]
    [InlineData("vad · !create(x) · →create(e1, x) · ←committed · ←created(V) · ←busy(e1, V) · ←done(V) · →create(e2, x) · wait(9999) · ⊢ turn(1, open) · wait(1) · ⊢ turn(1, TimedOut)")] // V is no answer of the second attempt
    public void Deadlines_ComeWhenTheyAreDue_AndNotBefore(string scenario) => Scenario.Run(scenario);

    [Theory]
    [InlineData("manual · !create · →create(e1) · ←busy(-, V) · ∅ · ←done(V) · →create(e2)")]
    [InlineData("manual · !create(x) · !create(y) · →create(e1, x) · ←created(A, e1) · ←done(A) · →create(e2, y) · ←busy(e1, V) · ⊢ turn(2, open) · ∅ · ←created(B, e2) · ⊢ answers(B, 2)")] // about the one before
    [InlineData("manual · !create · →create(e1) · ←created(V, of somebody else) · ←busy(e1, V) · ∅ · ←done(V) · →create(e2)")] // V runs on
    [InlineData("manual · !create · →create(e1) · ←error(server_error, e1, Conversation already has an active response) · ⊢ turn(1, Rejected)")] // a code says more than a sentence
    [InlineData("manual · !create · →create(e1) · ←error(-, e1, Broken.) · ⊢ turn(1, Rejected)")]
    [InlineData("manual · !create · →create(e1) · ←error(conversation_already_has_active_response, e1, in progress: V) · wait(2s) · ∅ · ←done(V) · →create(e2)")] // the whole message, and no full stop
    [InlineData("manual · !create · →create(e1) · ←error(conversation_already_has_active_response, e1, in progress: .) · ∅ · wait(2s) · →create(e2)")]
    public void ARefusal_IsAboutTheCreateThatItNames(string scenario) => Scenario.Run(scenario);

    [Theory]
    [InlineData("manual · !create · →create(e1) · ←created(A, e1) · ←call(A, f, call_1) · ←call(A, g, call_2) · ←done(A) · !output(call_2) · →output(call_2, e2) · ←error(invalid_value, e2) · !output(call_1) · →output(call_1) · →create(e3)")] // one answer is enough
    [InlineData("manual · !create · →create(e1) · ←created(A, e1) · ←call(A, f, call_1) · ←call(A, g, call_2) · ←done(A) · !output(call_1) · →output(call_1) · !interrupt · !output(call_2) · →output(call_2) · ∅")]
    [InlineData("manual · !create · →create(e1) · ←created(A, e1) · ←call(A, f, call_1) · !output(call_1) · →output(call_1, e2) · ←error(invalid_value, e2) · ←done(A) · ⊢ turn(1, Rejected)")]
    [InlineData("manual · !create · →create(e1) · ←created(A, e1) · ←call(A, f, call_1) · ←call(A, g, call_2) · ←done(A) · !output(call_1) · →output(call_1) · !output(call_2) · →output(call_2, e2) · →create(e3) · ←error(invalid_value, e2) · ⊢ turn(1, open) · ←created(B, e3) · ⊢ answers(B, 1)")]
    [InlineData("manual · !create · →create(e1) · ←created(A, e1) · ←call(A, f, call_1) · !interrupt · ⊢ withdrawn(call_1) · →cancel(A) · ←done(A, cancelled) · ∅")] // at once; and its item stays, for an output may come
    [InlineData("manual · !create · →create(e1) · ←created(A, e1) · !interrupt · →cancel(A) · ←call(A, f, call_1, incomplete) · ←done(A, cancelled) · ∅")] // half a call leaves by itself
    [InlineData("manual · !create · →create(e1) · ←created(A, e1) · ←call(A, f, call_1) · !create · !output(call_1) · →output(call_1) · ←done(A) · →create(e2) · ⊢ turn(2, Merged) · ←created(B, e2) · ⊢ answers(B, 1) · ←done(B) · ∅")] // the round takes the place of what waited
    [InlineData("manual(queue) · !create · →create(e1) · ←created(A, e1) · !text(one) · !text(two) · →item(e2, one) · →item(e3, two) · ←error(invalid_value, e2) · ←error(item_create_duplicate_item_id, e2) · ←error(invalid_value, e3) · ⊢ turn(2, Rejected)")] // what was refused stays so
    public void ARound_GoesOnWithTheOutputsThatTheServerTook(string scenario) => Scenario.Run(scenario);

    [Theory]
    [InlineData("manual · ←created(A) · ←message(A, m) · ←audio(A, m, 1000) · !played(m, 1) · !interrupt · →cancel(A) · →truncate(m, 1)")]
    [InlineData("manual · ←created(A) · ←message(A, m) · ←audio(A, m, 1000) · !played(m, 200) · !interrupt · →cancel(A) · →conversation.item.truncate(event_id=$e3) · ←error(item_delete_invalid_item_id, e3) · ⊢ surfaced(Recoverable)")] // of another operation
    [InlineData("manual · ←created(A) · ←message(A, m) · ←audio(A, m, 1000) · !played(m, 200) · !interrupt · →cancel(A) · →conversation.item.truncate(event_id=$e3) · ←error(server_error, e3, Audio content of 100ms is already shorter than 200ms) · ⊢ surfaced(Recoverable)")]
    [InlineData("manual · ←created(A) · ←message(A, m) · ←audio(A, m, 1000) · !played(m, 200) · !interrupt · →cancel(A) · →conversation.item.truncate(event_id=$e3) · ←error(-, e3, Audio content of 100ms is already shorter than 200ms) · ⊢ ignored(TR-06)")]
    [InlineData("manual · !add(one) · →item(e1) · ←error(invalid_value, e1, Audio content of 100ms is already shorter than 200ms) · ⊢ failed(1)")]
    [InlineData("manual · !create · →create(e1) · ←created(A, e1) · ←done(A, incomplete, client_cancelled) · ⊢ turn(1, Interrupted)")]
    [InlineData("manual · ←created(A) · ←message(A, m) · ←response.output_text.delta(response_id=A, item_id=m) · ←audio(A, m, 1000) · !played(1, 200) · !interrupt · →cancel(A) · ∅")] // it is not only for hearing
    [InlineData("manual · ←created(A) · ←response.output_item.added(response_id=A, item.id=m, item.role=assistant, item.status=in_progress) · ←conversation.item.done(item.id=m, item.role=assistant, item.status=incomplete) · ⊢ final(m, incomplete)")] // one of its two ends is enough
    [InlineData("manual · !create(x) · →create(e1, x) · !text(stop) · →item(e2, stop) · ⊢ turn(1, Withdrawn)")] // what is on the wire makes way
    [InlineData("manual · !create(x) · →create(e1, x) · !create(y) · !text(stop) · →item(e2, stop) · ⊢ turn(2, open)")] // what waits does not
    [InlineData("manual · !create(x) · →create(e1, x) · ←busy(e1, V) · !text(stop) · →cancel(V) · →item(e2, stop) · ⊢ turn(1, open)")] // nor what came back
    [InlineData("manual · !create · →create(e1) · ←created(A, e1) · ←message(A, m) · ←audio(A, m, 1000) · ←call(A, f, call_1) · ←done(A) · !text(stop) · ⊢ silenced(1)")] // it waits for its tool, and may be heard
    [InlineData("manual · !create · →create(e1) · !played(1, 0) · ←created(A, e1) · !interrupt · →cancel(A) · !text(x) · →item(e2, x) · ←message(A, m) · ←done(A, cancelled) · →delete(m) · →create(e3)")] // silence that was asked for stays asked for
    [InlineData("manual · !create · →create(e1) · !played(1, 0) · ←created(A, e1) · ←call(A, f, call_1, incomplete) · !interrupt · →cancel(A) · ←done(A, cancelled) · ∅")] // a call is not for hearing
    [InlineData("manual · ←created(A) · ←message(A, m) · wait(30s) · →cancel(A) · ←audio(A, m, 1000) · ⊢ dropped · !played(1, 200) · !interrupt · ∅")] // what is dropped is not counted
    public void WhatWasHeard_AndHowItEnded_IsToldByTheRightWord(string scenario) => Scenario.Run(scenario);

    [Theory]
    [InlineData("manual · ←response.output_audio.delta(response_id:=null, item_id:=null) · !create · →create(e1)")] // nothing runs
    [InlineData("manual · ←created(A) · !played(1, 0) · ←response.output_item.added(response_id:=null, item.id=m, item.role=assistant, item.status=in_progress) · ←added(m) · !interrupt · →cancel(A) · ←done(A, cancelled) · →delete(m)")]
    [InlineData("manual · ←created(A) · ←message(A, m) · ←audio(A, m, 1000) · ←response.output_audio.done(response_id=A, item_id:=null) · !played(m, 1000) · !interrupt · →cancel(A) · ∅")]
    [InlineData("manual · ←created(A) · ←message(A, m) · ←audio(A, m, 1000) · ←response.output_audio.done(response_id=A, item_id:=null, output_index:=5) · !played(m, 1000) · !interrupt · →cancel(A) · →truncate(m, 1000)")] // nothing stands at that place
    [InlineData("manual · ←created(A) · ←message(A, m) · ←response.output_text.delta(response_id=A, item_id:=null) · ←audio(A, m, 1000) · !played(1, 200) · !interrupt · →cancel(A) · ∅")]
    [InlineData("manual · ←created(A) · ←response.output_item.added(response_id=A, item.id:=null, -output_index) · ⊢ tolerated(RC-27)")] // no guess where an item speaks of itself
    [InlineData("manual · ←created(A) · ←message(A, m) · ←response.output_item.added(response_id=A, item.id:=null, -output_index) · ⊢ tolerated(RC-27)")]
    [InlineData("manual · ←created(A) · ←message(A, m) · ←response.output_item.done(response_id=A, item.id:=null, -output_index) · ⊢ tolerated(RC-27)")]
    [InlineData("manual · ←created(A) · ←response.created(response.id:=7) · ⊢ tolerated(RC-14)")] // what begins is not what runs
    public void ANameThatIsLeftOut_IsFoundWhereItCanBe(string scenario) => Scenario.Run(scenario);
}
