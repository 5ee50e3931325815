using Realtime.Protocol.CommandLine.Timeline;

namespace Realtime.Protocol.CommandLine.Log;

/// <summary>
/// Sees every event of both directions, in order, with its time, and passes it on to the log and the timeline. Time counts from when it was made. The credential is taken
/// out of whatever passes: some servers quote the key that they refuse. Whoever only watches must not break what it watches: what goes wrong here is kept in
/// <see cref="Failure"/> and thrown at nobody.
/// </summary>
internal sealed class Recorder
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly long _beganAt;
    private readonly EventLog? _log;
    private readonly ITimelineView _view;
    private readonly EventTimeline _timeline;
    private readonly Secret _secret;

    public Recorder(TimeProvider time, EventLog? log, ITimelineView view, Secret secret)
    {
        (_time, _beganAt, _log, _view, _secret) = (time, time.GetTimestamp(), log, view, secret);
        _timeline = new(view.Show);
    }

    /// <summary>The time since the beginning.</summary>
    public TimeSpan Now => _time.GetElapsedTime(_beganAt);

    /// <summary>What was counted. To be read when the session has ended.</summary>
    public TalkFigures Figures => _timeline.Figures;

    /// <summary>The first thing that went wrong while recording; null when nothing did. To be read when the session has ended.</summary>
    public Exception? Failure { get; private set; }

    public void Record(EventSender sender, ReadOnlySpan<byte> message)
    {
        ReadOnlySpan<byte> shown = _secret.Hide(message);
        lock (_lock)
        {
            TimeSpan at = Now;
            AddToLog(at, sender, shown);
            AddToTimeline(at, sender, shown);
        }
    }

    /// <summary>Adds to the timeline what is not an event.</summary>
    public void Tell(Speaker who, string what)
    {
        lock (_lock)
        {
            _view.Show(new(Now, who, what));
        }
    }

    // One each, so that an event which one of them can't take still reaches the other.
    private void AddToLog(TimeSpan at, EventSender sender, ReadOnlySpan<byte> message)
    {
        try
        {
            _log?.Add(at, sender, message);
        }
        catch (Exception failure)
        {
            Failure ??= failure;
        }
    }

    private void AddToTimeline(TimeSpan at, EventSender sender, ReadOnlySpan<byte> message)
    {
        try
        {
            _timeline.Add(at, sender, message);
        }
        catch (Exception failure)
        {
            Failure ??= failure;
        }
    }
}
