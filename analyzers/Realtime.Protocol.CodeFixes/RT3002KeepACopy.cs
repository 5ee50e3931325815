using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Realtime.Protocol.Analyzers.Rules;

namespace Realtime.Protocol.CodeFixes;

/// <summary>RT3002: puts a copy where borrowed memory was kept.</summary>
/// <remarks>
/// A memory becomes an array, which converts to what was there; a sequence becomes a sequence over an array. Offered only where the place
/// takes such a value. A captured variable gets none: its copy has to be made before the lambda, and where is for a person to say.
/// </remarks>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RT3002KeepACopy))]
[Shared]
public sealed class RT3002KeepACopy : CodeFixProvider
{
    private const string EquivalenceKey = RT3002BorrowedValueKept.Id + ".KeepACopy";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [RT3002BorrowedValueKept.Id];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => FixAllProvider.Create(static async (context, document, diagnostics) =>
        await FixAsync(document, diagnostics, context.CancellationToken).ConfigureAwait(false) ?? document);

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (var diagnostic in context.Diagnostics)
        {
            if (await FixAsync(context.Document, [diagnostic], context.CancellationToken).ConfigureAwait(false) is { } repaired)
            {
                context.RegisterCodeFix(CodeAction.Create("Keep a copy", _ => Task.FromResult(repaired), EquivalenceKey), diagnostic);
            }
        }
    }

    // All of a document in one go: repairs that are merged as texts get lost where two of them stand on one line.
    private static async Task<Document?> FixAsync(Document document, ImmutableArray<Diagnostic> diagnostics, CancellationToken cancel)
    {
        var root = await document.GetSyntaxRootAsync(cancel).ConfigureAwait(false);
        var model = await document.GetSemanticModelAsync(cancel).ConfigureAwait(false);
        var copies = new Dictionary<SyntaxNode, SyntaxNode>();
        foreach (var diagnostic in diagnostics)
        {
            if (diagnostic.Properties.ContainsKey(RT3002BorrowedValueKept.Copyable)
                && root?.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true) is ExpressionSyntax value
                && CopyOf(value, model!, cancel) is { } copy)
            {
                copies[value] = copy;
            }
        }

        return copies.Count == 0 ? null : document.WithSyntaxRoot(root!.ReplaceNodes(copies.Keys, (original, _) => copies[original]));
    }

    private static ExpressionSyntax? CopyOf(ExpressionSyntax value, SemanticModel model, CancellationToken cancel)
    {
        var types = model.GetTypeInfo(value, cancel);
        if (types.Type is not INamedTypeSymbol { TypeArguments.Length: 1, ContainingNamespace: var space } type
            || types.ConvertedType is not INamedTypeSymbol { TypeArguments.Length: 1, Name: "Memory" or "ReadOnlyMemory" or "ReadOnlySequence" })
        {
            return null;
        }

        var receiver = value.WithoutTrivia();
        if (receiver is not (IdentifierNameSyntax or MemberAccessExpressionSyntax or InvocationExpressionSyntax or ElementAccessExpressionSyntax or ParenthesizedExpressionSyntax))
        {
            receiver = SyntaxFactory.ParenthesizedExpression(receiver);
        }

        switch (type.Name, space.ToDisplayString())
        {
            case ("Memory" or "ReadOnlyMemory", "System"):
                return Called(receiver).WithTriviaFrom(value);
            case ("ReadOnlySequence", "System.Buffers"):
                // Without the using, the extension method is called by its full name.
                var array = model.LookupSymbols(value.SpanStart, type, "ToArray", includeReducedExtensionMethods: true).IsEmpty
                    ? SyntaxFactory.InvocationExpression(SyntaxFactory.ParseExpression(model.Compilation.GetTypeByMetadataName("System.Buffers.BuffersExtensions")?.ToMinimalDisplayString(model, value.SpanStart) + ".ToArray"), SyntaxFactory.ArgumentList([SyntaxFactory.Argument(value.WithoutTrivia())]))
                    : Called(receiver);
                return SyntaxFactory.ObjectCreationExpression(SyntaxFactory.ParseTypeName(type.ToMinimalDisplayString(model, value.SpanStart)))
                    .WithNewKeyword(SyntaxFactory.Token(SyntaxKind.NewKeyword).WithTrailingTrivia(SyntaxFactory.Space))
                    .WithArgumentList(SyntaxFactory.ArgumentList([SyntaxFactory.Argument(array)]))
                    .WithTriviaFrom(value);
            default:
                return null;
        }
    }

    private static InvocationExpressionSyntax Called(ExpressionSyntax receiver) =>
        SyntaxFactory.InvocationExpression(SyntaxFactory.MemberAccessExpression(SyntaxKind.SimpleMemberAccessExpression, receiver, SyntaxFactory.IdentifierName("ToArray")));
}
