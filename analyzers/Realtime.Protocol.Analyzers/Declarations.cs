using System.Collections.Generic;
using Microsoft.CodeAnalysis;

namespace Realtime.Protocol.Analyzers;

/// <summary>What a member is declared to be: itself, what it overrides, and the interface members that it implements.</summary>
internal static class Declarations
{
    public static IEnumerable<ISymbol> Of(ISymbol symbol)
    {
        if (symbol is IParameterSymbol { ContainingSymbol: IMethodSymbol or IPropertySymbol } parameter)
        {
            foreach (var declaration in Of(parameter.ContainingSymbol))
            {
                var parameters = declaration is IMethodSymbol method ? method.Parameters : ((IPropertySymbol)declaration).Parameters;
                yield return parameters[parameter.Ordinal];
            }

            yield break;
        }

        for (var current = symbol; current is not null; current = Overridden(current))
        {
            yield return current;

            foreach (var implemented in Implemented(current))
            {
                yield return implemented;
            }
        }
    }

    private static ISymbol? Overridden(ISymbol symbol) => symbol switch
    {
        IMethodSymbol method => method.OverriddenMethod,
        IPropertySymbol property => property.OverriddenProperty,
        _ => null,
    };

    private static IEnumerable<ISymbol> Implemented(ISymbol symbol)
    {
        if (symbol is IMethodSymbol { MethodKind: MethodKind.Constructor or MethodKind.LocalFunction or MethodKind.AnonymousFunction }
            || symbol is not (IMethodSymbol or IPropertySymbol)
            || symbol.ContainingType is not { TypeKind: TypeKind.Class or TypeKind.Struct } type)
        {
            yield break;
        }

        // An explicit implementation is named Namespace.IInterface.Member; its last part is the member.
        var name = symbol.Name.Substring(symbol.Name.LastIndexOf('.') + 1);
        foreach (var @interface in type.AllInterfaces)
        {
            foreach (var member in @interface.GetMembers(name))
            {
                if (SymbolEqualityComparer.Default.Equals(type.FindImplementationForInterfaceMember(member), symbol))
                {
                    yield return member;
                }
            }
        }
    }
}
