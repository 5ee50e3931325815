using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Realtime.Protocol.Analyzers.Apis;
using Realtime.Protocol.Analyzers.Flow;
using Realtime.Protocol.Analyzers.Walk;

namespace Realtime.Protocol.Analyzers.Rules;

/// <summary>RT1013: audio is sent from an <c>async void</c> function, so that two buffers of the microphone may be under way at once.</summary>
/// <remarks>The function is the innermost around the send: method, local function, or a lambda that became a delegate without a result.</remarks>
internal sealed class RT1013AudioFromAsyncVoid : Rule
{
    public const string Id = "RT1013";

    private static readonly DiagnosticDescriptor Descriptor = new(
        Id,
        "Audio sent from async void",
        "'{0}' sends audio from an async void function, which nobody waits for; put the buffers into a channel and send them from one loop",
        RuleCategories.Lifecycle,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        description: "The next buffer may come before the last one is sent, and overtake it; an error of the send ends the process.",
        helpLinkUri: RulePages.Root + Id + RulePages.Extension);

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> Descriptors { get; } = [Descriptor];

    /// <inheritdoc/>
    public override void Begin(Interests asked) => asked
        .Group(words: ["async"], where: Standing.IsAsyncVoid)
        .Group(words: WireNames.NamesOf(Act.SendAudio), acts: Act.SendAudio)
        .OnBody(Check);

    private static void Check(Body body)
    {
        foreach (var operation in body.Operations)
        {
            if (Enclosing.FunctionOf(operation, body.Member) is { IsAsync: true, ReturnsVoid: true })
            {
                if (operation is IInvocationOperation or IObjectCreationOperation && (body.World.Apis.ActOf(operation) & Act.SendAudio) != 0)
                {
                    body.Report(Descriptor, Underline.Of(operation.Syntax), KnownApis.Used(operation) is IMethodSymbol { MethodKind: MethodKind.Ordinary } method ? method.Name : KnownApis.Used(operation)!.ContainingType.Name);
                }
                else if ((HandWrittenJson.ActOf(operation) & Act.SendAudio) != 0)
                {
                    body.Report(Descriptor, operation.Syntax, "input_audio_buffer.append");
                }
            }
        }
    }
}
