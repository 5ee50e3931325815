namespace Realtime.Protocol.CommandLine.Audio;

/// <summary>Why a file can't be spoken.</summary>
internal enum WavFault
{
    /// <summary>Not a byte.</summary>
    Empty,

    /// <summary>A WAV file without a sample.</summary>
    NoSamples,

    /// <summary>So little that no service takes it for a turn.</summary>
    TooShort,

    /// <summary>Something else than RIFF/WAVE.</summary>
    NotAWav,

    /// <summary>It begins like a WAV file and then breaks the format's rules.</summary>
    Damaged,

    /// <summary>A sound WAV file of another rate, channel count or encoding.</summary>
    OtherFormat,
}

/// <summary>The file is wrong, not this program: one line that says what it is, what was expected, and the command that makes it so.</summary>
internal sealed class WavException : Exception
{
    private WavException(WavFault fault, string message)
        : base(message) => Fault = fault;

    public WavFault Fault { get; }

    public static WavException Empty(string name) => new(WavFault.Empty, name == SoundSource.StandardInputName
        ? "standard input is empty (0 bytes); expected raw PCM16 samples, 24 kHz mono. Pipe some in, for instance: arecord -q -t raw -f S16_LE -r 24000 -c 1 -d 4 | realtime talk --in -"
        : $"{name} is empty (0 bytes); expected a WAV file of {WavFormat.Speech}. Record it again, or leave --in out to speak the built-in question.");

    public static WavException NoSamples(string name) => new(WavFault.NoSamples, $"{Show(name)} is a WAV file without a single sample; expected 100 ms or more. Record it again, or leave --in out to speak the built-in question.");

    public static WavException TooShort(string name, long bytes) =>
        new(WavFault.TooShort, FormattableString.Invariant($"{Show(name)} lasts {Pcm.Duration(bytes).TotalMilliseconds:0} ms; expected 100 ms or more. Record it again."));

    public static WavException NotAWav(string name) => new(WavFault.NotAWav, $"{Show(name)} is not a WAV file. Convert it with: {SoxCommand.Convert(name)}");

    public static WavException Damaged(string name, string what) => new(WavFault.Damaged, $"{Show(name)} is a damaged WAV file: {what}. Try to rescue it with: {SoxCommand.Convert(name)}");

    public static WavException OtherFormat(string name, WavFormat format) =>
        new(WavFault.OtherFormat, $"{Show(name)} is {format}; expected {WavFormat.Speech}. Convert it with: {SoxCommand.Convert(name)}");

    private static string Show(string name) => name == SoundSource.StandardInputName ? "standard input" : name;
}
