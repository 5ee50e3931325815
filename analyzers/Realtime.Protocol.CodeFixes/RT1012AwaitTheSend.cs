using System.Collections.Immutable;
using System.Composition;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Realtime.Protocol.Analyzers.Rules;

namespace Realtime.Protocol.CodeFixes;

/// <summary>RT1012: awaits the send, where the function around it is <c>async</c>.</summary>
/// <remarks>Not for <c>session?.SendAsync()</c>: awaiting null throws.</remarks>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RT1012AwaitTheSend))]
[Shared]
public sealed class RT1012AwaitTheSend : CodeFixProvider
{
    private const string EquivalenceKey = RT1012SendNotAwaited.Id + ".AwaitTheSend";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [RT1012SendNotAwaited.Id];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        var model = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (var diagnostic in context.Diagnostics)
        {
            if (root?.FindNode(diagnostic.Location.SourceSpan).FirstAncestorOrSelf<ExpressionStatementSyntax>() is { Expression: InvocationExpressionSyntax send } statement
                && model!.GetEnclosingSymbol(statement.SpanStart, context.CancellationToken) is IMethodSymbol { IsAsync: true })
            {
                var awaited = SyntaxFactory.AwaitExpression(SyntaxFactory.Token(SyntaxKind.AwaitKeyword).WithTrailingTrivia(SyntaxFactory.Space), send.WithoutTrivia()).WithTriviaFrom(send);
                context.RegisterCodeFix(
                    CodeAction.Create("Await the send", _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode<SyntaxNode>(send, awaited))), EquivalenceKey),
                    diagnostic);
            }
        }
    }
}
