namespace Realtime.Protocol.Benchmarks.Ratios;

/// <summary>The middle of some values, and where all but the outermost tenths lie.</summary>
public readonly record struct Spread(double Low, double Median, double High)
{
    public static Spread Of(IEnumerable<double> values)
    {
        double[] ordered = [.. values.Order()];
        return new(At(ordered, 0.1), At(ordered, 0.5), At(ordered, 0.9));
    }

    private static double At(double[] ordered, double part) => ordered[(int)Math.Round(part * (ordered.Length - 1))];
}
