using Realtime.Protocol.Benchmarks.Answers;

namespace Realtime.Protocol.Benchmarks.Peers;

/// <summary>
/// One way of reading an audio event, written as well as its library allows. Both methods parse in the same way; one
/// is timed, the other shows that it was right. A reader knows the message's size, never its contents.
/// </summary>
public interface IAudioDeltaReader
{
    /// <summary>The timed method: parses the message, makes sure that it is an audio event, reads each member, and has the PCM as contiguous bytes.</summary>
    /// <returns><see cref="AudioDelta.Touch(int, int, int, long, long, ReadOnlySpan{byte})"/> of what was read.</returns>
    long Read(byte[] message);

    /// <summary>Parses in the same way and copies everything out.</summary>
    AudioDelta ReadWhole(byte[] message);
}
