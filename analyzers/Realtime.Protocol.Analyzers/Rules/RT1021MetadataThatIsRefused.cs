using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Realtime.Protocol.Analyzers.Apis;
using Realtime.Protocol.Analyzers.Flow;
using Realtime.Protocol.Analyzers.Json;
using Realtime.Protocol.Analyzers.Walk;

namespace Realtime.Protocol.Analyzers.Rules;

/// <summary>RT1021: metadata of a response that is no text, or more or longer than what the server takes.</summary>
/// <remarks>Pairs are counted and characters measured where they stand in the source. Characters are counted as Unicode does, so an emoji is one, as the most generous reader counts.</remarks>
internal sealed class RT1021MetadataThatIsRefused : Rule
{
    public const string Id = "RT1021";

    private const int MostPairs = 16;
    private const int LongestKey = 64;
    private const int LongestValue = 512;

    private static readonly DiagnosticDescriptor Descriptor = new(
        Id,
        "Response metadata that the server refuses",
        "Metadata '{0}' {1}, so the whole response is refused; the server takes 16 pairs of text, keys to 64 and values to 512 characters",
        RuleCategories.Lifecycle,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: "Metadata is at most 16 pairs of text, keys to 64 and values to 512 characters. What does not fit is refused together with the response that carries it, by our session before it is sent and by the server otherwise.",
        helpLinkUri: RulePages.Root + Id + RulePages.Extension);

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> Descriptors { get; } = [Descriptor];

    /// <inheritdoc/>
    public override void Begin(Interests asked) => asked.Group(words: ["Metadata", "metadata"]).OnBody(Check);

    private static void Check(Body body)
    {
        foreach (var operation in body.Operations)
        {
            if (operation is IPropertyReferenceOperation { Property.Name: "Metadata" } property && OwnerOf(property.Property) is var library and not Library.None)
            {
                CheckTyped(body, property, library);
            }
        }

        foreach (var (made, json) in JsonReading.In(body))
        {
            if (json.IsEvent("response.create") && json["response"]?["metadata"] is { Form: JsonForm.Object } metadata)
            {
                CheckJson(body, made, json, metadata);
            }
        }
    }

    /// <summary>The library whose response takes this metadata.</summary>
    private static Library OwnerOf(IPropertySymbol property) => property.ContainingType.ToDisplayString() switch
    {
        "Realtime.Protocol.ResponseRequest" or "Realtime.Protocol.Events.ResponseParameters" => Library.Ours,
        "OpenAI.Realtime.RealtimeResponseOptions" => Library.OpenAI,
        _ => Library.None,
    };

    private static void CheckTyped(Body body, IPropertyReferenceOperation property, Library library)
    {
        switch (property.Parent)
        {
            case ISimpleAssignmentOperation assignment when assignment.Target == property:
                CheckPairs(body, assignment.Value.Syntax, PairsOf(SoleValue.Behind(body, Converted(assignment.Value))), library);
                break;
            case IMemberInitializerOperation { Initializer: { } initializer }:
                CheckPairs(body, initializer.Syntax, initializer.Initializers.Select(JsonWriting.PairOf), library);
                break;
            case IPropertyReferenceOperation { Property.IsIndexer: true, Parent: ISimpleAssignmentOperation assigned } indexer when assigned.Target == indexer:
                CheckPairs(body, assigned.Syntax, [JsonWriting.PairOf(assigned)], library);
                break;
            case IInvocationOperation { TargetMethod.Name: "Add" } call when call.Instance == property:
                CheckPairs(body, call.Syntax, [JsonWriting.PairOf(call)], library);
                break;
        }
    }

    // Our own event converts what it is given to its map.
    private static IOperation Converted(IOperation value) => value is IConversionOperation { OperatorMethod: not null } conversion ? conversion.Operand : value;

    private static void CheckPairs(Body body, SyntaxNode whole, IEnumerable<(IOperation Key, IOperation Value)?> pairs, Library library)
    {
        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach (var pair in pairs)
        {
            if (pair is not var (key, value))
            {
                continue;
            }

            var name = SoleValue.Behind(body, key).ConstantValue is { HasValue: true, Value: string constant } ? constant : null;
            if (name is not null && keys.Add(name) && TooLong(name, LongestKey) is { } longKey)
            {
                body.Report(Descriptor, key.Syntax, Short(name), "has a key of " + longKey);
            }

            if (What(SoleValue.Behind(body, value), library) is { } wrong)
            {
                body.Report(Descriptor, value.Syntax, Short(name ?? "value"), wrong);
            }
        }

        if (keys.Count > MostPairs)
        {
            body.Report(Descriptor, whole, "Metadata", string.Format(CultureInfo.InvariantCulture, "has {0} pairs", keys.Count));
        }
    }

    private static string? What(IOperation value, Library library) => library == Library.OpenAI ? WhatOfBinaryData(value)
        : value.ConstantValue is { HasValue: true, Value: var constant }
            ? constant is string text ? TooLong(text, LongestValue) is { } length ? "is a text of " + length : null : constant is null ? "is null" : null
            : null;

    // The official SDK takes the JSON of each value.
    private static string? WhatOfBinaryData(IOperation value)
    {
        var (name, argument) = value switch
        {
            IInvocationOperation { TargetMethod: { IsStatic: true, Name: var method, ContainingType.Name: "BinaryData" }, Arguments: { Length: > 0 } arguments } => (method, arguments[0].Value),
            IObjectCreationOperation { Type.Name: "BinaryData", Arguments: { Length: 1 } arguments } when arguments[0].Parameter?.Type.SpecialType == SpecialType.System_String =>
                ("FromString", arguments[0].Value),
            _ => default,
        };
        while (argument is IConversionOperation { ConstantValue.HasValue: false } conversion)
        {
            argument = conversion.Operand;
        }

        return name switch
        {
            "FromObjectAsJson" when argument!.ConstantValue is { HasValue: true, Value: string text } => TooLong(text, LongestValue) is { } length ? "is a text of " + length : null,
            "FromObjectAsJson" => IsNoText(argument!.Type) ? "is no text" : null,
            "FromString" when argument!.ConstantValue is { HasValue: true, Value: string json } => !IsJsonText(json.Trim()) ? "is no text in JSON, which needs its quotation marks here" : null,
            _ => null,
        };
    }

    private static void CheckJson(Body body, IOperation made, WrittenJson json, WrittenJson metadata)
    {
        var findings = new List<(SyntaxNode At, string Name, string What, bool AsItStands)>();
        foreach (var (name, value) in metadata.Members)
        {
            if (TooLong(name, LongestKey) is { } longKey)
            {
                findings.Add((value.Syntax, Short(name), "has a key of " + longKey, false));
            }

            if (value is { Form: JsonForm.Text, Content: { } text } && TooLong(text, LongestValue) is { } length)
            {
                findings.Add((value.Syntax, Short(name), "is a text of " + length, false));
            }
            else if (value.Form is not (JsonForm.Unknown or JsonForm.Text or JsonForm.Null) || (value.Form == JsonForm.Unknown && IsNoText(value.Operation?.Type)))
            {
                findings.Add((value.Syntax, Short(name), "is no text", json.IsObjectToSerialize));
            }
        }

        if (metadata.Members.Select(static member => member.Name).Distinct().Count() is > MostPairs and var count)
        {
            findings.Add((metadata.Syntax, "metadata", string.Format(CultureInfo.InvariantCulture, "has {0} pairs", count), false));
        }

        foreach (var (at, name, what, asItStands) in findings)
        {
            if (SentJson.IsSent(body, made, asItStands))
            {
                body.Report(Descriptor, at, name, what);
            }
            else if (json.Operation is not null)
            {
                body.Report(Descriptor, DiagnosticSeverity.Warning, at, name, what);
            }
        }
    }

    private static IEnumerable<(IOperation Key, IOperation Value)?> PairsOf(IOperation map) => map switch
    {
        IObjectCreationOperation { Initializer: { } initializer, Arguments.Length: 0 } => initializer.Initializers.Select(JsonWriting.PairOf),
        IArrayCreationOperation { Initializer: { } elements } => elements.ElementValues.Select(JsonWriting.PairOf),
        ICollectionExpressionOperation collection => collection.Elements.Select(JsonWriting.PairOf),
        _ => [],
    };

    private static bool IsJsonText(string json) => json.Length > 1 && json[0] == '"' && json[json.Length - 1] == '"';

    private static bool IsNoText(ITypeSymbol? type) => type is { IsAnonymousType: true }
        || type?.SpecialType is SpecialType.System_Boolean or (>= SpecialType.System_SByte and <= SpecialType.System_Double);

    private static string? TooLong(string text, int most)
    {
        var characters = text.Length - text.Count(char.IsLowSurrogate);
        return characters > most ? string.Format(CultureInfo.InvariantCulture, "{0} characters", characters) : null;
    }

    private static string Short(string name) => name.Length > 40 ? name.Substring(0, 40) + "…" : name;
}
