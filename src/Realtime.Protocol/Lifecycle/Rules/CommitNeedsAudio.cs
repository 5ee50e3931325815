using System.Globalization;

namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// A commit of less than 100 ms of audio is answered with <c>input_audio_buffer_commit_empty</c>, so it is not sent. Neither is a commit to a server that takes the turns itself.
/// </summary>
internal static class CommitNeedsAudio
{
    public const int MinMilliseconds = 100;

    /// <summary>Null when the commit may be sent; otherwise why not.</summary>
    [LifecycleRule("TD-03")]
    public static string? Refusal(SessionCore session)
    {
        if (session.Detection.IsEnabled)
        {
            return "You committed the input, but in this session the server ends the turns: its turn detection is on. Turn it off to end turns yourself.";
        }

        SampleFormat format = SampleFormat.Of(session.InputEncoding);
        long needed = format.Bytes(MinMilliseconds);
        return session.InputBytes >= needed
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"You committed {session.InputBytes} bytes of audio (what was written and flushed since the last turn); the service takes {needed} bytes ({MinMilliseconds} ms) or more.");
    }
}
