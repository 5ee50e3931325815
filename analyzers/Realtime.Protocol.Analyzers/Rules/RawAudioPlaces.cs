using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Realtime.Protocol.Analyzers.Flow;
using Realtime.Protocol.Analyzers.Walk;

namespace Realtime.Protocol.Analyzers.Rules;

/// <summary>Where raw audio is taken: what is given to a <c>[RawAudio]</c> parameter, property or field, and what is written into one that is a writer or a stream.</summary>
internal sealed class RawAudioPlaces(Compilation compilation, Annotation rawAudio, Base64TextPolicy policy)
{
    private readonly ImmutableArray<INamedTypeSymbol> _stream = compilation.GetTypesByMetadataName("System.IO.Stream");
    private readonly ImmutableArray<INamedTypeSymbol> _pipeWriter = compilation.GetTypesByMetadataName("System.IO.Pipelines.PipeWriter");
    private readonly ImmutableArray<INamedTypeSymbol> _bufferWriter = compilation.GetTypesByMetadataName("System.Buffers.IBufferWriter`1");
    private readonly ImmutableArray<INamedTypeSymbol> _cryptoStream = compilation.GetTypesByMetadataName("System.Security.Cryptography.CryptoStream");

    /// <summary>The body has such a place at all.</summary>
    public bool IsMentioned(IOperation operation) => operation switch
    {
        IArgumentOperation { Parameter: { } parameter } => rawAudio.IsOn(parameter),
        IConversionOperation { OperatorMethod: { } conversion } => rawAudio.IsOn(conversion.Parameters[0]),
        IMemberReferenceOperation { Member: IPropertySymbol or IFieldSymbol } reference => rawAudio.IsOn(reference.Member),
        IParameterReferenceOperation { Parameter: var parameter } => rawAudio.IsOn(parameter),
        IFieldInitializerOperation initializer => initializer.InitializedFields.Any(rawAudio.IsOn),
        IPropertyInitializerOperation initializer => initializer.InitializedProperties.Any(rawAudio.IsOn),
        _ => false,
    };

    /// <summary>The locals of a body that are made to be such a writer or stream, and nothing else ever.</summary>
    public ImmutableHashSet<ISymbol> NamesIn(Body body)
    {
        var names = ImmutableHashSet.Create<ISymbol>(SymbolEqualityComparer.Default);
        foreach (var declarator in body.Operations.OfType<IVariableDeclaratorOperation>())
        {
            if (declarator.GetVariableInitializer()?.Value is { } value && Writer(value, null, names) is not null)
            {
                names = names.Add(declarator.Symbol);
            }
        }

        return names.IsEmpty
            ? names
            : names.Except(body.Operations.OfType<IAssignmentOperation>().Select(static assignment => assignment.Target).OfType<ILocalReferenceOperation>().Select(static target => target.Local));
    }

    /// <summary>What an operation gives to such places. A certain one is base64 text by what the operation is, without a value that carries it.</summary>
    public IEnumerable<(string Place, IOperation Value, bool IsCertain)> TakenBy(IOperation operation, ForwardTaint flow, ImmutableHashSet<ISymbol> names) => operation switch
    {
        IArgumentOperation { Parameter: { } parameter } argument when rawAudio.IsOn(parameter) => [(parameter.Name, argument.Value, false)],
        IConversionOperation { OperatorMethod: { } conversion } value when rawAudio.IsOn(conversion.Parameters[0]) => [(conversion.ContainingType.Name, value.Operand, false)],
        IAssignmentOperation assignment => flow.TargetsOf(assignment.Target).SelectMany(target => Assigned(target, assignment.Value)),
        IInvocationOperation call => Written(call, flow, names),
        IObjectCreationOperation creation when IsOf(creation.Type, _cryptoStream)
            && creation.Arguments.FirstOrDefault(static argument => argument.Parameter?.Ordinal == 0)?.Value is { } stream
            && Writer(stream, flow, names) is { } place
            && policy.EncodingTransform(creation, mode: 1) is { } transform => [(place, transform, true)],
        _ => [],
    };

    private IEnumerable<(string Place, IOperation Value, bool IsCertain)> Assigned(IOperation target, IOperation value)
    {
        if (target is IMemberReferenceOperation { Member: IPropertySymbol or IFieldSymbol } reference)
        {
            return rawAudio.IsOn(reference.Member) ? [(reference.Member.Name, value, false)] : [];
        }

        while (value is IConversionOperation conversion)
        {
            value = conversion.Operand;
        }

        return target is ITupleOperation targets && value is ITupleOperation values
            ? targets.Elements.Zip(values.Elements, Assigned).SelectMany(static taken => taken)
            : [];
    }

    private IEnumerable<(string Place, IOperation Value, bool IsCertain)> Written(IInvocationOperation call, ForwardTaint flow, ImmutableHashSet<ISymbol> names)
    {
        var method = call.TargetMethod;
        var receiver = call.Instance ?? Argument(call, 0);
        if (method.Name.StartsWith("Write", StringComparison.Ordinal) && receiver is not null && Writer(receiver, flow, names) is { } written)
        {
            return
            [
                .. from argument in call.Arguments
                   where argument.Value != receiver && argument.Parameter is { Type.SpecialType: SpecialType.None } parameter && !rawAudio.IsOn(parameter)
                   select (written, argument.Value, false),
            ];
        }

        if (method.Name is "CopyTo" or "CopyToAsync" && receiver is not null)
        {
            return [.. from argument in call.Arguments where argument.Value != receiver && Writer(argument.Value, flow, names) is not null select (Writer(argument.Value, flow, names)!, receiver, false)];
        }

        // Encoded or transcoded into memory that the writer hands out.
        return
        [
            .. from write in policy.WritesOf(call, call.Arguments)
               let place = Writer(write.Destination, flow, names)
               where place is not null && (write.Tainted || write.Source is not null)
               select (place, write.Source ?? write.Destination, write.Source is null),
        ];
    }

    /// <summary>The name of the marked place that a value is, or writes into: the writer, its stream, its memory.</summary>
    private string? Writer(IOperation value, ForwardTaint? flow, ImmutableHashSet<ISymbol> names) => value switch
    {
        IFlowCaptureReferenceOperation when flow is not null => flow.TargetsOf(value).Where(static target => target is not IFlowCaptureReferenceOperation).Select(target => Writer(target, flow, names)).FirstOrDefault(static name => name is not null),
        IConversionOperation conversion => Writer(conversion.Operand, flow, names),
        IParenthesizedOperation inner => Writer(inner.Operand, flow, names),
        IMemberReferenceOperation { Member: IPropertySymbol or IFieldSymbol } reference when IsWriter(reference.Type) && rawAudio.IsOn(reference.Member) => reference.Member.Name,
        IParameterReferenceOperation { Parameter: var parameter } when IsWriter(parameter.Type) && rawAudio.IsOn(parameter) => parameter.Name,
        ILocalReferenceOperation { Local: var local } when names.Contains(local) => local.Name,
        IInvocationOperation { Instance: { } instance, TargetMethod.Name: "AsStream" or "GetMemory" or "GetSpan" } => Writer(instance, flow, names),
        IInvocationOperation { TargetMethod: { IsExtensionMethod: true, Name: "AsStream" } } call => Argument(call, 0) is { } extended ? Writer(extended, flow, names) : null,
        IInvocationOperation { Instance: { } sliced, TargetMethod.Name: "Slice" } => Writer(sliced, flow, names),
        IPropertyReferenceOperation { Instance: { } memory, Property.Name: "Span" } => Writer(memory, flow, names),
        _ => null,
    };

    private static IOperation? Argument(IInvocationOperation call, int ordinal) => call.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == ordinal)?.Value;

    private bool IsWriter(ITypeSymbol? type)
    {
        if (type is null || IsOf(type, _bufferWriter) || type.AllInterfaces.Any(other => IsOf(other, _bufferWriter)))
        {
            return type is not null;
        }

        for (var ancestor = type; ancestor is not null; ancestor = ancestor.BaseType)
        {
            if (IsOf(ancestor, _stream) || IsOf(ancestor, _pipeWriter))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsOf(ITypeSymbol? type, ImmutableArray<INamedTypeSymbol> known) => type is not null && known.Contains(type.OriginalDefinition, SymbolEqualityComparer.Default);
}
