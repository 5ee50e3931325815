using System.Collections.Concurrent;
using System.Numerics;

namespace Realtime.Protocol.Gateway;

/// <summary>
/// The low-pass between two rates: a sinc under a Kaiser window, in one row of weights for each phase. It lets 0.42 of the lower rate pass and nothing from half of it on: 64 zero crossings of the lower rate make that step with a stop band
/// of about 78 dB (Kaiser's formula: (A − 7.95) / (2.285 · 2π · 0.08) taps). Each row adds up to one, so silence stays silent and a level stays level. Made once for each pair of rates.
/// </summary>
internal sealed class ResamplerFilter
{
    private const int HalfLength = 32;
    private const double Cutoff = 0.46;
    private const double Beta = 7.64;

    private static readonly ConcurrentDictionary<(int From, int To), ResamplerFilter> Made = new();

    private readonly float[] _weights;

    private ResamplerFilter(int from, int to)
    {
        int common = (int)BigInteger.GreatestCommonDivisor(from, to);
        (Phases, Step) = (to / common, from / common);
        double stretch = Math.Max(1, (double)from / to);
        double halfWidth = HalfLength * stretch;

        // Whole vectors of any processor.
        Taps = ((int)Math.Ceiling(2 * halfWidth) + 15) & ~15;
        _weights = new float[Phases * Taps];
        var row = new double[Taps];
        for (int phase = 0; phase < Phases; phase++)
        {
            double sum = 0;
            for (int tap = 0; tap < Taps; tap++)
            {
                double at = ((double)phase / Phases) + (Taps / 2) - 1 - tap;
                row[tap] = Sinc(2 * Cutoff / stretch * at) * Kaiser(at / halfWidth);
                sum += row[tap];
            }

            for (int tap = 0; tap < Taps; tap++)
            {
                _weights[(phase * Taps) + tap] = (float)(row[tap] / sum);
            }
        }
    }

    /// <summary>How many places an output can have between two inputs.</summary>
    public int Phases { get; }

    /// <summary>How many such places lie between two outputs.</summary>
    public int Step { get; }

    /// <summary>How many inputs make one output.</summary>
    public int Taps { get; }

    public static ResamplerFilter Of(int from, int to) => Made.GetOrAdd((from, to), static rates => new(rates.From, rates.To));

    public ReadOnlySpan<float> Row(int phase) => _weights.AsSpan(phase * Taps, Taps);

    private static double Sinc(double x) => x == 0 ? 1 : Math.Sin(Math.PI * x) / (Math.PI * x);

    private static double Kaiser(double x) => Math.Abs(x) >= 1 ? 0 : Bessel(Beta * Math.Sqrt(1 - (x * x))) / Bessel(Beta);

    // I0, by its series: each term is the one before times (x/2n)².
    private static double Bessel(double x)
    {
        double sum = 1;
        double term = 1;
        for (int n = 1; term > 1e-12 * sum; n++)
        {
            term *= x / (2 * n) * (x / (2 * n));
            sum += term;
        }

        return sum;
    }
}
