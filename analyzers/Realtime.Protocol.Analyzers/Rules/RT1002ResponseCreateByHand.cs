using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Realtime.Protocol.Analyzers.Apis;
using Realtime.Protocol.Analyzers.Json;
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

    private static readonly ImmutableArray<string> TestLibraries = ["Xunit", "NUnit.Framework", "Microsoft.VisualStudio.TestTools", "TUnit.Assertions", "Shouldly", "FluentAssertions", "AwesomeAssertions"];

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

    /// <summary>Compared, searched, parsed to be looked at, told to a log, a meter or a file, or given to a test as what is expected: nothing is sent.</summary>
    private static bool IsOnlyRead(IOperation said)
    {
        if (IsProse(said) || IsInAnExpressionTree(said))
        {
            return true;
        }

        for (var outer = said.Parent; outer is not null; outer = outer.Parent)
        {
            switch (outer)
            {
                case IConversionOperation or IParenthesizedOperation or IArgumentOperation or IInterpolatedStringHandlerCreationOperation or IConditionalOperation:
                case IArrayInitializerOperation or IArrayCreationOperation or IObjectOrCollectionInitializerOperation:
                    continue;
                case IInvocationOperation call when IsStillTheText(call.TargetMethod):
                    continue;
                // A pair or a map, which somebody is given.
                case IInvocationOperation { Parent: IObjectOrCollectionInitializerOperation }:
                case IObjectCreationOperation { Type: { } type } when SpaceOf(type) is "System.Collections.Generic" or "System.Text.Json.Nodes" or "Newtonsoft.Json.Linq":
                    continue;
                case IInvocationOperation call:
                    return IsReader(call.TargetMethod) || call.Instance is IInvocationOperation { TargetMethod: var expecting } && SpaceOf(expecting.ContainingType) == "NSubstitute";
                case IObjectCreationOperation { Type: { } type }:
                    return type.Name == "Utf8JsonReader" || IsOfDiagnostics(type);
                case IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals }:
                case IPatternOperation or ICaseClauseOperation or IThrowOperation:
                    return true;
                default:
                    return false;
            }
        }

        return false;
    }

    // JSON in the middle of a sentence: a help text, the message of an exception.
    private static bool IsProse(IOperation said)
    {
        var text = said is IInterpolatedStringOperation interpolated && interpolated.Parts.FirstOrDefault() is IInterpolatedStringTextOperation first ? JsonWriting.TextOf(first.Text) : JsonWriting.TextOf(said);
        return text?.TrimStart() is { Length: > 0 } sentence && char.IsLetter(sentence[0]);
    }

    // mock.Verify(wire => wire.Send("…")): a call that is described and never made.
    private static bool IsInAnExpressionTree(IOperation said)
    {
        for (var outer = said.Parent; outer is not null; outer = outer.Parent)
        {
            if (outer is IAnonymousFunctionOperation { Parent: { Type: { Name: "Expression" } type } } && SpaceOf(type) == "System.Linq.Expressions")
            {
                return true;
            }
        }

        return false;
    }

    // "…"u8.ToArray(), text.Trim(), JsonNode.Parse(text): whoever is given the result is given the text.
    private static bool IsStillTheText(IMethodSymbol method) => method.Name switch
    {
        "ToArray" or "Trim" or "AsSpan" or "AsMemory" or "ToString" or "ReplaceLineEndings" or "ToJsonString" => true,
        "GetBytes" => SpaceOf(method.ContainingType) == "System.Text",
        "Parse" => method.ContainingType.Name is "JsonNode" or "JObject" or "JToken" && SpaceOf(method.ContainingType) is "System.Text.Json.Nodes" or "Newtonsoft.Json.Linq",
        _ => false,
    };

    private static bool IsReader(IMethodSymbol method)
    {
        var type = method.ContainingType;
        var space = SpaceOf(type);
        return IsOfTests(space) || IsOfDiagnostics(type) || (space, type.Name) is ("System", "Console") or ("System.IO", "File") or ("Microsoft.Extensions.Logging", _) || method.Name switch
        {
            "Equals" or "SequenceEqual" or "ValueEquals" or "StartsWith" or "EndsWith" or "Contains" or "IndexOf" or "IsMatch" or "Compare" or "CompareOrdinal" or "StartsWithSegments" => space is "System" or "System.Linq" or "System.Text.RegularExpressions" or "System.Text.Json" or "System.Collections.Generic",
            "DeepEquals" => space is "System.Text.Json" or "System.Text.Json.Nodes" or "Newtonsoft.Json.Linq",
            "Parse" => type.Name == "JsonDocument" && space == "System.Text.Json",
            "Deserialize" or "DeserializeAsync" => type.Name == "JsonSerializer" && space == "System.Text.Json",
            "DeserializeObject" => type.Name == "JsonConvert" && space == "Newtonsoft.Json",
            _ => false,
        };
    }

    // Meters, activities, debuggers: tags are pairs as well.
    private static bool IsOfDiagnostics(ITypeSymbol type) => SpaceOf(type) is "System.Diagnostics" or "System.Diagnostics.Metrics" or "System.Diagnostics.Tracing";

    private static bool IsOfTests(string space) =>
        TestLibraries.Any(library => space.StartsWith(library, System.StringComparison.Ordinal) && (space.Length == library.Length || space[library.Length] == '.'));

    private static string SpaceOf(ITypeSymbol type) => type.ContainingNamespace?.ToDisplayString() ?? "";

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

        // All that is in scope is thousands of symbols, most of them types; so first the names of those that are a session, and then whether one of them is.
        var sessions = body.World.Compilation.GetTypesByMetadataName(OurApi.Session);
        return SymbolsAround(body)
            .Where(symbol => TypeOf(symbol) is { } type && sessions.Contains(type, SymbolEqualityComparer.Default))
            .Select(static symbol => symbol.Name)
            .Distinct()
            .SelectMany(name => body.Model.LookupSymbols(said.Syntax.SpanStart, name: name))
            .Any(symbol => TypeOf(symbol) is { } type && sessions.Contains(type, SymbolEqualityComparer.Default));
    }

    // Variables and parameters of the body, and what the types around it have.
    private static IEnumerable<ISymbol> SymbolsAround(Body body)
    {
        foreach (var operation in body.Operations)
        {
            var symbol = operation switch
            {
                IVariableDeclaratorOperation declarator => declarator.Symbol,
                ILocalReferenceOperation local => local.Local,
                IDeclarationPatternOperation pattern => pattern.DeclaredSymbol,
                IRecursivePatternOperation pattern => pattern.DeclaredSymbol,
                _ => null,
            };
            if (symbol is not null)
            {
                yield return symbol;
            }
            else if (operation is ILocalFunctionOperation or IAnonymousFunctionOperation)
            {
                foreach (var parameter in (operation is ILocalFunctionOperation function ? function.Symbol : ((IAnonymousFunctionOperation)operation).Symbol).Parameters)
                {
                    yield return parameter;
                }
            }
        }

        foreach (var parameter in (body.Member as IMethodSymbol)?.Parameters ?? [])
        {
            yield return parameter;
        }

        for (var outer = body.Member.ContainingType; outer is not null; outer = outer.ContainingType)
        {
            foreach (var parameter in outer.InstanceConstructors.SelectMany(static constructor => constructor.Parameters))
            {
                yield return parameter;
            }

            for (var type = outer; type is not null; type = type.BaseType)
            {
                foreach (var member in type.GetMembers())
                {
                    yield return member;
                }
            }
        }

        // A static import is like a member.
        foreach (var imported in (body.Root.Syntax.SyntaxTree.GetRoot(body.Cancellation) as CompilationUnitSyntax)?.Usings.Where(static directive => directive.StaticKeyword.RawKind != 0) ?? [])
        {
            foreach (var member in (imported.NamespaceOrType is { } name ? body.Model.GetSymbolInfo(name, body.Cancellation).Symbol as INamedTypeSymbol : null)?.GetMembers() ?? [])
            {
                yield return member;
            }
        }
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
