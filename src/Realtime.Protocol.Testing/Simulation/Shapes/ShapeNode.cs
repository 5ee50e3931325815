using System.Text;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Testing.Simulation.Shapes;

/// <summary>One row with the rows beneath it: the form of the tables in which a message is checked.</summary>
internal sealed class ShapeNode
{
    private readonly byte[] _name;
    private readonly List<ShapeNode> _members = [];
    private readonly List<ShapeNode> _types = [];

    private ShapeNode(Shape shape, string name)
    {
        Shape = shape;
        Name = name;
        _name = Encoding.UTF8.GetBytes(name);
    }

    public Shape Shape { get; }

    /// <summary>The name of the member, or the type of an object among several.</summary>
    public string Name { get; }

    /// <summary>The members of an object that has rows for them.</summary>
    public IReadOnlyList<ShapeNode> Members => _members;

    /// <summary>The objects that may stand here, one for each type.</summary>
    public IReadOnlyList<ShapeNode> Types => _types;

    /// <summary>What each element of an array is.</summary>
    public ShapeNode? Element { get; private set; }

    /// <summary>What each value of a map is.</summary>
    public ShapeNode? Value { get; private set; }

    /// <summary>The tree of one event, with the rows that such a session takes.</summary>
    public static ShapeNode Of(EventShape shapes, ShapeSessions session)
    {
        Dictionary<string, ShapeNode> nodes = [];
        foreach (Shape row in shapes.Rows)
        {
            if (row.Sessions is { } sessions && !sessions.HasFlag(session))
            {
                continue;
            }

            (string? parent, string name) = Split(row.Path);
            var node = new ShapeNode(row, name.Trim('<', '>'));
            if (parent is null)
            {
                nodes.Add(row.Path, node);
            }
            else if (nodes.TryGetValue(parent, out ShapeNode? above))
            {
                above.Take(name, node);
                nodes.Add(row.Path, node);
            }
        }

        return nodes[""];
    }

    /// <summary>Where the row of a path hangs, and its name there; null for the event itself.</summary>
    public static (string? Parent, string Name) Split(string path) =>
        path.Length == 0 ? (null, "")
        : path.EndsWith("[]", StringComparison.Ordinal) ? (path[..^2], "[]")
        : path.EndsWith(".*", StringComparison.Ordinal) ? (path[..^2], "*")
        : path.EndsWith('>') ? (path[..path.LastIndexOf('<')], path[path.LastIndexOf('<')..])
        : path.LastIndexOf('.') is >= 0 and int dot ? (path[..dot], path[(dot + 1)..])
        : ("", path);

    /// <summary>The place of the member of this name among <see cref="Members"/>, or -1.</summary>
    public int IndexOf(ReadOnlySpan<byte> message, Slot name)
    {
        for (int i = 0; i < _members.Count; i++)
        {
            if (JsonEscapes.ValueEquals(message, name, _members[i]._name))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>The member of this name, or null.</summary>
    public ShapeNode? Member(string name) => _members.Find(member => member.Name == name);

    /// <summary>The object of this type, or null.</summary>
    public ShapeNode? OfType(string type) => _types.Find(one => one.Name == type);

    private void Take(string name, ShapeNode node)
    {
        switch (name)
        {
            case "[]":
                Element = node;
                break;
            case "*":
                Value = node;
                break;
            default:
                (name[0] == '<' ? _types : _members).Add(node);
                break;
        }
    }
}
