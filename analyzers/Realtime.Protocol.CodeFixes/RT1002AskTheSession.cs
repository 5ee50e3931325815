using System.Collections.Immutable;
using System.Composition;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Realtime.Protocol.Analyzers.Apis;
using Realtime.Protocol.Analyzers.Json;
using Realtime.Protocol.Analyzers.Rules;

namespace Realtime.Protocol.CodeFixes;

/// <summary>RT1002: <c>await session.SendRawAsync(…)</c> of a bare <c>response.create</c> becomes <c>session.Respond()</c>.</summary>
/// <remarks>Offered where our own session is told to send the text, as a statement, and the text says nothing but its type: only then is it known what was meant, and to whom.</remarks>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RT1002AskTheSession))]
[Shared]
public sealed class RT1002AskTheSession : CodeFixProvider
{
    private const string EquivalenceKey = RT1002ResponseCreateByHand.Id + ".AskTheSession";

    private static readonly Regex Bare = new("^\\s*\\{\\s*\"type\"\\s*:\\s*\"response\\.create\"\\s*\\}\\s*$", RegexOptions.CultureInvariant);

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [RT1002ResponseCreateByHand.Id];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        var model = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (var diagnostic in context.Diagnostics)
        {
            if (root?.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true) is ExpressionSyntax text
                && model!.GetOperation(text, context.CancellationToken) is { } said
                && JsonWriting.TextOf(said) is { } json && Bare.IsMatch(json)
                && text.FirstAncestorOrSelf<ExpressionStatementSyntax>() is { } statement
                && Sending(statement.Expression, model, context.CancellationToken) is { } sending
                && sending.ArgumentList.Arguments[0].Span.Contains(text.Span)
                && sending.Expression is MemberAccessExpressionSyntax access)
            {
                var request = SyntaxFactory.InvocationExpression(access.WithName(SyntaxFactory.IdentifierName("Respond"))).WithTriviaFrom(statement.Expression);
                context.RegisterCodeFix(
                    CodeAction.Create("Ask the session", _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(statement.Expression, request))), EquivalenceKey),
                    diagnostic);
            }
        }
    }

    /// <summary>The call of <c>SendRawAsync</c> inside of what waits for it.</summary>
    private static InvocationExpressionSyntax? Sending(ExpressionSyntax statement, SemanticModel model, CancellationToken cancel)
    {
        while (true)
        {
            switch (statement)
            {
                case AwaitExpressionSyntax awaited:
                    statement = awaited.Expression;
                    break;
                case InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ConfigureAwait" or "AsTask", Expression: var inner } }:
                    statement = inner;
                    break;
                case InvocationExpressionSyntax { ArgumentList.Arguments.Count: > 0 } call:
                    return model.GetSymbolInfo(call, cancel).Symbol is IMethodSymbol { Name: "SendRawAsync" } method
                        && SymbolEqualityComparer.Default.Equals(method.ContainingType, model.Compilation.GetTypeByMetadataName(OurApi.Session))
                        ? call
                        : null;
                default:
                    return null;
            }
        }
    }
}
