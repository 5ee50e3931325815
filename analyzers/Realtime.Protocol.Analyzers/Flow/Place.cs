using System;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Realtime.Protocol.Analyzers.Flow;

/// <summary>Something inside one method that holds a value: a local, a parameter, or a value that the compiler captured between two blocks.</summary>
internal readonly struct Place : IEquatable<Place>
{
    private readonly CaptureId _capture;

    private Place(ISymbol? symbol, CaptureId capture) => (Symbol, _capture) = (symbol, capture);

    /// <summary>The local or parameter; null for a capture, which has no meaning outside of its own graph.</summary>
    public ISymbol? Symbol { get; }

    public static Place Of(ISymbol localOrParameter) => new(localOrParameter, default);

    public static Place Of(CaptureId capture) => new(null, capture);

    /// <summary>The place that an operation names, if it names one.</summary>
    public static Place? Named(IOperation operation) => operation switch
    {
        ILocalReferenceOperation local => Of(local.Local),
        IParameterReferenceOperation parameter => Of(parameter.Parameter),
        IFlowCaptureReferenceOperation capture => Of(capture.Id),
        _ => null,
    };

    public bool Equals(Place other) => SymbolEqualityComparer.Default.Equals(Symbol, other.Symbol) && _capture.Equals(other._capture);

    public override bool Equals(object? obj) => obj is Place other && Equals(other);

    public override int GetHashCode() => Symbol is null ? _capture.GetHashCode() : SymbolEqualityComparer.Default.GetHashCode(Symbol);
}
