using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis.Text;
using Realtime.Protocol.Generator.Naming;

namespace Realtime.Protocol.Generator.Schema;

/// <summary>
/// Turns one schema file into models. Whatever the subset of JSON Schema in schema/README.md does not allow becomes a
/// problem at its place; what can be read around it is still read, so that one mistake gives one diagnostic.
/// </summary>
internal sealed partial class SchemaFileReader
{
    private static readonly HashSet<string> Keywords = new(StringComparer.Ordinal)
    {
        "$schema", "$id", "$ref", "$comment", "title", "description", "type", "properties", "required", "examples", "const", "enum", "oneOf", "anyOf",
        "discriminator", "items", "additionalProperties", "propertyNames", "maxProperties", "maxLength", "minLength", "minimum", "maximum", "format",
        "default", "deprecated", "contentEncoding", "contentMediaType", "x-number", "x-hot", "x-sequenced", "x-session-owned", "x-open", "x-name",
    };

    private static readonly Dictionary<string, JsonNodeKind> Kinds = new(StringComparer.Ordinal)
    {
        ["properties"] = JsonNodeKind.Object,
        ["required"] = JsonNodeKind.Array,
        ["enum"] = JsonNodeKind.Array,
        ["oneOf"] = JsonNodeKind.Array,
        ["anyOf"] = JsonNodeKind.Array,
    };

    /// <summary>Members that every view or write type has by itself, and those of every object.</summary>
    private static readonly HashSet<string> ReservedNames = new(StringComparer.Ordinal)
    {
        "Presence", "HasValue", "Json", "WriteTo", "ToWritable", "UnknownMembers", "IsMadeOnUse", "IsLeftOut", "Kind", "Member", "Views", "Wire",
        "Lay", "Slots", "TryRead", "ReadInOrder", "MemberOf", "KindOf", "Classify", "Write", "WriteMembers", "WriteAlternative",
        "Equals", "Finalize", "GetHashCode", "GetType", "MemberwiseClone", "ReferenceEquals", "ToString",
    };

    /// <summary>A view lays a slot of each member on the stack.</summary>
    private const int MostMembers = 1_000;

    /// <summary>An enumeration is a byte, of which 0 is what is not known.</summary>
    private const int MostValues = byte.MaxValue;

    /// <summary>So that the name of a generated file, family and ending included, is one that every disk takes.</summary>
    private const int LongestName = 200;

    private readonly ProblemList _problems;
    private readonly string _key;
    private readonly SchemaRole _role;
    private readonly List<TypeModel> _types = [];
    private readonly List<ReferenceModel> _references = [];

    private SchemaFileReader(ProblemList problems, string key, SchemaRole role)
    {
        _problems = problems;
        _key = key;
        _role = role;
    }

    public static FileModel Read(SourceText text, string path, string key, FamilyModel family, SchemaRole role, out EquatableArray<ReferenceModel> references)
    {
        var problems = new ProblemList(text, path);
        var reader = new SchemaFileReader(problems, key, role);
        JsonNode? root = JsonReader.Read(text.ToString(), out string fault, out int position);
        if (root is null)
        {
            problems.Add("RT9001", position, position + 1, $"This is not JSON: {fault}");
        }
        else
        {
            reader.ReadRoot(root);
        }

        references = new EquatableArray<ReferenceModel>(reader._references);
        return new FileModel(path, key, family, role, new EquatableArray<TypeModel>(reader._types), problems.ToArray());
    }

    private string FileName => _key.Substring(_key.LastIndexOf('/') + 1);

    private void ReadRoot(JsonNode root)
    {
        if (root.Kind != JsonNodeKind.Object)
        {
            _problems.Add("RT9002", root, "A schema file holds one JSON object");
            return;
        }

        if (_role == SchemaRole.Object)
        {
            ReadObjectFile(root);
        }
        else
        {
            ReadEventFile(root);
        }
    }

    private void ReadEventFile(JsonNode root)
    {
        CheckKeywords(root);
        JsonNode? type = root["properties"]?["type"]?["const"];
        if (type is not { IsString: true })
        {
            _problems.Add("RT9002", type ?? root["properties"]?["type"] ?? root, "An event needs the property \"type\" with a text as \"const\": its name on the wire");
            return;
        }

        if (!string.Equals(type.Text, FileName, StringComparison.Ordinal))
        {
            _problems.Add("RT9006", type, $"The event '{type.Text}' stands in the file '{FileName}.json'; name the file '{type.Text}.json'");
        }

        JsonNode? number = root["x-number"];
        if (number?.Kind != JsonNodeKind.Number || !int.TryParse(number.Text, out int permanent) || permanent is < 1 or > ushort.MaxValue)
        {
            _problems.Add("RT9002", number ?? type, $"An event needs \"x-number\", its permanent number from 1 to {ushort.MaxValue}");
            return;
        }

        string name = NameOf(root, WireName.ToPascalCase(type.Text));
        if (!IsShort(name, type.Start, type.End))
        {
            return;
        }

        List<MemberModel> members = ReadMembers(root, name);
        if (!members.Any(static member => member.WireName == "event_id"))
        {
            members.Add(new MemberModel("event_id", "EventId", "The id of this event.", new ValueModel(ValueShape.Text), IsRequired: false, IsNullable: false, IsDeprecated: false, IsHot: false, Const: null));
        }

        // Every event has its type in the first slot and its id in the second: the dispatcher relies on it.
        members = [.. members.OrderBy(static member => member.WireName switch { "type" => 0, "event_id" => 1, _ => 2 })];
        foreach (MemberModel member in members)
        {
            if (member is { Type.Shape: ValueShape.Base64, IsRequired: false })
            {
                _problems.Add("RT9002", root["properties"]![member.WireName]!, $"Audio of an event must be required; '{member.WireName}' is optional");
            }
        }

        if (members.Count(static member => member.Type.Shape == ValueShape.Base64) > 1)
        {
            _problems.Add("RT9002", root, "An event can hold only one member with audio");
        }

        _types.Insert(0, Create(TypeCategory.Event, name, type.Text, root, members, number: permanent));
    }

    private void ReadObjectFile(JsonNode root)
    {
        string name = NameOf(root, WireName.ToPascalCase(FileName));
        if (!IsShort(name, root.Start, root.End))
        {
            return;
        }

        if (root["properties"] is not null)
        {
            ReadObject(root, name, FileName, atFront: true);
            return;
        }

        if (root["oneOf"] is not null || root["anyOf"] is not null || root["enum"] is not null)
        {
            CheckKeywords(root);
            if (root["enum"] is not null)
            {
                ReadEnum(root, name, FileName, atFront: true);
            }
            else
            {
                ReadUnion(root, name, FileName, out _);
            }

            return;
        }

        ValueModel? alias = ReadValue(root, name, "", out _);
        if (alias is not null)
        {
            _types.Insert(0, Create(TypeCategory.Alias, name, FileName, root, [], alias: alias));
        }
    }

    private TypeModel ReadObject(JsonNode node, string name, string wireName, bool atFront)
    {
        CheckKeywords(node);
        List<MemberModel> members = ReadMembers(node, name);
        TypeModel type = Create(TypeCategory.Object, name, wireName, node, members);
        _types.Insert(atFront ? 0 : _types.Count, type);
        return type;
    }

    private List<MemberModel> ReadMembers(JsonNode node, string typeName)
    {
        var members = new List<MemberModel>();
        var required = new HashSet<string>(StringComparer.Ordinal);
        JsonNode? properties = node["properties"];
        foreach (JsonNode name in node["required"]?.Items ?? [])
        {
            if (!name.IsString || properties?[name.Text] is null)
            {
                _problems.Add("RT9002", name, "\"required\" names a property that is not there");
            }

            required.Add(name.Text);
        }

        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (JsonMember property in properties?.Members ?? [])
        {
            string name = NameOf(property.Value, WireName.ToPascalCase(property.Name));
            if (ReservedNames.Contains(name) || string.Equals(name, typeName, StringComparison.Ordinal))
            {
                _problems.Add("RT9005", property.NameStart, property.NameEnd, $"The member '{property.Name}' becomes '{name}', which {typeName} has already; give it another name with \"x-name\"");
                continue;
            }
            else if (names.TryGetValue(name, out string? other))
            {
                _problems.Add("RT9005", property.NameStart, property.NameEnd, $"The members '{other}' and '{property.Name}' both become '{name}'; give one another name with \"x-name\"");
                continue;
            }

            if (members.Count == MostMembers)
            {
                _problems.Add("RT9002", property.NameStart, property.NameEnd, $"An object has at most {MostMembers} members");
                break;
            }

            if (!IsShort(name, property.NameStart, property.NameEnd))
            {
                continue;
            }

            names[name] = property.Name;
            ValueModel? type = ReadValue(property.Value, typeName, name, out bool nullable);
            if (type is not null)
            {
                bool hot = property.Value["x-hot"]?.Kind == JsonNodeKind.True;
                if (hot && type.Shape is not (ValueShape.Text or ValueShape.Integer or ValueShape.Base64))
                {
                    _problems.Add("RT9002", property.Value["x-hot"]!, "\"x-hot\" suits a member that is a text, an integer or audio");
                }

                JsonNode? constant = property.Value["const"];
                members.Add(new MemberModel(
                    property.Name,
                    name,
                    Description(property.Value),
                    type,
                    required.Contains(property.Name),
                    nullable,
                    property.Value["deprecated"]?.Kind == JsonNodeKind.True,
                    hot,
                    constant is { IsString: true } ? constant.Text : null));
            }
        }

        return members;
    }

    private void ReadEnum(JsonNode node, string name, string wireName, bool atFront)
    {
        var values = new List<EnumValueModel>();
        var names = new Dictionary<string, string>(StringComparer.Ordinal) { ["Unknown"] = "a value that is not known" };
        foreach (JsonNode value in node["enum"]!.Items)
        {
            if (value.Kind == JsonNodeKind.Null)
            {
                continue;
            }

            if (!value.IsString)
            {
                _problems.Add("RT9002", value, "The values of an enumeration are texts");
                continue;
            }

            string valueName = WireName.ToPascalCase(value.Text);
            if (names.TryGetValue(valueName, out string? other))
            {
                _problems.Add("RT9005", value, $"The values '{other}' and '{value.Text}' both become '{valueName}'");
                continue;
            }

            if (values.Count == MostValues)
            {
                _problems.Add("RT9002", value, $"An enumeration has at most {MostValues} values");
                break;
            }

            if (!IsShort(valueName, value.Start, value.End))
            {
                continue;
            }

            names[valueName] = value.Text;
            values.Add(new EnumValueModel(value.Text, valueName));
        }

        TypeModel type = Create(TypeCategory.Enum, name, wireName, node, [], values: values);
        _types.Insert(atFront ? 0 : _types.Count, type);
    }

    private string NameOf(JsonNode node, string otherwise)
    {
        JsonNode? name = node["x-name"];
        if (name is null)
        {
            return otherwise;
        }

        if (name.IsString && WireName.IsPascalCase(name.Text))
        {
            return name.Text;
        }

        _problems.Add("RT9002", name, "\"x-name\" is a C# name in PascalCase");
        return otherwise;
    }

    private bool IsShort(string name, int start, int end)
    {
        if (name.Length <= LongestName)
        {
            return true;
        }

        _problems.Add("RT9002", start, end, $"The C# name of this would have {name.Length} characters, and {LongestName} are the most; \"x-name\" gives a shorter one to a member, and to the type that stands in it");
        return false;
    }

    private void CheckKeywords(JsonNode node)
    {
        foreach (JsonMember member in node.Members)
        {
            if (!Keywords.Contains(member.Name))
            {
                _problems.Add("RT9002", member.NameStart, member.NameEnd, $"The keyword \"{member.Name}\" is not read; schema/README.md lists those that are");
            }
            else if (Kinds.TryGetValue(member.Name, out JsonNodeKind kind) && member.Value.Kind != kind)
            {
                _problems.Add("RT9002", member.Value, $"\"{member.Name}\" is a JSON {(kind == JsonNodeKind.Array ? "array" : "object")}");
            }
            else if (member.Name is "enum" or "oneOf" or "anyOf" && member.Value.Items.Count == 0)
            {
                _problems.Add("RT9002", member.Value, $"\"{member.Name}\" holds at least one");
            }
        }
    }

    private ValueModel? Unsupported(JsonNode node, string message)
    {
        _problems.Add("RT9002", node, message);
        return null;
    }

    private TypeModel Create(
        TypeCategory category,
        string name,
        string wireName,
        JsonNode node,
        List<MemberModel> members,
        List<EnumValueModel>? values = null,
        List<AlternativeModel>? alternatives = null,
        ValueModel? alias = null,
        int number = 0) =>
        new(
            category,
            name,
            wireName,
            Description(node),
            $"schema/{_key}.json",
            _role,
            new EquatableArray<MemberModel>(members),
            new EquatableArray<EnumValueModel>(values ?? []),
            new EquatableArray<AlternativeModel>(alternatives ?? []),
            default,
            BaseName: null,
            alias,
            number,
            IsHot: node["x-hot"]?.Kind == JsonNodeKind.True,
            IsSequenced: node["x-sequenced"]?.Kind == JsonNodeKind.True,
            IsSessionOwned: node["x-session-owned"]?.Kind == JsonNodeKind.True);

    private static string Description(JsonNode node) => node["description"] is { IsString: true } description ? description.Text : "";
}
