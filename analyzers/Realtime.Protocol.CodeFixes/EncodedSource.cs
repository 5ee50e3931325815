using System;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Realtime.Protocol.Analyzers;

namespace Realtime.Protocol.CodeFixes;

/// <summary>Which bytes an expression encodes, as far as they stand in it; nothing here follows a variable.</summary>
internal sealed class EncodedSource(SemanticModel model, INamedTypeSymbol convert, CancellationToken cancel)
{
    private const string EndOfHead = "base64,";

    private readonly INamedTypeSymbol? _base64Url = model.Compilation.GetTypeByMetadataName(KnownSymbols.Base64Url);
    private readonly INamedTypeSymbol? _encoding = model.Compilation.GetTypeByMetadataName(KnownSymbols.Encoding);

    /// <summary>What a call encodes, and the offset and length where it encodes a part: of the text itself, or of the bytes of that text.</summary>
    public (ExpressionSyntax Bytes, ArgumentListSyntax? Slice)? BytesOf(ExpressionSyntax expression, IInvocationOperation call)
    {
        var method = call.TargetMethod;
        if (method.Name == "ToBase64String" && Is(method.ContainingType, convert))
        {
            var arguments = call.Arguments.Where(static argument => argument.Parameter?.Type.TypeKind != TypeKind.Enum && !argument.IsImplicit).ToList();
            return arguments.Count switch
            {
                1 => (Syntax(arguments[0])!, null),
                3 when arguments.All(static argument => argument.Parameter is not null) => (
                    Syntax(arguments.Single(static argument => argument.Parameter!.Ordinal == 0))!,
                    SyntaxFactory.ArgumentList(SyntaxFactory.SeparatedList(
                        new[] { 1, 2 }.Select(ordinal => SyntaxFactory.Argument(Syntax(arguments.Single(argument => argument.Parameter!.Ordinal == ordinal))!.WithoutTrivia()))))
                    .NormalizeWhitespace()),
                _ => null,
            };
        }

        return method.Name is "EncodeToString" or "EncodeToUtf8" or "EncodeToChars" && Is(method.ContainingType, _base64Url) && call.Arguments.Length == 1 && Syntax(call.Arguments[0]) is { } bytes
            ? (bytes, null)
            : null;
    }

    /// <summary>The text behind <c>data:…;base64,</c>, where that is added to it in this expression; otherwise the text.</summary>
    public ExpressionSyntax WithoutHead(ExpressionSyntax text)
    {
        while (true)
        {
            switch (text)
            {
                case ParenthesizedExpressionSyntax inner:
                    text = inner.Expression;
                    break;
                case BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression } sum when IsHead(sum.Left):
                    return WithoutHead(sum.Right);
                case InterpolatedStringExpressionSyntax { Contents: { Count: 2 } parts }
                    when parts[0] is InterpolatedStringTextSyntax head && IsHead(head.TextToken.ValueText)
                        && parts[1] is InterpolationSyntax { AlignmentClause: null, FormatClause: null } rest:
                    return WithoutHead(rest.Expression);
                default:
                    return text;
            }
        }
    }

    /// <summary>The text is put together here, so that decoding the whole may throw.</summary>
    public bool MayHaveAHead(ExpressionSyntax text) => text is BinaryExpressionSyntax or InterpolatedStringExpressionSyntax
        || (text is InvocationExpressionSyntax && model.GetOperation(text, cancel) is IInvocationOperation { TargetMethod: { Name: "Concat" or "Format" or "Join", ContainingType.SpecialType: SpecialType.System_String } });

    /// <summary>The text is made by an encoder whose bytes could not be named: decoding it again would be a detour, and Base64Url does not decode as base64.</summary>
    public bool IsEncoding(ExpressionSyntax text) =>
        model.GetOperation(text, cancel) is IInvocationOperation call && (Is(call.TargetMethod.ContainingType, convert) || Is(call.TargetMethod.ContainingType, _base64Url) || Is(call.TargetMethod.ContainingType, _encoding));

    private bool IsHead(ExpressionSyntax left) => model.GetConstantValue(left, cancel) is { HasValue: true, Value: string head } && IsHead(head);

    private static bool IsHead(string head) => head.EndsWith(EndOfHead, StringComparison.Ordinal);

    private static ExpressionSyntax? Syntax(IArgumentOperation argument) => argument.Syntax is ArgumentSyntax { Expression: var expression } ? expression : argument.Value.Syntax as ExpressionSyntax;

    private static bool Is(INamedTypeSymbol? type, INamedTypeSymbol? known) => type is not null && SymbolEqualityComparer.Default.Equals(type, known);
}
