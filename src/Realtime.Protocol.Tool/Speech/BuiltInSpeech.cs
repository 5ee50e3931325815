namespace Realtime.Protocol.CommandLine.Speech;

/// <summary>A question of three seconds that ships with the tool, so that it has something to say. README.md beside it tells how it was made.</summary>
internal static class BuiltInSpeech
{
    /// <summary>A WAV file of 24,000 Hz, one channel, 16-bit PCM.</summary>
    public static Stream Open() =>
        typeof(BuiltInSpeech).Assembly.GetManifestResourceStream("question.wav") ?? throw new InvalidOperationException("question.wav is missing from the assembly; the project file embeds it.");
}
