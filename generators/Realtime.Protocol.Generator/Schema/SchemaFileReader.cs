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
internal sealed class SchemaFileReader
{
    private const int DefaultLimit = 0;

    private static readonly HashSet<string> Keywords = new(StringComparer.Ordinal)
    {
        "$schema", "$id", "$ref", "$comment", "title", "description", "type", "properties", "required", "examples", "const", "enum", "oneOf", "anyOf",
        "discriminator", "items", "additionalProperties", "propertyNames", "maxProperties", "maxLength", "minLength", "minimum", "maximum", "format",
        "default", "deprecated", "contentEncoding", "contentMediaType", "x-number", "x-hot", "x-sequenced", "x-open", "x-name",
    };

    /// <summary>Members that every view has by itself.</summary>
    private static readonly HashSet<string> ReservedNames = new(StringComparer.Ordinal) { "Presence", "HasValue", "Json", "WriteTo", "Kind" };

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
        List<MemberModel> members = ReadMembers(root, name);
        if (!members.Any(static member => member.WireName == "event_id"))
        {
            members.Add(new MemberModel("event_id", "EventId", "The id of this event.", new ValueModel(ValueShape.Text), IsRequired: false, IsNullable: false, IsDeprecated: false, Const: null));
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

    private void ReadObject(JsonNode node, string name, string wireName, bool atFront)
    {
        CheckKeywords(node);
        List<MemberModel> members = ReadMembers(node, name);
        TypeModel type = Create(TypeCategory.Object, name, wireName, node, members);
        _types.Insert(atFront ? 0 : _types.Count, type);
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
            }
            else if (names.TryGetValue(name, out string? other))
            {
                _problems.Add("RT9005", property.NameStart, property.NameEnd, $"The members '{other}' and '{property.Name}' both become '{name}'; give one another name with \"x-name\"");
                continue;
            }

            names[name] = property.Name;
            ValueModel? type = ReadValue(property.Value, typeName, name, out bool nullable);
            if (type is not null)
            {
                JsonNode? constant = property.Value["const"];
                members.Add(new MemberModel(
                    property.Name,
                    name,
                    Description(property.Value),
                    type,
                    required.Contains(property.Name),
                    nullable,
                    property.Value["deprecated"]?.Kind == JsonNodeKind.True,
                    constant is { IsString: true } ? constant.Text : null));
            }
        }

        return members;
    }

    /// <summary>The shape of a value. Objects, unions and enumerations that stand inline become types of their own, named after parent and member.</summary>
    private ValueModel? ReadValue(JsonNode node, string parent, string member, out bool nullable)
    {
        nullable = false;
        if (node.Kind != JsonNodeKind.Object)
        {
            _problems.Add("RT9002", node, "A schema is expected here: a JSON object");
            return null;
        }

        CheckKeywords(node);
        if (node["x-open"]?.Kind == JsonNodeKind.True)
        {
            return new ValueModel(ValueShape.Any);
        }

        if (node["$ref"] is { } reference)
        {
            return ReadReference(reference, union: null);
        }

        if ((node["oneOf"] ?? node["anyOf"]) is { } alternatives)
        {
            return ReadAlternatives(node, alternatives, parent, member, out nullable);
        }

        if (node["const"] is { } constant)
        {
            return constant.IsString
                ? new ValueModel(ValueShape.Text)
                : Unsupported(constant, "\"const\" must be a text");
        }

        string? type = ReadType(node, out nullable);
        switch (type)
        {
            case "string":
                return ReadString(node, parent, member);
            case "integer":
                return new ValueModel(ValueShape.Integer);
            case "number":
                return new ValueModel(ValueShape.Number);
            case "boolean":
                return new ValueModel(ValueShape.Boolean);
            case "array":
                return ReadArray(node, parent, member);
            case "object":
                return ReadNestedObject(node, parent, member);
            default:
                return Unsupported(node["type"] ?? node, "The type of this value can't be read: give \"type\", \"$ref\", \"oneOf\" or \"x-open\"");
        }
    }

    private ValueModel? ReadString(JsonNode node, string parent, string member)
    {
        JsonNode? encoding = node["contentEncoding"];
        if (encoding is not null)
        {
            return encoding is { IsString: true, Text: "base64" }
                ? new ValueModel(ValueShape.Base64)
                : Unsupported(encoding, "The only \"contentEncoding\" is \"base64\"");
        }

        if (node["enum"] is not null)
        {
            string name = NameOf(node, parent + member);
            ReadEnum(node, name, name, atFront: false);
            return new ValueModel(ValueShape.Enum, name);
        }

        if (node["description"] is { IsString: true } description && description.Text.IndexOf("base64", StringComparison.OrdinalIgnoreCase) >= 0)
        {
            _problems.Add("RT9007", description, "The description speaks of base64; if the value is base64, say \"contentEncoding\": \"base64\", so that it is decoded and checked");
        }

        return new ValueModel(ValueShape.Text);
    }

    private ValueModel? ReadArray(JsonNode node, string parent, string member)
    {
        JsonNode? items = node["items"];
        if (items is null)
        {
            return Unsupported(node, "An array needs \"items\"");
        }

        ValueModel? item = ReadValue(items, parent, member, out bool nullable);
        if (item is null)
        {
            return null;
        }

        bool readable = !nullable && item.Shape is ValueShape.Text or ValueShape.Enum or ValueShape.Integer or ValueShape.Object or ValueShape.Union or ValueShape.Any or ValueShape.Reference;
        return readable
            ? new ValueModel(ValueShape.List, Item: item)
            : Unsupported(items, "The elements of an array are texts, enumerations, integers, objects, unions or any JSON, and never null");
    }

    private ValueModel? ReadNestedObject(JsonNode node, string parent, string member)
    {
        if (node["properties"] is not null)
        {
            string name = parent + member;
            ReadObject(node, name, name, atFront: false);
            return new ValueModel(ValueShape.Object, name);
        }

        return node["additionalProperties"]?["type"] is { IsString: true, Text: "string" }
            ? new ValueModel(
                ValueShape.StringMap,
                MaxPairs: Limit(node["maxProperties"]),
                MaxKeyLength: Limit(node["propertyNames"]?["maxLength"]),
                MaxValueLength: Limit(node["additionalProperties"]?["maxLength"]))
            : Unsupported(node, "An object needs \"properties\", texts as \"additionalProperties\", or \"x-open\": true for any JSON");
    }

    private ValueModel? ReadAlternatives(JsonNode node, JsonNode alternatives, string parent, string member, out bool nullable)
    {
        nullable = alternatives.Items.Any(IsNull);
        List<JsonNode> values = [.. alternatives.Items.Where(static item => !IsNull(item))];
        if (values.Count == 1)
        {
            return ReadValue(values[0], parent, member, out _);
        }

        if (values.Count == 2 && values.Any(static value => Is(value, "integer")) && values.Any(static value => value["const"] is { IsString: true, Text: "inf" }))
        {
            return new ValueModel(ValueShape.IntegerOrInfinity);
        }

        string name = NameOf(node, parent + member);
        ReadUnion(node, name, name, out bool unionNullable);
        nullable |= unionNullable;
        return new ValueModel(ValueShape.Union, name);
    }

    private void ReadUnion(JsonNode node, string name, string wireName, out bool nullable)
    {
        JsonNode alternatives = (node["oneOf"] ?? node["anyOf"])!;
        nullable = false;
        var models = new List<AlternativeModel>();
        foreach (JsonNode alternative in alternatives.Items)
        {
            if (IsNull(alternative))
            {
                nullable = true;
                continue;
            }

            ValueModel? type = alternative["$ref"] is { } reference
                ? ReadReference(reference, name)
                : ReadValue(alternative, name, "Option", out _);
            if (type is { Shape: ValueShape.Text or ValueShape.Enum })
            {
                models.Add(new AlternativeModel(null, "Text", type, Description(alternative)));
            }
            else if (type is { Shape: ValueShape.Reference })
            {
                models.Add(new AlternativeModel(null, "", type, Description(alternative)));
            }
            else if (type is not null)
            {
                _problems.Add("RT9002", alternative, "An alternative is a text, an enumeration or a $ref to an object");
            }
        }

        if (models.Count(static model => model.KindName == "Text") > 1)
        {
            _problems.Add("RT9002", alternatives, "Two alternatives of a union are texts; nothing tells them apart");
        }

        if (node["discriminator"]?["propertyName"] is { } discriminator && discriminator is not { IsString: true, Text: "type" })
        {
            _problems.Add("RT9002", discriminator, "Alternatives are told apart by the property \"type\"");
        }

        _types.Insert(0, Create(TypeCategory.Union, name, wireName, node, [], alternatives: models));
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

            names[valueName] = value.Text;
            values.Add(new EnumValueModel(value.Text, valueName));
        }

        TypeModel type = Create(TypeCategory.Enum, name, wireName, node, [], values: values);
        _types.Insert(atFront ? 0 : _types.Count, type);
    }

    private ValueModel? ReadReference(JsonNode reference, string? union)
    {
        if (!reference.IsString || !SchemaPath.TryResolve(_key, reference.Text, out string target))
        {
            return Unsupported(reference, "A $ref is the relative path of a file, as in \"../objects/item.json\"");
        }

        _references.Add(new ReferenceModel(target, union, _problems.Create("RT9003", reference.Start, reference.End, $"There is no schema file '{target}.json'")));
        return new ValueModel(ValueShape.Reference, target);
    }

    private string? ReadType(JsonNode node, out bool nullable)
    {
        nullable = false;
        JsonNode? type = node["type"];
        if (type is { IsString: true })
        {
            return type.Text;
        }

        nullable = type?.Items.Any(static item => item is { IsString: true, Text: "null" }) == true;
        List<JsonNode> names = [.. (type?.Items ?? []).Where(static item => item is { IsString: true, Text: not "null" })];
        return names.Count == 1 ? names[0].Text : null;
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

    private void CheckKeywords(JsonNode node)
    {
        foreach (JsonMember member in node.Members)
        {
            if (!Keywords.Contains(member.Name))
            {
                _problems.Add("RT9002", member.NameStart, member.NameEnd, $"The keyword \"{member.Name}\" is not read; schema/README.md lists those that are");
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
            IsSequenced: node["x-sequenced"]?.Kind == JsonNodeKind.True);

    private static string Description(JsonNode node) => node["description"] is { IsString: true } description ? description.Text : "";

    private static int Limit(JsonNode? node) => node is { Kind: JsonNodeKind.Number } && int.TryParse(node.Text, out int limit) ? limit : DefaultLimit;

    private static bool Is(JsonNode node, string type) => node["type"] is { IsString: true } name && name.Text == type;

    private static bool IsNull(JsonNode node) => Is(node, "null");
}
