namespace Realtime.Protocol.Gateway;

/// <summary>
/// How far a caller is ahead of the clock, in sound and in messages: a bucket that runs out as time goes on. A caller who speaks in real time never fills it, one who catches up after a gap may, and nobody can send without bound.
/// Time in which nobody read is owed to him, up to a minute: what he said in it comes at once. Each moment counts once, so what was taken is never more than the time and what may come at once. Pure: the time is told.
/// </summary>
/// <param name="mostAhead">How much sound may come at once.</param>
internal struct InboundMeter(TimeSpan mostAhead)
{
    /// <summary>Frames of 4 ms: shorter ones nobody sends. A message counts as one.</summary>
    private static readonly TimeSpan ShortestFrame = TimeSpan.FromMilliseconds(4);

    // Longer than a model that is behind is waited for; so short waits of a long call can't gather either.
    private static readonly TimeSpan MostOwed = TimeSpan.FromMinutes(1);

    private readonly TimeSpan _mostAudio = mostAhead;
    private readonly TimeSpan _mostMessages = mostAhead > TimeSpan.FromSeconds(1) ? mostAhead : TimeSpan.FromSeconds(1);
    private TimeSpan _audio;
    private TimeSpan _messages;
    private TimeSpan _at;

    /// <summary>Counts one message with so much sound. False when it is too much.</summary>
    /// <param name="now">On any clock that does not go back.</param>
    /// <param name="audio">How long its sound is; zero for none.</param>
    public bool TryTake(TimeSpan now, TimeSpan audio)
    {
        TimeSpan passed = now - _at;
        _at = now;
        _audio = Rest(_audio, passed) + audio;
        _messages = Rest(_messages, passed) + ShortestFrame;
        return _audio <= _mostAudio && _messages <= _mostMessages;
    }

    /// <summary>Nobody read from the last message until now.</summary>
    /// <param name="now">On the clock of <see cref="TryTake"/>.</param>
    public void Waited(TimeSpan now)
    {
        TimeSpan held = now - _at;
        _at = now;
        _audio = Owe(_audio, held);
        _messages = Owe(_messages, held);
    }

    private static TimeSpan Owe(TimeSpan level, TimeSpan held) => level - held > -MostOwed ? level - held : -MostOwed;

    // Below zero it is owed to the caller, and time does not pay it back.
    private static TimeSpan Rest(TimeSpan level, TimeSpan passed) => passed < level ? level - passed : level < TimeSpan.Zero ? level : TimeSpan.Zero;
}
