using Realtime.Protocol.CommandLine.Audio;

namespace Realtime.Protocol.CommandLine.Playback;

/// <summary>
/// A loudspeaker that makes no sound: it plays what it has been given at 48 bytes a millisecond, falls silent while it has nothing, and knows at any moment how much was
/// heard. Pure: times go in, byte counts come out. An instant one plays everything in the moment it is given, up to the point where it is to be interrupted.
/// </summary>
/// <param name="isInstant">True to play faster than anyone could listen.</param>
/// <param name="interruptAfter">When to be interrupted, counted from the first byte: as time that passes, or in an instant sink as time that is played. Null: never.</param>
internal sealed class VirtualSink(bool isInstant, TimeSpan? interruptAfter)
{
    private readonly long _mostInstantBytes = interruptAfter is TimeSpan after ? Pcm.Bytes(after) : long.MaxValue;

    // One run is a stretch without a pause; counting from its beginning, and not from the last question, keeps rounding from adding up.
    private TimeSpan _runBeganAt;
    private long _runBeganBytes;
    private TimeSpan? _firstAt;
    private long? _stoppedBytes;

    /// <summary>How many bytes it was given.</summary>
    public long ReceivedBytes { get; private set; }

    /// <summary>True once it was stopped: what it holds is not heard any more.</summary>
    public bool IsStopped => _stoppedBytes is not null;

    /// <summary>Takes bytes that follow those before.</summary>
    public void Receive(long bytes, TimeSpan now)
    {
        if (bytes <= 0)
        {
            return;
        }

        _firstAt ??= now;
        if (Played(now) is long played && played == ReceivedBytes)
        {
            (_runBeganAt, _runBeganBytes) = (now, played);
        }

        ReceivedBytes += bytes;
    }

    /// <summary>How many bytes were heard until now. It never goes back.</summary>
    public long Played(TimeSpan now) => _stoppedBytes ?? (isInstant
        ? Math.Min(ReceivedBytes, _mostInstantBytes)
        : Math.Min(ReceivedBytes, _runBeganBytes + Pcm.Bytes(now - _runBeganAt)));

    /// <summary>True when the moment of the interruption has come.</summary>
    public bool IsToBeInterrupted(TimeSpan now) => isInstant
        ? !IsStopped && _firstAt is not null && ReceivedBytes >= _mostInstantBytes
        : UntilInterruption(now) == TimeSpan.Zero;

    /// <summary>How long until that moment; null when time alone does not bring it.</summary>
    public TimeSpan? UntilInterruption(TimeSpan now) => isInstant || IsStopped || _firstAt + interruptAfter is not TimeSpan at ? null : at > now ? at - now : TimeSpan.Zero;

    /// <summary>True when nothing is left to be heard.</summary>
    public bool IsSilent(TimeSpan now) => IsStopped || Played(now) == ReceivedBytes;

    /// <summary>Falls silent for good.</summary>
    public void Stop(TimeSpan now) => _stoppedBytes ??= Played(now);
}
