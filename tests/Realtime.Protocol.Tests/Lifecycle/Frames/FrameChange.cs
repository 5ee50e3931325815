using System.Text.Json;

namespace Realtime.Protocol.Tests.Lifecycle.Frames;

/// <summary>
/// One change to a frame, or one thing to look for in a frame:
/// <c>path=text</c> is a JSON string, <c>path:=json</c> any JSON, <c>-path</c> nothing there, <c>path</c> alone something there, <c>+path:=json</c> one more member of a name that may be there already.
/// A path's names are joined by dots; a number names an element of an array; a name that holds a dot stands in single quotes. <c>$name</c> as the whole text stands for what a frame said before.
/// </summary>
internal readonly record struct FrameChange(FrameChangeKind Kind, string[] Path, string Value)
{
    public static FrameChange Parse(string change)
    {
        int sign = change is ['-' or '+', ..] ? 1 : 0;
        var path = new List<string>();
        int at = sign;
        while (true)
        {
            path.Add(Name(change, ref at));
            if (at == change.Length || change[at] != '.')
            {
                break;
            }

            at++;
        }

        string rest = change[at..];
        string between = rest is [':', '=', ..] ? ":=" : rest is ['=', ..] ? "=" : rest;
        FrameChangeKind kind = (sign == 1 ? change[0] : ' ', between) switch
        {
            ('-', "") => FrameChangeKind.Remove,
            ('+', ":=") => FrameChangeKind.Add,
            (' ', ":=") => FrameChangeKind.Json,
            (' ', "=") => FrameChangeKind.Text,
            (' ', "") => FrameChangeKind.Present,
            _ => throw Wrong(change),
        };
        return new FrameChange(kind, [.. path], rest[between.Length..]);
    }

    public void ApplyTo(FrameNode frame, FrameNames names)
    {
        switch (Kind)
        {
            case FrameChangeKind.Text:
                frame.Set(Path, FrameNode.Text(names.Resolve(Value)));
                break;
            case FrameChangeKind.Json:
                frame.Set(Path, FrameNode.Raw(Value));
                break;
            case FrameChangeKind.Add:
                frame.Add(Path, FrameNode.Raw(Value));
                break;
            case FrameChangeKind.Remove:
                frame.Remove(Path);
                break;
            default:
                throw new ArgumentException($"{this} says nothing that could be put into a frame.");
        }
    }

    /// <summary>What is wrong with the frame, or null.</summary>
    public string? FindFault(FrameNode frame, FrameNames names)
    {
        FrameNode? found = frame.Find(Path);
        switch (Kind)
        {
            case FrameChangeKind.Remove:
                return found is null ? null : $"{this}, but it is there: {found}";
            case FrameChangeKind.Present:
                return found is null ? $"{this} is missing" : null;
            case FrameChangeKind.Text:
                if (found?.ToString() is not ['"', ..] text)
                {
                    return $"{this}, but it is {found?.ToString() ?? "missing"}";
                }

                string actual = JsonSerializer.Deserialize<string>(text)!;
                return names.Match(Value, actual) ? null : $"{this}, but it is {text}";
            case FrameChangeKind.Json:
                using (JsonDocument expected = JsonDocument.Parse(Value))
                using (JsonDocument there = JsonDocument.Parse(found?.ToString() ?? "\"missing\""))
                {
                    return JsonElement.DeepEquals(expected.RootElement, there.RootElement) ? null : $"{this}, but it is {found?.ToString() ?? "missing"}";
                }

            default:
                throw new ArgumentException($"{this} is nothing that could be looked for in a frame.");
        }
    }

    public override string ToString() => $"{string.Join('.', Path)} {Kind} {Value}".TrimEnd();

    private static string Name(string change, ref int at)
    {
        int start = at;
        if (start < change.Length && change[start] == '\'')
        {
            int end = change.IndexOf('\'', start + 1);
            at = end < 0 ? throw Wrong(change) : end + 1;
            return change[(start + 1)..end];
        }

        while (at < change.Length && change[at] is not ('.' or '=' or ':'))
        {
            at++;
        }

        return at > start ? change[start..at] : throw Wrong(change);
    }

    private static ArgumentException Wrong(string change) => new($"'{change}' is no change of a frame: path=text, path:=json, -path, path or +path:=json.");
}

internal enum FrameChangeKind
{
    Text,
    Json,
    Add,
    Remove,
    Present,
}
