using System;
using System.Collections.Generic;
using System.Linq;

namespace Realtime.Protocol.Generator.Schema;

/// <summary>What a schema says about one value: its shape, and whether it may be null. Types that stand inline get a name from where they stand.</summary>
internal sealed partial class SchemaFileReader
{
    private const int DefaultLimit = 0;

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
            return ReadReference(reference);
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
            if (!IsShort(name, node.Start, node.End))
            {
                return null;
            }

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

        bool nullable = false;
        ValueModel? item = items["$ref"] is { } reference ? ReadReference(reference, isElement: true) : ReadValue(items, parent, member, out nullable);
        if (item is null)
        {
            return null;
        }

        return !nullable && SymbolTable.IsElement(item.Shape)
            ? new ValueModel(ValueShape.List, Item: item)
            : Unsupported(items, "The elements of an array are texts, enumerations, integers, objects, unions or any JSON, and never null");
    }

    private ValueModel? ReadNestedObject(JsonNode node, string parent, string member)
    {
        if (node["properties"] is not null)
        {
            string name = parent + member;
            if (!IsShort(name, node.Start, node.End))
            {
                return null;
            }

            return new ValueModel(ValueShape.Object, name, IsMadeOnUse: ReadObject(node, name, name, atFront: false).CanBeEmpty);
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
        if (!IsShort(name, node.Start, node.End))
        {
            return null;
        }

        TypeModel union = ReadUnion(node, name, name, out bool unionNullable);
        nullable |= unionNullable;
        return new ValueModel(ValueShape.Union, name, Text: union.TextName);
    }

    private TypeModel ReadUnion(JsonNode node, string name, string wireName, out bool nullable)
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

        TypeModel union = Create(TypeCategory.Union, name, wireName, node, [], alternatives: models);
        _types.Insert(0, union);
        return union;
    }

    private ValueModel? ReadReference(JsonNode reference, string? union = null, bool isElement = false)
    {
        if (!reference.IsString || !SchemaPath.TryResolve(_key, reference.Text, out string target))
        {
            return Unsupported(reference, "A $ref is the relative path of a file, as in \"../objects/item.json\"");
        }

        _references.Add(new ReferenceModel(target, union, isElement, _problems.Create("RT9003", reference.Start, reference.End, $"There is no schema file '{target}.json'")));
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

    private static int Limit(JsonNode? node) => node is { Kind: JsonNodeKind.Number } && int.TryParse(node.Text, out int limit) ? limit : DefaultLimit;

    private static bool Is(JsonNode node, string type) => node["type"] is { IsString: true } name && name.Text == type;

    private static bool IsNull(JsonNode node) => Is(node, "null");
}
