namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// Beside a call over WebRTC or SIP the server plays the audio itself, so it knows what was heard and truncates by itself; a truncation of ours would be a second one. Silence is asked for with
/// <c>response.cancel</c> and <c>output_audio_buffer.clear</c>. The user's audio comes with the call, so nothing of it is sent here.
/// </summary>
internal static class LetTheServerTruncate
{
    /// <summary>Why nothing about the user's audio is sent.</summary>
    public const string NoInput = "You sent audio, a commit or a clear in a session beside a call; the user's audio comes with the call, and the server takes the turns.";

    [LifecycleRule("CX-08")]
    public static bool Applies(Capabilities capabilities) => capabilities.ServerTruncates;
}
