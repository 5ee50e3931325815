using System;
using System.Collections.Immutable;
using System.Composition;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Simplification;
using Realtime.Protocol.Analyzers.Rules;

namespace Realtime.Protocol.CodeFixes;

/// <summary>RT1030: asks for the code instead, where the text that is looked for belongs to one code and the error has its code beside its text.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RT1030DecideByCode))]
[Shared]
public sealed class RT1030DecideByCode : CodeFixProvider
{
    // What public programs look for, and the code of the error that has it in its text.
    private static readonly (string Text, string Code)[] Known =
    [
        ("no active response", "response_cancel_not_active"),
        ("cancellation failed", "response_cancel_not_active"),
        ("already has an active response", "conversation_already_has_active_response"),
        ("active response in progress", "conversation_already_has_active_response"),
    ];

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [RT1030DecidedByErrorText.Id];

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
                    Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Contains", Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Message", Expression: var error } },
                    ArgumentList.Arguments: { Count: > 0 } arguments,
                } call
                && model!.GetConstantValue(arguments[0].Expression, context.CancellationToken) is { HasValue: true, Value: string text }
                && CodeOf(text) is { } code
                && HasCode(model.GetTypeInfo(error, context.CancellationToken).Type))
            {
                var asked = SyntaxFactory.ParenthesizedExpression(SyntaxFactory.BinaryExpression(
                        SyntaxKind.EqualsExpression,
                        SyntaxFactory.MemberAccessExpression(SyntaxKind.SimpleMemberAccessExpression, error.WithoutTrailingTrivia(), SyntaxFactory.IdentifierName("Code")).WithTrailingTrivia(SyntaxFactory.Space),
                        SyntaxFactory.Token(SyntaxKind.EqualsEqualsToken).WithTrailingTrivia(SyntaxFactory.Space),
                        SyntaxFactory.LiteralExpression(SyntaxKind.StringLiteralExpression, SyntaxFactory.Literal(code))))
                    .WithTriviaFrom(call)
                    .WithAdditionalAnnotations(Simplifier.Annotation);
                context.RegisterCodeFix(
                    CodeAction.Create("Decide by the code", _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(call, asked))), RT1030DecidedByErrorText.Id + ".Code"),
                    diagnostic);
            }
        }
    }

    private static string? CodeOf(string text)
    {
        foreach (var (known, code) in Known)
        {
            if (text.IndexOf(known, StringComparison.OrdinalIgnoreCase) >= 0)
            {
                return code;
            }
        }

        return null;
    }

    // Those that are known to carry the protocol's code as it is on the wire.
    private static bool HasCode(ITypeSymbol? error) => error?.ToDisplayString(SymbolDisplayFormat.CSharpErrorMessageFormat).TrimEnd('?') is "Realtime.Protocol.ServerError" or "OpenAI.Realtime.RealtimeError";
}
