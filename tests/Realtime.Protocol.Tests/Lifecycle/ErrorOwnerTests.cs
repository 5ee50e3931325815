using Realtime.Protocol.Lifecycle;
using Realtime.Protocol.Tests.Lifecycle.Frames;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>Whose an error is, how far it reaches, and what a response says of its end: ER-01, RC-13.</summary>
public class ErrorOwnerTests
{
    [Theory]
    [InlineData("account_deactivated")]
    [InlineData("billing_hard_limit_reached")]
    [InlineData("model_not_found")]
    [InlineData("insufficient_quota")]
    [InlineData("beta_api_shape_disabled")]
    public void ER01_WhatEndsEverySession_IsFatal(string code)
    {
        var talk = Conversation.Manual();
        talk.Error(code);
        Assert.Equal(ErrorSeverity.Fatal, Assert.Single(talk.Changes<SessionChange.ErrorSurfaced>()).Severity);
    }

    [Fact]
    public void SE02_ErrorThatNamesAnotherEvent_IsNotTheConfigurations()
    {
        var talk = Conversation.Manual();
        talk.Submit(SessionIntent.Configure(new Session { Type = SessionType.Realtime }));
        talk.Error("invalid_value", "event_of_somebody_else", parameter: "session.voice");
        Assert.Empty(talk.Changes<SessionChange.OperationFailed>());
        Assert.Single(talk.Changes<SessionChange.ErrorSurfaced>());
    }

    [Theory]
    [InlineData("input_audio_buffer_commit_empty", "event_of_somebody_else")]
    [InlineData("server_error", null)]
    public void TD03_ErrorThatIsAboutNoCommitOfOurs_LeavesItsTurn(string code, string? eventId)
    {
        var talk = Conversation.Manual();
        int turn = talk.Speak().Turn;
        talk.Error(code, eventId);
        Assert.True(talk.IsOpen(turn));
        Assert.Single(talk.Changes<SessionChange.ErrorSurfaced>());
    }

    [Fact]
    public void RC09_LateErrorAboutARequestThatNobodyWaitsFor_IsNobodysError_AndOneAboutAnAnsweredRequestIsTold()
    {
        var talk = Conversation.Manual();
        talk.Create();
        talk.Sends("response.create", "event_id=$e1");
        talk.Wait(30_000);
        talk.Sends("response.cancel", "event_id=$e2");
        talk.Error("response_cancel_not_active", talk.Names["$e2"]);
        talk.Error("server_error", talk.Names["$e1"]);
        Assert.Empty(talk.Changes<SessionChange.ErrorSurfaced>());

        talk.Create();
        talk.Sends("response.create", "event_id=$e3", $"{Frame.Token}=$t3");
        talk.Created("A", talk.Names["$t3"]);
        talk.Error("server_error", talk.Names["$e3"]);
        Assert.Single(talk.Changes<SessionChange.ErrorSurfaced>());
    }

    [Fact]
    public void RC13_UnfinishedResponseWithoutAReason_IsIncomplete()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Done("A", FactStatus.Incomplete);
        Assert.False(string.IsNullOrEmpty(Assert.IsType<TurnOutcome.Incomplete>(talk.Outcome(turn)).Reason));
    }

    [Fact]
    public void IT09_ARefusalThatNamesTheItemAndNoEvent_EndsItsRetrieval_AndNoOther()
    {
        var talk = Conversation.Manual();
        talk.ItemAdded("u");
        talk.ItemAdded("v");
        int first = talk.Submit(SessionIntent.RetrieveItem("u")).Operation;
        talk.Submit(SessionIntent.RetrieveItem("v"));
        talk.Error("item_retrieve_invalid_item_id", null, "Error retrieving item: the item with id 'u' does not exist.");
        talk.Error("item_retrieve_invalid_item_id", null, "Error retrieving item: the item with id 'of nobody' does not exist.");
        Assert.Equal(first, Assert.Single(talk.Changes<SessionChange.OperationFailed>()).Operation);
        Assert.Single(talk.Changes<SessionChange.ErrorSurfaced>());
    }

    [Theory]
    [InlineData("delete")]
    [InlineData("truncate")]
    public void IT07_ARefusalThatNamesTheItemAndNoEvent_EndsWhatWasAskedOfIt(string what)
    {
        var talk = Conversation.Manual();
        talk.Whole("A", "m", 48_000);
        talk.Whole("B", "n", 48_000);
        int Ask(string item) => talk.Submit(what == "delete" ? SessionIntent.DeleteItem(item) : SessionIntent.TruncateItem(item, 100)).Operation;
        int first = Ask("m");
        Ask("n");
        talk.Error($"item_{what}_invalid_item_id", null, "The item with id 'of nobody' does not exist.");
        Assert.Empty(talk.Changes<SessionChange.OperationCompleted>());
        talk.Error($"item_{what}_invalid_item_id", null, "The item with id 'm' does not exist.");
        Assert.Equal(first, Assert.Single(talk.Changes<SessionChange.OperationCompleted>()).Operation);
        Assert.Equal(what == "delete", talk.Machine.FindItem("m") is null);
        Assert.Equal(2, talk.Changes<SessionChange.ErrorSurfaced>().Length);
    }
}
