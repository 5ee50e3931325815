using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Realtime.Protocol.Analyzers.Walk;

/// <summary>How a word stands in the syntax, asked before anything is bound: each answer "no" is certain, each "yes" a hint.</summary>
internal static class Standing
{
    /// <summary>As the name of what is called.</summary>
    public static bool IsCall(SyntaxToken token) => Call(token) is not null;

    /// <summary>As the name of a call that is a statement: whose result nobody takes, but for <c>ConfigureAwait</c> and its like.</summary>
    public static bool IsDroppedCall(SyntaxToken token)
    {
        for (SyntaxNode? inner = Call(token), outer = inner?.Parent; outer is not null; (inner, outer) = (outer, outer.Parent))
        {
            switch (outer)
            {
                case ConditionalAccessExpressionSyntax or ParenthesizedExpressionSyntax or PostfixUnaryExpressionSyntax:
                case MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ConfigureAwait" or "AsTask" or "Preserve" } access when access.Expression == inner:
                case InvocationExpressionSyntax call when call.Expression == inner:
                    continue;
                case ExpressionStatementSyntax or ArrowExpressionClauseSyntax or AnonymousFunctionExpressionSyntax or ForStatementSyntax:
                    return true;
                default:
                    return false;
            }
        }

        return false;
    }

    /// <summary>Inside of a lambda or an anonymous method.</summary>
    public static bool IsInLambda(SyntaxToken token) => token.Parent?.FirstAncestorOrSelf<AnonymousFunctionExpressionSyntax>() is not null;

    /// <summary>Where events may be handled: in a lambda, a local function or a loop over what comes, or in a member that is given something.</summary>
    public static bool IsInHandler(SyntaxToken token)
    {
        for (var node = token.Parent; node is not null; node = node.Parent)
        {
            switch (node)
            {
                case AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or CommonForEachStatementSyntax:
                case BaseMethodDeclarationSyntax { ParameterList.Parameters.Count: > 0 } or TypeDeclarationSyntax { ParameterList: not null } or IndexerDeclarationSyntax or EventDeclarationSyntax:
                case AccessorDeclarationSyntax { RawKind: not (int)SyntaxKind.GetAccessorDeclaration }:
                    return true;
                // The receiver of an extension block is a parameter of its members.
                case MemberDeclarationSyntax member:
                    return member.Parent is TypeDeclarationSyntax { ParameterList: not null };
            }
        }

        return false;
    }

    /// <summary>The keyword <c>async</c> of a function that may have no result: a method that says <c>void</c>, or a lambda.</summary>
    public static bool IsAsyncVoid(SyntaxToken token) => token.IsKind(SyntaxKind.AsyncKeyword) && token.Parent switch
    {
        MethodDeclarationSyntax method => IsVoid(method.ReturnType),
        LocalFunctionStatementSyntax local => IsVoid(local.ReturnType),
        _ => true,
    };

    private static bool IsVoid(TypeSyntax type) => type is PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.VoidKeyword };

    private static InvocationExpressionSyntax? Call(SyntaxToken token)
    {
        if (!token.IsKind(SyntaxKind.IdentifierToken) || token.Parent is not SimpleNameSyntax name)
        {
            return null;
        }

        ExpressionSyntax called = name.Parent switch
        {
            MemberAccessExpressionSyntax access when access.Name == name => access,
            MemberBindingExpressionSyntax binding => binding,
            _ => name,
        };
        return called.Parent is InvocationExpressionSyntax call && call.Expression == called ? call : null;
    }
}
