using System.Globalization;
using System.Text;
using Realtime.Protocol.Testing.Simulation.Configuration;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Testing.Simulation.Shapes;

/// <summary>
/// Holds one message that is well-formed JSON against the rows of its event, and gives the first thing that is wrong. It knows nothing of
/// the session. In an object what is missing comes first, then its members in the order in which they stand.
/// </summary>
internal ref struct ShapeCheck
{
    private readonly ReadOnlySpan<byte> _message;
    private readonly Span<Step> _steps;
    private JsonCursor _json;
    private int _depth;
    private Refusal _refusal;

    private ShapeCheck(ReadOnlySpan<byte> message, Span<Step> steps)
    {
        _message = message;
        _steps = steps;
        _json = JsonCursor.OfChecked(message, 0);
    }

    /// <summary>The first refusal, or none.</summary>
    public static Refusal Of(ReadOnlySpan<byte> message, ShapeNode shape)
    {
        var check = new ShapeCheck(message, stackalloc Step[JsonCursor.MaxDepth + 1]);
        check.CheckValue(shape);
        return check._refusal;
    }

    /// <summary>Where the value of a member begins.</summary>
    public static bool TryFind(JsonCursor json, ReadOnlySpan<byte> member, out int at)
    {
        at = 0;
        for (bool more = json.BeginObject(out bool any) && any; more; more = json.NextMember(out bool next) && next)
        {
            json.ReadName(out Slot name);
            bool found = JsonEscapes.ValueEquals(json.Json, name, member);
            json.Skip(out Slot value);
            if (found)
            {
                at = value.Start;
                return true;
            }
        }

        return false;
    }

    /// <summary>The string that begins here.</summary>
    public static string TextAt(ReadOnlySpan<byte> message, int at)
    {
        var json = new JsonCursor(message, at);
        Slot text = default;
        json.ReadText(ref text, nullable: false);
        return new TextView(message, text).ToString();
    }

    /// <summary>What a value is by its first byte, in the words of a refusal.</summary>
    public static string Found(byte first) => first switch
    {
        (byte)'"' => "a string",
        (byte)'{' => "an object",
        (byte)'[' => "an array",
        (byte)'t' or (byte)'f' => "a boolean",
        (byte)'n' => "null",
        _ => "a number",
    };

    private static ShapeForms FormOf(byte first) => first switch
    {
        (byte)'"' => ShapeForms.Text | ShapeForms.Audio,
        (byte)'{' => ShapeForms.AnyObject,
        (byte)'[' => ShapeForms.Array,
        (byte)'t' or (byte)'f' => ShapeForms.Boolean,
        (byte)'n' => ShapeForms.Null,
        _ => ShapeForms.Number | ShapeForms.Integer,
    };

    private bool CheckValue(ShapeNode node)
    {
        byte first = _json.Peek();
        Shape shape = node.Shape;
        return (shape.Forms & FormOf(first)) switch
        {
            ShapeForms.None => Refuse(Refusal.WrongType(Path(), shape.Expected, Found(first))),
            ShapeForms.Text => CheckText(shape),
            ShapeForms.Number or ShapeForms.Integer => CheckNumber(shape),
            ShapeForms.Array => CheckArray(node),
            ShapeForms.Object => CheckObject(node),
            ShapeForms.Choice => CheckChoice(node),
            ShapeForms.Map => CheckMap(node),
            ShapeForms.Open => NamesAreUnique(),
            _ => _json.Skip(),
        };
    }

    private bool CheckText(Shape shape)
    {
        Slot text = default;
        _json.ReadText(ref text, nullable: false);
        if (shape is { Values: [], MaxLength: int.MaxValue, IsNeverEmpty: false, IsLanguage: false })
        {
            return true;
        }

        string value = new TextView(_message, text).ToString();
        return shape.Values.Length > 0 && !shape.Values.Contains(value) ? Refuse(Refusal.NotOneOf(Path(), value, shape.Values))
            : value.Length > shape.MaxLength ? Refuse(Refusal.TooLong(Path(), shape.MaxLength, value.Length))
            : shape.IsNeverEmpty && value.Length == 0 ? Refuse(Refusal.EmptyText(Path()))
            : !shape.IsLanguage || Languages.IsKnown(value) || Refuse(Refusal.UnknownLanguage(Path(), value));
    }

    private bool CheckNumber(Shape shape)
    {
        _json.Skip(out Slot slot);
        bool whole = shape.Forms.HasFlag(ShapeForms.Integer);
        double value = double.Parse(slot.In(_message), NumberStyles.Float, CultureInfo.InvariantCulture);
        return whole && value != Math.Floor(value) ? Refuse(Refusal.WrongType(Path(), shape.Expected, "a decimal number"))
            : value < shape.Least ? Refuse(Refusal.BelowLeast(Path(), value, shape.Least, whole))
            : value > shape.Most ? Refuse(Refusal.AboveMost(Path(), value, shape.Most, whole))
            : Math.Abs(value) < (whole ? long.MaxValue : double.PositiveInfinity) || Refuse(Refusal.WrongType(Path(), shape.Expected, "a number that is too large"));
    }

    private bool CheckArray(ShapeNode node)
    {
        JsonCursor again = _json;
        int count = 0;
        for (bool more = _json.BeginArray(out bool any) && any; more; more = _json.NextElement(out bool next) && next)
        {
            _steps[_depth++] = new Step(default, count++);
            if (node.Element is null ? !_json.Skip() : !CheckValue(node.Element))
            {
                return false;
            }

            _depth--;
        }

        return !node.Shape.IsCombination || count == 1 || Refuse(Refusal.Modalities(Path(), Elements(again)));
    }

    private bool CheckChoice(ShapeNode node)
    {
        if (!TryFind(_json, "type"u8, out int at))
        {
            return node.Shape.KeepsItsType ? CheckObject(node) : Refuse(Refusal.Missing($"{Path()}.type"));
        }

        if (_message[at] != (byte)'"')
        {
            return Refuse(Refusal.WrongType($"{Path()}.type", "a string", Found(_message[at])));
        }

        string type = TextAt(_message, at);
        return node.OfType(type) is { } one ? CheckObject(one) : Refuse(Refusal.NotOneOf($"{Path()}.type", type, [.. node.Types.Select(static other => other.Name)]));
    }

    private bool CheckObject(ShapeNode node)
    {
        if (!NothingIsMissing(node))
        {
            return false;
        }

        for (bool more = _json.BeginObject(out bool any) && any; more; more = _json.NextMember(out bool next) && next)
        {
            _json.ReadName(out Slot name);
            _steps[_depth++] = new Step(name, -1);
            if (Find(node, name) is not { } member)
            {
                return Refuse(Refusal.UnknownParameter(Path()));
            }

            if (!CheckValue(member))
            {
                return false;
            }

            _depth--;
        }

        return true;
    }

    private readonly bool TryMember(ShapeNode node, Slot name, out ShapeNode? member)
    {
        member = node.IndexOf(_message, name) is >= 0 and int index ? node.Members[index] : null;
        return member is not null;
    }

    /// <summary>The row of a member; of an object whose type is not said, that of any type which has it.</summary>
    private readonly ShapeNode? Find(ShapeNode node, Slot name)
    {
        if (TryMember(node, name, out ShapeNode? member))
        {
            return member;
        }

        foreach (ShapeNode type in node.Types)
        {
            if (TryMember(type, name, out member))
            {
                return member;
            }
        }

        return null;
    }

    private bool NothingIsMissing(ShapeNode node)
    {
        JsonCursor json = _json;
        ulong seen = 0;
        for (bool more = json.BeginObject(out bool any) && any; more; more = json.NextMember(out bool next) && next)
        {
            json.ReadName(out Slot name);
            json.Skip();
            if (node.IndexOf(_message, name) is >= 0 and int index)
            {
                if ((seen & (1UL << index)) != 0)
                {
                    return Refuse(Refusal.OccursTwice);
                }

                seen |= 1UL << index;
            }
        }

        for (int i = 0; i < node.Members.Count; i++)
        {
            if (node.Members[i].Shape.IsRequired && (seen & (1UL << i)) == 0)
            {
                return Refuse(Refusal.Missing(PathOf(node.Members[i].Name)));
            }
        }

        return node.Shape.NeedsOneOf is not { Length: > 0 } names || HasOneOf(names, node, seen) || Refuse(Refusal.Missing(PathOf(names[0])));
    }

    private static bool HasOneOf(string[] names, ShapeNode node, ulong seen)
    {
        for (int i = 0; i < node.Members.Count; i++)
        {
            if ((seen & (1UL << i)) != 0 && names.Contains(node.Members[i].Name))
            {
                return true;
            }
        }

        return false;
    }

    private bool CheckMap(ShapeNode node)
    {
        JsonCursor names = _json;
        int count = 0;
        for (bool more = names.BeginObject(out bool any) && any; more; more = names.NextMember(out bool next) && next)
        {
            names.ReadName(out _);
            names.Skip();
            count++;
        }

        if (count > node.Shape.MaxMembers)
        {
            return Refuse(Refusal.TooManyPairs(Path(), node.Shape.MaxMembers, count));
        }

        HashSet<string> seen = [];
        for (bool more = _json.BeginObject(out bool any) && any; more; more = _json.NextMember(out bool next) && next)
        {
            _json.ReadName(out Slot slot);
            string name = new TextView(_message, slot).ToString();
            if (name.Length > node.Shape.MaxNameLength)
            {
                return Refuse(Refusal.TooLong(PathOf(name[..node.Shape.MaxNameLength]), node.Shape.MaxNameLength, name.Length));
            }

            if (!seen.Add(name))
            {
                return Refuse(Refusal.OccursTwice);
            }

            _steps[_depth++] = new Step(slot, -1);
            if (!CheckValue(node.Value!))
            {
                return false;
            }

            _depth--;
        }

        return true;
    }

    private bool NamesAreUnique()
    {
        switch (_json.Peek())
        {
            case (byte)'{':
                HashSet<string>? seen = null;
                for (bool more = _json.BeginObject(out bool any) && any; more; more = _json.NextMember(out bool next) && next)
                {
                    _json.ReadName(out Slot name);
                    if (!(seen ??= []).Add(new TextView(_message, name).ToString()))
                    {
                        return Refuse(Refusal.OccursTwice);
                    }

                    if (!NamesAreUnique())
                    {
                        return false;
                    }
                }

                return true;
            case (byte)'[':
                for (bool more = _json.BeginArray(out bool any) && any; more; more = _json.NextElement(out bool next) && next)
                {
                    if (!NamesAreUnique())
                    {
                        return false;
                    }
                }

                return true;
            default:
                return _json.Skip();
        }
    }

    private readonly string Elements(JsonCursor json)
    {
        List<string> elements = [];
        for (bool more = json.BeginArray(out bool any) && any; more; more = json.NextElement(out bool next) && next)
        {
            json.Skip(out Slot slot);
            elements.Add($"'{TextAt(_message, slot.Start)}'");
        }

        return string.Join(", ", elements);
    }

    private bool Refuse(Refusal refusal)
    {
        _refusal = refusal;
        return false;
    }

    private readonly string PathOf(string member) => _depth == 0 ? member : $"{Path()}.{member}";

    private readonly string Path()
    {
        var path = new StringBuilder();
        foreach (Step step in _steps[.._depth])
        {
            if (step.Index >= 0)
            {
                path.Append(CultureInfo.InvariantCulture, $"[{step.Index}]");
            }
            else
            {
                path.Append(path.Length == 0 ? "" : ".").Append(new TextView(_message, step.Name).ToString());
            }
        }

        return path.ToString();
    }

    /// <summary>One step of a path: a member, or an element by its index.</summary>
    private readonly record struct Step(Slot Name, int Index);
}
