using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>Items that leave the conversation while something about them is under way: nothing is asked, run or waited for that only they could answer.</summary>
public class ItemsThatVanishTests
{
    [Fact]
    public void MCP02_ARunningCallWhoseItemIsDeleted_IsNotWaitedFor()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.McpCall("A", "m");
        talk.Done("A");
        talk.SendsNothing();
        talk.ItemDeleted("m");
        Assert.False(talk.IsOpen(turn));
        Assert.IsType<TurnOutcome.Completed>(talk.Outcome(turn));
        talk.McpEnded("m");
        talk.SendsNothing();
        Assert.Empty(talk.Changes<SessionChange.McpCallCompleted>());
    }

    [Fact]
    public void FC03_ACallWhoseItemIsGone_IsNotRun()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        const string begun = """item:={"id":"c","type":"function_call","status":"in_progress","call_id":"call_c","name":"clock","arguments":""}""";
        talk.Hear("response.output_item.added", "response_id=A", begun);
        talk.Hear("conversation.item.added", begun);
        talk.ItemDeleted("c");
        talk.Hear("response.output_item.done", "response_id=A", """item:={"id":"c","type":"function_call","status":"completed","call_id":"call_c","name":"clock","arguments":"{}"}""");
        talk.Done("A");
        Assert.Empty(talk.Changes<SessionChange.ToolCallReady>());
        Assert.False(talk.IsOpen(turn));
    }

    [Fact]
    public void MCP03_AQuestionWhoseItemIsGone_IsNotAsked()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        const string body = """item:={"type":"mcp_approval_request","id":"q","server_label":"almanac","name":"book","arguments":"{}"}""";
        talk.Hear("response.output_item.added", "response_id=A", body);
        talk.Hear("conversation.item.added", body);
        talk.ItemDeleted("q");
        talk.Hear("response.output_item.done", "response_id=A", body);
        talk.Done("A");
        Assert.Empty(talk.Changes<SessionChange.McpApprovalAsked>());
        Assert.False(talk.IsOpen(turn));
    }

    [Fact]
    public void MCP02_ACallWhoseItemIsGone_IsNotBegun()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Message("A", "m");
        talk.ItemDeleted("m2");
        talk.Hear("conversation.item.added", """item:={"type":"of_tomorrow","id":"x"}""");
        talk.ItemDeleted("x");
        talk.McpCall("A", "x");
        talk.Done("A");
        Assert.Empty(talk.Changes<SessionChange.McpCallStarted>());
        Assert.False(talk.IsOpen(turn));
    }

    [Fact]
    public void IT02_WhatIsGone_IsNotToldAsDone()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Message("A", "m");
        talk.Message("A", "n");
        talk.ItemDeleted("m");
        talk.ItemDeleted("n");
        talk.ItemDone("A", "m");
        talk.Done("A");
        Assert.Empty(talk.Changes<SessionChange.ItemDone>());
        talk.Hear("conversation.item.truncated", "item_id=m", "content_index:=0", "audio_end_ms:=10");
        Assert.Empty(talk.Changes<SessionChange.ItemTruncated>());
    }

    [Fact]
    public void IT06_AnItemThatTheApplicationDeletesBeforeItIsThere_ShowsItselfBetween()
    {
        var talk = Conversation.Manual();
        SubmitResult added = talk.Submit(SessionIntent.AddText(ItemRole.User, "hello"));
        var create = talk.SentOnly<SessionCommand.CreateMessage>();
        Assert.Equal(SubmitVerdict.Accepted, talk.SendByItself($$"""{"type":"conversation.item.delete","event_id":"mine","item_id":"{{create.ItemId}}"}""").Verdict);
        talk.ItemAdded(create.ItemId);
        Assert.Equal(added.Operation, Assert.Single(talk.Changes<SessionChange.OperationCompleted>()).Operation);
        talk.Error("server_error", "mine");
        Assert.NotNull(talk.Machine.FindItem(create.ItemId));
        Assert.Equal(SubmitVerdict.Accepted, talk.Submit(SessionIntent.DeleteItem(create.ItemId)).Verdict);
        talk.Sends("conversation.item.delete");
    }

    [Fact]
    public void IT06_ARefusedDeletionOfWhatIsNotThereYet_LeavesItExpected()
    {
        var talk = Conversation.Manual();
        talk.Submit(SessionIntent.AddText(ItemRole.User, "hello"));
        var create = talk.SentOnly<SessionCommand.CreateMessage>();
        talk.SendByItself($$"""{"type":"conversation.item.delete","event_id":"mine","item_id":"{{create.ItemId}}"}""");
        talk.Error("server_error", "mine");
        Assert.Null(talk.Machine.FindItem(create.ItemId));
        talk.ItemAdded(create.ItemId);
        Assert.NotNull(talk.Machine.FindItem(create.ItemId));
    }

    [Fact]
    public void IT06_ADeletionOfTheApplicationsThatNothingAnswers_IsOverInTime()
    {
        var talk = Conversation.Manual();
        talk.ItemAdded("u");
        talk.SendByItself("""{"type":"conversation.item.delete","event_id":"mine","item_id":"u"}""");
        talk.Wait(60_000);
        Assert.Equal(SubmitVerdict.Accepted, talk.Submit(SessionIntent.DeleteItem("u")).Verdict);
        talk.Sends("conversation.item.delete", "item_id=u");
    }
}
