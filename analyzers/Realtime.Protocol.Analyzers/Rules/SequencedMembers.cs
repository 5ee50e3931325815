using System.Collections.Concurrent;
using System.Linq;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Realtime.Protocol.Analyzers.Rules;

/// <summary>Which uses of which members put on the wire what only the sequencer may send; what answers for them is asked elsewhere.</summary>
internal sealed class SequencedMembers(Annotation sequenced)
{
    // The same few members and pairs of types are asked about at every call.
    private readonly ConcurrentDictionary<ISymbol, bool> _sequenced = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<ISymbol, ConcurrentDictionary<ISymbol, StrongBox<ISymbol?>>> _implementations = new(SymbolEqualityComparer.Default);

    /// <summary>The sequenced member that the operation uses; null when it uses none, or when the type that it is given shows that nothing sequenced is sent.</summary>
    public ISymbol? UsedBy(IOperation operation)
    {
        if (Used(operation) is { } member)
        {
            if (IsSequenced(member))
            {
                return IsFreeByType(member) || KindTests.RuleOut(operation, this) ? null : member;
            }

            return member is IMethodSymbol { IsGenericMethod: true } method && HandsOver(method) ? member : null;
        }

        return null;
    }

    public bool IsSequenced(ISymbol member) => _sequenced.GetOrAdd(member, LookIfSequenced);

    private bool LookIfSequenced(ISymbol member) => member switch
    {
        // Reading sends nothing, so a getter counts only when it was marked by itself.
        IMethodSymbol { MethodKind: MethodKind.PropertyGet or MethodKind.LocalFunction or MethodKind.AnonymousFunction } => sequenced.IsOn(member),
        IMethodSymbol { MethodKind: MethodKind.PropertySet, AssociatedSymbol: IPropertySymbol property } => IsSequenced(property),
        IPropertySymbol { SetMethod: { } setter } when sequenced.IsOn(setter) => true,
        // Constructing a derived object runs the constructor of its base.
        IMethodSymbol { MethodKind: MethodKind.Constructor } => sequenced.IsOn(member) || IsSequencedType(member.ContainingType),
        // Never called from code that could answer for it.
        IMethodSymbol { MethodKind: MethodKind.StaticConstructor or MethodKind.Destructor } => false,
        _ => Declarations.Of(member).Any(declared => sequenced.IsWrittenOn(declared) || IsMarkedType(declared.ContainingType)),
    };

    /// <summary>A member of the type itself is sequenced: it is an event that only the sequencer sends, or a view of one.</summary>
    public bool IsSequencedEvent(ITypeSymbol type) =>
        type is INamedTypeSymbol named && (IsMarkedType(named) || named.GetMembers().Any(sequenced.IsWrittenOn));

    private ISymbol? Used(IOperation operation) => operation switch
    {
        IInvocationOperation call => call.TargetMethod,
        IObjectCreationOperation creation => creation.Constructor,
        IMethodReferenceOperation { Parent: not INameOfOperation } group => group.Method,
        IPropertyReferenceOperation access => IsWritten(access) ? access.Property : access.Property.GetMethod,
        IConversionOperation conversion => conversion.OperatorMethod ?? Boxed(conversion),
        IUnaryOperation unary => unary.OperatorMethod,
        IBinaryOperation binary => binary.OperatorMethod,
        ICompoundAssignmentOperation compound => compound.OperatorMethod,
        IIncrementOrDecrementOperation step => step.OperatorMethod,
        _ => null,
    };

    /// <summary>A sequenced event that becomes the interface through which anybody can write it.</summary>
    private ISymbol? Boxed(IConversionOperation conversion) =>
        conversion is { Type.TypeKind: TypeKind.Interface, Operand.Type: INamedTypeSymbol { TypeKind: not TypeKind.Interface } type }
            ? ImplementationOf(type, conversion.Type)
            : null;

    private ISymbol? ImplementationOf(INamedTypeSymbol type, ITypeSymbol contract) => _implementations
        .GetOrAdd(contract, static _ => new(SymbolEqualityComparer.Default))
        .GetOrAdd(type, _ => new(LookForImplementation(type, contract))).Value;

    private ISymbol? LookForImplementation(INamedTypeSymbol type, ITypeSymbol contract) =>
        contract.GetMembers().Concat(contract.AllInterfaces.SelectMany(static other => other.GetMembers()))
            .Select(type.FindImplementationForInterfaceMember)
            .FirstOrDefault(implementation => implementation is not null && sequenced.IsWrittenOn(implementation));

    private static bool IsWritten(IOperation target) => target.Parent switch
    {
        IAssignmentOperation assignment => assignment.Target == target,
        IIncrementOrDecrementOperation => true,
        ITupleOperation tuple => IsWritten(tuple),
        _ => false,
    };

    /// <summary>
    /// The member writes any event that implements an interface, and the one that it is given here is not sequenced: none of what it
    /// implements for that interface is marked, or a type parameter is constrained to events that everybody may send.
    /// </summary>
    private bool IsFreeByType(ISymbol member)
    {
        if (member is not IMethodSymbol { IsGenericMethod: true } method)
        {
            return false;
        }

        var judged = false;
        for (var i = 0; i < method.TypeParameters.Length; i++)
        {
            foreach (var contract in method.TypeParameters[i].ConstraintTypes.Where(static type => type.TypeKind == TypeKind.Interface))
            {
                judged = true;
                switch (method.TypeArguments[i])
                {
                    case ITypeParameterSymbol open when !open.ConstraintTypes.Any(IsForEveryone):
                    case INamedTypeSymbol concrete when concrete.TypeKind == TypeKind.Interface || ImplementationOf(concrete, contract) is not null || IsMarkedType(concrete):
                        return false;
                }
            }
        }

        return judged;
    }

    /// <summary>A sequenced event is given to a method that may write it: the method is constrained to the interface by which one writes.</summary>
    private bool HandsOver(IMethodSymbol method)
    {
        for (var i = 0; i < method.TypeParameters.Length; i++)
        {
            if (method.TypeArguments[i] is INamedTypeSymbol { TypeKind: not TypeKind.Interface } concrete
                && method.TypeParameters[i].ConstraintTypes.Any(contract => contract.TypeKind == TypeKind.Interface && ImplementationOf(concrete, contract) is not null))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsForEveryone(ITypeSymbol contract) =>
        contract.Name == KnownSymbols.SendableEvent
        && contract.ContainingNamespace?.ToDisplayString().StartsWith(KnownSymbols.OurNamespace, System.StringComparison.Ordinal) == true;

    private bool IsSequencedType(INamedTypeSymbol? type)
    {
        for (; type is not null; type = type.BaseType)
        {
            if (IsMarkedType(type))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsMarkedType(INamedTypeSymbol? type)
    {
        // An extension block is a nameless type inside the static class that people see and mark.
        while (type is { CanBeReferencedByName: false, ContainingType: { } outer })
        {
            type = outer;
        }

        return type is not null && sequenced.IsWrittenOn(type);
    }
}
