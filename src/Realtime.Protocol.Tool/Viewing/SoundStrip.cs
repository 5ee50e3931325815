using System.Buffers.Binary;

namespace Realtime.Protocol.CommandLine.Viewing;

/// <summary>
/// How loud it was when, or, where the log has no sound, how much of it came when: a bar for each stretch of time. Bounded: when there are too many bars, each two become one.
/// </summary>
internal sealed class SoundStrip
{
    /// <summary>How many bars there are at most.</summary>
    public const int Most = 2048;

    private const double FirstWidth = 20;
    private const string Digits = "0123456789abcdefghijklmnopqrstuvwxyz";

    private readonly double[] _bars = new double[Most];
    private int _count;

    /// <summary>How many milliseconds a bar stands for.</summary>
    public double Width { get; private set; } = FirstWidth;

    /// <summary>Whether the bars are levels; otherwise they are bytes.</summary>
    public bool IsLevels { get; private set; }

    /// <summary>How many bytes of sound there were.</summary>
    public long Bytes { get; private set; }

    /// <summary>Sound of which only the size is known.</summary>
    public void AddBytes(double at, long bytes)
    {
        Bytes += bytes;
        if (!IsLevels)
        {
            int bar = BarAt(at);
            _bars[bar] += bytes;
        }
    }

    /// <summary>Sound: 16-bit samples.</summary>
    /// <param name="at">Where it begins.</param>
    /// <param name="samples">The samples.</param>
    /// <param name="bytesPerMs">How many of them sound in a millisecond.</param>
    public void AddSamples(double at, ReadOnlySpan<byte> samples, double bytesPerMs)
    {
        if (!IsLevels)
        {
            // What came before was counted and can't be heard any more.
            IsLevels = true;
            Array.Clear(_bars);
            _count = 0;
        }

        Bytes += samples.Length;
        for (int start = 0; start < samples.Length;)
        {
            double place = at + (start / bytesPerMs);
            int bar = BarAt(place);
            int length = Math.Max(2, (int)((((bar + 1) * Width) - place) * bytesPerMs) & ~1);
            ReadOnlySpan<byte> part = samples.Slice(start, Math.Min(length, samples.Length - start));
            _bars[bar] = Math.Max(_bars[bar], Peak(part));
            start += length;
        }
    }

    /// <summary>The bars as digits of base 36, the highest being z; empty when there was no sound.</summary>
    public string Draw()
    {
        double highest = IsLevels ? short.MaxValue : _bars.AsSpan(0, _count).IsEmpty ? 0 : _bars.Take(_count).Max();
        return highest == 0 ? "" : string.Create(_count, (_bars, highest), static (text, from) =>
        {
            for (int bar = 0; bar < text.Length; bar++)
            {
                // Loudness is heard by its ratio: the root shows what is soft.
                double share = Math.Sqrt(Math.Min(1, from._bars[bar] / from.highest));
                text[bar] = Digits[share == 0 ? 0 : Math.Max(1, (int)Math.Round(share * (Digits.Length - 1)))];
            }
        });
    }

    private static double Peak(ReadOnlySpan<byte> samples)
    {
        int peak = 0;
        for (; samples.Length >= 2; samples = samples[2..])
        {
            peak = Math.Max(peak, Math.Abs((int)BinaryPrimitives.ReadInt16LittleEndian(samples)));
        }

        return Math.Min(peak, short.MaxValue);
    }

    private int BarAt(double place)
    {
        while (place >= Width * Most)
        {
            for (int bar = 0; bar < Most / 2; bar++)
            {
                (double first, double second) = (_bars[2 * bar], _bars[(2 * bar) + 1]);
                _bars[bar] = IsLevels ? Math.Max(first, second) : first + second;
            }

            Array.Clear(_bars, Most / 2, Most / 2);
            _count = (_count + 1) / 2;
            Width *= 2;
        }

        int found = (int)(Math.Max(0, place) / Width);
        _count = Math.Max(_count, found + 1);
        return found;
    }
}
