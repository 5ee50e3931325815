using System.Text;

namespace Realtime.Protocol.Wire;

/// <summary>
/// Names the place of an error. Works on text that may be broken from that place on, only after an error, and may
/// allocate: this is the cold path. A name that the protocol does not have is content, and is written as <c>*</c>.
/// </summary>
internal static class JsonPath
{
    /// <summary>The path of the value at this offset, as in <c>response.output[0].id</c>.</summary>
    /// <param name="json">The whole text.</param>
    /// <param name="offset">Where the error is.</param>
    /// <param name="isEndOfObject">True when the error is the object's that ends there, as when a member is missing, not its last member's.</param>
    public static string At<TNames>(ReadOnlySpan<byte> json, int offset, bool isEndOfObject)
        where TNames : struct, IMemberNames
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
                        steps[^1] = new Step(-1, Printable<TNames>(json[start..(at - 1)]));
                    }

                    break;
                default:
                    at++;
                    break;
            }
        }

        if (isEndOfObject && steps is [.., { Index: < 0 }])
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

    /// <summary>The name of the known member whose value starts at this offset; <c>*</c> where it is written with escapes.</summary>
    public static string KnownNameBefore(ReadOnlySpan<byte> json, int offset)
    {
        int close = json[..offset].LastIndexOf((byte)'"');
        int open = close > 0 ? json[..close].LastIndexOf((byte)'"') : -1;
        ReadOnlySpan<byte> name = open < 0 ? default : json[(open + 1)..close];
        return name.IsEmpty || name.Contains((byte)'\\') ? "*" : Encoding.UTF8.GetString(name);
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

    private static string Printable<TNames>(ReadOnlySpan<byte> name)
        where TNames : struct, IMemberNames => TNames.Contains(name) ? Encoding.UTF8.GetString(name) : "*";

    private readonly record struct Step(int Index, string? Name);
}
