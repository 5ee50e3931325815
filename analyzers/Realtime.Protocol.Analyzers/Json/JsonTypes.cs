using Microsoft.CodeAnalysis;

namespace Realtime.Protocol.Analyzers.Json;

/// <summary>What a type of the framework or of Newtonsoft.Json is to JSON that a program writes.</summary>
internal enum JsonType
{
    /// <summary>Nothing: also a type of that name in another namespace.</summary>
    None,

    /// <summary>An object that is made and filled: of nodes, of tokens, or a dictionary with names.</summary>
    Object,

    /// <summary>An array of nodes or tokens.</summary>
    Array,

    /// <summary>A single value: a node or a token.</summary>
    Value,

    /// <summary>Text that is encoded for a writer. A serializer would make an object of it.</summary>
    Encoded,

    /// <summary>A name with its value.</summary>
    Pair,

    /// <summary>Takes members otherwise: a writer, a node or token of any kind, a dictionary by its interface.</summary>
    Taker,
}

/// <summary>The table of these types. Names first: a namespace is compared only where the name is one of them.</summary>
internal static class JsonTypes
{
    public static JsonType Of(ITypeSymbol? type) => type is not INamedTypeSymbol named ? JsonType.None : named.Name switch
    {
        "JsonObject" when IsNodes(named) => JsonType.Object,
        "JObject" when IsLinq(named) => JsonType.Object,
        "Dictionary" when HasNames(named) => JsonType.Object,
        "JsonArray" when IsNodes(named) => JsonType.Array,
        "JArray" when IsLinq(named) => JsonType.Array,
        "JsonValue" when IsNodes(named) => JsonType.Value,
        "JValue" when IsLinq(named) => JsonType.Value,
        "JsonEncodedText" when IsText(named.ContainingNamespace) => JsonType.Encoded,
        "JProperty" when IsLinq(named) => JsonType.Pair,
        "KeyValuePair" when HasNames(named) => JsonType.Pair,
        "IDictionary" when HasNames(named) => JsonType.Taker,
        "Utf8JsonWriter" when IsText(named.ContainingNamespace) => JsonType.Taker,
        "JsonNode" when IsNodes(named) => JsonType.Taker,
        "JToken" when IsLinq(named) => JsonType.Taker,
        "JsonWriter" or "JsonTextWriter" when IsNewtonsoft(named.ContainingNamespace) => JsonType.Taker,
        _ => JsonType.None,
    };

    /// <summary>A member with a name can be given to it; also to a class that is a dictionary with names.</summary>
    public static bool TakesMembers(INamedTypeSymbol type)
    {
        if (Of(type) is JsonType.Object or JsonType.Pair or JsonType.Taker)
        {
            return true;
        }

        foreach (var implemented in type.AllInterfaces)
        {
            if (implemented.Name == "IDictionary" && HasNames(implemented))
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasNames(INamedTypeSymbol type) =>
        type.TypeArguments is { Length: 2 } arguments && arguments[0].SpecialType == SpecialType.System_String
        && type.ContainingNamespace is { Name: "Generic", ContainingNamespace: { Name: "Collections", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } } };

    private static bool IsText(INamespaceSymbol? space) =>
        space is { Name: "Json", ContainingNamespace: { Name: "Text", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } } };

    private static bool IsNewtonsoft(INamespaceSymbol? space) => space is { Name: "Json", ContainingNamespace: { Name: "Newtonsoft", ContainingNamespace.IsGlobalNamespace: true } };

    private static bool IsNodes(INamedTypeSymbol type) => type.ContainingNamespace is { Name: "Nodes" } space && IsText(space.ContainingNamespace);

    private static bool IsLinq(INamedTypeSymbol type) => type.ContainingNamespace is { Name: "Linq" } space && IsNewtonsoft(space.ContainingNamespace);
}
