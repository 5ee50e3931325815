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

/// <summary>RT2003: <c>Convert.FromBase64String(data.ToString())</c> becomes <c>data.ToArray()</c>, where <c>data</c> is the <c>BinaryData</c> of an event.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RT2003UseTheBytes))]
[Shared]
public sealed class RT2003UseTheBytes : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [RT2003AudioDecodedTwice.Id];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        var model = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (var diagnostic in context.Diagnostics)
        {
            if (root?.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true) is InvocationExpressionSyntax
                {
                    Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ToString", Expression: var data } asText,
                    ArgumentList.Arguments.Count: 0,
                    Parent: ArgumentSyntax { Parent: ArgumentListSyntax { Arguments.Count: 1, Parent: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "FromBase64String" } } decoding } },
                } text
                && model!.GetTypeInfo(data, context.CancellationToken).Type is { Name: "BinaryData" })
            {
                var bytes = text.WithExpression(asText.WithName(SyntaxFactory.IdentifierName("ToArray"))).WithTriviaFrom(decoding);
                context.RegisterCodeFix(
                    CodeAction.Create("Use the bytes", _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(decoding, bytes))), RT2003AudioDecodedTwice.Id + ".Bytes"),
                    diagnostic);
            }
        }
    }
}
