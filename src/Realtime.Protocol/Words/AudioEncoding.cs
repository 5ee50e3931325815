namespace Realtime.Protocol;

/// <summary>
/// How raw audio is encoded, on one side of a session: always one channel, 16-bit little-endian PCM at a rate of one's choice, or G.711 at 8,000 Hz. The default value is
/// <see cref="Pcm16"/>, which every service speaks.
/// </summary>
public readonly record struct AudioEncoding
{
    /// <summary>The lowest rate that <see cref="Pcm"/> takes, 8,000 Hz: that of the telephone.</summary>
    public const int LeastSamplesPerSecond = 8_000;

    /// <summary>The highest rate that <see cref="Pcm"/> takes, 48,000 Hz.</summary>
    public const int MostSamplesPerSecond = 48_000;

    private const int UsualSamplesPerSecond = 24_000;

    private readonly AudioLaw _law;

    // The difference from the usual rate, so that the default value is the usual format and equal formats are equal values.
    private readonly int _rateDifference;

    private AudioEncoding(AudioLaw law, int samplesPerSecond) => (_law, _rateDifference) = (law, samplesPerSecond - UsualSamplesPerSecond);

    private enum AudioLaw : byte
    {
        Pcm,
        MuLaw,
        ALaw,
    }

    /// <summary>16-bit little-endian PCM at 24,000 Hz: 48 bytes a millisecond.</summary>
    public static AudioEncoding Pcm16 => default;

    /// <summary>G.711 µ-law at 8,000 Hz: 8 bytes a millisecond.</summary>
    public static AudioEncoding G711MuLaw => new(AudioLaw.MuLaw, 8_000);

    /// <summary>G.711 A-law at 8,000 Hz: 8 bytes a millisecond.</summary>
    public static AudioEncoding G711ALaw => new(AudioLaw.ALaw, 8_000);

    /// <summary>Samples in one second.</summary>
    public int SamplesPerSecond => UsualSamplesPerSecond + _rateDifference;

    /// <summary>2 for PCM, 1 for G.711.</summary>
    public int BytesPerSample => _law is AudioLaw.Pcm ? 2 : 1;

    /// <summary>16-bit little-endian PCM at a rate of your choice. Not every service takes every rate; OpenAI's takes 24,000 Hz only.</summary>
    /// <param name="samplesPerSecond">8,000 to 48,000.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is lower or higher.</exception>
    public static AudioEncoding Pcm(int samplesPerSecond)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samplesPerSecond, LeastSamplesPerSecond);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(samplesPerSecond, MostSamplesPerSecond);
        return new(AudioLaw.Pcm, samplesPerSecond);
    }

    /// <summary>The media type of the protocol and the rate, for instance <c>audio/pcm 24000</c>.</summary>
    public override string ToString() => _law switch
    {
        AudioLaw.MuLaw => "audio/pcmu 8000",
        AudioLaw.ALaw => "audio/pcma 8000",
        _ => FormattableString.Invariant($"audio/pcm {SamplesPerSecond}"),
    };
}
