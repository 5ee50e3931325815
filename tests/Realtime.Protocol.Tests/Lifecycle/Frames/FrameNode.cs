using System.Text;
using System.Text.Json;

namespace Realtime.Protocol.Tests.Lifecycle.Frames;

/// <summary>
/// JSON as a test may want it: members keep their order and may come twice, and a value is the text that the test wrote, whether or not it means anything. So a frame can be as odd as
/// what servers send, which <see cref="JsonDocument"/> could not hold.
/// </summary>
internal sealed class FrameNode
{
    private string? _text;
    private List<(string Name, FrameNode Value)>? _members;
    private List<FrameNode>? _elements;

    private FrameNode()
    {
    }

    public bool IsObject => Opened()._members is not null;

    public static FrameNode Raw(string json) => new() { _text = json };

    public static FrameNode Text(string text) => Raw(Quote(text));

    /// <summary>As a JSON string, with the escapes that JSON demands and no others.</summary>
    public static string Quote(string text)
    {
        var json = new StringBuilder(text.Length + 2).Append('"');
        foreach (char c in text)
        {
            json = c switch
            {
                '"' or '\\' => json.Append('\\').Append(c),
                < ' ' => json.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => json.Append(c),
            };
        }

        return json.Append('"').ToString();
    }

    public FrameNode Copy() => new()
    {
        _text = _text,
        _members = _members?.ConvertAll(static member => (member.Name, member.Value.Copy())),
        _elements = _elements?.ConvertAll(static element => element.Copy()),
    };

    /// <summary>The node at a path, or null.</summary>
    public FrameNode? Find(ReadOnlySpan<string> path)
    {
        FrameNode? node = this;
        foreach (string name in path)
        {
            node = node?.Child(name);
        }

        return node;
    }

    /// <summary>Puts a value where the path says, and makes the objects on the way that are missing. A number names an element of an array, or the one after its last.</summary>
    public void Set(ReadOnlySpan<string> path, FrameNode value)
    {
        FrameNode holder = Holder(path);
        if (holder._elements is { } elements)
        {
            int index = int.Parse(path[^1], System.Globalization.CultureInfo.InvariantCulture);
            if (index == elements.Count)
            {
                elements.Add(value);
            }
            else
            {
                elements[index] = value;
            }

            return;
        }

        string name = path[^1];
        List<(string Name, FrameNode Value)> members = holder._members!;
        int at = members.FindIndex(member => member.Name == name);
        if (at < 0)
        {
            members.Add((name, value));
        }
        else
        {
            members[at] = (name, value);
        }
    }

    /// <summary>Adds a member, also where one of that name is already.</summary>
    public void Add(ReadOnlySpan<string> path, FrameNode value) => Holder(path)._members!.Add((path[^1], value));

    /// <summary>Takes a member out. One that is not there is a mistake of the test.</summary>
    public void Remove(ReadOnlySpan<string> path)
    {
        FrameNode? holder = Find(path[..^1])?.Opened();
        string name = path[^1];
        if ((holder?._members?.RemoveAll(member => member.Name == name) ?? 0) == 0)
        {
            throw new ArgumentException($"There is no {string.Join('.', path.ToArray())} to take out.");
        }
    }

    public override string ToString()
    {
        var json = new StringBuilder();
        Write(json);
        return json.ToString();
    }

    private void Write(StringBuilder json)
    {
        if (_members is { } members)
        {
            json.Append('{');
            for (int i = 0; i < members.Count; i++)
            {
                json.Append(i == 0 ? "" : ",").Append(Quote(members[i].Name)).Append(':');
                members[i].Value.Write(json);
            }

            json.Append('}');
        }
        else if (_elements is { } elements)
        {
            json.Append('[');
            for (int i = 0; i < elements.Count; i++)
            {
                json.Append(i == 0 ? "" : ",");
                elements[i].Write(json);
            }

            json.Append(']');
        }
        else
        {
            json.Append(_text);
        }
    }

    private FrameNode? Child(string name)
    {
        Opened();
        return _elements is { } elements
            ? int.TryParse(name, out int index) && index < elements.Count ? elements[index] : null
            : _members?.Find(member => member.Name == name).Value;
    }

    private FrameNode Holder(ReadOnlySpan<string> path)
    {
        FrameNode node = this;
        foreach (string name in path[..^1])
        {
            FrameNode? next = node.Child(name);
            if (next is null || !(next.Opened() is { } opened && (opened._members ?? (object?)opened._elements) is not null))
            {
                next = Raw("{}");
                node.Set([name], next);
            }

            node = next;
        }

        FrameNode holder = node.Opened();
        return holder._members is null && holder._elements is null
            ? throw new ArgumentException($"{string.Join('.', path.ToArray())} lies in a value that is neither an object nor an array.")
            : holder;
    }

    /// <summary>Text that a path walks into is read at that moment; text that nobody walks into stays as it was written.</summary>
    private FrameNode Opened()
    {
        if (_text is { } text && text.AsSpan().TrimStart() is ['{' or '[', ..])
        {
            using JsonDocument document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind is JsonValueKind.Object)
            {
                _members = [.. document.RootElement.EnumerateObject().Select(static member => (member.Name, Raw(member.Value.GetRawText())))];
            }
            else
            {
                _elements = [.. document.RootElement.EnumerateArray().Select(static element => Raw(element.GetRawText()))];
            }

            _text = null;
        }

        return this;
    }
}
