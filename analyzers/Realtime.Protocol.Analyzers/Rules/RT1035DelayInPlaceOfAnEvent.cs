using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Realtime.Protocol.Analyzers.Apis;
using Realtime.Protocol.Analyzers.Flow;
using Realtime.Protocol.Analyzers.Walk;

namespace Realtime.Protocol.Analyzers.Rules;

/// <summary>RT1035: time is waited for where the server says when it is so far.</summary>
/// <remarks>
/// Three shapes. A configuration, request, cancel or commit, then a delay, then the next thing that is sent, however the code goes on. A
/// loop that does nothing but sleep until a flag is set, before something is sent. A delay where the server has said that its audio is
/// complete. Audio that is paced, retries, and timeouts beside an event are none of them.
/// </remarks>
internal sealed class RT1035DelayInPlaceOfAnEvent : Rule
{
    public const string Id = "RT1035";

    private const Act Answered = Act.Configure | Act.AskForResponse | Act.Cancel | Act.CommitAudio;
    private const Act Sent = Answered | Act.SendAudio | Act.ClearAudio | Act.AddItem | Act.ToolOutput | Act.Truncate;

    private static readonly DiagnosticDescriptor Descriptor = new(
        Id,
        "Delay in place of an event",
        "'{0}' waits for time to pass where the server says when it is so far; wait for its event, or ask a VoiceSession, which does",
        RuleCategories.Lifecycle,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "A delay is too short on a slow network and too long on a fast one. The server acknowledges a configuration, a commit, a response and a cancel; a player knows when it has played.",
        helpLinkUri: RulePages.Root + Id + RulePages.Extension);

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> Descriptors { get; } = [Descriptor];

    /// <inheritdoc/>
    public override void Begin(Interests asked) => asked
        .Group(words: ["Delay", "Sleep"])
        .Group(words: [.. WireNames.NamesOf(Sent), .. WireNames.NamesOf(ServerEvent.AudioDone)], acts: Sent, events: ServerEvent.AudioDone)
        .OnBody(Check);

    private static void Check(Body body)
    {
        if (!body.Operations.Any(IsDelay) || body.Graph is not { } graph)
        {
            return;
        }

        var reported = new HashSet<SyntaxNode>();
        var functions = Function.In(graph).ToList();
        var guards = EventGuards.Of(functions, body.Member as IMethodSymbol, body.World.Apis);
        foreach (var function in functions)
        {
            var toDelay = new Follows(operation => Does(body, operation, Sent), IsDelay, static _ => false);
            var toNext = new Follows(IsDelay, operation => Does(body, operation, Sent), static _ => false);
            foreach (var block in function.Graph.Blocks)
            {
                foreach (var operation in Function.OperationsOf(block))
                {
                    if (Does(body, operation, Answered))
                    {
                        foreach (var delay in toDelay.After(block, operation))
                        {
                            if (BlockOf(function.Graph, delay) is { } at && toNext.After(at, delay).Count > 0)
                            {
                                Report(delay);
                            }
                        }
                    }
                    else if (IsDelay(operation) && (guards.IsOnly(block, ServerEvent.AudioDone) || (IsPoll(body, operation) && IsAhead(body, block))))
                    {
                        Report(operation);
                    }
                }
            }
        }

        void Report(IOperation delay)
        {
            if (reported.Add(delay.Syntax))
            {
                body.Report(Descriptor, Underline.Of(delay.Syntax), ((IInvocationOperation)delay).TargetMethod.Name);
            }
        }
    }

    private static bool Does(Body body, IOperation operation, Act acts) =>
        operation is not IMethodReferenceOperation && ((body.World.Apis.ActOf(operation) | HandWrittenJson.ActOf(operation)) & acts) != 0;

    /// <summary>The thread or the function really waits: a delay that races an event is a timeout.</summary>
    private static bool IsDelay(IOperation operation)
    {
        if (operation is not IInvocationOperation { TargetMethod: { Name: "Delay" or "Sleep", ContainingType: { Name: "Task" or "Thread" } type } method, Arguments.Length: > 0 } call
            || !(method.Name == "Delay" ? Enclosing.IsTask(type) : type.ContainingNamespace.ToDisplayString() == "System.Threading")
            || call.Arguments[0].Value.ConstantValue is { HasValue: true, Value: -1 or 0 })
        {
            return false;
        }

        var user = call.Parent;
        while (user is IInvocationOperation { TargetMethod.Name: "ConfigureAwait" } or IParenthesizedOperation)
        {
            user = user.Parent;
        }

        return method.Name == "Sleep" || user is IAwaitOperation;
    }

    /// <summary>The delay is all that a loop does, and the loop ends by what somebody else sets.</summary>
    private static bool IsPoll(Body body, IOperation delay)
    {
        var original = body.Operations.FirstOrDefault(operation => operation.Kind == delay.Kind && operation.Syntax == delay.Syntax);
        for (var outer = original?.Parent; outer is not null; outer = outer.Parent)
        {
            switch (outer)
            {
                case IWhileLoopOperation { Condition: { } condition, Body: var inner }:
                    return (inner is IExpressionStatementOperation || inner is IBlockOperation { Operations.Length: 1 })
                        && condition.DescendantsAndSelf().Any(static part => part is IFieldReferenceOperation or IPropertyReferenceOperation { Property: { IsIndexer: false, Name: not "IsCancellationRequested" } } or ILocalReferenceOperation);
                case IExpressionStatementOperation or IBlockOperation or IAwaitOperation or IParenthesizedOperation:
                case IInvocationOperation { TargetMethod.Name: "ConfigureAwait" }:
                    continue;
                default:
                    return false;
            }
        }

        return false;
    }

    private static bool IsAhead(Body body, BasicBlock from)
    {
        var seen = new HashSet<BasicBlock>();
        var open = new Stack<BasicBlock>(Steps.After(from));
        while (open.Count > 0)
        {
            var block = open.Pop();
            if (seen.Add(block))
            {
                if (Function.OperationsOf(block).Any(operation => Does(body, operation, Sent)))
                {
                    return true;
                }

                foreach (var next in Steps.After(block))
                {
                    open.Push(next);
                }
            }
        }

        return false;
    }

    private static BasicBlock? BlockOf(ControlFlowGraph graph, IOperation operation) => graph.Blocks.FirstOrDefault(block => Function.OperationsOf(block).Contains(operation));
}
