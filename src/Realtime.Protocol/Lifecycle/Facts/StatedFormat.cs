namespace Realtime.Protocol.Lifecycle;

/// <summary>What an event says of one side's audio format, which may be nothing, or PCM without its rate. <c>default</c> says nothing.</summary>
public readonly record struct StatedFormat
{
    private readonly AudioEncoding _encoding;
    private readonly Words _words;

    private StatedFormat(AudioEncoding encoding, Words words) => (_encoding, _words) = (encoding, words);

    private enum Words : byte
    {
        None,
        PcmWithoutRate,
        All,
    }

    /// <summary>True when the event said anything.</summary>
    public bool IsStated => _words is not Words.None;

    /// <summary>16-bit PCM.</summary>
    /// <param name="samplesPerSecond">Null where the event leaves the rate out. A rate that nobody speaks counts as left out.</param>
    public static StatedFormat Pcm(long? samplesPerSecond) =>
        samplesPerSecond is >= AudioEncoding.LeastSamplesPerSecond and <= AudioEncoding.MostSamplesPerSecond and { } rate
            ? AudioEncoding.Pcm((int)rate)
            : new StatedFormat(default, Words.PcmWithoutRate);

    /// <summary>The event named the format in full.</summary>
    public static implicit operator StatedFormat(AudioEncoding encoding) => new(encoding, Words.All);

    /// <summary>The format that holds after the event. A rate that was left out is the one that held before, if that was PCM too; otherwise the usual one.</summary>
    /// <param name="before">The format that held before.</param>
    public AudioEncoding Over(AudioEncoding before) => _words switch
    {
        Words.All => _encoding,
        Words.PcmWithoutRate => before.BytesPerSample == AudioEncoding.Pcm16.BytesPerSample ? before : AudioEncoding.Pcm16,
        _ => before,
    };
}
