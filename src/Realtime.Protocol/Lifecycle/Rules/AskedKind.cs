namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// Which kind of session the server opened, where it says so in a word that the protocol has. One that opens every session as a conversation may still make it what its first configuration says; so for a
/// transcription the acknowledgement decides.
/// </summary>
internal static class AskedKind
{
    /// <summary>The kind as it is on the wire.</summary>
    public static string Word(SessionPurpose purpose) => purpose is SessionPurpose.Transcription ? "transcription" : "realtime";

    /// <summary>True when this is another kind of session than was asked for.</summary>
    /// <param name="asked">What the session is for.</param>
    /// <param name="stated">As the server states it; empty when it does not.</param>
    /// <param name="isConfigured">It has taken a configuration.</param>
    public static bool IsAnother(SessionPurpose asked, ReadOnlySpan<byte> stated, bool isConfigured) => stated switch
    {
        _ when stated.SequenceEqual("translation"u8) => true,
        _ when stated.SequenceEqual("transcription"u8) => asked is not SessionPurpose.Transcription,
        _ when stated.SequenceEqual("realtime"u8) => asked is SessionPurpose.Transcription && isConfigured,
        _ => false,
    };
}
