using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Realtime.Protocol.Analyzers.Flow;

/// <summary>The object that lends: a variable, <c>this</c>, or a field or property of one, by the names that lead to it.</summary>
/// <remarks>
/// Two owners are equal when the same names lead to both. That is a proof only while no name on the way gets a new value, so whoever
/// compares owners has to be told of assignments, and a path over something that others may assign is <see cref="IsMutable"/>.
/// A property counts when it can only give one object: an automatic one, or one that the caller of <see cref="Of"/> vouches for.
/// </remarks>
internal sealed class Owner : IEquatable<Owner>
{
    private readonly ImmutableArray<ISymbol> _path;

    private Owner(ImmutableArray<ISymbol> path, bool isThis, bool isMutable) => (_path, IsThis, IsMutable) = (path, isThis, isMutable);

    /// <summary>The path begins at <c>this</c>.</summary>
    public bool IsThis { get; }

    /// <summary>Somebody else may assign a field or property on the way.</summary>
    public bool IsMutable { get; }

    /// <summary>What a person would call it.</summary>
    public string Name => _path.IsEmpty ? "this" : string.Join(".", _path.Select(static symbol => symbol.Name));

    /// <summary>Null for everything that is not reached by names: the result of a call, an element of an array.</summary>
    /// <param name="instance">The receiver of a call.</param>
    /// <param name="behind">What a capture of the graph stands for.</param>
    /// <param name="isStable">Whether a property gives the same object each time, beside automatic ones.</param>
    public static Owner? Of(IOperation? instance, Func<IOperation, IEnumerable<IOperation>> behind, Func<IPropertySymbol, bool> isStable)
    {
        var path = new Stack<ISymbol>();
        var isMutable = false;
        while (true)
        {
            switch (instance)
            {
                case IConversionOperation { OperatorMethod: null } conversion:
                    instance = conversion.Operand;
                    break;
                case IParenthesizedOperation inner:
                    instance = inner.Operand;
                    break;
                case IFlowCaptureReferenceOperation capture:
                    var behindIt = behind(capture).Take(2).ToList();
                    instance = behindIt.Count == 1 && behindIt[0] != capture ? behindIt[0] : null;
                    break;
                case IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance }:
                    return new([.. path], isThis: true, isMutable);
                case ILocalReferenceOperation { Local: { IsRef: false } local }:
                    path.Push(local);
                    return new([.. path], isThis: false, isMutable);
                case IParameterReferenceOperation { Parameter: var captured } when IsPartOfObject(captured):
                    path.Push(captured);
                    return new([.. path], isThis: true, isMutable: true);
                case IParameterReferenceOperation { Parameter: { RefKind: RefKind.None or RefKind.In } parameter }:
                    path.Push(parameter);
                    return new([.. path], isThis: false, isMutable);
                case IFieldReferenceOperation { Field: var field, Instance: var outer }:
                    path.Push(field);
                    isMutable |= !field.IsReadOnly;
                    if (outer is null)
                    {
                        return new([.. path], isThis: false, isMutable);
                    }

                    instance = outer;
                    break;
                case IPropertyReferenceOperation { Property: { IsIndexer: false } property, Instance: var outer } when IsAutomatic(property) || isStable(property):
                    path.Push(property);
                    isMutable |= property.SetMethod is { IsInitOnly: false };
                    if (outer is null)
                    {
                        return new([.. path], isThis: false, isMutable);
                    }

                    instance = outer;
                    break;
                default:
                    return null;
            }
        }
    }

    /// <summary>The symbol is on the way, so that a new value for it may make this another object.</summary>
    public bool LeadsOver(ISymbol symbol) => _path.Contains(symbol, SymbolEqualityComparer.Default);

    /// <summary>The same object, or one that holds it.</summary>
    public bool Holds(Owner other) => IsThis == other.IsThis && _path.Length <= other._path.Length
        && _path.SequenceEqual(other._path.Take(_path.Length), SymbolEqualityComparer.Default);

    public bool Equals(Owner? other) =>
        other is not null && IsThis == other.IsThis && _path.SequenceEqual(other._path, SymbolEqualityComparer.Default);

    public override bool Equals(object? obj) => Equals(obj as Owner);

    public override int GetHashCode() => _path.Aggregate(IsThis ? 1 : 0, static (hash, symbol) => (hash * 31) + SymbolEqualityComparer.Default.GetHashCode(symbol));

    // A parameter of a primary constructor is a field of the object, which any of its members may assign.
    private static bool IsPartOfObject(IParameterSymbol parameter) =>
        parameter.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.Constructor } constructor
        && constructor.DeclaringSyntaxReferences.Any(static reference => reference.GetSyntax() is TypeDeclarationSyntax);

    private static bool IsAutomatic(IPropertySymbol property) =>
        !property.IsVirtual && !property.IsOverride && !property.IsAbstract
        && property.ContainingType.GetMembers().OfType<IFieldSymbol>().Any(field => SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property));
}
