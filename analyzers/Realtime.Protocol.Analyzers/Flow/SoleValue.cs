using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Realtime.Protocol.Analyzers.Walk;

namespace Realtime.Protocol.Analyzers.Flow;

/// <summary>The one value that a local ever has: that of its declaration, where nothing assigns it again. Then every path brings it, and no path has to be followed.</summary>
internal static class SoleValue
{
    /// <summary>The value behind conversions, parentheses and locals with one value; the operation itself where there is nothing behind it.</summary>
    public static IOperation Behind(Body body, IOperation value)
    {
        // A chain of locals longer than this is no constant that somebody wrote.
        for (var step = 0; step < 16; step++)
        {
            switch (value)
            {
                case IConversionOperation { OperatorMethod: null, ConstantValue.HasValue: false } conversion: value = conversion.Operand; break;
                case IParenthesizedOperation inner: value = inner.Operand; break;
                case ILocalReferenceOperation { ConstantValue.HasValue: false } reference when Of(body, reference.Local) is { } sole: value = sole; break;
                default: return value;
            }
        }

        return value;
    }

    /// <summary>Null where the local has no initial value, or another one later.</summary>
    public static IOperation? Of(Body body, ILocalSymbol local)
    {
        IOperation? sole = null;
        foreach (var operation in body.Operations)
        {
            switch (operation)
            {
                case IVariableDeclaratorOperation declarator when Is(declarator.Symbol, local):
                    sole = declarator.GetVariableInitializer()?.Value;
                    break;
                case ILocalReferenceOperation reference when Is(reference.Local, local) && MayWrite(reference):
                    return null;
            }
        }

        return sole;
    }

    private static bool MayWrite(IOperation reference) => reference.Parent switch
    {
        IAssignmentOperation assignment => assignment.Target == reference,
        IIncrementOrDecrementOperation => true,
        IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } => true,
        IAddressOfOperation => true,
        ITupleOperation tuple => MayWrite(tuple),
        IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol.IsRef: true } } => true,
        _ => false,
    };

    private static bool Is(ILocalSymbol one, ILocalSymbol other) => SymbolEqualityComparer.Default.Equals(one, other);
}
