namespace Realtime.Protocol.CommandLine.Audio;

/// <summary>
/// What the user says, as a run of whole samples: a WAV file, or standard input with raw samples (a WAV file piped into it is recognised by its first twelve bytes, because
/// that is what arecord and sox write unless told otherwise).
/// </summary>
internal sealed class SoundSource : IAsyncDisposable
{
    /// <summary>The name that stands for standard input.</summary>
    public const string StandardInputName = "-";

    private const int SniffedBytes = 12;
    private const int LeastBytes = 100 * Pcm.BytesPerMillisecond;

    private readonly Stream _owned;
    private readonly Stream _raw;
    private readonly WavReader? _wav;
    private byte? _half;

    private SoundSource(Stream owned, Stream raw, WavReader? wav) => (_owned, _raw, _wav) = (owned, raw, wav);

    /// <summary>How many bytes there will be; null when only the end will tell.</summary>
    public long? TotalBytes => _wav?.SampleBytes;

    /// <summary>After the end: how many bytes a WAV file's header promised and the file did not hold.</summary>
    public long MissingBytes => _wav?.MissingBytes ?? 0;

    /// <summary>A WAV file; the stream is disposed with the input, and also when it is refused.</summary>
    /// <exception cref="WavException">It can't be spoken as it is.</exception>
    public static async ValueTask<SoundSource> WavAsync(Stream file, string name, CancellationToken cancellationToken = default)
    {
        try
        {
            WavReader reader = await WavReader.OpenAsync(file, name, cancellationToken);
            return reader.SampleBytes switch
            {
                0 => throw WavException.NoSamples(name),
                < LeastBytes and long bytes => throw WavException.TooShort(name, bytes),
                _ => new(file, file, reader),
            };
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    /// <summary>Raw samples, or a WAV file, from a pipe that stays open.</summary>
    /// <exception cref="WavException">It is empty, or a WAV file of another format.</exception>
    public static async ValueTask<SoundSource> PipeAsync(Stream pipe, CancellationToken cancellationToken = default)
    {
        var peeking = new PeekingStream(pipe);
        ReadOnlyMemory<byte> start = await peeking.PeekAsync(SniffedBytes, cancellationToken);
        if (start.IsEmpty)
        {
            throw WavException.Empty(StandardInputName);
        }

        bool isWav = WavReader.LooksLikeWav(start.Span);
        return new(Stream.Null, peeking, isWav ? await WavReader.OpenAsync(peeking, StandardInputName, cancellationToken) : null);
    }

    /// <summary>Reads whole samples; 0 at the end. Half a sample at the very end is left out.</summary>
    /// <param name="destination">At least one sample long.</param>
    public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            int carried = 0;
            if (_half is byte half)
            {
                destination.Span[0] = half;
                carried = 1;
            }

            int read = _wav is null
                ? await _raw.ReadAsync(destination[carried..], cancellationToken)
                : await _wav.ReadAsync(destination[carried..], cancellationToken);
            if (read == 0)
            {
                return 0;
            }

            int available = carried + read;
            _half = available % Pcm.BytesPerSample == 0 ? null : destination.Span[available - 1];
            if (available >= Pcm.BytesPerSample)
            {
                return available - available % Pcm.BytesPerSample;
            }
        }
    }

    public ValueTask DisposeAsync() => _owned.DisposeAsync();
}
