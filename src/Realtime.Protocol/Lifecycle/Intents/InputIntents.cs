namespace Realtime.Protocol.Lifecycle;

/// <summary>The user's audio, as counts of bytes: what was said, and that the server is to forget what it heard.</summary>
internal sealed class InputIntents(SessionCore session)
{
    public SubmitResult AudioAppended(in SessionIntent intent, long now)
    {
        if (LetTheServerTruncate.Applies(session.Settings.Capabilities))
        {
            return SessionIntents.Refuse("CX-08", LetTheServerTruncate.NoInput);
        }

        session.InputBytes += intent.Bytes;
        session.SpeechAliveAt = now;
        return default;
    }

    /// <summary>The user's audio becomes an item, and nothing is asked for.</summary>
    public SubmitResult CommitInput(long now)
    {
        if (CommitNeedsAudio.Refusal(session) is { } tooLittle)
        {
            return SessionIntents.Refuse("TD-03", tooLittle);
        }

        var command = new SessionCommand.CommitInput(session.Ids.NewEventId());
        session.InputBytes = 0;
        int handle = session.Operations.Open(now);
        var commit = new PendingCommit(session.Utterances.Asked(turn: 0, now), now) { Handle = handle };
        session.Commits.Add(commit, now);
        session.Operations.Remember(new Operation(OperationKind.Commit, command.EventId) { Handle = handle, Commit = commit }, now);
        session.Effects.Send(command);
        return new SubmitResult(SubmitVerdict.Accepted, Operation: handle);
    }

    public SubmitResult ClearInput(long now)
    {
        if (LetTheServerTruncate.Applies(session.Settings.Capabilities))
        {
            return SessionIntents.Refuse("CX-08", LetTheServerTruncate.NoInput);
        }

        var command = new SessionCommand.ClearInput(session.Ids.NewEventId());
        session.InputBytes = 0;
        session.Operations.Remember(new Operation(OperationKind.ClearInput, command.EventId), now);
        session.Effects.Send(command);
        return default;
    }
}
