using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Realtime.Protocol.Analyzers.Apis;
using Realtime.Protocol.Analyzers.Flow;
using Realtime.Protocol.Analyzers.Walk;

namespace Realtime.Protocol.Analyzers.Rules;

/// <summary>RT1012: what a send returns is dropped, so that nobody learns whether and when it was sent.</summary>
/// <remarks>
/// Only a statement that is nothing but the call: whoever writes <c>_ =</c>, keeps the task or passes it on has thought of it. Verbs that
/// return a turn return no task. A web socket counts where the same body writes JSON of the protocol by hand.
/// </remarks>
internal sealed class RT1012SendNotAwaited : Rule
{
    public const string Id = "RT1012";

    private const Act Sends = Act.Configure | Act.SendAudio | Act.CommitAudio | Act.ClearAudio | Act.AddItem | Act.AskForResponse | Act.Cancel | Act.Truncate | Act.SendRaw | Act.SendEvent;

    private const string SocketSend = "SendAsync";

    private static readonly DiagnosticDescriptor Descriptor = new(
        Id,
        "Send that nobody waits for",
        "'{0}' returns a task that is dropped, with its error and its order; await it, or write '_ =' where that is meant",
        RuleCategories.Lifecycle,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "The error of a send that nobody waits for is lost, and what is sent next may overtake it. A web socket supports one send at a time.",
        helpLinkUri: RulePages.Root + Id + RulePages.Extension);

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> Descriptors { get; } = [Descriptor];

    /// <inheritdoc/>
    public override void Begin(Interests asked) => asked
        .Group(words: [SocketSend], acts: Sends, where: Standing.IsDroppedCall)
        .OnBody(Check);

    private static void Check(Body body)
    {
        bool? speaks = null;
        foreach (var statement in body.Operations.OfType<IExpressionStatementOperation>())
        {
            if (Enclosing.Unwrapped(statement.Operation) is IInvocationOperation { TargetMethod: var method } call && Enclosing.IsTask(method.ReturnType)
                && (IsSend(body, method) || (IsSocket(method) && (speaks ??= body.Operations.Any(static operation => HandWrittenJson.ActOf(operation) != Act.None)))))
            {
                body.Report(Descriptor, Underline.Of(call.Syntax), method.Name);
            }
        }
    }

    // Ours may be told a change of the session and left alone: nothing is lost but the news.
    private static bool IsSend(Body body, IMethodSymbol method) =>
        (body.World.Apis.ActOf(method) & Sends) is var act and not Act.None && !(act == Act.Configure && body.World.Apis.LibraryOf(method) == Library.Ours);

    private static bool IsSocket(IMethodSymbol method) =>
        method is { Name: SocketSend, ContainingType: { Name: "WebSocket" or "ClientWebSocket", ContainingNamespace: { Name: "WebSockets", ContainingNamespace: { Name: "Net", ContainingNamespace.Name: "System" } } } };
}
