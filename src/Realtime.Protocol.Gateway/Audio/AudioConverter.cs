using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Realtime.Protocol.Companding;

namespace Realtime.Protocol.Gateway;

/// <summary>One stream of sound from one encoding to another. Where both are the same, what comes in goes out; else G.711 becomes linear and linear G.711, and a rate another, only where they differ. However the stream is cut, the same bytes come out.</summary>
internal sealed class AudioConverter
{
    private readonly Resampler? _resampler;
    private readonly byte[] _half = new byte[2];
    private bool _hasHalf;
    private short[] _samples = [];
    private short[] _resampled = [];
    private byte[] _bytes = [];

    public AudioConverter(AudioEncoding from, AudioEncoding to)
    {
        (From, To) = (from, to);
        if (from.SamplesPerSecond != to.SamplesPerSecond)
        {
            _resampler = new(from.SamplesPerSecond, to.SamplesPerSecond);
        }
    }

    public AudioEncoding From { get; }

    public AudioEncoding To { get; }

    /// <summary>What goes in is what comes out.</summary>
    public bool IsIdentity => From == To;

    /// <summary>Valid until the next call.</summary>
    public ReadOnlyMemory<byte> Convert(ReadOnlyMemory<byte> audio) => IsIdentity ? audio : Write(Resample(Decode(audio.Span)));

    /// <summary>What is still due at the end of the stream. Another may follow.</summary>
    public ReadOnlyMemory<byte> Flush()
    {
        _hasHalf = false;
        if (_resampler is null)
        {
            return default;
        }

        return Write(Room(ref _resampled, _resampler.MostOf(0))[.._resampler.Flush(_resampled)]);
    }

    private ReadOnlySpan<short> Decode(ReadOnlySpan<byte> audio)
    {
        if (From.BytesPerSample == 1)
        {
            Span<short> linear = Room(ref _samples, audio.Length);
            G711.Decode(audio, linear, From == AudioEncoding.G711ALaw);
            return linear;
        }

        // Half a sample waits for its other half.
        Span<short> samples = Room(ref _samples, (audio.Length / 2) + 1);
        int count = 0;
        if (_hasHalf && !audio.IsEmpty)
        {
            _half[1] = audio[0];
            samples[count++] = BinaryPrimitives.ReadInt16LittleEndian(_half);
            audio = audio[1..];
            _hasHalf = false;
        }

        int whole = audio.Length / 2;
        audio[..(whole * 2)].CopyTo(MemoryMarshal.AsBytes(samples[count..]));
        if (!BitConverter.IsLittleEndian)
        {
            BinaryPrimitives.ReverseEndianness(samples.Slice(count, whole), samples.Slice(count, whole));
        }

        if ((audio.Length & 1) != 0)
        {
            (_half[0], _hasHalf) = (audio[^1], true);
        }

        return samples[..(count + whole)];
    }

    private ReadOnlySpan<short> Resample(ReadOnlySpan<short> samples) =>
        _resampler is null ? samples : Room(ref _resampled, _resampler.MostOf(samples.Length))[.._resampler.Convert(samples, _resampled)];

    private ReadOnlyMemory<byte> Write(ReadOnlySpan<short> samples)
    {
        int length = samples.Length * To.BytesPerSample;
        Span<byte> bytes = Room(ref _bytes, length);
        if (To.BytesPerSample == 1)
        {
            G711.Encode(samples, bytes, To == AudioEncoding.G711ALaw);
        }
        else if (BitConverter.IsLittleEndian)
        {
            MemoryMarshal.AsBytes(samples).CopyTo(bytes);
        }
        else
        {
            BinaryPrimitives.ReverseEndianness(samples, MemoryMarshal.Cast<byte, short>(bytes));
        }

        return _bytes.AsMemory(0, length);
    }

    private static Span<T> Room<T>(ref T[] array, int length)
    {
        if (array.Length < length)
        {
            array = new T[Math.Max(length, array.Length * 2)];
        }

        return array.AsSpan(0, length);
    }
}
