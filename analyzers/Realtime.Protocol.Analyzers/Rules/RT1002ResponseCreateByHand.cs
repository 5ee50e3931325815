using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Realtime.Protocol.Analyzers.Apis;
using Realtime.Protocol.Analyzers.Walk;

namespace Realtime.Protocol.Analyzers.Rules;

/// <summary>RT1002: <c>response.create</c> is written by hand, so that nobody knows whether a response is active.</summary>
/// <remarks>
/// A warning where a session of ours is in scope, which would have known; else a hint. What JSON looks like in a program is
/// <see cref="HandWrittenJson"/>; this file knows who reads such text instead of sending it. <c>[SequencerEntry]</c> answers for it, as for RT1001.
/// </remarks>
internal sealed class RT1002ResponseCreateByHand : Rule
{
    public const string Id = "RT1002";

    private const string Create = "response.create";

    private static readonly DiagnosticDescriptor Descriptor = new(
        Id,
        "Response requested by JSON written by hand",
        "'{0}' is written by hand, so nobody knows whether a response is active; ask a VoiceSession for the response, or mark a sequencer, relay or simulator with [SequencerEntry]",
        RuleCategories.Lifecycle,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "The server refuses a second response.create while a response is active. A session waits for the right moment; a text that is sent past it cannot.",
        helpLinkUri: RulePages.Root + Id + RulePages.Extension);

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> Descriptors { get; } = [Descriptor];

    /// <inheritdoc/>
    public override void Begin(Interests asked)
    {
        if (asked.World.SequencerEntry?.IsWrittenOn(asked.World.Compilation.Assembly) != true)
        {
            asked.Group(words: [Create]).OnBody(Check);
        }
    }

    private static void Check(Body body)
    {
        foreach (var said in body.Operations)
        {
            if ((HandWrittenJson.ActOf(said) & Act.AskForResponse) == 0 || IsOnlyRead(said) || IsAnsweredFor(body, said))
            {
                continue;
            }

            if (IsSessionInScope(body, said))
            {
                body.Report(Descriptor, said.Syntax, Create);
            }
            else
            {
                body.Report(Descriptor, DiagnosticSeverity.Info, said.Syntax, Create);
            }
        }
    }

    /// <summary>Compared, searched, parsed to be looked at, logged, or given to a test as what is expected: nothing is sent.</summary>
    private static bool IsOnlyRead(IOperation said)
    {
        for (var outer = said.Parent; outer is not null; outer = outer.Parent)
        {
            switch (outer)
            {
                case IConversionOperation or IParenthesizedOperation or IArgumentOperation or IInterpolatedStringHandlerCreationOperation or IConditionalOperation:
                    continue;
                // "…"u8.ToArray(), text.Trim(): still the text.
                case IInvocationOperation { TargetMethod: { Name: "ToArray" or "Trim" or "AsSpan" or "AsMemory" or "ToString" or "ReplaceLineEndings" } }:
                    continue;
                case IInvocationOperation call:
                    return IsReader(call.TargetMethod);
                case IObjectCreationOperation { Type.Name: "Utf8JsonReader" }:
                    return true;
                case IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals }:
                case IPatternOperation or ICaseClauseOperation or IThrowOperation:
                    return true;
                default:
                    return false;
            }
        }

        return false;
    }

    private static bool IsReader(IMethodSymbol method)
    {
        var type = method.ContainingType;
        var space = type.ContainingNamespace?.ToDisplayString() ?? "";
        return method.Name switch
        {
            "Equals" or "SequenceEqual" or "ValueEquals" or "StartsWith" or "EndsWith" or "Contains" or "IndexOf" or "IsMatch" or "Compare" or "CompareOrdinal" or "StartsWithSegments" => space is "System" or "System.Linq" or "System.Text.RegularExpressions" or "System.Text.Json" or "System.Collections.Generic",
            "Parse" => type.Name == "JsonDocument" && space == "System.Text.Json",
            "Deserialize" or "DeserializeAsync" => type.Name == "JsonSerializer" && space == "System.Text.Json",
            "DeserializeObject" => type.Name == "JsonConvert" && space == "Newtonsoft.Json",
            _ => (space, type.Name) switch
            {
                ("System", "Console") or ("System.Diagnostics", "Debug" or "Trace") or ("Xunit", _) or ("Microsoft.Extensions.Logging", _) => true,
                _ => space.StartsWith("NUnit.Framework", System.StringComparison.Ordinal) || space.StartsWith("Microsoft.VisualStudio.TestTools", System.StringComparison.Ordinal),
            },
        };
    }

    private static bool IsAnsweredFor(Body body, IOperation said)
    {
        if (body.World.SequencerEntry is not { } entry)
        {
            return false;
        }

        for (var outer = said.Parent; outer is not null; outer = outer.Parent)
        {
            var function = outer switch
            {
                ILocalFunctionOperation local => local.Symbol,
                IAnonymousFunctionOperation lambda => lambda.Symbol,
                _ => null,
            };
            if (function is not null && entry.IsWrittenOn(function))
            {
                return true;
            }
        }

        for (var outer = body.Member; outer is not (null or INamespaceSymbol); outer = outer.ContainingSymbol)
        {
            if (entry.IsWrittenOn(outer) || (outer is IMethodSymbol { AssociatedSymbol: { } owner } && entry.IsWrittenOn(owner)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsSessionInScope(Body body, IOperation said)
    {
        if (!body.World.Speaks(Library.Ours))
        {
            return false;
        }

        var sessions = body.World.Compilation.GetTypesByMetadataName(OurApi.Session);
        return body.Model.LookupSymbols(said.Syntax.SpanStart).Any(symbol => TypeOf(symbol) is { } type && sessions.Contains(type, SymbolEqualityComparer.Default));
    }

    private static INamedTypeSymbol? TypeOf(ISymbol symbol) => symbol switch
    {
        ILocalSymbol local => local.Type,
        IParameterSymbol parameter => parameter.Type,
        IFieldSymbol field => field.Type,
        IPropertySymbol property => property.Type,
        _ => null,
    } as INamedTypeSymbol;
}
