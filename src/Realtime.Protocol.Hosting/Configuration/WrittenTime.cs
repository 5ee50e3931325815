using System.Globalization;

namespace Realtime.Protocol.Hosting;

/// <summary>
/// A time as people write it: <c>00:00:15</c>, or a number with its unit. A number alone is none: the platform would take 15 for 15 days. Never negative, never more than 24 days, which is what a timer holds.
/// </summary>
internal static class WrittenTime
{
    public const string Takes = "a time such as 00:00:15, 15s or 400ms";

    // The longer unit first: "ms" ends in "s" as well.
    private static readonly (string Unit, long Ticks)[] Units =
    [
        ("ms", TimeSpan.TicksPerMillisecond), ("min", TimeSpan.TicksPerMinute), ("s", TimeSpan.TicksPerSecond), ("h", TimeSpan.TicksPerHour),
    ];

    public static bool TryParse(string text, out TimeSpan time)
    {
        time = default;
        if (text.Count(static letter => letter == ':') == 2)
        {
            return TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, TimeSpanStyles.None, out time) && IsSane(time);
        }

        foreach ((string unit, long ticks) in Units)
        {
            if (text.EndsWith(unit, StringComparison.OrdinalIgnoreCase))
            {
                if (!decimal.TryParse(text[..^unit.Length].TrimEnd(' '), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number) || number > 1e12m)
                {
                    return false;
                }

                decimal all = number * ticks;
                time = all <= TimeSpan.TicksPerDay * 25 ? TimeSpan.FromTicks((long)all) : TimeSpan.MaxValue;
                return IsSane(time);
            }
        }

        return false;
    }

    private static bool IsSane(TimeSpan time) => time >= TimeSpan.Zero && time <= TimeSpan.FromDays(24);
}
