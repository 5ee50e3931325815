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
