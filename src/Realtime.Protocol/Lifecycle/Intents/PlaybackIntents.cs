namespace Realtime.Protocol.Lifecycle;

/// <summary>What was played, or taken to be played. It is written down and sends nothing; an interruption asks for it. What comes too late, or of a turn that is forgotten, changes nothing.</summary>
internal sealed class PlaybackIntents(SessionCore session, TurnTable turns)
{
    public SubmitResult TurnPlayed(in SessionIntent intent)
    {
        if (SoundOf(intent.Turn) is { } sound)
        {
            session.Playback.Report(sound, intent.Bytes);
        }

        return default;
    }

    public SubmitResult TurnTaken(in SessionIntent intent, long now)
    {
        if (SoundOf(intent.Turn) is { } sound)
        {
            session.Playback.Take(sound, intent.Bytes, now);
        }

        return default;
    }

    public SubmitResult ItemPlayed(in SessionIntent intent)
    {
        if (session.Items.Find(intent.Id!) is not { } item)
        {
            return SessionIntents.Refuse("TR-04", "You reported playback of an item that the server never named.");
        }

        if (item.FindPart(intent.ContentIndex) is { } part && item.Response?.Sound is { } sound)
        {
            session.Playback.Report(sound, sound.PositionOf(part, intent.Bytes));
        }

        return default;
    }

    private TurnSound? SoundOf(int turn) => session.Playback.Find(turn) ?? turns.Find(turn)?.Sound;
}
