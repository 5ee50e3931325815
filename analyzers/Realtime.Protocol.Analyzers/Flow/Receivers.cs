using System.Collections.Generic;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Realtime.Protocol.Analyzers.Flow;

/// <summary>The receiver of a member of an <c>extension</c> block: a parameter that belongs to the block, so that no list of parameters of the member has it.</summary>
internal static class Receivers
{
    /// <summary>The receivers that these operations use; one that nobody uses decides nothing.</summary>
    public static IEnumerable<IParameterSymbol> In(IEnumerable<IOperation> operations)
    {
        var seen = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        foreach (var operation in operations)
        {
            if (Of(operation) is { } receiver && seen.Add(receiver))
            {
                yield return receiver;
            }
        }
    }

    public static IParameterSymbol? Of(IOperation operation) =>
        operation is IParameterReferenceOperation { Parameter: { ContainingSymbol: INamedTypeSymbol } receiver } ? receiver : null;
}
