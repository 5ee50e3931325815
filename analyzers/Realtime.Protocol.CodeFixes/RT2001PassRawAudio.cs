using System.Collections.Generic;
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
/// <c>Convert.FromBase64String(text)</c>; the head of a data URL goes, because it is no base64. Both are one repair, passing raw audio, so that "fix all" does both. A fix is offered only
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
        if (compilation.GetTypeByMetadataName(KnownSymbols.Convert) is not { } convert || model.GetOperation(encoding, cancel) is not IInvocationOperation call)
        {
            return null;
        }

        var source = new EncodedSource(model, convert, cancel);
        if (source.BytesOf(encoding, call) is { } encoded)
        {
            return Pass(encoded);
        }

        if (call is not { TargetMethod.Name: "GetBytes", Arguments.Length: 1 }
            || !DerivesFrom(call.TargetMethod.ContainingType, compilation.GetTypeByMetadataName(KnownSymbols.Encoding))
            || call.Arguments[0].Syntax is not ArgumentSyntax { Expression: var whole })
        {
            return null;
        }

        // What stands behind the head of a data URL; the head itself is no base64.
        var text = source.WithoutHead(whole);
        if (text is InvocationExpressionSyntax inner && model.GetOperation(inner, cancel) is IInvocationOperation innerCall && source.BytesOf(inner, innerCall) is { } bytes)
        {
            return Pass(bytes);
        }

        if (source.MayHaveAHead(text) || source.IsEncoding(text) || model.GetTypeInfo(text, cancel).Type?.SpecialType != SpecialType.System_String)
        {
            return null;
        }

        var generator = SyntaxGenerator.GetGenerator(document);
        var decode = (ExpressionSyntax)generator.InvocationExpression(
            generator.MemberAccessExpression(generator.TypeExpression(convert), "FromBase64String"),
            text.WithoutTrivia());
        return ("Decode the base64 text", WithComments(encoding, text, decode).WithAdditionalAnnotations(Simplifier.Annotation));

        (string, ExpressionSyntax)? Pass((ExpressionSyntax Bytes, ArgumentListSyntax? Slice) raw)
        {
            foreach (var candidate in Candidates(raw.Bytes, raw.Slice))
            {
                if (Fits(candidate, encoding, model, cancel))
                {
                    return ("Pass the raw bytes", WithComments(encoding, raw.Bytes, InPlaceOf(encoding, candidate)));
                }
            }

            return null;
        }
    }

    private static IEnumerable<ExpressionSyntax> Candidates(ExpressionSyntax bytes, ArgumentListSyntax? slice) => slice is null
        ? [bytes.WithoutTrivia()]
        : new[] { "AsMemory", "AsSpan" }.Select(view => (ExpressionSyntax)SyntaxFactory.InvocationExpression(
            SyntaxFactory.MemberAccessExpression(
                SyntaxKind.SimpleMemberAccessExpression,
                bytes is IdentifierNameSyntax or MemberAccessExpressionSyntax or InvocationExpressionSyntax ? bytes.WithoutTrivia() : SyntaxFactory.ParenthesizedExpression(bytes.WithoutTrivia()),
                SyntaxFactory.IdentifierName(view)),
            slice));

    private static bool Fits(ExpressionSyntax bytes, ExpressionSyntax encoding, SemanticModel model, CancellationToken cancel) =>
        model.GetTypeInfo(encoding, cancel).ConvertedType is { } expected
        && model.GetSpeculativeTypeInfo(encoding.SpanStart, bytes, SpeculativeBindingOption.BindAsExpression).Type is { TypeKind: not TypeKind.Error } type
        && model.Compilation.ClassifyConversion(type, expected) is { Exists: true, IsImplicit: true };

    private static ExpressionSyntax InPlaceOf(ExpressionSyntax encoding, ExpressionSyntax bytes) =>
        bytes is IdentifierNameSyntax or MemberAccessExpressionSyntax or InvocationExpressionSyntax || encoding.Parent is ArgumentSyntax
            ? bytes
            : SyntaxFactory.ParenthesizedExpression(bytes).WithAdditionalAnnotations(Simplifier.Annotation);

    /// <summary>The replacement in the place of the encoding, with every comment that stood inside of it and outside of what is kept.</summary>
    private static ExpressionSyntax WithComments(ExpressionSyntax encoding, ExpressionSyntax kept, ExpressionSyntax replacement)
    {
        var leading = encoding.GetLeadingTrivia();
        foreach (var comment in encoding.DescendantTrivia().Where(trivia => encoding.Span.Contains(trivia.Span) && !kept.Span.Contains(trivia.Span)))
        {
            if (comment.IsKind(SyntaxKind.MultiLineCommentTrivia))
            {
                leading = leading.Add(comment).Add(SyntaxFactory.Space);
            }
            else if (comment.IsKind(SyntaxKind.SingleLineCommentTrivia))
            {
                leading = leading.Add(comment).Add(SyntaxFactory.ElasticCarriageReturnLineFeed);
            }
        }

        return replacement.WithLeadingTrivia(leading).WithTrailingTrivia(encoding.GetTrailingTrivia());
    }

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
