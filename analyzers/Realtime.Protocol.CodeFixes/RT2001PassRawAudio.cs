using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Simplification;
using Realtime.Protocol.Analyzers;
using Realtime.Protocol.Analyzers.Rules;

namespace Realtime.Protocol.CodeFixes;

/// <summary>RT2001: replaces an encoding that stands in the value itself by what was encoded.</summary>
/// <remarks>
/// <c>Encoding.X.GetBytes(Convert.ToBase64String(bytes))</c> becomes <c>bytes</c>, and <c>Encoding.X.GetBytes(text)</c> becomes
/// <c>Convert.FromBase64String(text)</c>. Both are one repair, passing raw audio, so that "fix all" does both. A fix is offered only
/// where its result has a type that fits; where the text was made elsewhere, a person has to decide which end to change.
/// </remarks>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RT2001PassRawAudio))]
[Shared]
public sealed class RT2001PassRawAudio : CodeFixProvider
{
    private const string EquivalenceKey = RT2001Base64TextAsRawAudio.Id + ".PassRawAudio";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [RT2001Base64TextAsRawAudio.Id];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        var model = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (var diagnostic in context.Diagnostics)
        {
            if (root?.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true) is ExpressionSyntax value
                && Encoded(value) is var encoding
                && Repair(encoding, model!, context.Document, context.CancellationToken) is { } repair)
            {
                context.RegisterCodeFix(
                    CodeAction.Create(
                        repair.Title,
                        _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(encoding, repair.Value))),
                        EquivalenceKey),
                    diagnostic);
            }
        }
    }

    /// <summary>The expression that encodes, inside of what only changes its type: parentheses, casts, <c>AsSpan()</c>, <c>AsMemory()</c>.</summary>
    private static ExpressionSyntax Encoded(ExpressionSyntax value)
    {
        while (true)
        {
            switch (value)
            {
                case ParenthesizedExpressionSyntax inner:
                    value = inner.Expression;
                    break;
                case CastExpressionSyntax cast:
                    value = cast.Expression;
                    break;
                case InvocationExpressionSyntax
                {
                    ArgumentList.Arguments.Count: 0,
                    Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "AsSpan" or "AsMemory" } access,
                }:
                    value = access.Expression;
                    break;
                default:
                    return value;
            }
        }
    }

    private static (string Title, ExpressionSyntax Value)? Repair(ExpressionSyntax encoding, SemanticModel model, Document document, CancellationToken cancel)
    {
        var compilation = model.Compilation;
        if (model.GetOperation(encoding, cancel) is not IInvocationOperation { TargetMethod.Name: "GetBytes", Arguments.Length: 1 } getBytes
            || !DerivesFrom(getBytes.TargetMethod.ContainingType, compilation.GetTypeByMetadataName(KnownSymbols.Encoding))
            || compilation.GetTypeByMetadataName(KnownSymbols.Convert) is not { } convert
            || getBytes.Arguments[0].Value is not { Syntax: ExpressionSyntax textSyntax } text)
        {
            return null;
        }

        if (text is IInvocationOperation { TargetMethod.Name: "ToBase64String" } toText
            && SymbolEqualityComparer.Default.Equals(toText.TargetMethod.ContainingType, convert))
        {
            // With an offset and a length only a part was encoded, and what stands for that part depends on the place.
            return toText.Arguments.Count(argument => argument.Parameter?.Type.TypeKind != TypeKind.Enum) == 1
                && toText.Arguments.First(argument => argument.Parameter?.Ordinal == 0).Syntax is ArgumentSyntax { Expression: var bytes }
                && Fits(bytes, encoding, model, cancel)
                ? ("Pass the raw bytes", InPlaceOf(encoding, bytes))
                : null;
        }

        if (text.Type?.SpecialType != SpecialType.System_String)
        {
            return null;
        }

        var generator = SyntaxGenerator.GetGenerator(document);
        var decode = generator.InvocationExpression(
            generator.MemberAccessExpression(generator.TypeExpression(convert), "FromBase64String"),
            textSyntax.WithoutTrivia());
        return ("Decode the base64 text", ((ExpressionSyntax)decode).WithTriviaFrom(encoding).WithAdditionalAnnotations(Simplifier.Annotation));
    }

    private static bool Fits(ExpressionSyntax bytes, ExpressionSyntax encoding, SemanticModel model, CancellationToken cancel) =>
        model.GetTypeInfo(encoding, cancel).ConvertedType is { } expected
        && model.ClassifyConversion(bytes, expected) is { Exists: true, IsImplicit: true };

    private static ExpressionSyntax InPlaceOf(ExpressionSyntax encoding, ExpressionSyntax bytes) =>
        bytes is IdentifierNameSyntax or MemberAccessExpressionSyntax or InvocationExpressionSyntax || encoding.Parent is ArgumentSyntax
            ? bytes.WithTriviaFrom(encoding)
            : SyntaxFactory.ParenthesizedExpression(bytes.WithoutTrivia()).WithTriviaFrom(encoding).WithAdditionalAnnotations(Simplifier.Annotation);

    private static bool DerivesFrom(ITypeSymbol? type, INamedTypeSymbol? ancestor)
    {
        for (; type is not null; type = type.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(type, ancestor))
            {
                return true;
            }
        }

        return false;
    }
}
