using System.Text;

namespace Realtime.Protocol.Wire;

/// <summary>
/// Names the place of an error. Works on text that may be broken from that place on, only after an error, and may
/// allocate: this is the cold path. Names that could be content (long, or not plain words) are written as <c>*</c>.
/// </summary>
internal static class JsonPath
{
    private const int LongestName = 48;

    /// <summary>The path of the value at this offset, as in <c>response.output[0].id</c>.</summary>
    public static string At(ReadOnlySpan<byte> json, int offset)
    {
        var steps = new List<Step>();
        int at = 0;
        int end = Math.Min(offset, json.Length);
        while (at < end)
        {
            switch (json[at])
            {
                case (byte)'{' or (byte)'[':
                    steps.Add(new Step(json[at] == (byte)'[' ? 0 : -1, null));
                    at++;
                    break;
                case (byte)'}' or (byte)']':
                    if (steps.Count > 0)
                    {
                        steps.RemoveAt(steps.Count - 1);
                    }

                    at++;
                    break;
                case (byte)',':
                    if (steps.Count > 0)
                    {
                        steps[^1] = steps[^1].Index >= 0 ? new Step(steps[^1].Index + 1, null) : new Step(-1, null);
                    }

                    at++;
                    break;
                case (byte)'"':
                    int start = at + 1;
                    at = StringEnd(json, at, end);
                    if (steps.Count > 0 && steps[^1] is { Index: < 0, Name: null } && at < end)
                    {
                        steps[^1] = new Step(-1, Printable(json[start..(at - 1)]));
                    }

                    break;
                default:
                    at++;
                    break;
            }
        }

        // The end of an object belongs to the object, not to its last member: that is where a missing one is reported.
        if (offset < json.Length && json[offset] == (byte)'}' && steps is [.., { Index: < 0 }])
        {
            steps.RemoveAt(steps.Count - 1);
        }

        var path = new StringBuilder();
        foreach (Step step in steps)
        {
            if (step.Index >= 0)
            {
                path.Append('[').Append(step.Index).Append(']');
            }
            else if (step.Name is not null)
            {
                path.Append(path.Length > 0 ? "." : "").Append(step.Name);
            }
        }

        return path.ToString();
    }

    /// <summary>The name of the member whose value starts at this offset.</summary>
    public static string NameBefore(ReadOnlySpan<byte> json, int offset)
    {
        int close = json[..offset].LastIndexOf((byte)'"');
        int open = close > 0 ? json[..close].LastIndexOf((byte)'"') : -1;
        return open < 0 ? "*" : Printable(json[(open + 1)..close]);
    }

    private static int StringEnd(ReadOnlySpan<byte> json, int quote, int end)
    {
        int at = quote + 1;
        while (at < end && json[at] != (byte)'"')
        {
            at += json[at] == (byte)'\\' ? 2 : 1;
        }

        return Math.Min(at + 1, end);
    }

    private static string Printable(ReadOnlySpan<byte> name)
    {
        if (name.Length is 0 or > LongestName)
        {
            return "*";
        }

        foreach (byte character in name)
        {
            if (!char.IsAsciiLetterOrDigit((char)character) && character is not ((byte)'_' or (byte)'-' or (byte)'.'))
            {
                return "*";
            }
        }

        return Encoding.ASCII.GetString(name);
    }

    private readonly record struct Step(int Index, string? Name);
}
