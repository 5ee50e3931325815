namespace Realtime.Protocol.CommandLine.Audio;

/// <summary>
/// Where the answer is written: a WAV file whose sizes are put right at the end, or raw samples on standard output. What was written before a failure stays written.
/// </summary>
internal sealed class AudioOutput : IAsyncDisposable
{
    /// <summary>The name that stands for standard output.</summary>
    public const string StandardOutputName = "-";

    private readonly Stream _stream;
    private readonly bool _isWav;
    private bool _isEnded;
    private bool _isBroken;

    private AudioOutput(Stream stream, bool isWav) => (_stream, _isWav) = (stream, isWav);

    /// <summary>How many bytes of samples were written.</summary>
    public long SampleBytes { get; private set; }

    /// <summary>What went wrong at the end, after every write had gone well; null when nothing did. <see cref="DisposeAsync"/> sets it and does not throw.</summary>
    public Exception? EndFailure { get; private set; }

    /// <summary>A WAV file; belongs to the output from here on, and is closed when not even its header can be written.</summary>
    /// <exception cref="IOException">The header could not be written.</exception>
    public static async ValueTask<AudioOutput> WavAsync(Stream stream, CancellationToken cancellationToken = default)
    {
        var output = new AudioOutput(stream, isWav: true);
        try
        {
            await output.WriteHeaderAsync(null, cancellationToken);
            return output;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    /// <summary>Raw samples; the stream is flushed at the end and stays open.</summary>
    public static AudioOutput Raw(Stream stream) => new(stream, isWav: false);

    /// <summary>Writes samples after those written before.</summary>
    /// <exception cref="IOException">They could not be written.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> samples, CancellationToken cancellationToken = default)
    {
        try
        {
            await _stream.WriteAsync(samples, cancellationToken);
            SampleBytes += samples.Length;
            if (!_isWav)
            {
                // A player at the other end of the pipe waits for them.
                await _stream.FlushAsync(cancellationToken);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            _isBroken = true;
            throw;
        }
    }

    /// <summary>Puts the sizes right and closes a file. Never cancelled: it is what makes a partial answer playable.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isEnded)
        {
            return;
        }

        _isEnded = true;
        try
        {
            await EndAsync();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A write that failed has been reported; its echo is no news.
            EndFailure = _isBroken ? null : failure;
        }
    }

    private async ValueTask EndAsync()
    {
        if (!_isWav)
        {
            await _stream.FlushAsync();
            return;
        }

        await using (_stream)
        {
            if (_stream.CanSeek)
            {
                _stream.Position = 0;
                await WriteHeaderAsync(SampleBytes, CancellationToken.None);
            }
        }
    }

    private ValueTask WriteHeaderAsync(long? sampleBytes, CancellationToken cancellationToken)
    {
        byte[] header = new byte[WavHeader.Bytes];
        WavHeader.Write(header, sampleBytes);
        return _stream.WriteAsync(header, cancellationToken);
    }
}
