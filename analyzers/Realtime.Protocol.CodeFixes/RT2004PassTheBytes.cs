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
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Simplification;
using Realtime.Protocol.Analyzers.Rules;

namespace Realtime.Protocol.CodeFixes;

/// <summary>RT2004: <c>BinaryData</c> of base64 text becomes <c>BinaryData</c> of the bytes that were encoded, where the encoding stands in it.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RT2004PassTheBytes))]
[Shared]
public sealed class RT2004PassTheBytes : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [RT2004AudioEncodedTwice.Id];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        var model = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (var diagnostic in context.Diagnostics)
        {
            if (root?.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true) is ExpressionSyntax value && Bytes(model!, value, context.CancellationToken) is { } bytes)
            {
                var data = SyntaxFactory.InvocationExpression(
                    SyntaxFactory.ParseExpression("global::System.BinaryData.FromBytes").WithAdditionalAnnotations(Simplifier.Annotation),
                    SyntaxFactory.ArgumentList(SyntaxFactory.SingletonSeparatedList(SyntaxFactory.Argument(bytes.WithoutTrivia()))));
                context.RegisterCodeFix(
                    CodeAction.Create("Pass the raw bytes", _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(value, data.WithTriviaFrom(value)))), RT2004AudioEncodedTwice.Id + ".Bytes"),
                    diagnostic);
            }
        }
    }

    private static ExpressionSyntax? Bytes(SemanticModel model, ExpressionSyntax value, CancellationToken cancel)
    {
        var inner = model.GetOperation(value, cancel) switch
        {
            IInvocationOperation { TargetMethod: { Name: "FromString" or "FromBytes", ContainingType.Name: "BinaryData" }, Arguments.Length: > 0 } made => made.Arguments[0].Value,
            IObjectCreationOperation { Type.Name: "BinaryData", Arguments.Length: > 0 } made => made.Arguments[0].Value,
            _ => null,
        };
        while (inner is IConversionOperation conversion)
        {
            inner = conversion.Operand;
        }

        if (inner is IInvocationOperation { TargetMethod.Name: "GetBytes", Arguments.Length: 1 } transcoded)
        {
            inner = transcoded.Arguments[0].Value;
        }

        return inner is IInvocationOperation { TargetMethod: { Name: "ToBase64String", ContainingType: { Name: "Convert", ContainingNamespace.Name: "System" } }, Arguments: var arguments }
            && arguments.Count(static argument => argument.Parameter?.Type.TypeKind != TypeKind.Enum) == 1
            && arguments.First(static argument => argument.Parameter?.Ordinal == 0) is { Parameter.Type: IArrayTypeSymbol, Syntax: ArgumentSyntax { Expression: var bytes } }
            ? bytes
            : null;
    }
}
