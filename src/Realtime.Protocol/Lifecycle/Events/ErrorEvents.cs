using System.Text;

namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// Finds what an error answers, by the event id that the server repeats, and gives it to that operation alone. An error that answers nothing of ours frees nothing and ends nothing;
/// it is passed on with how far it reaches (ER-01).
/// </summary>
internal sealed class ErrorEvents(SessionCore core, ResponseEvents responses, ItemEvents items)
{
    public void Error(in SessionFact fact, long now)
    {
        ServerError error = ErrorReach.Describe(fact);
        if (ErrorReach.Severity(error.Code) is ErrorSeverity.Reconnect)
        {
            core.Surface(error); // whatever it names, it is about the session
            return;
        }

        if (WaitForTheResponseInTheWay.IsAbout(fact, core.Slot.Refusable))
        {
            CreateRefused(fact, error, now);
            core.SurfaceIfFatal(error);
            return;
        }

        bool nothingRuns = NothingRunsForACancel.Says(fact);
        Operation? operation = nothingRuns && fact.ErrorEventId.IsEmpty ? core.Slot.OldestUnansweredCancel : core.Operations.Find(fact.ErrorEventId);
        if (operation is null && !nothingRuns)
        {
            OfNoOperation(error, now);
            return;
        }

        string? benign = nothingRuns && operation is null or { Kind: OperationKind.Cancel } ? NothingRunsForACancel.Rule : ErrorReach.BenignRule(operation!.Kind, error);
        bool isApplications = operation is { IsApplications: true };
        if (benign is not null)
        {
            if (isApplications)
            {
                core.Surface(error); // whoever wrote the event by himself judges its error by himself
            }
            else
            {
                core.Effects.Tell(new SessionChange.ErrorIgnored(error, benign));
            }

            FoundAsWanted(operation, now);
        }
        else if (Refused(operation!, error, now) && !isApplications)
        {
            core.SurfaceIfFatal(error);
        }
        else
        {
            core.Surface(error);
        }
    }

    /// <summary>An error that names no event of ours. One about a member of the session is the oldest configuration's, since errors come in order (SE-02); one about a commit is the oldest commit's.</summary>
    private void OfNoOperation(ServerError error, long now)
    {
        if (ErrorReach.IsAboutTheOldestCommit(error) && core.Commits.Oldest(now) is { } commit && CommitRefused(commit, error, now))
        {
            return;
        }

        if (ErrorReach.IsAboutTheOldestConfiguration(error) && core.Configurations.RefuseOldest() is { } refused)
        {
            core.McpServers.Forget(refused.Handle);
            if (core.Operations.Fail(refused.Handle, error) && !refused.IsApplications)
            {
                core.SurfaceIfFatal(error);
                return;
            }
        }

        if (error is { EventId: null, Message: { } message } && OfNamedItem(error, message, now))
        {
            return; // whoever waited was told
        }

        core.Surface(error);
    }

    /// <summary>An error that names no event, but an item that the conversation does not hold: whoever asked something of that item waits no longer (IT-07).</summary>
    /// <returns>False when the error is still to be told: nobody waited, or the application may have asked by an event of its own.</returns>
    private bool OfNamedItem(ServerError error, string message, long now)
    {
        switch (error.Code)
        {
            case "item_retrieve_invalid_item_id":
                return core.Operations.Fail(core.Retrievals.CloseNamed(message), error);
            case "item_delete_invalid_item_id":
                if (core.Items.FindOnly(item => item.Presence is ItemPresence.Deleting && ErrorReach.Names(message, item.Id)) is { } gone)
                {
                    FoundAsWanted(new Operation(OperationKind.Delete, "") { Item = gone, Handle = gone.DeleteHandle }, now);
                }

                return false;
            case "item_truncate_invalid_item_id":
                if (core.Items.FindOnly(item => item.CutAsked is not null && ErrorReach.Names(message, item.Id)) is { } uncut)
                {
                    FoundAsWanted(new Operation(OperationKind.Truncate, "") { Item = uncut, Handle = uncut.TruncateHandle }, now);
                }

                return false;
            default:
                return false;
        }
    }

    /// <summary>The error means nothing: what the operation was to bring about is so. Null when the error names no operation.</summary>
    private void FoundAsWanted(Operation? operation, long now)
    {
        switch (operation?.Kind)
        {
            case OperationKind.Cancel:
                NothingRuns(operation!, now);
                break;
            case OperationKind.Truncate:
                operation!.Item!.CutAsked = null;
                core.Operations.Complete(operation.Handle);
                break;
            case OperationKind.Delete:
                items.Gone(operation!.Item!);
                core.Operations.Complete(operation.Handle);
                break;
            case OperationKind.AddItem:
                FoundThere(operation!.Item!, now);
                core.Operations.Complete(operation.Handle);
                break;
            case OperationKind.Contribute:
                operation!.Contribution!.Take();
                if (operation.Contribution.Item is { } given)
                {
                    FoundThere(given, now);
                }

                core.Operations.Complete(operation.Handle);
                break;
        }
    }

    /// <summary>The conversation holds the item already, at a place that nobody says.</summary>
    private void FoundThere(TrackedItem item, long now)
    {
        items.Added(new SessionFact { Kind = SessionFactKind.ItemAdded, ItemId = Encoding.UTF8.GetBytes(item.Id), ItemKind = item.Kind }, now);
        core.Items.Settle(item);
    }

    /// <summary>Ends what the operation was about; false when nobody waits for it.</summary>
    private bool Refused(Operation operation, ServerError error, long now)
    {
        switch (operation.Kind)
        {
            case OperationKind.Cancel:
                CancelRefused(operation, now);
                return false;
            case OperationKind.Truncate:
                ItemEvents.Uncut(operation.Item!);
                return core.Operations.Fail(operation.Handle, error);
            case OperationKind.Retrieve:
                core.Retrievals.Close(operation.Handle);
                return core.Operations.Fail(operation.Handle, error);
            case OperationKind.Delete:
                ItemEvents.Kept(operation.Item!);
                return core.Operations.Fail(operation.Handle, error);
            case OperationKind.AddItem when operation.Item is { IsPlaced: true }:
                return false; // the server has shown it, and says so itself when it is gone
            case OperationKind.AddItem:
                items.Refused(operation.Item!);
                return core.Operations.Fail(operation.Handle, error);
            case OperationKind.Configure:
                core.Configurations.Refuse(operation.Configuration!);
                core.McpServers.Forget(operation.Handle);
                return core.Operations.Fail(operation.Handle, error);
            case OperationKind.Contribute:
                return ContributionRefused(operation.Contribution!, error, now) | core.Operations.Fail(operation.Handle, error);
            case OperationKind.Create when operation.Create is { IsUnwanted: false, Turn.IsOutOfBand: true } beside:
                AsideRefused(beside, error);
                return true;
            case OperationKind.Commit:
                return CommitRefused(operation.Commit!, error, now);
            case OperationKind.Create:
                core.Asides.Answered(operation.Create!);

                // Late: its turn has ended, and the slot is free already. Or of an attempt that counts as refused already, by an error that named none and was another create's:
                // it is sent again.
                return operation.Create!.IsUnwanted || operation.Create.EventId != operation.EventId;
            default:
                return false;
        }
    }

    private bool CommitRefused(PendingCommit commit, ServerError error, long now)
    {
        if (commit.Contribution is { } contribution)
        {
            return ContributionRefused(contribution, error, now);
        }

        core.Commits.Remove(commit);
        core.Utterances.End(commit.Utterance, UtteranceOutcome.Discarded, error);
        return core.Operations.Fail(commit.Handle, error);
    }

    private bool ContributionRefused(Contribution contribution, ServerError error, long now)
    {
        if (contribution.State is not ContributionState.Sent)
        {
            return contribution.State is ContributionState.Refused; // said twice, or of something that the conversation holds
        }

        if (core.Commits.Of(contribution) is { } commit)
        {
            core.Commits.Remove(commit);
            core.Utterances.End(commit.Utterance, UtteranceOutcome.Discarded, error);
        }

        if (contribution.Item is { } item)
        {
            items.Refused(item);
        }

        return core.Turns.Refuse(contribution, error, now);
    }

    private void CreateRefused(in SessionFact fact, ServerError error, long now)
    {
        Create create = core.Slot.Outstanding ?? core.Ends.TakeBack(core.Slot.Current!);
        ReadOnlySpan<byte> named = WaitForTheResponseInTheWay.NamedIn(fact.ErrorMessage);
        TrackedResponse? inTheWay = core.Responses.Find(named);
        switch (WaitForTheResponseInTheWay.Next(fact, create, inTheWay, !named.IsEmpty, core.Settings.MaxCreateAttempts))
        {
            case RefusedCreate.SendAgain:
                core.Slot.RefusedByOther(create, inTheWay, isOver: true, now);
                break;
            case RefusedCreate.WaitForNamed when inTheWay is null:
                responses.BeginNamed(named, create, now);
                break;
            case RefusedCreate.WaitForNamed:
                core.Slot.RefusedByOther(create, inTheWay, isOver: false, now);
                break;
            case RefusedCreate.WaitForUnnamed:
                core.Slot.RefusedByOther(create, null, isOver: false, now);
                break;
            default:
                core.Slot.Refused(now);
                CreateFailed(create, error);
                return;
        }

        if (RejectWhenNothingIsLeft.Rejects(create.Turn))
        {
            core.Turns.GiveUp(create.Turn, new TurnOutcome.Rejected(create.Turn.Refusal!), now);
        }
    }

    /// <summary>It never waits, so it is not sent again, whatever is in its way (RC-22).</summary>
    private void AsideRefused(Create create, ServerError error)
    {
        create.IsUnwanted = true;
        core.Asides.Answered(create);
        CreateFailed(create, error);
    }

    /// <summary>The turn ends with its create. Where it has heard a response that was not its answer, and that still runs, it ends with that one, and the refusal is told.</summary>
    private void CreateFailed(Create create, ServerError error)
    {
        if (create.Turn is { Response.IsDone: false } turn)
        {
            turn.Create = null;
            core.Effects.Tell(new SessionChange.InputRejected(turn.Number, null, error));
            return;
        }

        core.Turns.End(create.Turn, new TurnOutcome.Rejected(error));
    }

    /// <summary>The answer to a cancel that came too late, or to a probe: the place is free, whatever we believed.</summary>
    private void NothingRuns(Operation cancel, long now)
    {
        core.Slot.CancelAnswered(cancel);
        if (cancel.Response is { } response)
        {
            core.Ends.Lost(response, now);
        }
        else if (cancel.Create is { } create)
        {
            core.Slot.CreateOver(create, now);
        }
    }

    /// <summary>The server does not cancel, for a reason of its own: the response runs on. A probe that is refused has still shown that the server is alive (RC-11).</summary>
    private void CancelRefused(Operation cancel, long now)
    {
        core.Slot.CancelAnswered(cancel);
        if (cancel.Response is { } response)
        {
            core.Slot.CancelRefused(response, now);
        }
    }
}
