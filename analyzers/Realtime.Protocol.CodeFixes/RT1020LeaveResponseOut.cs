using System.Collections.Immutable;
using System.Composition;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Text;
using Realtime.Protocol.Analyzers.Rules;

namespace Realtime.Protocol.CodeFixes;

/// <summary>RT1020: takes the member <c>response</c> out of the text or the object that states it as null.</summary>
/// <remarks>It is offered where the member stands once, with its comma: the rest of the text stays as it was written, character for character.</remarks>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RT1020LeaveResponseOut))]
[Shared]
public sealed class RT1020LeaveResponseOut : CodeFixProvider
{
    private const string EquivalenceKey = RT1020ResponseIsNull.Id + ".LeaveResponseOut";


    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [RT1020ResponseIsNull.Id];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        var text = await context.Document.GetTextAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (var diagnostic in context.Diagnostics)
        {
            if (root?.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true) is { } node && Member(node, text) is { } member)
            {
                context.RegisterCodeFix(
                    CodeAction.Create("Leave the response out", _ => Task.FromResult(context.Document.WithText(text.WithChanges(new TextChange(member, "")))), EquivalenceKey),
                    diagnostic);
            }
        }
    }

    private static TextSpan? Member(SyntaxNode node, SourceText text)
    {
        var (start, pattern) = node.Parent switch
        {
            // ["response"] = null
            Microsoft.CodeAnalysis.CSharp.Syntax.AssignmentExpressionSyntax { Parent: { } list } => (list.SpanStart, """\[\s*"response"\s*\]\s*=\s*(\([^()]*\)\s*)?(null|default)!?"""),
            // { "response", null }
            Microsoft.CodeAnalysis.CSharp.Syntax.InitializerExpressionSyntax { Parent: { } list } => (list.SpanStart, """\{\s*"response"\s*,\s*(\([^()]*\)\s*)?(null|default)!?\s*\}"""),
            _ => (node.SpanStart, """(?<q>\\"|""|")response\k<q>\s*:\s*null"""),
        };
        var end = node.Parent is Microsoft.CodeAnalysis.CSharp.Syntax.AssignmentExpressionSyntax or Microsoft.CodeAnalysis.CSharp.Syntax.InitializerExpressionSyntax ? node.Parent.Parent!.Span.End : node.Span.End;
        var span = TextSpan.FromBounds(start, end);
        var written = text.ToString(span);
        var found = Regex.Matches(written, $@"\s*,\s*(?:{pattern})(?![\w.])|(?:{pattern})\s*,\s*", RegexOptions.CultureInvariant);
        return found.Count == 1 ? new TextSpan(span.Start + found[0].Index, found[0].Length) : null;
    }
}
