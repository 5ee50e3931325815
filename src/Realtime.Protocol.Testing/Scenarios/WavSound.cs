using System.Buffers.Binary;
using System.Globalization;
using Realtime.Protocol.Testing.Scenarios.Json;

namespace Realtime.Protocol.Testing.Scenarios;

/// <summary>
/// A WAV file as raw PCM16 at 24,000 Hz. It takes 16-bit PCM with one channel of 24,000 or 8,000 Hz, of which the simulator plays every
/// sample or makes three, and names the command line that makes such a file of any other.
/// </summary>
internal static class WavSound
{
    private const int RiffHeaderBytes = 12;
    private const int ChunkHeaderBytes = 8;
    private const int ShortestFormatBytes = 16;
    private const int Pcm = 1;
    private const int Extensible = 0xFFFE;
    private const int SubFormatAt = 24;
    private const long Largest = 256L * 1024 * 1024;

    /// <summary>Reads a file.</summary>
    /// <param name="at">Where the scenario names it.</param>
    public static ReadOnlyMemory<byte> Read(string folder, string file, Located at)
    {
        string path = Path.Combine(folder, file);
        byte[] wav;
        try
        {
            wav = new FileInfo(path) is { Exists: true, Length: > Largest } ? throw at.Fault($"{file} is larger than 256 MiB.") : File.ReadAllBytes(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw at.Fault($"{file} cannot be read. {ScenarioFiles.Why(failure)}");
        }

        if (!TryRead(wav, out WavContent content))
        {
            throw at.Fault($"{file} is no WAV file. {Advice(file)}");
        }

        if (content.Encoding != Pcm || content is not { Bits: 16, Channels: 1, Rate: 24_000 or 8_000 })
        {
            string encoding = content.Encoding == Pcm ? $"{content.Bits}-bit PCM" : $"encoded as number {content.Encoding}";
            string channels = content.Channels == 1 ? "one channel" : $"{content.Channels} channels";
            throw at.Fault(string.Create(CultureInfo.InvariantCulture, $"{file} is {encoding} with {channels} at {content.Rate} Hz; a step plays 16-bit PCM with one channel at 24000 or 8000 Hz. {Advice(file)}"));
        }

        return content.Samples.IsEmpty ? throw at.Fault($"{file} has no sound in it.")
            : content.Rate == 24_000 ? content.Samples
            : Resample(content.Samples.Span, 8_000);
    }

    /// <summary>Finds the samples of a WAV file, however they are encoded.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> wav, out WavContent content)
    {
        content = default;
        ReadOnlySpan<byte> bytes = wav.Span;
        if (bytes.Length < RiffHeaderBytes || !bytes.StartsWith("RIFF"u8) || !bytes[8..].StartsWith("WAVE"u8))
        {
            return false;
        }

        int position = RiffHeaderBytes;
        bool hasFormat = false;
        while (position + ChunkHeaderBytes <= bytes.Length)
        {
            ReadOnlySpan<byte> name = bytes.Slice(position, 4);
            uint size = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(position + 4)..]);
            position += ChunkHeaderBytes;

            // Who writes into a pipe cannot know a size, and writes a large one.
            int length = (int)Math.Min(size, (uint)(bytes.Length - position));
            ReadOnlySpan<byte> chunk = bytes.Slice(position, length);
            if (name.SequenceEqual("data"u8))
            {
                content = content with { Samples = wav.Slice(position, length & ~1) };
                return hasFormat;
            }

            if (name.SequenceEqual("fmt "u8) && length >= ShortestFormatBytes)
            {
                hasFormat = true;
                int encoding = BinaryPrimitives.ReadUInt16LittleEndian(chunk);
                content = new(
                    encoding == Extensible && length >= SubFormatAt + 2 ? BinaryPrimitives.ReadUInt16LittleEndian(chunk[SubFormatAt..]) : encoding,
                    BinaryPrimitives.ReadUInt16LittleEndian(chunk[2..]),
                    BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]),
                    BinaryPrimitives.ReadUInt16LittleEndian(chunk[14..]),
                    default);
            }

            position += length + (length & 1);
        }

        return false;
    }

    /// <summary>The same sound at 24,000 Hz, on straight lines between its samples: nobody judges a simulator by its sound.</summary>
    public static byte[] Resample(ReadOnlySpan<byte> samples, uint rate)
    {
        const int Rate = 24_000;
        int count = samples.Length / sizeof(short);
        int wanted = (int)((long)count * Rate / rate);
        byte[] resampled = new byte[wanted * sizeof(short)];
        for (int i = 0; i < wanted; i++)
        {
            long place = (long)i * rate;
            int before = (int)(place / Rate);
            int after = Math.Min(before + 1, count - 1);
            int left = BinaryPrimitives.ReadInt16LittleEndian(samples[(before * sizeof(short))..]);
            int right = BinaryPrimitives.ReadInt16LittleEndian(samples[(after * sizeof(short))..]);
            BinaryPrimitives.WriteInt16LittleEndian(resampled.AsSpan(i * sizeof(short)), (short)(left + ((right - left) * (place % Rate) / Rate)));
        }

        return resampled;
    }

    private static string Advice(string file)
    {
        string converted = Path.Combine(Path.GetDirectoryName(file) ?? "", Path.GetFileNameWithoutExtension(file) + "-24k.wav");
        return $"This makes one: sox {Quoted(file)} -r 24000 -c 1 -b 16 {Quoted(converted)}";
    }

    // POSIX: inside single quotes nothing is special but the quote itself.
    private static string Quoted(string path) => path.All(static character => char.IsAsciiLetterOrDigit(character) || "._-/".Contains(character, StringComparison.Ordinal)) && !path.StartsWith('-')
        ? path
        : $"'{(path.StartsWith('-') ? "./" + path : path).Replace("'", @"'\''", StringComparison.Ordinal)}'";
}

/// <summary>What a WAV file says about itself, and its samples.</summary>
internal readonly record struct WavContent(int Encoding, int Channels, uint Rate, int Bits, ReadOnlyMemory<byte> Samples);
