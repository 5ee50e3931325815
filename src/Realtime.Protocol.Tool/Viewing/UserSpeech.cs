namespace Realtime.Protocol.CommandLine.Viewing;

/// <summary>
/// When the user spoke, and whose turn that was: what the server found to be speech; or, where it does not listen for speech, what was sent up to a commit. A translation has no turns, so all that was sent to it is one speech.
/// </summary>
internal sealed class UserSpeech(TurnBook turns, UserSound sound, PageRoom room)
{
    private readonly List<SpeechSpan> _spans = [];
    private double? _begin;

    /// <summary>The server found the beginning of speech.</summary>
    public void Begin(long? soundMs, double now)
    {
        sound.ServerListens = true;
        _begin = sound.PlaceOf(soundMs, now);
        turns.BeginUser(_begin.Value, "speech");
    }

    /// <summary>The server found the end of speech.</summary>
    public void End(long? soundMs, double now)
    {
        End(sound.PlaceOf(soundMs, now));
        turns.BeginUser(now, "speech").UserDone = now;
    }

    /// <summary>The client commits what it sent.</summary>
    public void Commit(double now)
    {
        if (sound.TakeRun() is { } begin && sound.ServerListens != true)
        {
            PicturedTurn turn = turns.BeginUser(begin, "speech");
            if (room.IsIn(_spans, PageRoom.MostSpans))
            {
                _spans.Add(new(true, begin, now, null, turn.Number, null, null));
            }
        }

        if (sound.ServerListens != true)
        {
            turns.BeginUser(now, "speech").UserDone = now;
        }
    }

    /// <summary>All of it. Nothing more comes.</summary>
    public IReadOnlyList<SpeechSpan> Close(double now, bool isTranslation)
    {
        // A translation hears without turns, from the first sound to the last.
        if (sound.TakeRun() is { } begin && (isTranslation || sound.ServerListens == false))
        {
            _spans.Add(new(true, begin, sound.LastAppend, null, turns.Current?.Number ?? 0, null, null));
        }

        End(now);
        return _spans;
    }

    private void End(double end)
    {
        if (_begin is { } begin && room.IsIn(_spans, PageRoom.MostSpans))
        {
            _spans.Add(new(true, begin, Math.Max(begin, end), null, turns.Current?.Number ?? 0, null, null));
        }

        _begin = null;
    }
}
