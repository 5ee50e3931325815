using System;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Realtime.Protocol.Analyzers.Json;

namespace Realtime.Protocol.Analyzers.Apis;

/// <summary>The second question to what a program writes (<see cref="JsonWriting"/>): what it asks a server for, by the value of the member <c>type</c> that is stated.</summary>
/// <remarks>Text counts where the member stands in it (<c>"type":"response.create"</c>), also where the JSON is not whole. The bare word counts nowhere: it is compared, switched on and logged.</remarks>
internal static class HandWrittenJson
{
    private const string Unknown = "\uFFFC";

    private static readonly Regex TypeMember = new("[\"']type[\"']\\s*:\\s*[\"']([a-z_.]+)[\"']", RegexOptions.CultureInvariant);
    private static readonly Regex OutOfBandMember = new("[\"']conversation[\"']\\s*:\\s*[\"']none[\"']", RegexOptions.CultureInvariant);

    /// <summary>What this very operation says; its operands are asked for themselves.</summary>
    public static Act ActOf(IOperation operation) => operation switch
    {
        IAnonymousObjectCreationOperation anonymous => ActOf(anonymous),
        ISimpleAssignmentOperation or IObjectCreationOperation => ActOfMember(operation),
        // The value alone, after the name was written: nobody writes such a text as the value of another member.
        IInvocationOperation => ActOfMember(operation) | (JsonWriting.ValueAlone(operation) is { } value ? ActOf(JsonWriting.TextOf(value)) : Act.None),
        _ => WholeText(operation) is { } text ? ActsIn(text) : Act.None,
    };

    /// <summary>The event is for a response beside the conversation, of which there may be many; read from the operation and its operands.</summary>
    public static bool IsOutOfBand(IOperation said) => said.DescendantsAndSelf().Any(static operation => operation switch
    {
        ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Property: { IsIndexer: false, Name: "conversation" } } } member => JsonWriting.TextOf(member.Value) == "none",
        ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Property.IsIndexer: true, Arguments.Length: 1 } indexer } member => IsOutOfBand(indexer.Arguments[0].Value, member.Value),
        IInvocationOperation { Arguments.Length: >= 2 } call => IsOutOfBand(call.Arguments[0].Value, call.Arguments[1].Value),
        _ => WholeText(operation) is { } text && OutOfBandMember.IsMatch(text),
    });

    private static bool IsOutOfBand(IOperation name, IOperation value) => JsonWriting.TextOf(name) == "conversation" && JsonWriting.TextOf(value) == "none";

    private static Act ActOf(string? name) => name is not null && WireNames.Acts.TryGetValue(name, out var act) ? act : Act.None;

    private static Act ActOf(IAnonymousObjectCreationOperation anonymous)
    {
        var acts = Act.None;
        foreach (var (name, value) in JsonWriting.MembersOf(anonymous))
        {
            if (name.Equals("type", StringComparison.OrdinalIgnoreCase))
            {
                acts |= ActOf(JsonWriting.TextOf(value));
            }
        }

        return acts;
    }

    private static Act ActOfMember(IOperation operation) => JsonWriting.MemberOf(operation) is ("type", var value) ? ActOf(JsonWriting.TextOf(value)) : Act.None;

    private static Act ActsIn(string text) => text.Contains("type", StringComparison.Ordinal)
        ? TypeMember.Matches(text).Cast<Match>().Aggregate(Act.None, static (acts, match) => acts | ActOf(match.Groups[1].Value))
        : Act.None;

    /// <summary>The text that is whole here, with a placeholder for what is not known; null for a part of a larger one.</summary>
    private static string? WholeText(IOperation operation)
    {
        var isText = operation is IUtf8StringOperation or IInterpolatedStringOperation
            || operation is { ConstantValue: { HasValue: true, Value: string } } and not (IFieldReferenceOperation or ILocalReferenceOperation);
        if (!isText || operation.Parent is { ConstantValue: { HasValue: true, Value: string } } or IInterpolatedStringTextOperation or IInterpolationOperation)
        {
            return null;
        }

        if (operation is not IInterpolatedStringOperation { ConstantValue.HasValue: false })
        {
            return JsonWriting.TextOf(operation);
        }

        var text = new StringBuilder();
        foreach (var (characters, hole) in JsonWriting.PiecesOf(operation))
        {
            text.Append(characters ?? (hole is null ? null : JsonWriting.TextOf(hole)) ?? Unknown);
        }

        return text.ToString();
    }
}
