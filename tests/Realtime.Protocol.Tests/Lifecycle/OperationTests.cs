using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>Single operations and the errors that answer them: SE-02, SE-04, IT-05 to IT-08, ER-01.</summary>
public class OperationTests
{
    [Fact]
    public void SE02_ConfigurationsAreAcknowledgedInOrder_AndARejectionIsTakenOut()
    {
        var talk = Conversation.Manual();
        int[] handles = [.. Enumerable.Range(0, 3).Select(_ => talk.Submit(SessionIntent.Configure(new Session())).Operation)];
        talk.Error("unknown_parameter", talk.Sent()[1].EventId);
        Assert.Equal(handles[1], Assert.Single(talk.Changes<SessionChange.OperationFailed>()).Operation);
        talk.Updated();
        talk.Updated();
        Assert.Equal([handles[0], handles[2]], talk.Changes<SessionChange.OperationCompleted>().Select(completed => completed.Operation));
    }

    [Fact]
    public void SE02_UpdateThatNobodyAskedFor_CompletesNothing()
    {
        var talk = Conversation.Manual();
        talk.Updated();
        Assert.Empty(talk.Changes<SessionChange.OperationCompleted>());
    }

    [Fact]
    public void IT07_AddedItem_IsAcknowledgedById_AndRejectedByEventId()
    {
        var talk = Conversation.Manual();
        int added = talk.Submit(SessionIntent.AddText(ItemRole.User, "one")).Operation;
        int rejected = talk.Submit(SessionIntent.AddText(ItemRole.User, "two")).Operation;
        SessionCommand.CreateMessage[] sent = [.. talk.Sent().Cast<SessionCommand.CreateMessage>()];
        talk.Error("invalid_value", sent[1].EventId);
        talk.ItemAdded(sent[0].ItemId);
        Assert.Equal(added, Assert.Single(talk.Changes<SessionChange.OperationCompleted>()).Operation);
        Assert.Equal(rejected, Assert.Single(talk.Changes<SessionChange.OperationFailed>()).Operation);
    }

    [Fact]
    public void IT05_DuplicateItem_IsPresent()
    {
        var talk = Conversation.Manual();
        int added = talk.Submit(SessionIntent.AddText(ItemRole.User, "one")).Operation;
        talk.Error("item_create_duplicate_item_id", talk.Sent()[0].EventId);
        Assert.Equal(added, Assert.Single(talk.Changes<SessionChange.OperationCompleted>()).Operation);
    }

    [Fact]
    public void IT06_ItemIsDeletedOnce_AndNotBeforeTheServerKnowsIt()
    {
        var talk = Conversation.Manual();
        Assert.Equal("IT-06", talk.Submit(SessionIntent.DeleteItem("m")).Rule);
        talk.ItemAdded("m");
        int handle = talk.Submit(SessionIntent.DeleteItem("m")).Operation;
        talk.SentOnly<SessionCommand.DeleteItem>();
        Assert.Equal("IT-06", talk.Submit(SessionIntent.DeleteItem("m")).Rule);
        talk.ItemDeleted("m");
        Assert.Equal(handle, Assert.Single(talk.Changes<SessionChange.OperationCompleted>()).Operation);
    }

    [Fact]
    public void TR08_ItemOfARunningResponse_IsDeletedAfterIt()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Message("A", "m");
        Assert.Equal(SubmitVerdict.Queued, talk.Submit(SessionIntent.DeleteItem("m")).Verdict);
        talk.SentNothing();
        talk.Done("A");
        talk.SentOnly<SessionCommand.DeleteItem>();
    }

    [Fact]
    public void IT08_DeletingWhatIsGone_Succeeds()
    {
        var talk = Conversation.Manual();
        talk.ItemAdded("m");
        int handle = talk.Submit(SessionIntent.DeleteItem("m")).Operation;
        talk.Error("item_delete_invalid_item_id", talk.SentOnly<SessionCommand.DeleteItem>().EventId);
        Assert.Equal(handle, Assert.Single(talk.Changes<SessionChange.OperationCompleted>()).Operation);
        Assert.Equal("IT-08", Assert.Single(talk.Changes<SessionChange.ErrorIgnored>()).Rule);
    }

    [Theory]
    [InlineData("session_expired", ErrorSeverity.Reconnect)]
    [InlineData("invalid_api_key", ErrorSeverity.Fatal)]
    [InlineData("of_tomorrow", ErrorSeverity.Recoverable)]
    [InlineData(null, ErrorSeverity.Recoverable)]
    public void ER01_ErrorOfNoOperation_SaysHowFarItReaches(string? code, ErrorSeverity severity)
    {
        var talk = Conversation.Manual();
        talk.Error(code);
        Assert.Equal(severity, Assert.Single(talk.Changes<SessionChange.ErrorSurfaced>()).Severity);
    }

    [Fact]
    public void ER01_ErrorsDoNotQuoteTheServersMessage() =>
        Assert.Equal("invalid_api_key (x)", new ServerError("invalid_api_key", "t", "Incorrect API key provided: sk-secret", "x", null).ToString());

    [Fact]
    public void IT02_DoneIsTheLastWord_AndResponseDoneStandsInForIt()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Message("A", "m");
        talk.Message("A", "n");
        talk.ItemDone("A", "m", FactStatus.Incomplete);
        talk.Done("A", FactStatus.Cancelled);
        Assert.Equal([new("m", FactStatus.Incomplete), new("n", FactStatus.Incomplete)], talk.Changes<SessionChange.ItemDone>());
    }

    [Fact]
    public void OperationThatNobodyAnswers_FailsAfterTenSeconds_Once()
    {
        var talk = Conversation.Manual();
        int added = talk.Submit(SessionIntent.AddText(ItemRole.User, "one")).Operation;
        int configured = talk.Submit(SessionIntent.Configure(new Session())).Operation;
        talk.Updated();
        talk.Wait(9_999);
        Assert.Empty(talk.Changes<SessionChange.OperationFailed>());
        talk.Wait(1);
        Assert.Equal(new SessionChange.OperationFailed(added, null), Assert.Single(talk.Changes<SessionChange.OperationFailed>()));
        Assert.Equal(configured, Assert.Single(talk.Changes<SessionChange.OperationCompleted>()).Operation);
        talk.Close();
        Assert.Single(talk.Changes<SessionChange.OperationFailed>());
    }

    [Fact]
    public void IT06_ItemUnwantedBeforeItWasConfirmed_IsDeletedWhenItIs()
    {
        var talk = Conversation.Manual();
        talk.Submit(SessionIntent.AddText(ItemRole.User, "one"));
        string item = talk.SentOnly<SessionCommand.CreateMessage>().ItemId;
        Assert.Equal(SubmitVerdict.Queued, talk.Submit(SessionIntent.DeleteItem(item)).Verdict);
        talk.SentNothing();
        talk.ItemAdded(item);
        Assert.Equal(item, talk.SentOnly<SessionCommand.DeleteItem>().ItemId);
    }

    [Fact]
    public void IT06_DeletionOfAnItemThatNeverCame_EndsWithItsResponse()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Audio("A", "m", 960);
        int handle = talk.Submit(SessionIntent.DeleteItem("m")).Operation;
        talk.Done("A");
        talk.SentNothing();
        Assert.Equal(handle, Assert.Single(talk.Changes<SessionChange.OperationCompleted>()).Operation);
    }

    [Fact]
    public void SE04_RejectedConfiguration_ChangesNothing()
    {
        var talk = Conversation.Manual();
        int handle = talk.Submit(SessionIntent.Configure(new Session())).Operation;
        talk.Error("unknown_parameter", talk.SentOnly<SessionCommand.UpdateSession>().EventId, "Unknown parameter: 'session.x'.", "session.x");
        SessionChange.OperationFailed failed = Assert.Single(talk.Changes<SessionChange.OperationFailed>());
        Assert.Equal((handle, "session.x"), (failed.Operation, failed.Error!.Parameter));
        talk.Updated();
        Assert.Empty(talk.Changes<SessionChange.OperationCompleted>());
    }

    [Fact]
    public void SE07_FormatInForce_IsTheOneTheServerStates()
    {
        var talk = Conversation.Manual();
        talk.Submit(SessionIntent.AudioAppended(800));
        Assert.Equal("TD-03", talk.Submit(SessionIntent.EndTurn()).Rule); // 800 bytes of PCM16 are 16 ms
        talk.Updated(input: AudioEncoding.G711MuLaw);
        Assert.True(talk.Submit(SessionIntent.EndTurn()).IsAccepted); // of G.711, 100 ms
    }

    [Fact]
    public void B16_DeletionThatWaits_FailsAfterFortySeconds_AndTheItemStays()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Message("A", "m");
        int handle = talk.Submit(SessionIntent.DeleteItem("m")).Operation;
        for (int i = 0; i < 4; i++)
        {
            talk.Wait(9_999);
            talk.Audio("A", "m", 960);
        }

        Assert.Empty(talk.Changes<SessionChange.OperationFailed>());
        talk.Wait(4);
        Assert.Equal(new SessionChange.OperationFailed(handle, null), Assert.Single(talk.Changes<SessionChange.OperationFailed>()));
        talk.Sent();
        talk.Done("A");
        talk.SendsNothing(); // whoever asked was told that it failed
        Assert.Equal(SubmitVerdict.Accepted, talk.Submit(SessionIntent.DeleteItem("m")).Verdict);
    }

    [Fact]
    public void B16_DeletionIsDueTenSecondsAfterItWasSent()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Message("A", "m");
        int handle = talk.Submit(SessionIntent.DeleteItem("m")).Operation;
        talk.Wait(5_000);
        talk.Done("A");
        talk.SentOnly<SessionCommand.DeleteItem>();
        talk.Wait(9_999);
        Assert.Empty(talk.Changes<SessionChange.OperationFailed>());
        talk.Wait(1);
        Assert.Equal(handle, Assert.Single(talk.Changes<SessionChange.OperationFailed>()).Operation);
        Assert.True(talk.Submit(SessionIntent.DeleteItem("m")).IsAccepted); // nobody knows whether it is gone, so it may be asked for again
    }

    [Fact]
    public void IT06_RefusedDeletion_FailsAndMayBeAskedForAgain()
    {
        var talk = Conversation.Manual();
        talk.ItemAdded("m");
        int handle = talk.Submit(SessionIntent.DeleteItem("m")).Operation;
        talk.Error("of_tomorrow", talk.SentOnly<SessionCommand.DeleteItem>().EventId);
        Assert.Equal(handle, Assert.Single(talk.Changes<SessionChange.OperationFailed>()).Operation);
        Assert.True(talk.Submit(SessionIntent.DeleteItem("m")).IsAccepted);
        talk.ItemDeleted("m");
        Assert.Single(talk.Changes<SessionChange.OperationCompleted>());
    }

    [Fact]
    public void IT06_ItemThatTheServerDeleted_IsGone_AndToldOnce()
    {
        var talk = Conversation.Manual();
        talk.ItemAdded("m");
        talk.ItemDeleted("m");
        Assert.Equal("IT-06", talk.Submit(SessionIntent.DeleteItem("m")).Rule);
        talk.ItemAdded("m");
        talk.ItemDeleted("m");
        Assert.Equal("IT-06", talk.Submit(SessionIntent.DeleteItem("m")).Rule); // an id never comes back
        Assert.Equal("m", Assert.Single(talk.Changes<SessionChange.ItemDeleted>()).ItemId);
    }

    [Fact]
    public void IT08_ItemThatWasGoneWhenWeDeletedIt_IsToldAsDeleted()
    {
        var talk = Conversation.Manual();
        talk.ItemAdded("m");
        talk.Submit(SessionIntent.DeleteItem("m"));
        talk.Error("item_delete_invalid_item_id", talk.SentOnly<SessionCommand.DeleteItem>().EventId);
        Assert.Equal("m", Assert.Single(talk.Changes<SessionChange.ItemDeleted>()).ItemId);
        Assert.Equal("IT-06", talk.Submit(SessionIntent.DeleteItem("m")).Rule);
    }

    [Theory]
    [InlineData("session_expired", ErrorSeverity.Reconnect)]
    [InlineData("insufficient_quota", ErrorSeverity.Fatal)]
    [InlineData("invalid_value", null)]
    public void ER01_ErrorThatAnswersOurEvent_IsSurfacedWhenItReachesFurther(string code, ErrorSeverity? severity)
    {
        foreach (Func<Conversation, SessionCommand> ask in (Func<Conversation, SessionCommand>[])[AddsText, Configures, SaysText, CreatesResponse, Deletes])
        {
            var talk = Conversation.Manual();
            talk.ItemAdded("m");
            talk.Error(code, ask(talk).EventId);
            Assert.Equal(severity is { } known ? [known] : [], talk.Changes<SessionChange.ErrorSurfaced>().Select(surfaced => surfaced.Severity));
        }
    }

    [Fact]
    public void ER01_RefusalOfAConfigurationThatItDoesNotName_IsSurfacedWhenItReachesFurther()
    {
        var talk = Conversation.Manual();
        int configured = talk.Submit(SessionIntent.Configure(new Session())).Operation;
        talk.Error("model_not_found", parameter: "session.model");
        Assert.Equal(configured, Assert.Single(talk.Changes<SessionChange.OperationFailed>()).Operation);
        Assert.Equal(ErrorSeverity.Fatal, Assert.Single(talk.Changes<SessionChange.ErrorSurfaced>()).Severity);
    }

    [Theory]
    [InlineData(ItemRole.User, "user", "input_text")]
    [InlineData(ItemRole.System, "system", "input_text")]
    [InlineData(ItemRole.Assistant, "assistant", "output_text")]
    public void IT11_AnAddedText_SpeaksForTheOneItWasSaidBy(ItemRole role, string written, string type)
    {
        var talk = Conversation.Manual();
        talk.Submit(SessionIntent.AddText(role, "one"));
        talk.Sends("conversation.item.create", $"item.role={written}", $"item.content.0.type={type}");
    }

    [Fact]
    public void AClearedInput_IsClearedAtTheServer()
    {
        var talk = Conversation.Manual();
        talk.Submit(SessionIntent.ClearInput());
        talk.Sends("input_audio_buffer.clear");
    }

    [Fact]
    public void ER01_OneThousandNewerEvents_AndAnErrorStillFindsItsOwn()
    {
        foreach ((int newer, int found) in (ReadOnlySpan<(int, int)>)[(1_023, 1), (1_024, 0)])
        {
            var talk = Conversation.Manual();
            int handle = talk.Submit(SessionIntent.AddText(ItemRole.User, "x")).Operation;
            string eventId = talk.SentOnly<SessionCommand.CreateMessage>().EventId;
            for (int i = 0; i < newer; i++)
            {
                talk.Submit(SessionIntent.ClearInput());
            }

            talk.Error("invalid_value", eventId);
            Assert.Equal(found, talk.Changes<SessionChange.OperationFailed>().Count(failed => failed.Operation == handle));
            Assert.Equal(1 - found, talk.Changes<SessionChange.ErrorSurfaced>().Length);
        }
    }

    [Fact]
    public void B16_DeletionSentAtTheLastMoment_StillHasTenSeconds()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Message("A", "m");
        talk.Submit(SessionIntent.DeleteItem("m"));
        for (int i = 0; i < 4; i++)
        {
            talk.Wait(9_500);
            talk.Audio("A", "m", 960);
        }

        talk.Done("A");
        talk.Wait(9_999);
        Assert.Empty(talk.Changes<SessionChange.OperationFailed>());
        talk.Wait(1);
        Assert.Single(talk.Changes<SessionChange.OperationFailed>());
    }

    [Fact]
    public void TR08_ItemThatIsConfirmedAfterItsSilencedResponse_IsDeletedThen()
    {
        var talk = Conversation.Manual();
        talk.Played(talk.Answering("A"), 0);
        talk.Hear("response.output_item.added", "response_id=A", "item.id=m", "item.status=in_progress");
        talk.Interrupt();
        talk.Sent();
        talk.Done("A", FactStatus.Cancelled);
        talk.SendsNothing();
        talk.ItemAdded("m", ItemFactKind.AssistantMessage);
        talk.Sends("conversation.item.delete", "item_id=m");
    }

    [Fact]
    public void ItemWithoutAnId_IsNoItem()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Hear("response.output_item.added", "response_id=A", "item.id:=7");
        talk.Hear("response.output_item.done", "response_id=A", "item.id:=7", "item.status=completed");
        talk.Hear("conversation.item.added", "item.id:=7");
        talk.Done("A");
        Assert.Empty(talk.Changes<SessionChange.ItemDone>());
        Assert.Empty(talk.Changes<SessionChange.ItemAdded>());
    }

    private static SessionCommand AddsText(Conversation talk)
    {
        talk.Submit(SessionIntent.AddText(ItemRole.User, "x"));
        return talk.Sent()[^1];
    }

    private static SessionCommand Configures(Conversation talk)
    {
        talk.Submit(SessionIntent.Configure(new Session { Type = SessionType.Realtime }));
        return talk.Sent()[^1];
    }

    private static SessionCommand SaysText(Conversation talk)
    {
        talk.Say();
        return talk.Sent()[0];
    }

    private static SessionCommand CreatesResponse(Conversation talk)
    {
        talk.Create();
        return talk.Sent()[^1];
    }

    private static SessionCommand Deletes(Conversation talk)
    {
        talk.Submit(SessionIntent.DeleteItem("m"));
        return talk.Sent()[^1];
    }

    [Fact]
    public void IT07_ADeletionOnTheWire_EndsByTheServersWord_AndNotByAnotherItemOfItsResponse()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Message("A", "m");
        talk.Hear("response.output_item.added", "response_id=A", "item.id=late", "item.status=in_progress");
        int deletion = talk.Submit(SessionIntent.DeleteItem("m")).Operation;
        talk.Done("A");
        talk.SentOnly<SessionCommand.DeleteItem>();
        talk.ItemAdded("late", ItemFactKind.AssistantMessage);
        Assert.Empty(talk.Changes<SessionChange.OperationCompleted>());
        talk.ItemDeleted("m");
        Assert.Equal(deletion, Assert.Single(talk.Changes<SessionChange.OperationCompleted>()).Operation);
    }

    [Fact]
    public void TR08_ARefusedDeletion_BringsNothingBackThatIsGone()
    {
        var talk = Conversation.Manual();
        talk.ItemAdded("m");
        SessionCommand deletion = Deletes(talk);
        talk.ItemDeleted("m");
        talk.Error(null, deletion.EventId, "There is no such item.");
        Assert.Equal("IT-06", talk.Submit(SessionIntent.DeleteItem("m")).Rule);
    }

    [Fact]
    public void TR08_AResponseThatAnotherOneReplaced_IsDone_SoItsItemsMayBeDeleted()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Message("A", "m");
        talk.Submit(SessionIntent.DeleteItem("m"));
        talk.SentNothing();
        talk.Created("B");
        Assert.Equal("m", talk.SentOnly<SessionCommand.DeleteItem>().ItemId);
    }

    [Fact]
    public void IT07_AnErrorAboutAnItemThatIsThere_TakesNothingOut()
    {
        var talk = Conversation.Manual();
        SubmitResult added = talk.Submit(SessionIntent.AddText(ItemRole.User, "hello"));
        var create = talk.SentOnly<SessionCommand.CreateMessage>();
        talk.ItemAdded(create.ItemId);
        talk.Error("server_error", create.EventId);
        Assert.NotNull(talk.Machine.FindItem(create.ItemId));
        Assert.Single(talk.Changes<SessionChange.ErrorSurfaced>());
        Assert.Equal(added.Operation, Assert.Single(talk.Changes<SessionChange.OperationCompleted>()).Operation);
    }

    [Fact]
    public void IT05_WhatTheServerCallsADuplicate_IsThere_AndMayBeDeleted()
    {
        var talk = Conversation.Manual();
        talk.Submit(SessionIntent.AddText(ItemRole.User, "hello"));
        var create = talk.SentOnly<SessionCommand.CreateMessage>();
        talk.Error("item_create_duplicate_item_id", create.EventId);
        Assert.NotNull(talk.Machine.FindItem(create.ItemId));
        Assert.Equal(SubmitVerdict.Accepted, talk.Submit(SessionIntent.DeleteItem(create.ItemId)).Verdict);
        talk.Sends("conversation.item.delete");
    }
}
