using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Realtime.Protocol.Analyzers.Rules;

/// <summary>What to underline of a use: the name, because an underlined argument list of ten lines hides it.</summary>
internal static class Underline
{
    public static SyntaxNode Of(SyntaxNode node) => node switch
    {
        InvocationExpressionSyntax call => Of(call.Expression),
        MemberAccessExpressionSyntax access => access.Name,
        MemberBindingExpressionSyntax binding => binding.Name,
        ObjectCreationExpressionSyntax creation => creation.Type,
        _ => node,
    };
}
