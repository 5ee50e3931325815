using System.Text;
using Realtime.Protocol.Lifecycle;
using Realtime.Protocol.Tests.Schema;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>Frames that the application writes by itself: what only the session may send is refused, and everything else is known, so that its answer finds its owner and nothing is done twice.</summary>
public class SentEventTests
{
    [Theory]
    [InlineData("""{"type":"response.create","event_id":"mine"}""")]
    [InlineData("""{"type":"input_audio_buffer.append","event_id":"mine","audio":"AAAA"}""")]
    [InlineData("""{"type":"input_audio_buffer.commit","event_id":"mine"}""")]
    [InlineData("""{"event_id":"mine","\u0074ype":"input_audio_buffer.cl\u0065ar"}""")]
    public void RC01_WhatOnlyTheSessionSends_IsRefused_AndChangesNothing(string json)
    {
        var talk = Conversation.Manual();
        talk.Answering("A");

        Assert.Equal("RC-01", talk.SendByItself(json).Rule);

        talk.SendsNothing();
        Assert.Equal("TD-03", talk.Submit(SessionIntent.EndTurn()).Rule);
    }

    [Fact]
    public void RC01_TheRefusedOnes_AreThoseThatTheSchemaMarks()
    {
        Example[] firsts = [.. Example.All.Where(static example => example is { Family: "realtime", Direction: "client", Index: 0 })];
        Assert.NotEmpty(firsts);
        foreach (Example example in firsts)
        {
            Assert.True(ClientEvent.TryRead(example.Json, out ClientEvent e, out _));
            Type written = typeof(ClientEvent).Assembly.GetType($"Realtime.Protocol.Events.{e.Kind}")!;

            bool isRefused = Conversation.Manual().Machine.SubmitEvent(e, 0).Rule == "RC-01";

            Assert.True(written.IsAssignableTo(typeof(ISendableEvent)) != isRefused, example.Type);
        }
    }

    [Fact]
    public void SE09_AfterTheConnection_NothingIsTaken()
    {
        var talk = Conversation.Manual();
        talk.Close();

        Assert.Equal("SE-09", talk.SendByItself("""{"type":"vendor.ping","event_id":"mine"}""").Rule);
    }

    [Fact]
    public void BP04_WhileTooMuchWaits_NothingIsTaken_ButACancel()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Waiting = (8 * 1024 * 1024) + 1;

        Assert.Equal("BP-04", talk.SendByItself("""{"type":"vendor.ping","event_id":"mine"}""").Rule);
        Assert.Equal("BP-04", talk.SendByItself("""{"type":"session.update","event_id":"mine","session":{"type":"realtime"}}""").Rule);
        Assert.True(talk.SendByItself("""{"type":"response.cancel","event_id":"mine"}""").IsAccepted);
    }

    [Fact]
    public void IT07_AnEventIdIsUsedOnce_AndTheSessionsOwnAreNobodyElses()
    {
        var talk = Conversation.Manual();
        Assert.True(talk.SendByItself("""{"type":"session.update","event_id":"mine","session":{"type":"realtime"}}""").IsAccepted);

        Assert.Equal("IT-07", talk.SendByItself("""{"type":"response.cancel","event_id":"mine"}""").Rule);
        Assert.Equal("IT-07", talk.SendByItself("""{"type":"vendor.ping","event_id":"event_test_7"}""").Rule);
        Assert.True(talk.SendByItself("""{"type":"vendor.ping","event_id":"event_other_7"}""").IsAccepted);
    }

    [Theory]
    [InlineData("mine")]
    [InlineData("unheard_of")]
    [InlineData(null)]
    public void AnErrorAboutAnEventOfTheApplications_IsTold_AndIsNoOtherOperations(string? names)
    {
        var talk = Conversation.Manual();
        int turn = talk.Say().Turn;
        int update = talk.Submit(SessionIntent.Configure(new Session { Instructions = "Be brief." })).Operation;
        talk.SendByItself("""{"type":"vendor.ping","event_id":"mine"}""");

        talk.Error("unknown_event", names);

        Assert.Equal(names, Assert.Single(talk.Changes<SessionChange.ErrorSurfaced>()).Error.EventId);
        Assert.True(talk.IsOpen(turn));
        Assert.Empty(talk.Changes<SessionChange.OperationFailed>());
        talk.Updated();
        Assert.Equal(update, Assert.Single(talk.Changes<SessionChange.OperationCompleted>()).Operation);
    }

    [Fact]
    public void SE02_AnUpdateOfTheApplications_TakesItsPlaceAmongThoseOfTheSession()
    {
        var talk = Conversation.Manual();
        int first = talk.Submit(SessionIntent.Configure(new Session { Instructions = "One." })).Operation;
        talk.SendByItself("""{"type":"session.update","event_id":"mine","session":{"type":"realtime"}}""");
        int last = talk.Submit(SessionIntent.Configure(new Session { Instructions = "Three." })).Operation;

        talk.Updated();
        Assert.Contains(talk.Changes<SessionChange.OperationCompleted>(), done => done.Operation == first);
        talk.Updated();
        Assert.DoesNotContain(talk.Changes<SessionChange.OperationCompleted>(), done => done.Operation == last);
        talk.Updated();
        Assert.Contains(talk.Changes<SessionChange.OperationCompleted>(), done => done.Operation == last);
    }

    [Theory]
    [InlineData("mine", null)]
    [InlineData(null, "session.audio")]
    public void SE04_ARefusedUpdateOfTheApplications_IsTold_AndTakesNoAcknowledgement(string? names, string? parameter)
    {
        var talk = Conversation.Manual();
        talk.SendByItself("""{"type":"session.update","event_id":"mine","session":{"type":"realtime"}}""");
        int own = talk.Submit(SessionIntent.Configure(new Session { Instructions = "Two." })).Operation;

        talk.Error("invalid_value", names, parameter: parameter);
        Assert.Single(talk.Changes<SessionChange.ErrorSurfaced>());
        Assert.DoesNotContain(talk.Changes<SessionChange.OperationFailed>(), failed => failed.Operation == own);
        talk.Updated();

        Assert.Equal(own, Assert.Single(talk.Changes<SessionChange.OperationCompleted>()).Operation);
    }

    [Theory]
    [InlineData("")]
    [InlineData(""","response_id":"A" """)]
    public void CX03_ACancelOfTheApplications_IsTheRunningResponsesCancel(string named)
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");

        Assert.True(talk.SendByItself($$"""{"type":"response.cancel","event_id":"mine"{{named}}}""").IsAccepted);
        talk.Interrupt();
        talk.SendsNothing(); // it is on the wire already
        talk.Done("A", FactStatus.Cancelled, "client_cancelled");

        Assert.False(talk.IsOpen(turn));
    }

    [Fact]
    public void RC11_AServerThatLeavesACancelOfTheApplicationsUnanswered_FreesThePlace()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.SendByItself("""{"type":"response.cancel","event_id":"mine"}""");
        talk.Create();
        talk.Wait(1_000);
        talk.Hear("rate_limits.updated");
        talk.Wait(60_000);

        Assert.Contains(talk.Sent(), static command => command is SessionCommand.CreateResponse);
    }

    [Fact]
    public void CX02_ACancelOfTheApplicationsThatHitsNothing_IsTold_AndTakesNoAnswerToTheSessions()
    {
        var talk = Conversation.Manual();
        talk.SendByItself("""{"type":"response.cancel","event_id":"mine"}""");
        int turn = talk.Answering("A");
        talk.Submit(SessionIntent.CancelTurn(turn));
        Assert.Equal("A", talk.SentOnly<SessionCommand.CancelResponse>().ResponseId);

        talk.Error("response_cancel_not_active"); // names no event: the oldest is answered first

        Assert.Single(talk.Changes<SessionChange.ErrorSurfaced>());
        Assert.True(talk.IsOpen(turn));
        talk.Done("A", FactStatus.Cancelled, "client_cancelled");
        Assert.False(talk.IsOpen(turn));
    }

    [Fact]
    public void IT06_AnItemThatTheApplicationDeletes_IsNotDeletedAgain()
    {
        var talk = Conversation.Manual();
        talk.ItemAdded("u");
        Assert.True(talk.SendByItself("""{"type":"conversation.item.delete","event_id":"mine","item_id":"u"}""").IsAccepted);

        Assert.Equal("IT-06", talk.Submit(SessionIntent.DeleteItem("u")).Rule);
        talk.ItemDeleted("u");
        Assert.Equal("u", Assert.Single(talk.Changes<SessionChange.ItemDeleted>()).ItemId);
    }

    [Fact]
    public void IT06_AfterARefusal_ItMayBeDeletedAgain()
    {
        var talk = Conversation.Manual();
        talk.ItemAdded("u");
        talk.SendByItself("""{"type":"conversation.item.delete","event_id":"mine","item_id":"u"}""");

        talk.Error("server_error", "mine");

        Assert.Equal("mine", Assert.Single(talk.Changes<SessionChange.ErrorSurfaced>()).Error.EventId);
        Assert.True(talk.Submit(SessionIntent.DeleteItem("u")).IsAccepted);
    }

    [Fact]
    public void TR09_AnItemThatTheApplicationTruncates_IsNotTruncatedAgain()
    {
        var talk = Conversation.Manual();
        int turn = talk.Speaking("A", "m", 48_000);
        talk.Played(turn, 400);
        talk.SendByItself("""{"type":"conversation.item.truncate","event_id":"mine","item_id":"m","content_index":0,"audio_end_ms":300}""");

        talk.Interrupt();

        Assert.IsType<SessionCommand.CancelResponse>(Assert.Single(talk.Sent()));
    }

    [Fact]
    public void FC04_AnOutputThatTheApplicationSends_AnswersItsCall_AndTheModelIsAskedOnce()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Call("A", "f1", "call_1");
        talk.Call("A", "f2", "call_2");
        talk.Done("A");

        SubmitResult first = talk.SendByItself("""{"type":"conversation.item.create","event_id":"mine","item":{"type":"function_call_output","call_id":"call_1","output":"{}"}}""");
        talk.SendsNothing();
        talk.Submit(SessionIntent.ToolOutput("call_2", "{}"));

        Assert.Equal(turn, first.Turn);
        Assert.Equal(["conversation.item.create", "response.create"], talk.Sent().Select(static command => command.EventType));
        Assert.Equal("FC-03", talk.Submit(SessionIntent.ToolOutput("call_1", "{}")).Rule);
        Assert.Equal("FC-03", talk.SendByItself("""{"type":"conversation.item.create","event_id":"again","item":{"type":"function_call_output","call_id":"call_1","output":"{}"}}""").Rule);
    }

    [Fact]
    public void RC25_ARefusedOutputOfTheApplications_IsOut_AndIsTold()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Call("A", "f", "call_1");
        talk.SendByItself("""{"type":"conversation.item.create","event_id":"mine","item":{"id":"own","type":"function_call_output","call_id":"call_1","output":"{}"}}""");

        talk.Error("invalid_value", "mine");
        talk.Done("A");

        Assert.Equal("mine", Assert.Single(talk.Changes<SessionChange.ErrorSurfaced>()).Error.EventId);
        Assert.IsType<TurnOutcome.Rejected>(talk.Outcome(turn));
    }

    [Fact]
    public void IT07_AnItemThatTheApplicationAdds_IsMetByItsId_AndARefusedOneWasNeverThere()
    {
        var talk = Conversation.Manual();
        talk.SendByItself("""{"type":"conversation.item.create","event_id":"one","item":{"id":"own_1","type":"message","role":"user","content":[{"type":"input_text","text":"Hi."}]}}""");
        talk.SendByItself("""{"type":"conversation.item.create","event_id":"two","item":{"id":"own_2","type":"message","role":"user","content":[{"type":"input_text","text":"Hi."}]}}""");
        talk.ItemAdded("own_1");
        talk.Error("invalid_value", "two");

        Assert.Equal("own_1", Assert.Single(talk.Changes<SessionChange.ItemAdded>()).ItemId);
        Assert.Equal("two", Assert.Single(talk.Changes<SessionChange.ErrorSurfaced>()).Error.EventId);
        Assert.True(talk.Submit(SessionIntent.DeleteItem("own_1")).IsAccepted);
        Assert.Equal("IT-06", talk.Submit(SessionIntent.DeleteItem("own_2")).Rule);
    }

    [Fact]
    public void WhatIsUnknownHere_IsLeftToTheServer()
    {
        var talk = Conversation.Manual();
        foreach (string json in (string[])
        [
            """{"type":"conversation.item.delete","event_id":"a","item_id":"nowhere"}""",
            """{"type":"conversation.item.truncate","event_id":"b","item_id":"nowhere","content_index":-1,"audio_end_ms":-1}""",
            """{"type":"response.cancel","event_id":"c","response_id":"nowhere"}""",
            """{"type":"conversation.item.create","event_id":"d","item":{"type":"function_call_output","call_id":"nowhere","output":""}}""",
            """{"type":"conversation.item.create","event_id":"e","item":{"type":"of_tomorrow"}}""",
            """{"type":"conversation.item.create","event_id":"f","item":{"id":"%","type":"message","role":"user","content":[]}}""".Replace("%", new string('x', 600), StringComparison.Ordinal),
            """{"type":"session.update","session":{"type":"realtime"}}""",
        ])
        {
            Assert.True(talk.SendByItself(json).IsAccepted, json);
        }

        talk.SendsNothing();
        talk.Wait(120_000);
        talk.Close();
    }

    [Fact]
    public void AnEventThatMovesNothing_AllocatesNothing()
    {
        var talk = Conversation.Manual();
        byte[] message = Encoding.UTF8.GetBytes("""{"type":"output_audio_buffer.clear","event_id":"mine"}""");
        long least = long.MaxValue;
        for (int round = 0; round < 20; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 1_000; i++)
            {
                ClientEvent.TryRead(message, out ClientEvent e, out _);
                talk.Machine.SubmitEvent(e, i);
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    [Theory]
    [InlineData("{\"audio\":{\"output\":{\"voice\":\"ash\"}}}", "SE-05")]
    [InlineData("{\"audio\":{\"output\":{\"speed\":1.5}}}", "SE-06")]
    public void SE05_ARawUpdateThatTheServerWouldRefuse_IsRefused(string session, string rule)
    {
        var talk = Conversation.Manual();
        talk.Hear("session.updated", "session.type=realtime", "session.audio.output.voice=marin");
        talk.Speaking("A", "m", 4_800);
        talk.Sent();
        string json = $$"""{"type":"session.update","event_id":"mine","session":{"type":"realtime",{{session[1..]}}}""";
        Assert.Equal(rule, talk.SendByItself(json).Rule);
        talk.Error("server_error", "mine");
        talk.Done("A");
        SubmitResult again = talk.SendByItself(json);
        Assert.Equal(rule == "SE-05" ? "SE-05" : null, again.Rule);
        Assert.Equal(SubmitVerdict.Accepted, talk.SendByItself(json.Replace("ash", "marin").Replace("mine", "mine2")).Verdict);
    }
}
