using System.Globalization;
using System.Text;

namespace Realtime.Protocol.Testing.Simulation.Faults.Words;

/// <summary>What may stand behind the colon of a fault. Each gives the value, or says in a sentence why it is none.</summary>
internal static class FaultValue
{
    private static readonly (string Unit, double Ms)[] Spans = [("ms", 1), ("s", 1_000), ("m", 60_000)];
    private static readonly (string Unit, long Bytes)[] Sizes = [("KiB", 1 << 10), ("MiB", 1 << 20), ("B", 1)];

    public static int Number(string value, int least, int most) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most
            ? number
            : throw new FormatException(most == int.MaxValue ? $"'{value}' is no whole number from {least} on." : $"'{value}' is no whole number from {least} to {most}.");

    /// <summary>A time in milliseconds: <c>250ms</c>, <c>1.5s</c>, <c>2m</c>.</summary>
    public static int Span(string value)
    {
        foreach ((string unit, double ms) in Spans)
        {
            if (value.EndsWith(unit, StringComparison.Ordinal)
                && double.TryParse(value.AsSpan(0, value.Length - unit.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double count) && count * ms <= int.MaxValue)
            {
                return (int)Math.Round(count * ms);
            }
        }

        throw new FormatException($"'{value}' is no time: it is written like 250ms, 1.5s or 2m.");
    }

    public static int SpanOrForEver(string value) => value == "forever" ? Timeout.Infinite : Span(value);

    /// <summary>A time, or for ever, and behind how many bytes: <c>30s</c>, <c>forever</c>, <c>30s,17</c>.</summary>
    public static (int Milliseconds, int Bytes) Stall(string value)
    {
        string[] parts = value.Split(',', 2);
        return (SpanOrForEver(parts[0]), parts.Length > 1 ? Size(parts[1]) : 0);
    }

    /// <summary>A status of a goodbye, and its reason: <c>1011</c>, <c>1011 It fell over.</c></summary>
    public static (int Status, string Reason) Goodbye(string value)
    {
        string[] parts = value.Split(' ', 2);
        return (Number(parts[0], 0, ushort.MaxValue), parts.Length > 1 ? parts[1] : "");
    }

    /// <summary>A number of bytes: <c>20</c>, <c>64KiB</c>, <c>16MiB</c>.</summary>
    public static int Size(string value)
    {
        (string unit, long bytes) = Array.Find(Sizes, size => value.EndsWith(size.Unit, StringComparison.Ordinal)) is { Unit: not null } size ? size : ("", 1);
        return long.TryParse(value.AsSpan(0, value.Length - unit.Length), NumberStyles.None, CultureInfo.InvariantCulture, out long count) && count * bytes <= int.MaxValue && count <= int.MaxValue
            ? (int)(count * bytes)
            : throw new FormatException($"'{value}' is no number of bytes: it is written like 20, 64KiB or 16MiB.");
    }

    public static int SizeOr(string value, int otherwise) => value.Length == 0 ? otherwise : Size(value);

    public static double Share(string value) => double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double share) && share is > 0 and <= 1
        ? share
        : throw new FormatException($"'{value}' is no share: above 0, and 1 at most, such as 0.1.");

    /// <summary>A share or a probability as it is read again.</summary>
    public static string Shown(double share) => share.ToString("0.###################", CultureInfo.InvariantCulture);

    public static string Text(string value) => value.Length > 0 ? value : throw new FormatException("A text has to stand behind the colon.");

    /// <summary>A member and its JSON: <c>error.event_id=null</c>.</summary>
    public static (string Member, string Json) Pair(string value) => value.Split('=', 2) is [{ Length: > 0 } member, { Length: > 0 } json]
        ? (member, json)
        : throw new FormatException($"'{value}' is no member with its value: it is written like error.event_id=null.");

    /// <summary>An HTTP status, and when to come again: <c>503</c>, <c>429,retry=2</c>.</summary>
    public static (int Status, int RetryAfterSeconds) Status(string value)
    {
        string[] parts = value.Split(",retry=", 2);
        return (Number(parts[0], 400, 599), parts.Length > 1 ? Number(parts[1], 0, int.MaxValue) : -1);
    }

    public static string OneOf(string name, string value, IReadOnlyList<string> words) => words.Contains(value)
        ? value
        : throw new FormatException($"'{value}' is nothing that {name} can be: {string.Join(", ", words)}.{Meant(value, words)}");

    /// <summary>A sentence about what may be meant; empty when nothing is near.</summary>
    public static string Meant(string word, IReadOnlyList<string> known) => Spelling.Nearest(word, known) is { } nearest ? $" Did you mean {nearest}?" : "";

    /// <summary>A name as a command line has it: <c>AfterDone</c> is <c>after-done</c>.</summary>
    public static string Kebab(string name)
    {
        var kebab = new StringBuilder();
        foreach (char letter in name)
        {
            if (char.IsUpper(letter) && kebab.Length > 0)
            {
                kebab.Append('-');
            }

            kebab.Append(char.ToLowerInvariant(letter));
        }

        return kebab.ToString();
    }
}
