using System.Collections.Immutable;
using System.Composition;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Simplification;
using Realtime.Protocol.Analyzers.Flow;
using Realtime.Protocol.Analyzers.Rules;

namespace Realtime.Protocol.CodeFixes;

/// <summary>RT4006: <c>new TimeSpan(milliseconds)</c> and <c>TimeSpan.FromTicks(milliseconds)</c> become <c>TimeSpan.FromMilliseconds(milliseconds)</c>.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RT4006MakeTimeOfMilliseconds))]
[Shared]
public sealed class RT4006MakeTimeOfMilliseconds : CodeFixProvider
{
    private const string Title = "Make the time of milliseconds";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [RT1032HeardInAnotherUnit.LibraryId];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        var model = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (var diagnostic in context.Diagnostics)
        {
            if (root?.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true) is not ExpressionSyntax time
                || TicksOf(time) is not { } ticks
                || !ConstantTime.IsTimeSpan(model!.GetTypeInfo(time, context.CancellationToken).Type))
            {
                continue;
            }

            var made = SyntaxFactory.InvocationExpression(
                SyntaxFactory.ParseExpression("global::System.TimeSpan.FromMilliseconds").WithAdditionalAnnotations(Simplifier.Annotation),
                ticks.WithArguments(SyntaxFactory.SingletonSeparatedList(ticks.Arguments[0].WithNameColon(null))));
            context.RegisterCodeFix(
                CodeAction.Create(Title, _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(time, made.WithTriviaFrom(time)))), RT1032HeardInAnotherUnit.LibraryId + ".FromMilliseconds"),
                diagnostic);
        }
    }

    private static ArgumentListSyntax? TicksOf(ExpressionSyntax time) => time switch
    {
        BaseObjectCreationExpressionSyntax { ArgumentList: { Arguments.Count: 1 } ticks } => ticks,
        InvocationExpressionSyntax { ArgumentList: { Arguments.Count: 1 } ticks, Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "FromTicks" } } => ticks,
        _ => null,
    };
}
