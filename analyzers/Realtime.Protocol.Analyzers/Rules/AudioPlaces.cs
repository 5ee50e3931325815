using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Realtime.Protocol.Analyzers.Apis;
using Realtime.Protocol.Analyzers.Flow;
using Realtime.Protocol.Analyzers.Walk;

namespace Realtime.Protocol.Analyzers.Rules;

/// <summary>Where the user's audio is handed over: what is marked <c>[RawAudio]</c>, a stream that is copied into a session's input, and the typed doors of other libraries.</summary>
internal sealed class AudioPlaces(World world)
{
    /// <summary>The libraries of others that take audio.</summary>
    public const Library Others = Library.OpenAI | Library.OpenAIBeta | Library.VoiceLive | Library.ExtensionsAI;

    /// <summary>The body may have such a place, by what its operations are and without following anything.</summary>
    public bool MayBeIn(ImmutableArray<IOperation> operations)
    {
        foreach (var operation in operations)
        {
            if (operation switch
            {
                IArgumentOperation { Parameter: { } parameter } => IsMarked(parameter) || (parameter.ContainingSymbol is IMethodSymbol method && SendsAudio(method)),
                IConversionOperation { OperatorMethod: { } conversion } => IsMarked(conversion.Parameters[0]),
                IMemberReferenceOperation { Member: IPropertySymbol or IFieldSymbol } reference => IsMarked(reference.Member) || (reference.Member is IPropertySymbol property && IsSentLater(property)),
                IInvocationOperation { TargetMethod.Name: "CopyToAsync" } => true,
                _ => false,
            })
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The places that an operation gives a value to. Ask when its operands have been evaluated.</summary>
    public IEnumerable<(string Name, bool IsOurs, IOperation Value)> Of(IOperation operation, ForwardTaint flow)
    {
        switch (operation)
        {
            case IArgumentOperation { Parameter: { } parameter } argument:
                if (IsMarked(parameter))
                {
                    yield return (parameter.Name, true, argument.Value);
                }
                else if (parameter.ContainingSymbol is IMethodSymbol method && SendsAudio(method) && IsAudio(parameter.Type))
                {
                    yield return (parameter.Name, false, argument.Value);
                }

                break;
            case IConversionOperation { OperatorMethod: { } conversion } value when IsMarked(conversion.Parameters[0]):
                yield return (conversion.Parameters[0].Name, true, value.Operand);
                break;
            case ISimpleAssignmentOperation assignment:
                foreach (var target in flow.TargetsOf(assignment.Target).OfType<IMemberReferenceOperation>())
                {
                    if (target.Member is IPropertySymbol or IFieldSymbol && IsMarked(target.Member))
                    {
                        yield return (target.Member.Name, true, assignment.Value);
                    }
                    else if (target.Member is IPropertySymbol property && IsSentLater(property))
                    {
                        yield return (property.Name, false, assignment.Value);
                    }
                }

                break;
            case IInvocationOperation { TargetMethod.Name: "CopyToAsync" } copy when copy.Arguments.Any(static argument => IsInput(argument.Value)):
                yield return ("Input", true, copy.Instance ?? copy.Arguments[0].Value);
                break;
        }
    }

    private bool IsMarked(ISymbol symbol) => world.RawAudio is { } rawAudio && rawAudio.IsOn(symbol);

    private bool SendsAudio(IMethodSymbol method) => (world.Apis.ActOf(method) & Act.SendAudio) != 0 && (world.Apis.LibraryOf(method) & Others) != 0;

    // What is set on an event that carries audio.
    private bool IsSentLater(IPropertySymbol property) => IsAudio(property.Type) && property.ContainingType.InstanceConstructors.Any(SendsAudio);

    private static bool IsAudio(ITypeSymbol type) => type is IArrayTypeSymbol or { Name: "BinaryData" or "Stream" or "ReadOnlyMemory" or "DataContent" };

    private static bool IsInput(IOperation value)
    {
        while (value is IConversionOperation conversion)
        {
            value = conversion.Operand;
        }

        return value.Type is { Name: "AudioInput", ContainingNamespace: { Name: "Protocol", ContainingNamespace.Name: "Realtime" } };
    }
}
