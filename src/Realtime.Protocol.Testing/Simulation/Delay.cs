using System.Globalization;

namespace Realtime.Protocol.Testing.Simulation;

/// <summary>
/// A span of time: fixed, or a range from which the simulator draws, with numbers from its seed, each time that it waits. In whole
/// milliseconds; what is left of one is cut off. From 0 to 24 hours. A number of milliseconds and a <see cref="TimeSpan"/> convert.
/// </summary>
public readonly record struct Delay
{
    internal const long LongestMs = 24 * 60 * 60 * 1000;

    /// <summary>Always this long.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative, or longer than 24 hours.</exception>
    public Delay(TimeSpan exactly)
        : this(exactly, exactly)
    {
    }

    /// <summary>Drawn each time.</summary>
    /// <param name="least">The shortest.</param>
    /// <param name="most">The longest; it is drawn too.</param>
    /// <exception cref="ArgumentOutOfRangeException">One is negative or longer than 24 hours, or the longest is shorter than the shortest.</exception>
    public Delay(TimeSpan least, TimeSpan most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(least, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(most, least);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(most, TimeSpan.FromMilliseconds(LongestMs));
        LeastMs = (long)least.TotalMilliseconds;
        MostMs = (long)most.TotalMilliseconds;
    }

    /// <summary>The shortest.</summary>
    public TimeSpan Least => TimeSpan.FromMilliseconds(LeastMs);

    /// <summary>The longest; the same as <see cref="Least"/> where nothing is drawn.</summary>
    public TimeSpan Most => TimeSpan.FromMilliseconds(MostMs);

    internal long LeastMs { get; }

    internal long MostMs { get; }

    /// <summary>Drawn each time, in milliseconds.</summary>
    /// <inheritdoc cref="Delay(TimeSpan, TimeSpan)"/>
    public static Delay Between(int least, int most) => new(TimeSpan.FromMilliseconds(least), TimeSpan.FromMilliseconds(most));

    /// <summary>Always this long.</summary>
    public static implicit operator Delay(TimeSpan exactly) => new(exactly);

    /// <summary>Always this long, in milliseconds.</summary>
    public static implicit operator Delay(int milliseconds) => new(TimeSpan.FromMilliseconds(milliseconds));

    /// <summary>As a scenario writes it: <c>250ms</c> or <c>0-500ms</c>.</summary>
    public override string ToString() => LeastMs == MostMs
        ? string.Create(CultureInfo.InvariantCulture, $"{LeastMs}ms")
        : string.Create(CultureInfo.InvariantCulture, $"{LeastMs}-{MostMs}ms");

    /// <summary>Reads <c>250ms</c>, <c>2s</c>, <c>1.5m</c> or <c>0-500ms</c>.</summary>
    internal static bool TryParse(string text, out Delay delay)
    {
        delay = default;
        int unitLength = text.EndsWith("ms", StringComparison.Ordinal) ? 2 : 1;
        decimal unit = text.Length == 0 ? 0 : (unitLength, text[^1]) switch
        {
            (2, _) => 1,
            (_, 's') => 1_000,
            (_, 'm') => 60_000,
            _ => 0,
        };
        string[] ends = unit == 0 ? [] : text[..^unitLength].Split('-');
        if (ends.Length is 0 or > 2 || !TryMilliseconds(ends[0], unit, out long least) || !TryMilliseconds(ends[^1], unit, out long most) || most < least)
        {
            return false;
        }

        delay = new(TimeSpan.FromMilliseconds(least), TimeSpan.FromMilliseconds(most));
        return true;
    }

    private static bool TryMilliseconds(string number, decimal unit, out long milliseconds)
    {
        milliseconds = 0;
        if (!decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal value) || value > LongestMs / unit || value * unit != decimal.Truncate(value * unit))
        {
            return false;
        }

        milliseconds = (long)(value * unit);
        return true;
    }
}
