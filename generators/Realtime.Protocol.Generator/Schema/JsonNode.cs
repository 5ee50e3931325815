using System;
using System.Collections.Generic;
using System.Linq;

namespace Realtime.Protocol.Generator.Schema;

internal enum JsonNodeKind
{
    Null,
    True,
    False,
    Number,
    String,
    Array,
    Object,
}

/// <summary>A JSON value that remembers where it stands, so that a diagnostic can point at it.</summary>
internal sealed class JsonNode
{
    // Fewer names than these are compared faster than they are hashed.
    private const int FewMembers = 16;

    private readonly Dictionary<string, JsonNode>? _byName;

    public JsonNode(JsonNodeKind kind, int start, int end, string text = "", IReadOnlyList<JsonNode>? items = null, IReadOnlyList<JsonMember>? members = null)
    {
        Kind = kind;
        Start = start;
        End = end;
        Text = text;
        Items = items ?? [];
        Members = members ?? [];
        _byName = Members.Count > FewMembers ? Members.ToDictionary(static member => member.Name, static member => member.Value, StringComparer.Ordinal) : null;
    }

    public JsonNodeKind Kind { get; }

    /// <summary>Offset of the first character.</summary>
    public int Start { get; }

    /// <summary>Offset behind the last character.</summary>
    public int End { get; }

    /// <summary>A string's value, or a number's text.</summary>
    public string Text { get; }

    public IReadOnlyList<JsonNode> Items { get; }

    public IReadOnlyList<JsonMember> Members { get; }

    public bool IsString => Kind == JsonNodeKind.String;

    /// <summary>A member of an object; <see langword="null"/> when it is absent or this is no object.</summary>
    public JsonNode? this[string name]
    {
        get
        {
            if (_byName is not null)
            {
                return _byName.TryGetValue(name, out JsonNode? value) ? value : null;
            }

            foreach (JsonMember member in Members)
            {
                if (string.Equals(member.Name, name, StringComparison.Ordinal))
                {
                    return member.Value;
                }
            }

            return null;
        }
    }
}

internal sealed class JsonMember
{
    public JsonMember(string name, int nameStart, int nameEnd, JsonNode value)
    {
        Name = name;
        NameStart = nameStart;
        NameEnd = nameEnd;
        Value = value;
    }

    public string Name { get; }

    public int NameStart { get; }

    public int NameEnd { get; }

    public JsonNode Value { get; }
}
