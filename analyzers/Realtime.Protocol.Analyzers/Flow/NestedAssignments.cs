using System.Collections.Generic;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Realtime.Protocol.Analyzers.Flow;

/// <summary>The locals and parameters of a method that a lambda or local function assigns although they are declared outside of it.</summary>
internal static class NestedAssignments
{
    public static HashSet<ISymbol> In(IOperation root)
    {
        var assigned = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        foreach (var operation in root.Descendants())
        {
            if (Place.Named(operation) is { Symbol: { } variable }
                && IsAssigned(operation)
                && FunctionAround(operation) is { } function
                && !SymbolEqualityComparer.Default.Equals(variable.ContainingSymbol, function))
            {
                assigned.Add(variable);
            }
        }

        return assigned;
    }

    private static IMethodSymbol? FunctionAround(IOperation operation)
    {
        for (var outer = operation.Parent; outer is not null; outer = outer.Parent)
        {
            switch (outer)
            {
                case ILocalFunctionOperation local: return local.Symbol;
                case IAnonymousFunctionOperation lambda: return lambda.Symbol;
            }
        }

        return null;
    }

    private static bool IsAssigned(IOperation reference) => reference.Parent switch
    {
        IAssignmentOperation assignment => assignment.Target == reference,
        IArgumentOperation { Parameter.RefKind: RefKind.Out or RefKind.Ref } => true,
        ITupleOperation tuple => IsAssigned(tuple),
        _ => false,
    };
}
