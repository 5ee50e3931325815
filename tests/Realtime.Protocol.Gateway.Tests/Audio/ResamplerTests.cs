namespace Realtime.Protocol.Gateway.Tests;

/// <summary>What the filter between two rates does to tones: those that both rates hold stay, the others are gone; and that it depends on nothing but the samples.</summary>
public class ResamplerTests
{
    private const double Amplitude = 16_000;

    public static TheoryData<int, int> Rates { get; } = new()
    {
        { 8_000, 24_000 }, { 12_000, 24_000 }, { 16_000, 24_000 }, { 32_000, 24_000 }, { 44_100, 24_000 }, { 48_000, 24_000 },
        { 24_000, 8_000 }, { 24_000, 12_000 }, { 24_000, 16_000 }, { 24_000, 32_000 }, { 24_000, 44_100 }, { 24_000, 48_000 }, { 16_000, 8_000 },
    };

    [Theory]
    [MemberData(nameof(Rates))]
    public void ASweepToTheEndOfThePassBand_StaysWithinHalfADecibel(int from, int to)
    {
        double lower = Math.Min(from, to);
        for (double share = 0.01; share <= 0.4201; share += 0.01)
        {
            double decibels = LevelOf(Convert(Tone(share * lower, from), from, to), share * lower, to);
            Assert.True(Math.Abs(decibels) <= 0.5, $"{share:0.00} of {lower} Hz: {decibels:0.00} dB");
        }
    }

    [Theory]
    [MemberData(nameof(Rates))]
    public void WhatWouldAlias_Is60DecibelsDown(int from, int to)
    {
        // Going down: tones that the lower rate can't hold. Going up: the mirror images of what it holds.
        double lower = Math.Min(from, to);
        if (to < from)
        {
            for (double share = 0.5; share * lower < from / 2.0; share += 0.02)
            {
                double decibels = 20 * Math.Log10(Power(Middle(Convert(Tone(share * lower, from), from, to))) / (Amplitude / Math.Sqrt(2)));
                Assert.True(decibels <= -60, $"{share:0.00} of {lower} Hz: {decibels:0.0} dB");
            }

            return;
        }

        for (double share = 0.02; share <= 0.42; share += 0.04)
        {
            short[] output = Middle(Convert(Tone(share * lower, from), from, to));
            double decibels = 20 * Math.Log10(Residue(output, share * lower, to) / (Amplitude / Math.Sqrt(2)));
            Assert.True(decibels <= -60, $"images of {share:0.00} of {lower} Hz: {decibels:0.0} dB");
        }
    }

    [Theory]
    [MemberData(nameof(Rates))]
    public void HoweverTheStreamIsCut_TheSameSamplesComeOut(int from, int to)
    {
        var random = new Random(4_711 + from + to);
        short[] input = [.. Enumerable.Range(0, from / 4).Select(_ => (short)random.Next(short.MinValue, short.MaxValue + 1))];
        short[] whole = Convert(input, from, to);
        for (int run = 0; run < 20; run++)
        {
            var resampler = new Resampler(from, to);
            var pieces = new List<short>();
            short[] room = new short[resampler.MostOf(5_000)];
            for (int at = 0; at < input.Length;)
            {
                int length = Math.Min(input.Length - at, run == 0 ? 1 : random.Next(run % 2 == 0 ? 4_000 : 50));
                pieces.AddRange(room[..resampler.Convert(input.AsSpan(at, length), room)]);
                at += length;
            }

            pieces.AddRange(room[..resampler.Flush(room)]);
            Assert.Equal(whole, pieces);
        }
    }

    [Theory]
    [MemberData(nameof(Rates))]
    public void WhatComesOut_IsAsLongAsWhatWentIn(int from, int to)
    {
        foreach (int length in (int[])[0, 1, 2, 100, from, from + 1])
        {
            Assert.Equal((((long)length * to) + from - 1) / from, Convert(new short[length], from, to).Length);
        }
    }

    [Theory]
    [MemberData(nameof(Rates))]
    public void ALevel_StaysLevel_AndFullScaleIsClippedAtMost(int from, int to)
    {
        short[] level = Middle(Convert([.. Enumerable.Repeat((short)12_345, from / 2)], from, to));
        Assert.All(level, static sample => Assert.InRange(sample, 12_343, 12_347));
        short[] square = Convert([.. Enumerable.Range(0, from / 2).Select(static i => i / 20 % 2 == 0 ? short.MaxValue : short.MinValue)], from, to);
        Assert.Contains(short.MaxValue, square);
        Assert.Contains(short.MinValue, square);
    }

    [Theory]
    [MemberData(nameof(Rates))]
    public void AFrame_AllocatesNothing(int from, int to)
    {
        var converter = new AudioConverter(AudioEncoding.Pcm(from), AudioEncoding.Pcm(to));
        byte[] frame = new byte[from / 50 * 2];
        for (int i = 0; i < 100; i++)
        {
            converter.Convert(frame);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 500; i++)
        {
            converter.Convert(frame);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static short[] Tone(double hertz, int rate) => [.. Enumerable.Range(0, rate / 4).Select(i => (short)Math.Round(Amplitude * Math.Sin(2 * Math.PI * hertz * i / rate)))];

    private static short[] Convert(short[] input, int from, int to)
    {
        var resampler = new Resampler(from, to);
        short[] output = new short[resampler.MostOf(input.Length) + resampler.MostOf(0)];
        int length = resampler.Convert(input, output);
        length += resampler.Flush(output.AsSpan(length));
        return output[..length];
    }

    // Without the beginning and the end, where the tone is switched on and off.
    private static short[] Middle(short[] samples) => samples[(samples.Length / 4)..(samples.Length * 3 / 4)];

    private static double LevelOf(short[] output, double hertz, int rate)
    {
        (double sine, double cosine) = Fit(Middle(output), hertz, rate);
        return 20 * Math.Log10(Math.Sqrt((sine * sine) + (cosine * cosine)) / Amplitude);
    }

    private static double Residue(short[] samples, double hertz, int rate)
    {
        (double sine, double cosine) = Fit(samples, hertz, rate);
        double sum = 0;
        for (int i = 0; i < samples.Length; i++)
        {
            double at = 2 * Math.PI * hertz * i / rate;
            double rest = samples[i] - (sine * Math.Sin(at)) - (cosine * Math.Cos(at));
            sum += rest * rest;
        }

        return Math.Sqrt(sum / samples.Length);
    }

    private static double Power(short[] samples) => Math.Sqrt(samples.Average(static sample => (double)sample * sample));

    // The tone of this frequency that comes nearest, by least squares.
    private static (double Sine, double Cosine) Fit(short[] samples, double hertz, int rate)
    {
        double ss = 0, sc = 0, cc = 0, xs = 0, xc = 0;
        for (int i = 0; i < samples.Length; i++)
        {
            (double s, double c) = Math.SinCos(2 * Math.PI * hertz * i / rate);
            (ss, sc, cc, xs, xc) = (ss + (s * s), sc + (s * c), cc + (c * c), xs + (samples[i] * s), xc + (samples[i] * c));
        }

        double determinant = (ss * cc) - (sc * sc);
        return (((xs * cc) - (xc * sc)) / determinant, ((xc * ss) - (xs * sc)) / determinant);
    }
}
