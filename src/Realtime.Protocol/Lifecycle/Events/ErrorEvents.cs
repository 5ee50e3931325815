namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// Finds what an error answers, by the event id that the server repeats, and gives it to that operation alone. An error that answers nothing of ours frees nothing and ends nothing;
/// it is passed on with how far it reaches (ER-01).
/// </summary>
internal sealed class ErrorEvents(SessionCore session, ResponseSlot slot, TurnTable turns, ResponseEvents responses, ItemEvents items)
{
    public void Error(in SessionFact fact, long now)
    {
        ServerError error = ErrorReach.Describe(fact);
        if (WaitForTheResponseInTheWay.IsAbout(fact, slot.Outstanding))
        {
            CreateRefused(fact, error, now);
            SurfaceIfFatal(error);
            return;
        }

        if (session.Operations.Find(fact.ErrorEventId) is not { } operation)
        {
            if (ErrorReach.IsAboutTheOldestConfiguration(error) && session.Configurations.RefuseOldest() is { } refused && session.Operations.Fail(refused.Handle, error))
            {
                SurfaceIfFatal(error);
                return;
            }

            session.Effects.Tell(new SessionChange.ErrorSurfaced(error, ErrorReach.Severity(error.Code)));
            return;
        }

        string? benign = ErrorReach.BenignRule(operation.Kind, error);
        if (benign is not null)
        {
            session.Effects.Tell(new SessionChange.ErrorIgnored(error, benign));
        }

        if (Answer(operation, error, benign is not null, now))
        {
            SurfaceIfFatal(error);
        }
        else if (benign is null)
        {
            session.Effects.Tell(new SessionChange.ErrorSurfaced(error, ErrorReach.Severity(error.Code)));
        }
    }

    /// <summary>Ends what the operation was about; false when nobody waits for it.</summary>
    [LifecycleRule("IT-07")]
    [LifecycleRule("SE-04")]
    private bool Answer(Operation operation, ServerError error, bool isBenign, long now)
    {
        switch (operation.Kind)
        {
            case OperationKind.Cancel when isBenign:
                NothingRuns(operation, now);
                return true;
            case OperationKind.Delete when isBenign:
                items.Gone(operation.Item!);
                session.Operations.Complete(operation.Handle);
                return true;
            case OperationKind.Delete:
                ItemEvents.Kept(operation.Item!);
                return session.Operations.Fail(operation.Handle, error);
            case OperationKind.AddItem when isBenign:
                session.Items.Settle(operation.Item!);
                session.Operations.Complete(operation.Handle);
                return true;
            case OperationKind.AddItem:
                items.Refused(operation.Item!);
                return session.Operations.Fail(operation.Handle, error);
            case OperationKind.Configure:
                session.Configurations.Refuse(operation.Configuration!);
                return session.Operations.Fail(operation.Handle, error);
            case OperationKind.Contribute:
                return ContributionRefused(operation.Contribution!, error, now);
            case OperationKind.Create:
                return operation.Create!.IsGivenUp; // late: its turn has ended, and the slot is free already
            default:
                return false;
        }
    }

    private bool ContributionRefused(Contribution contribution, ServerError error, long now)
    {
        session.Commits.Remove(contribution);
        if (contribution.Item is { } item)
        {
            items.Refused(item);
        }

        return turns.Refuse(contribution, error, now);
    }

    private void CreateRefused(in SessionFact fact, ServerError error, long now)
    {
        Create create = slot.Outstanding!;
        ReadOnlySpan<byte> named = WaitForTheResponseInTheWay.NamedIn(fact.ErrorMessage);
        TrackedResponse? inTheWay = session.Responses.Find(named);
        switch (WaitForTheResponseInTheWay.Next(fact, create, inTheWay, !named.IsEmpty, session.Settings.MaxCreateAttempts))
        {
            case RefusedCreate.SendAgain:
                slot.RefusedByOther(inTheWay, isOver: true, now);
                break;
            case RefusedCreate.WaitForNamed:
                slot.RefusedByOther(inTheWay ?? responses.Adopt(named, now), isOver: false, now);
                break;
            case RefusedCreate.WaitForUnnamed:
                slot.RefusedByOther(null, isOver: false, now);
                break;
            default:
                slot.Refused(now);
                turns.End(create.Turn, new TurnOutcome.Rejected(error));
                break;
        }
    }

    /// <summary>The answer to a cancel that came too late, or to a probe: the place is free, whatever we believed.</summary>
    private void NothingRuns(Operation cancel, long now)
    {
        if (cancel.Response is { } response)
        {
            responses.Lost(response, now);
        }
        else if (cancel.Create is { } create)
        {
            slot.CreateLost(create);
        }
    }

    private void SurfaceIfFatal(ServerError error)
    {
        if (ErrorReach.Severity(error.Code) is var severity and not ErrorSeverity.Recoverable)
        {
            session.Effects.Tell(new SessionChange.ErrorSurfaced(error, severity));
        }
    }
}
