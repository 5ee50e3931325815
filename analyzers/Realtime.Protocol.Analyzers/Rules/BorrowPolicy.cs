using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Realtime.Protocol.Analyzers.Apis;
using Realtime.Protocol.Analyzers.Flow;

namespace Realtime.Protocol.Analyzers.Rules;

/// <summary>What RT3001 and RT3002 know: our marks, pipes of the framework, and the framework's types that look at memory.</summary>
/// <remarks>
/// A pipe is known by its type, because audio travels as a plain <c>PipeReader</c>. Members that hand a borrowed value on are those of the
/// framework's views and of our own; what a stranger's method makes of a view is not known, so its result counts as a copy.
/// </remarks>
internal sealed class BorrowPolicy : IBorrowPolicy
{
    /// <summary>Words of a body that borrows from a pipe.</summary>
    public static readonly ImmutableArray<string> PipeSources = ["ReadAsync", "ReadAtLeastAsync", "TryRead"];

    /// <summary>Words of a body that ends what it borrowed from a pipe.</summary>
    public static readonly ImmutableArray<string> PipeEnds = ["AdvanceTo", "Complete", "CompleteAsync"];

    private static readonly ImmutableHashSet<string> ViewTypes = ImmutableHashSet.Create(
        "System.Buffers.ReadOnlySequence`1", "System.Memory`1", "System.ReadOnlyMemory`1", "System.IO.Pipelines.ReadResult");

    private static readonly ImmutableHashSet<string> Wrappers = ImmutableHashSet.Create(
        "System.Nullable`1", "System.Threading.Tasks.Task`1", "System.Threading.Tasks.ValueTask`1",
        "System.Runtime.CompilerServices.ConfiguredTaskAwaitable`1", "System.Runtime.CompilerServices.ConfiguredValueTaskAwaitable`1");

    private static readonly ImmutableHashSet<string> Helpers = ImmutableHashSet.Create(
        "System.MemoryExtensions", "System.Runtime.InteropServices.MemoryMarshal", "System.Runtime.InteropServices.SequenceMarshal");

    private static readonly ImmutableHashSet<string> Keepers = ImmutableHashSet.Create(
        "Add", "TryAdd", "Enqueue", "Push", "Insert", "AddFirst", "AddLast", "TryWrite", "WriteAsync", "SetResult", "TrySetResult");

    private readonly Annotation _borrowed;
    private readonly Annotation? _invalidates;
    private readonly ImmutableHashSet<IAssemblySymbol> _ours;
    private readonly INamedTypeSymbol? _pipeReader;
    private readonly ConcurrentDictionary<ITypeSymbol, bool> _views = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<ITypeSymbol, bool> _trusted = new(SymbolEqualityComparer.Default);

    public BorrowPolicy(Compilation compilation, Annotation borrowed, Annotation? invalidates)
    {
        (_borrowed, _invalidates) = (borrowed, invalidates);
        _ours = compilation.GetTypesByMetadataName(KnownSymbols.BorrowedAttribute).Select(static type => type.ContainingAssembly)
            .ToImmutableHashSet<IAssemblySymbol>(SymbolEqualityComparer.Default);
        _pipeReader = compilation.GetTypeByMetadataName("System.IO.Pipelines.PipeReader");
    }

    /// <inheritdoc/>
    public bool IsBorrowed(ISymbol giver, out bool fromArgumentsOnly)
    {
        fromArgumentsOnly = false;
        if (giver is IMethodSymbol method && IsOfPipe(method) && method.Name is "ReadAsync" or "ReadAtLeastAsync"
            || giver is IParameterSymbol { RefKind: RefKind.Out, ContainingSymbol: IMethodSymbol { Name: "TryRead" } reading } && IsOfPipe(reading))
        {
            return true;
        }

        if (!_borrowed.IsOn(giver))
        {
            return false;
        }

        fromArgumentsOnly = Declarations.Of(giver.OriginalDefinition)
            .SelectMany(static declared => declared is IMethodSymbol m ? m.GetAttributes().AddRange(m.GetReturnTypeAttributes()) : declared.GetAttributes())
            .Any(static attribute => attribute.AttributeClass?.Name == "BorrowedAttribute" && attribute.NamedArguments.Any(static named => named is { Key: "FromArgumentsOnly", Value.Value: true }));
        return true;
    }

    /// <summary>The operation may lend: by what it is, or into a variable that it fills.</summary>
    public bool Lends(IOperation operation) => operation switch
    {
        IInvocationOperation call => IsBorrowed(call.TargetMethod, out _) || FillsBorrowed(call.TargetMethod),
        IPropertyReferenceOperation property => IsBorrowed(property.Property, out _),
        IObjectCreationOperation { Constructor: { } constructor } => IsBorrowed(constructor, out _) || FillsBorrowed(constructor),
        ILocalFunctionOperation local => TakesBorrowed(local.Symbol),
        IAnonymousFunctionOperation lambda => TakesBorrowed(lambda.Symbol),
        _ when Receivers.Of(operation) is { } receiver => IsBorrowed(receiver, out _),
        _ => false,
    };

    /// <summary>The function is given something borrowed.</summary>
    public bool TakesBorrowed(IMethodSymbol? function) => function is not null && function.Parameters.Any(parameter => parameter.RefKind != RefKind.Out && IsBorrowed(parameter, out _));

    private bool FillsBorrowed(IMethodSymbol method)
    {
        foreach (var parameter in method.Parameters)
        {
            if (parameter.RefKind is RefKind.Out or RefKind.Ref && IsBorrowed(parameter, out _))
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public Ending EndOf(IOperation use)
    {
        switch (use)
        {
            case IInvocationOperation { TargetMethod: { Name: "AdvanceTo" or "Complete" or "CompleteAsync" } method } call when IsOfPipe(method):
                return method.Name == "AdvanceTo" ? EndOf(call) : Ending.Certain;
            case IInvocationOperation { TargetMethod: var method }:
                return _invalidates?.IsOn(method) == true ? Ending.Certain : Ending.None;
            case IPropertyReferenceOperation { Property: var property }:
                return _invalidates?.IsOn(property) == true ? Ending.Certain : Ending.None;
            default:
                return Ending.None;
        }
    }

    /// <inheritdoc/>
    public bool IsView(ITypeSymbol type) => _views.GetOrAdd(type, LookIfView);

    /// <inheritdoc/>
    public bool HandsOn(ISymbol member) => member.ContainingType is { } type && _trusted.GetOrAdd(type.OriginalDefinition, LookIfTrusted);

    /// <inheritdoc/>
    public bool IsStable(IPropertySymbol property) =>
        (property.Name is "Audio" or "Input" && IsOurs(property.ContainingType))
        || NameOf(property.ContainingType) is "System.IO.Pipelines.Pipe" or "System.IO.Pipelines.IDuplexPipe";

    /// <inheritdoc/>
    public IEnumerable<IOperation> KeptBy(IInvocationOperation call) => Keepers.Contains(call.TargetMethod.Name) && IsCollection(call.TargetMethod.ContainingType)
        ? call.Arguments.Where(static argument => argument.Parameter?.OriginalDefinition.Type is ITypeParameterSymbol).Select(static argument => argument.Value)
        : [];

    /// <inheritdoc/>
    public bool Forgets(IInvocationOperation call) => call.TargetMethod.Name == "Clear" && IsCollection(call.TargetMethod.ContainingType);

    /// <summary>The value says itself that it is lent: its type is the framework's or marked.</summary>
    public bool SpeaksForItself(ITypeSymbol? type) => type is INamedTypeSymbol named
        && (named.IsRefLikeType || NameOf(named) == "System.IO.Pipelines.ReadResult" || HoldsBorrowed(named)
            || (Wrappers.Contains(NameOf(named)) && named.TypeArguments.All(SpeaksForItself)));

    /// <summary>A member that tells nothing of the memory: what the value holds itself, and places in a pipe.</summary>
    public bool IsHarmless(IOperation use)
    {
        if (KnownApis.Used(use) is not { ContainingType: { } type } member)
        {
            return false;
        }

        var name = NameOf(type);
        return member.Name switch
        {
            "Length" or "IsEmpty" => name is "System.Memory`1" or "System.ReadOnlyMemory`1" or "System.Span`1" or "System.ReadOnlySpan`1",
            "Start" or "End" or "GetPosition" or "IsSingleSegment" => name == "System.Buffers.ReadOnlySequence`1",
            "Consumed" or "CurrentSpanIndex" or "Position" => name == "System.Buffers.SequenceReader`1",
            "GetHashCode" or "Equals" or "GetType" => true,
            _ => name == "System.IO.Pipelines.ReadResult"
                || (member is IPropertySymbol && !_borrowed.IsOn(member) && HoldsBorrowed(type))
                || (member is IPropertySymbol { Type: { TypeKind: TypeKind.Enum } or { SpecialType: SpecialType.System_Boolean } } && IsOurs(type)),
        };
    }

    // What begins where the buffer began consumes nothing, and memory that was not consumed stays where it is.
    private static Ending EndOf(IInvocationOperation advance) =>
        advance.Arguments.FirstOrDefault(static argument => argument.Parameter?.Ordinal == 0)?.Value switch
        {
            IPropertyReferenceOperation { Property.Name: "Start" } => Ending.None,
            IPropertyReferenceOperation { Property.Name: "End" } => Ending.Certain,
            _ => Ending.Possible,
        };

    private bool IsOfPipe(IMethodSymbol method)
    {
        for (var declared = method.OriginalDefinition; declared is not null && _pipeReader is not null; declared = declared.OverriddenMethod)
        {
            if (SymbolEqualityComparer.Default.Equals(declared.ContainingType, _pipeReader))
            {
                return true;
            }
        }

        return false;
    }

    private bool LookIfView(ITypeSymbol type) => type switch
    {
        INamedTypeSymbol { IsGenericType: true, TypeArguments: var arguments } named when Wrappers.Contains(NameOf(named)) => arguments.Any(IsView),
        INamedTypeSymbol named => named.IsRefLikeType || ViewTypes.Contains(NameOf(named)) || IsPartOfView(named) || HoldsBorrowed(named),
        _ => false,
    };

    // The enumerator of a sequence.
    private static bool IsPartOfView(INamedTypeSymbol type) => type is { IsValueType: true, ContainingType: { } outer } && ViewTypes.Contains(NameOf(outer));

    private bool HoldsBorrowed(INamedTypeSymbol type) => type.IsValueType && type.OriginalDefinition.GetMembers().Any(member => member is IPropertySymbol && _borrowed.IsWrittenOn(member));

    private bool LookIfTrusted(ITypeSymbol type)
    {
        if (type is not INamedTypeSymbol named)
        {
            return false;
        }

        var name = NameOf(named);
        return ViewTypes.Contains(name) || Wrappers.Contains(name) || Helpers.Contains(name) || IsPartOfView(named)
            || (named.IsRefLikeType && (IsOurs(named) || name.StartsWith("System.", StringComparison.Ordinal)));
    }

    private bool IsOurs(INamedTypeSymbol? type) => type is not null
        && (_ours.Contains(type.ContainingAssembly) || type.ContainingAssembly?.Name.StartsWith("Realtime.Protocol", StringComparison.Ordinal) == true);

    private static bool IsCollection(INamedTypeSymbol type) =>
        type.ContainingNamespace.ToDisplayString() is var space
        && (space.StartsWith("System.Collections", StringComparison.Ordinal) || space == "System.Threading.Channels" || NameOf(type) == "System.Threading.Tasks.TaskCompletionSource`1");

    private static string NameOf(INamedTypeSymbol type)
    {
        var name = type.OriginalDefinition.MetadataName;
        return type.ContainingNamespace is { IsGlobalNamespace: false } space ? space.ToDisplayString() + "." + name : name;
    }
}
