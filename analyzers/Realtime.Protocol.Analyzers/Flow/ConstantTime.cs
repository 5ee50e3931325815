using System;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Realtime.Protocol.Analyzers.Flow;

/// <summary>A <see cref="TimeSpan"/> that the source spells out.</summary>
internal static class ConstantTime
{
    /// <summary>The time in milliseconds; null where it is not spelled out.</summary>
    public static double? MillisecondsOf(IOperation value) => IsTimeSpan(value.Type) ? value switch
    {
        IDefaultValueOperation => 0,
        IFieldReferenceOperation { Field: { Name: "Zero", IsStatic: true } } => 0,
        IObjectCreationOperation { Arguments.Length: 0 } => 0,
        IObjectCreationOperation { Arguments: { Length: 1 } ticks } => NumberOf(ticks[0].Value) / TimeSpan.TicksPerMillisecond,
        IObjectCreationOperation creation => creation.Arguments.All(static argument => NumberOf(argument.Value) == 0) ? 0 : null,
        IInvocationOperation { TargetMethod: { Name: var name, IsStatic: true, ContainingType: var type }, Arguments: { Length: > 0 } amounts }
            when IsTimeSpan(type) && amounts.Skip(1).All(static argument => NumberOf(argument.Value) == 0) => NumberOf(amounts[0].Value) * UnitOf(name),
        _ => null,
    } : null;

    public static bool IsTimeSpan(ITypeSymbol? type) =>
        type is { Name: nameof(TimeSpan), ContainingNamespace: { Name: nameof(System), ContainingNamespace.IsGlobalNamespace: true } };

    /// <summary>The number that a constant is; null for everything else.</summary>
    public static double? NumberOf(IOperation value) => value.ConstantValue is { HasValue: true, Value: IConvertible and not (string or bool or char) and var number }
        ? ((IConvertible)number).ToDouble(CultureInfo.InvariantCulture)
        : value is IConversionOperation { Operand: var operand } ? NumberOf(operand) : null;

    private static double? UnitOf(string factory) => factory switch
    {
        "FromTicks" => 1.0 / TimeSpan.TicksPerMillisecond,
        "FromMicroseconds" => 0.001,
        "FromMilliseconds" => 1,
        "FromSeconds" => 1_000,
        "FromMinutes" => 60_000,
        "FromHours" => 3_600_000,
        "FromDays" => 86_400_000,
        _ => null,
    };
}
