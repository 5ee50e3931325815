using Realtime.Protocol.Testing.Simulation;

namespace Realtime.Protocol.Testing.Scenarios;

/// <summary>
/// What a spoken step sounds like. Files are read and voices are made when the scenario is loaded, once for all connections; tones and
/// silence are computed piece by piece and never stored. Where nothing is said a step is a soft tone as long as its words.
/// </summary>
public abstract record Sound
{
    internal const double DefaultHertz = Simulation.Model.EchoModel.ToneHertz;
    internal static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    private Sound()
    {
    }

    /// <summary>What the user said since the model's last message, as it was said; a tone when nothing was.</summary>
    public static Sound Echo { get; } = new Echoed();

    /// <summary>No sound, as long as the words would be.</summary>
    public static Sound Silence() => new Silent(null);

    /// <summary>No sound.</summary>
    /// <param name="length">How long; at most an hour.</param>
    public static Sound Silence(Delay length) => new Silent(length);

    /// <summary>A soft tone.</summary>
    /// <param name="hertz">Its pitch, from 20 to 12,000.</param>
    /// <param name="length">How long, at most an hour; null for as long as the words would be.</param>
    public static Sound Tone(double hertz, Delay? length = null) => new Pitched(hertz, length);

    /// <summary>A WAV file of 16-bit PCM with one channel and 24,000 or 8,000 Hz.</summary>
    /// <param name="file">Its path; in a scenario that was loaded from a file, from that file's folder on.</param>
    public static Sound Wav(string file)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        return new Recorded(file);
    }

    /// <summary>The words, spoken by espeak-ng; where that program is missing a tone, and <see cref="Scenario.Notes"/> says so.</summary>
    /// <param name="language">A voice of espeak-ng, such as <c>en</c>.</param>
    /// <param name="required">The scenario is refused where the program is missing.</param>
    public static Sound Spoken(string language, bool required = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(language);
        return new Voiced(language, required);
    }

    internal sealed record Echoed : Sound;

    internal sealed record Silent(Delay? Length) : Sound;

    internal sealed record Pitched(double Hertz, Delay? Length) : Sound;

    internal sealed record Recorded(string File) : Sound;

    internal sealed record Voiced(string Language, bool Required) : Sound;
}
