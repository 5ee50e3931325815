using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Realtime.Protocol.Analyzers.Apis;

/// <summary>Client events that no library wrote: what an operation says in JSON, by the value of the member <c>type</c> that it states.</summary>
/// <remarks>
/// Text counts where it is JSON (<c>"type":"response.create"</c> stands in it), and is read as the compiler folds it: concatenated,
/// interpolated, raw, UTF-8. Objects count where the member is stated: anonymous objects, dictionaries, the object models and writers of
/// System.Text.Json and Newtonsoft.Json. The bare word counts nowhere: it is compared, switched on and logged.
/// </remarks>
internal static class HandWrittenJson
{
    private const string Unknown = "\uFFFC";

    private static readonly Regex TypeMember = new("[\"']type[\"']\\s*:\\s*[\"']([a-z_.]+)[\"']", RegexOptions.CultureInvariant);
    private static readonly Regex OutOfBandMember = new("[\"']conversation[\"']\\s*:\\s*[\"']none[\"']", RegexOptions.CultureInvariant);

    /// <summary>What this very operation says; its operands are asked for themselves.</summary>
    public static Act ActOf(IOperation operation) => operation switch
    {
        IAnonymousObjectCreationOperation anonymous => anonymous.Initializers.OfType<ISimpleAssignmentOperation>().Where(IsType).Aggregate(Act.None, (acts, member) => acts | ActOf(TextOf(member.Value))),
        ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Property.IsIndexer: true, Arguments.Length: 1 } indexer } assignment
            when IsTypeText(indexer.Arguments[0].Value) && IsJson(indexer.Property.ContainingType) => ActOf(TextOf(assignment.Value)),
        IInvocationOperation call => ActOf(call.TargetMethod, call.Arguments),
        IObjectCreationOperation { Constructor: { } constructor } creation => ActOf(constructor, creation.Arguments),
        _ => WholeText(operation) is { } text ? ActsIn(text) : Act.None,
    };

    /// <summary>The event is for a response beside the conversation, of which there may be many; read from the operation and its operands.</summary>
    public static bool IsOutOfBand(IOperation said) => said.DescendantsAndSelf().Any(static operation => operation switch
    {
        ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Property: { IsIndexer: false, Name: "conversation" } } } member => TextOf(member.Value) == "none",
        ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Property.IsIndexer: true, Arguments.Length: 1 } indexer } member =>
            TextOf(indexer.Arguments[0].Value) == "conversation" && TextOf(member.Value) == "none",
        IInvocationOperation { Arguments.Length: >= 2 } call => TextOf(call.Arguments[0].Value) == "conversation" && TextOf(call.Arguments[1].Value) == "none",
        _ => WholeText(operation) is { } text && OutOfBandMember.IsMatch(text),
    });

    /// <summary>The text of a value: a constant, also as UTF-8, and what the object models make of one.</summary>
    public static string? TextOf(IOperation value)
    {
        while (true)
        {
            switch (value)
            {
                case { ConstantValue: { HasValue: true, Value: string text } }:
                    return text;
                case IUtf8StringOperation utf8:
                    return utf8.Value;
                case IConversionOperation conversion:
                    value = conversion.Operand;
                    break;
                case IParenthesizedOperation inner:
                    value = inner.Operand;
                    break;
                case IInvocationOperation { TargetMethod: { Name: "Create" or "Encode", ContainingType: { Name: "JsonValue" or "JsonEncodedText" } maker }, Arguments.Length: > 0 } made when IsJsonSpace(maker):
                    value = made.Arguments[0].Value;
                    break;
                case IObjectCreationOperation { Constructor.ContainingType: { Name: "JValue" } token, Arguments.Length: 1 } creation when IsJsonSpace(token):
                    value = creation.Arguments[0].Value;
                    break;
                default:
                    return null;
            }
        }
    }

    private static Act ActOf(string? name) => name is not null && WireNames.Acts.TryGetValue(name, out var act) ? act : Act.None;

    private static Act ActsIn(string text) => text.Contains("type", StringComparison.Ordinal)
        ? TypeMember.Matches(text).Cast<Match>().Aggregate(Act.None, static (acts, match) => acts | ActOf(match.Groups[1].Value))
        : Act.None;

    private static bool IsType(ISimpleAssignmentOperation member) =>
        member.Target is IPropertyReferenceOperation { Property.Name: var name } && name.Equals("type", StringComparison.OrdinalIgnoreCase);

    private static bool IsTypeText(IOperation name) => TextOf(name) == "type";

    private static Act ActOf(IMethodSymbol method, IReadOnlyList<IArgumentOperation> arguments) => (method.Name, arguments.Count) switch
    {
        // A pair: an entry of a dictionary, a property that is made or written.
        ("Add" or "TryAdd" or "WriteString" or ".ctor", >= 2) when IsTypeText(arguments[0].Value) && IsJson(method.ContainingType) => ActOf(TextOf(arguments[1].Value)),
        // The value alone, after the name was written: nobody writes such a text as the value of another member.
        ("WriteStringValue" or "WriteValue", 1) when IsJson(method.ContainingType) => ActOf(TextOf(arguments[0].Value)),
        _ => Act.None,
    };

    /// <summary>The text that is whole here, with a placeholder for what is not known; null for a part of a larger one.</summary>
    private static string? WholeText(IOperation operation)
    {
        if (operation.Parent is { ConstantValue: { HasValue: true, Value: string } } or IInterpolatedStringTextOperation or IInterpolationOperation)
        {
            return null;
        }

        return operation switch
        {
            IUtf8StringOperation utf8 => utf8.Value,
            { ConstantValue: { HasValue: true, Value: string text } } and not (IFieldReferenceOperation or ILocalReferenceOperation) => text,
            IInterpolatedStringOperation interpolated => Joined(interpolated),
            _ => null,
        };
    }

    private static string Joined(IInterpolatedStringOperation interpolated)
    {
        var text = new StringBuilder();
        foreach (var part in interpolated.Parts)
        {
            text.Append(part switch
            {
                IInterpolatedStringTextOperation literal => TextOf(literal.Text),
                IInterpolationOperation hole => TextOf(hole.Expression) ?? Unknown,
                _ => Unknown,
            });
        }

        return text.ToString();
    }

    private static bool IsJson(INamedTypeSymbol type) => IsDictionary(type) || type.AllInterfaces.Any(IsDictionary)
        || (type.Name is "Utf8JsonWriter" or "JsonNode" or "JsonObject" or "JToken" or "JObject" or "JProperty" or "JsonWriter" or "JsonTextWriter" && IsJsonSpace(type));

    private static bool IsDictionary(INamedTypeSymbol type) =>
        type is { Name: "Dictionary" or "IDictionary" or "KeyValuePair", TypeArguments.Length: 2 } && type.TypeArguments[0].SpecialType == SpecialType.System_String && SpaceOf(type) == "System.Collections.Generic";

    private static bool IsJsonSpace(INamedTypeSymbol type) => SpaceOf(type) is "System.Text.Json" or "System.Text.Json.Nodes" or "Newtonsoft.Json" or "Newtonsoft.Json.Linq";

    private static string SpaceOf(INamedTypeSymbol type) => type.ContainingNamespace.ToDisplayString();
}
