using System.Buffers;
using System.Buffers.Binary;

namespace Realtime.Protocol.CommandLine.Audio;

/// <summary>
/// Reads the samples of a RIFF/WAVE stream from its start to its end, without seeking, so that a pipe will do. Chunks that it does not know are skipped. It is strict about
/// everything that decides how samples sound and lenient about sizes: programs that write into a pipe can't know them (see <see cref="IsUntilTheEnd"/>).
/// </summary>
internal sealed class WavReader
{
    private const int RiffHeaderBytes = 12;
    private const int ChunkHeaderBytes = 8;

    // What writers put where they can't know the size: 0xFFFFFFFF (ffmpeg), 0x80000000 and 0x7FFFFFFF (arecord), 0x7FFFF000 (sox, espeak-ng). Twelve hours of speech is no size of ours.
    private const uint LeastUnknownSize = 0x7FFF_0000;

    private readonly Stream _stream;
    private long _left;

    private WavReader(Stream stream, long? sampleBytes)
    {
        _stream = stream;
        SampleBytes = sampleBytes;
        _left = sampleBytes ?? long.MaxValue;
    }

    /// <summary>How many bytes of samples the header promises; null when they go on until the end of the stream.</summary>
    public long? SampleBytes { get; }

    /// <summary>After the end: how many promised bytes were not there.</summary>
    public long MissingBytes { get; private set; }

    /// <summary>True when these bytes begin a RIFF/WAVE file.</summary>
    public static bool LooksLikeWav(ReadOnlySpan<byte> start) => start.Length >= RiffHeaderBytes && start[..4].SequenceEqual("RIFF"u8) && start[8..12].SequenceEqual("WAVE"u8);

    /// <summary>Reads up to the first sample.</summary>
    /// <param name="stream">Stays the caller's.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <exception cref="WavException">It is not a WAV file, or not one of <see cref="WavFormat.Speech"/>.</exception>
    public static async ValueTask<WavReader> OpenAsync(Stream stream, string name, CancellationToken cancellationToken = default)
    {
        byte[] buffer = new byte[WavFormat.MostBytes];
        int read = await stream.ReadAtLeastAsync(buffer.AsMemory(0, RiffHeaderBytes), RiffHeaderBytes, throwOnEndOfStream: false, cancellationToken);
        if (!LooksLikeWav(buffer.AsSpan(0, read)))
        {
            throw read == 0 ? WavException.Empty(name) : WavException.NotAWav(name);
        }

        uint riffSize = BinaryPrimitives.ReadUInt32LittleEndian(buffer.AsSpan(4));
        long position = RiffHeaderBytes;
        WavFormat? format = null;
        while (await TryReadChunkHeaderAsync(stream, buffer, cancellationToken))
        {
            uint size = BinaryPrimitives.ReadUInt32LittleEndian(buffer.AsSpan(4));
            position += ChunkHeaderBytes;
            if (buffer.AsSpan(0, 4).SequenceEqual("data"u8))
            {
                WavFormat declared = format ?? throw WavException.Damaged(name, "its samples come before the chunk that says what they are");
                if (declared != WavFormat.Speech)
                {
                    throw WavException.OtherFormat(name, declared);
                }

                return new(stream, IsUntilTheEnd(size, riffSize, position) ? null : size);
            }

            int kept = 0;
            if (buffer.AsSpan(0, 4).SequenceEqual("fmt "u8))
            {
                kept = (int)Math.Min(size, (uint)buffer.Length);
                int got = await stream.ReadAtLeastAsync(buffer.AsMemory(0, kept), kept, throwOnEndOfStream: false, cancellationToken);
                format = WavFormat.TryRead(buffer.AsSpan(0, got), out WavFormat known) ? known : throw WavException.Damaged(name, "the chunk that says what its samples are makes no sense");
            }

            // A chunk of an odd size is followed by one byte that belongs to nobody.
            long padded = size + (size & 1);
            await SkipAsync(stream, padded - kept, cancellationToken);
            position += padded;
        }

        throw format is null ? WavException.Damaged(name, "it ends before it says what its samples are") : WavException.NoSamples(name);
    }

    /// <summary>Reads samples; 0 at their end.</summary>
    public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken = default)
    {
        if (_left == 0)
        {
            return 0;
        }

        int wanted = (int)Math.Min(destination.Length, _left);
        int read = await _stream.ReadAsync(destination[..wanted], cancellationToken);
        if (read == 0 && wanted > 0)
        {
            MissingBytes = SampleBytes is null ? 0 : _left;
            _left = 0;
        }
        else if (SampleBytes is not null)
        {
            _left -= read;
        }

        return read;
    }

    // A size of 0 is a size when the file says that further chunks follow, and a placeholder that was never filled in when it does not.
    private static bool IsUntilTheEnd(uint dataSize, uint riffSize, long position) =>
        dataSize >= LeastUnknownSize || (dataSize == 0 && (riffSize >= LeastUnknownSize || riffSize + 8L <= position));

    private static async ValueTask<bool> TryReadChunkHeaderAsync(Stream stream, byte[] buffer, CancellationToken cancellationToken) =>
        await stream.ReadAtLeastAsync(buffer.AsMemory(0, ChunkHeaderBytes), ChunkHeaderBytes, throwOnEndOfStream: false, cancellationToken) == ChunkHeaderBytes;

    private static async ValueTask SkipAsync(Stream stream, long bytes, CancellationToken cancellationToken)
    {
        byte[] rubbish = ArrayPool<byte>.Shared.Rent(4096);
        try
        {
            while (bytes > 0)
            {
                int read = await stream.ReadAsync(rubbish.AsMemory(0, (int)Math.Min(bytes, rubbish.Length)), cancellationToken);
                if (read == 0)
                {
                    return;
                }

                bytes -= read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rubbish);
        }
    }
}
