using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Realtime.Protocol.Analyzers.Apis;
using Realtime.Protocol.Analyzers.Flow;

namespace Realtime.Protocol.Analyzers.Rules;

/// <summary>Where times come from that say nothing about playback, and how they travel: a clock of the machine, or the timeline of the user's audio.</summary>
/// <remarks>The smaller of two values is bounded by the other one, so it passes nothing on.</remarks>
internal sealed class ClockPolicy(KnownApis apis, bool inputTimeline) : ITaintPolicy
{
    private const ServerEvent OfTheUser = ServerEvent.SpeechStarted | ServerEvent.SpeechStopped;

    private static readonly ImmutableHashSet<string> Clocks =
    [
        "DateTime.Now", "DateTime.UtcNow", "DateTimeOffset.Now", "DateTimeOffset.UtcNow", "Environment.TickCount", "Environment.TickCount64",
        "Stopwatch.Elapsed", "Stopwatch.ElapsedMilliseconds", "Stopwatch.ElapsedTicks", "Stopwatch.GetTimestamp", "Stopwatch.GetElapsedTime",
        "TimeProvider.GetUtcNow", "TimeProvider.GetLocalNow", "TimeProvider.GetTimestamp", "TimeProvider.GetElapsedTime",
    ];

    private static readonly ImmutableHashSet<string> Times = ["TimeSpan", "DateTime", "DateTimeOffset", "Nullable"];

    public bool IsSource(IParameterSymbol parameter) => false;

    public bool IsSource(IOperation value) => value switch
    {
        IPropertyReferenceOperation { Property: var property } => inputTimeline ? IsInputTime(property) : IsClock(property),
        IInvocationOperation { TargetMethod: var method } => !inputTimeline && IsClock(method),
        _ => false,
    };

    public Content ContentOf(IOperation value) => value switch
    {
        IBinaryOperation { OperatorKind: BinaryOperatorKind.Add or BinaryOperatorKind.Subtract or BinaryOperatorKind.Multiply or BinaryOperatorKind.Divide } sum =>
            Content.CopyOf(sum.LeftOperand, sum.RightOperand),
        IUnaryOperation unary => Content.CopyOf(unary.Operand),
        IPropertyReferenceOperation { Instance: { } instance, Property.ContainingType: var type } when IsTime(type) => Content.CopyOf(instance),
        IInvocationOperation { TargetMethod: var method } call when IsTime(method.ContainingType) || IsPassing(method) =>
            Content.CopyOf([.. call.Arguments.Select(static argument => argument.Value), .. call.Instance is { } instance ? [instance] : ImmutableArray<IOperation>.Empty]),
        IObjectCreationOperation { Type: INamedTypeSymbol type } creation when IsTime(type) => Content.CopyOf([.. creation.Arguments.Select(static argument => argument.Value)]),
        _ => Content.None,
    };

    public IEnumerable<BufferWrite> WritesOf(IOperation call, ImmutableArray<IArgumentOperation> arguments) => [];

    private bool IsInputTime(IPropertySymbol property) => (apis.EventOf(property.ContainingType) & OfTheUser) != 0
        && property.Name is "AudioStartTime" or "AudioEndTime" or "AudioStart" or "AudioEnd" or "AudioStartMs" or "AudioEndMs";

    private static bool IsClock(ISymbol member) => IsOfSystem(member.ContainingType) && Clocks.Contains(member.ContainingType.Name + "." + member.Name);

    private static bool IsTime(INamedTypeSymbol type) => Times.Contains(type.Name) && IsOfSystem(type);

    private static bool IsPassing(IMethodSymbol method) => IsOfSystem(method.ContainingType) && (method.ContainingType.Name, method.Name)
        is ("Math", "Max" or "Round" or "Floor" or "Ceiling" or "Truncate" or "Abs") or ("Convert", "ToInt32" or "ToInt64" or "ToDouble");

    private static bool IsOfSystem(INamedTypeSymbol? type) => type?.ContainingNamespace is { Name: "System" or "Diagnostics" } space
        && (space.ContainingNamespace.IsGlobalNamespace || space.ContainingNamespace is { Name: "System", ContainingNamespace.IsGlobalNamespace: true });
}
