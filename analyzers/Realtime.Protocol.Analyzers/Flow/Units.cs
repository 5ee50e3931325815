using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Realtime.Protocol.Analyzers.Walk;

namespace Realtime.Protocol.Analyzers.Flow;

/// <summary>What a number counts.</summary>
internal enum Unit
{
    /// <summary>Nothing that the source shows.</summary>
    Unknown,
    Bytes,
    Ticks,
    Milliseconds,
    Seconds,

    /// <summary>The milliseconds behind the full seconds, 0 to 999.</summary>
    PartOfSecond,
}

/// <summary>The unit of a number, by the framework's members that it was read from; a product or a quotient may be a conversion, so it has none.</summary>
internal static class Units
{
    /// <summary>The unit that every path brings; <see cref="Unit.Unknown"/> where that cannot be said.</summary>
    public static Unit Of(Body body, IOperation number)
    {
        number = SoleValue.Behind(body, number);
        return number switch
        {
            IPropertyReferenceOperation { Instance: var instance, Property: var property } => OfProperty(body, property, instance),
            IBinaryOperation { OperatorKind: BinaryOperatorKind.Add or BinaryOperatorKind.Subtract } sum => Common(Of(body, sum.LeftOperand), Of(body, sum.RightOperand)),
            IUnaryOperation { OperatorKind: UnaryOperatorKind.Minus or UnaryOperatorKind.Plus } sign => Of(body, sign.Operand),
            IInvocationOperation { TargetMethod: { ContainingType: { Name: "Math", ContainingNamespace.Name: "System" }, Name: "Max" or "Min" or "Abs" or "Round" or "Floor" or "Ceiling" or "Truncate" } } call =>
                call.Arguments.Length > 1 && call.TargetMethod.Name is "Max" or "Min" ? Common(Of(body, call.Arguments[0].Value), Of(body, call.Arguments[1].Value)) : Of(body, call.Arguments[0].Value),
            IInvocationOperation { TargetMethod: { ContainingType: { Name: "Convert", ContainingNamespace.Name: "System" }, Name: "ToInt32" or "ToInt64" or "ToDouble" }, Arguments.Length: 1 } call => Of(body, call.Arguments[0].Value),
            IInvocationOperation { TargetMethod: { Name: "GetValueOrDefault", ContainingType.OriginalDefinition.SpecialType: SpecialType.System_Nullable_T }, Instance: { } nullable } => Of(body, nullable),
            IInvocationOperation { TargetMethod: { Name: "ToUnixTimeMilliseconds", ContainingType.Name: "DateTimeOffset" } } => Unit.Milliseconds,
            IInvocationOperation { TargetMethod: { Name: "ToUnixTimeSeconds", ContainingType.Name: "DateTimeOffset" } } => Unit.Seconds,
            _ => Unit.Unknown,
        };
    }

    /// <summary>Something in the number counts ticks, or a product turns it into them; then <c>new TimeSpan</c> may well be right.</summary>
    public static bool MayBeTicks(Body body, IOperation number, int depth = 0)
    {
        number = SoleValue.Behind(body, number);
        return depth > 32 || number switch
        {
            IBinaryOperation { OperatorKind: BinaryOperatorKind.Add or BinaryOperatorKind.Subtract } sum => MayBeTicks(body, sum.LeftOperand, depth + 1) || MayBeTicks(body, sum.RightOperand, depth + 1),
            IPropertyReferenceOperation { Property: { Name: "Value", ContainingType.OriginalDefinition.SpecialType: SpecialType.System_Nullable_T }, Instance: { } nullable } => MayBeTicks(body, nullable, depth + 1),
            IPropertyReferenceOperation { Property: var property } => Says(property.Name),
            IFieldReferenceOperation { Field: var field } => Says(field.Name),
            ILocalReferenceOperation { Local: var local } => Says(local.Name),
            IParameterReferenceOperation { Parameter: var parameter } => Says(parameter.Name),
            ILiteralOperation => false,
            // A call, a product, a choice: nobody knows.
            _ => true,
        };
    }

    private static bool Says(string name) => name.IndexOf("tick", System.StringComparison.OrdinalIgnoreCase) >= 0;

    private static Unit OfProperty(Body body, IPropertySymbol property, IOperation? instance) => (property.ContainingType.OriginalDefinition.Name, property.Name) switch
    {
        _ when !IsFramework(property.ContainingType) => Unit.Unknown,
        ("Nullable", "Value") when instance is not null => Of(body, instance),
        ("TimeSpan", "TotalMilliseconds") or ("Stopwatch", "ElapsedMilliseconds") or ("Environment", "TickCount" or "TickCount64") => Unit.Milliseconds,
        ("TimeSpan", "TotalSeconds") => Unit.Seconds,
        ("TimeSpan", "Milliseconds") => Unit.PartOfSecond,
        ("TimeSpan" or "DateTime" or "DateTimeOffset", "Ticks") or ("DateTimeOffset", "UtcTicks") or ("Stopwatch", "ElapsedTicks") => Unit.Ticks,
        ("Array", "Length" or "LongLength") when instance?.Type is IArrayTypeSymbol { ElementType.SpecialType: SpecialType.System_Byte } => Unit.Bytes,
        ("Span" or "ReadOnlySpan" or "Memory" or "ReadOnlyMemory" or "ReadOnlySequence", "Length") when IsOfBytes(property.ContainingType) => Unit.Bytes,
        ("List" or "ArraySegment", "Count") when IsOfBytes(property.ContainingType) => Unit.Bytes,
        ("Stream" or "MemoryStream" or "FileStream", "Length" or "Position") => Unit.Bytes,
        _ => Unit.Unknown,
    };

    private static bool IsOfBytes(INamedTypeSymbol type) => type.TypeArguments.Length == 1 && type.TypeArguments[0].SpecialType == SpecialType.System_Byte;

    private static Unit Common(Unit one, Unit other) => one == other || other == Unit.Unknown ? one : one == Unit.Unknown ? other : Unit.Unknown;

    private static bool IsFramework(INamedTypeSymbol type)
    {
        var space = type.ContainingNamespace;
        while (space is { ContainingNamespace: { IsGlobalNamespace: false } outer })
        {
            space = outer;
        }

        return space is { Name: "System" };
    }
}
