using System.Globalization;
using Realtime.Protocol.Benchmarks.Ratios;

namespace Realtime.Protocol.Benchmarks.Results;

/// <summary>Times and sizes as people read them: three digits that count, and a unit.</summary>
public static class Figures
{
    public static string Of(Unit unit, double value) => unit switch
    {
        Unit.Nanoseconds => Time(value),
        Unit.Bytes => Size(value),
        _ => value.ToString("F2", CultureInfo.InvariantCulture),
    };

    public static string Time(double nanoseconds) => nanoseconds switch
    {
        < 1e3 => Digits(nanoseconds) + " ns",
        < 1e6 => Digits(nanoseconds / 1e3) + " µs",
        _ => Digits(nanoseconds / 1e6) + " ms",
    };

    public static string Size(double bytes) => bytes < 1_000 * 1_024 ? Digits(bytes / 1_024) + " KB" : Digits(bytes / (1_024 * 1_024)) + " MB";

    public static string Bytes(double bytes) => bytes < 1 ? "0 B" : Math.Round(bytes).ToString("N0", CultureInfo.InvariantCulture) + " B";

    private static string Digits(double value) => value.ToString(value < 10 ? "F2" : value < 100 ? "F1" : "F0", CultureInfo.InvariantCulture);
}
