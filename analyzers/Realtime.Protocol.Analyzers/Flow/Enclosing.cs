using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Realtime.Protocol.Analyzers.Flow;

/// <summary>The function that an operation of a body stands in, inner before outer.</summary>
internal static class Enclosing
{
    /// <summary>The lambda or local function around the operation, else the member; null for an initializer.</summary>
    public static IMethodSymbol? FunctionOf(IOperation operation, ISymbol member)
    {
        for (var outer = operation.Parent; outer is not null; outer = outer.Parent)
        {
            switch (outer)
            {
                case ILocalFunctionOperation local:
                    return local.Symbol;
                case IAnonymousFunctionOperation lambda:
                    return lambda.Symbol;
            }
        }

        return member as IMethodSymbol;
    }

    /// <summary>What a statement does, inside of <c>?.</c>, parentheses and <c>ConfigureAwait</c>.</summary>
    public static IOperation Unwrapped(IOperation operation)
    {
        while (true)
        {
            switch (operation)
            {
                case IConditionalAccessOperation access:
                    operation = access.WhenNotNull;
                    break;
                case IParenthesizedOperation inner:
                    operation = inner.Operand;
                    break;
                case IInvocationOperation { TargetMethod: { Name: "ConfigureAwait" or "AsTask" or "Preserve" }, Instance: { } instance }:
                    operation = instance;
                    break;
                default:
                    return operation;
            }
        }
    }

    /// <summary>A <c>Task</c> or <c>ValueTask</c> of the framework.</summary>
    public static bool IsTask(ITypeSymbol? type) =>
        type is INamedTypeSymbol { Name: "Task" or "ValueTask", ContainingNamespace: { Name: "Tasks", ContainingNamespace: { Name: "Threading", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } } } };
}
