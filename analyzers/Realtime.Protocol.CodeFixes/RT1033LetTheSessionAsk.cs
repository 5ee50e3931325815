using System.Collections.Immutable;
using System.Composition;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using Realtime.Protocol.Analyzers.Rules;

namespace Realtime.Protocol.CodeFixes;

/// <summary>RT1033: removes the statement that asks for a response, because the session asks by itself.</summary>
/// <remarks>Offered for a statement of its own without arguments. Where the turn is used, or the request says something, a person has to decide.</remarks>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RT1033LetTheSessionAsk))]
[Shared]
public sealed class RT1033LetTheSessionAsk : CodeFixProvider
{
    private const string EquivalenceKey = RT1033ResponsePerToolOutput.Id + ".LetTheSessionAsk";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [RT1033ResponsePerToolOutput.Id];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (var diagnostic in context.Diagnostics)
        {
            var request = root?.FindNode(diagnostic.Location.SourceSpan).FirstAncestorOrSelf<InvocationExpressionSyntax>();
            if (request is not { ArgumentList.Arguments.Count: 0 } || request.FirstAncestorOrSelf<ExpressionStatementSyntax>() is not { Parent: BlockSyntax } statement || !IsWhole(statement, request))
            {
                continue;
            }

            context.RegisterCodeFix(
                CodeAction.Create(
                    "Let the session ask",
                    async cancel => context.Document.WithText(Without(await context.Document.GetTextAsync(cancel).ConfigureAwait(false), statement.Span)),
                    EquivalenceKey),
                diagnostic);
        }
    }

    // session.Respond(), session?.Respond(), _ = session.Respond()
    private static bool IsWhole(ExpressionStatementSyntax statement, InvocationExpressionSyntax request) => statement.Expression switch
    {
        ConditionalAccessExpressionSyntax access => access.WhenNotNull == request,
        AssignmentExpressionSyntax { Left: IdentifierNameSyntax { Identifier.ValueText: "_" } } discard => discard.Right == request,
        var expression => expression == request,
    };

    // Lines that hold nothing else go with it; a comment before or behind the statement stays.
    private static SourceText Without(SourceText text, TextSpan statement)
    {
        var (first, last) = (text.Lines.GetLineFromPosition(statement.Start), text.Lines.GetLineFromPosition(statement.End));
        var isAlone = string.IsNullOrWhiteSpace(text.ToString(TextSpan.FromBounds(first.Start, statement.Start))) && string.IsNullOrWhiteSpace(text.ToString(TextSpan.FromBounds(statement.End, last.End)));
        return text.Replace(isAlone ? TextSpan.FromBounds(first.Start, last.EndIncludingLineBreak) : statement, "");
    }
}
