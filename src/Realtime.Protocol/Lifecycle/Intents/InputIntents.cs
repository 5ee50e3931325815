namespace Realtime.Protocol.Lifecycle;

/// <summary>The audio of both sides, as counts of bytes: what the user said, what was played, and that the server is to forget what it heard.</summary>
internal sealed class InputIntents(SessionCore session)
{
    public SubmitResult Played(in SessionIntent intent)
    {
        if (session.Items.Find(intent.Id!) is not { } item)
        {
            return SessionIntents.Refuse("TR-04", "You reported playback of an item that the server never named.");
        }

        if (item is { IsCut: false, IsUnheard: false } && item.Play(intent.ContentIndex, intent.Bytes))
        {
            session.Items.Played(item);
        }

        return default;
    }

    public SubmitResult AudioAppended(in SessionIntent intent, long now)
    {
        session.InputBytes += intent.Bytes;
        session.SpeechAliveAt = now;
        return default;
    }

    public SubmitResult ClearInput(long now)
    {
        var command = new SessionCommand.ClearInput(session.Ids.NewEventId());
        session.InputBytes = 0;
        session.Operations.Remember(new Operation(OperationKind.ClearInput, command.EventId), now);
        session.Effects.Send(command);
        return default;
    }
}
