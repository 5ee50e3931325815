using Realtime.Protocol.CommandLine.Audio;

namespace Realtime.Protocol.CommandLine.Playback;

/// <summary>
/// Makes a file last as long as the speech in it: a sample is due when a microphone would have heard it. Counted from the beginning, so that a late timer is caught up with.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="isInstant">True when everything is due at once.</param>
internal sealed class RealTimePace(TimeProvider time, bool isInstant)
{
    /// <summary>How much is sent at a time: 20 ms, as telephones do, or as much as fits well into one event.</summary>
    public int PieceBytes { get; } = isInstant ? 32 * 1024 : 20 * Pcm.BytesPerMillisecond;

    private readonly long _beganAt = time.GetTimestamp();

    /// <summary>Waits until this many bytes have been spoken.</summary>
    public Task WaitAsync(long bytes, CancellationToken cancellationToken)
    {
        TimeSpan left = isInstant ? TimeSpan.Zero : Pcm.Duration(bytes) - time.GetElapsedTime(_beganAt);
        return left > TimeSpan.Zero ? Task.Delay(left, time, cancellationToken) : Task.CompletedTask;
    }
}
