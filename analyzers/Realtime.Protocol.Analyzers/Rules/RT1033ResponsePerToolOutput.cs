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

/// <summary>RT1033 of our session, RT4002 of others and of JSON: a response is asked for after each tool output, instead of once when all outputs are told.</summary>
/// <remarks>
/// Two shapes. A tool output that is followed by a request on every way, before the next output: that is one request a call. And a request
/// where the arguments of one call have come: the response that makes the call is still active then. A request behind a condition of the
/// application's own (a counter, a flag) is how others count calls, and is left alone; so is one that follows in <c>response.done</c>.
/// </remarks>
internal sealed class RT1033ResponsePerToolOutput : Rule
{
    public const string Id = "RT1033";
    public const string IdOfOthers = "RT4002";

    private static readonly DiagnosticDescriptor Ours = new(
        Id,
        "Response requested after a tool output",
        "'{0}' asks for a response after one tool output; the session does that by itself when every call of the response has its output",
        RuleCategories.Lifecycle,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "The session asks the model to go on when all calls of a response have their outputs. One more request is one more answer, or an answer that knows half of the outputs.",
        helpLinkUri: RulePages.Root + Id + RulePages.Extension);

    private static readonly DiagnosticDescriptor Others = new(
        IdOfOthers,
        "Response requested after each tool output",
        "'{0}' asks for a response after one tool output; send the outputs of all calls, and ask once when the response that made the calls is done",
        RuleCategories.Libraries,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "A response may call several tools. The server refuses a request while that response, or the one that the first output asked for, is active, and the model never hears the other outputs.",
        helpLinkUri: RulePages.Root + IdOfOthers + RulePages.Extension);

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> Descriptors { get; } = [Ours, Others];

    /// <inheritdoc/>
    public override void Begin(Interests asked) => asked
        .Group(words: WireNames.NamesOf(Act.AskForResponse), acts: Act.AskForResponse)
        .Group(words: [.. WireNames.NamesOf(Act.ToolOutput), .. WireNames.NamesOf(ServerEvent.ArgumentsDone)], acts: Act.ToolOutput, events: ServerEvent.ArgumentsDone)
        .OnBody(static body => new Talk(body).Check());

    private sealed class Talk(Body body)
    {
        private readonly KnownApis _apis = body.World.Apis;
        private readonly HashSet<SyntaxNode> _reported = [];
        private EventGuards _guards = null!;

        public void Check()
        {
            if (!body.Operations.Any(IsRequest) || body.Graph is not { } graph)
            {
                return;
            }

            var functions = Function.In(graph).ToList();
            _guards = EventGuards.Of(functions, body.Member as IMethodSymbol, _apis);
            foreach (var function in functions)
            {
                Check(function.Graph);
            }
        }

        private void Check(ControlFlowGraph graph)
        {
            var follows = new Follows(IsOutput, IsRequest, IsTransparent);
            var outputs = (from block in graph.Blocks from operation in Function.OperationsOf(block) where IsOutput(operation) select (block, operation)).ToList();
            foreach (var (block, output) in outputs)
            {
                // Two outputs on one way and then a request is what is asked for.
                if (outputs.Any(other => other.operation != output && IsAhead(other.block, other.operation, block, output)))
                {
                    continue;
                }

                foreach (var request in follows.After(block, output))
                {
                    if (!_guards.IsOnly(block, ServerEvent.ResponseDone) || IsRoundAgain(block))
                    {
                        Report(request);
                    }
                }
            }

            foreach (var block in graph.Blocks.Where(block => _guards.IsOnly(block, ServerEvent.ArgumentsDone) && !IsDecidedByOthers(block)))
            {
                foreach (var request in Function.OperationsOf(block).Where(IsRequest))
                {
                    Report(request);
                }
            }
        }

        private bool IsOutput(IOperation operation) =>
            operation is not IMethodReferenceOperation
            && ((_apis.ActOf(operation) | HandWrittenJson.ActOf(operation)) & Act.ToolOutput) != 0
            && !MayAskForNothing(operation);

        // Ours can be told that the model shall not go on: then a request of one's own is right. What a variable holds is not known here.
        private static bool MayAskForNothing(IOperation output) =>
            output is IInvocationOperation { TargetMethod.Name: "SubmitToolOutput", Arguments.Length: 2 } call && call.Arguments[1].Value is not (IConversionOperation or IObjectCreationOperation);

        private bool IsRequest(IOperation operation)
        {
            if (operation is IMethodReferenceOperation)
            {
                return false;
            }

            if ((HandWrittenJson.ActOf(operation) & Act.AskForResponse) != 0)
            {
                return !HandWrittenJson.IsOutOfBand(operation);
            }

            // Words of the user ask for a response of their own; so does what is asked beside the conversation.
            return (_apis.ActOf(operation) & Act.AskForResponse) != 0
                && KnownApis.Used(operation) is { Name: not ("SendMessage" or "EndTurn") }
                && !operation.Descendants().Any(static inner => inner is IMemberReferenceOperation { Member.Name: "OutOfBand" });
        }

        /// <summary>Asks only whether there is somebody to talk to.</summary>
        private static bool IsTransparent(IOperation condition) => condition switch
        {
            IUnaryOperation { OperatorKind: UnaryOperatorKind.Not } not => IsTransparent(not.Operand),
            IIsNullOperation => true,
            IIsPatternOperation { Pattern: IConstantPatternOperation { Value.ConstantValue: { HasValue: true, Value: null } } or INegatedPatternOperation { Pattern: IConstantPatternOperation { Value.ConstantValue: { HasValue: true, Value: null } } } } => true,
            IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals } test =>
                IsNull(test.LeftOperand) || IsNull(test.RightOperand) || IsStateOfSocket(test.LeftOperand) || IsStateOfSocket(test.RightOperand),
            IPropertyReferenceOperation { Property: { Name: "IsCancellationRequested", ContainingType.Name: "CancellationToken" or "CancellationTokenSource" } } => true,
            _ => false,
        };

        private static bool IsNull(IOperation value) => value is { ConstantValue: { HasValue: true, Value: null } };

        private static bool IsStateOfSocket(IOperation value) => value.Type is { Name: "WebSocketState", ContainingNamespace.Name: "WebSockets" };

        /// <summary>Another output leads here with no request between.</summary>
        private bool IsAhead(BasicBlock from, IOperation first, BasicBlock to, IOperation then)
        {
            var rest = Function.OperationsOf(from).SkipWhile(operation => operation != first).Skip(1).ToList();
            for (var i = 0; i < rest.Count; i++)
            {
                if (rest[i] == then)
                {
                    return true;
                }

                if (IsRequest(rest[i]))
                {
                    return false;
                }
            }

            var seen = new HashSet<BasicBlock>();
            var open = new Stack<BasicBlock>(Steps.After(from));
            while (open.Count > 0)
            {
                var block = open.Pop();
                if (!seen.Add(block))
                {
                    continue;
                }

                var met = Function.OperationsOf(block).FirstOrDefault(operation => operation == then || IsRequest(operation));
                if (met == then)
                {
                    return true;
                }

                if (met is null)
                {
                    foreach (var next in Steps.After(block))
                    {
                        open.Push(next);
                    }
                }
            }

            return false;
        }

        /// <summary>The block comes round again while the same event is at hand: once for each call of the response.</summary>
        private bool IsRoundAgain(BasicBlock from)
        {
            var seen = new HashSet<BasicBlock>();
            var open = new Stack<BasicBlock>(Steps.After(from));
            while (open.Count > 0)
            {
                var block = open.Pop();
                if (block == from)
                {
                    return true;
                }

                if (_guards.IsOnly(block, ServerEvent.ResponseDone) && seen.Add(block))
                {
                    foreach (var next in Steps.After(block))
                    {
                        open.Push(next);
                    }
                }
            }

            return false;
        }

        /// <summary>Between the event and the block stands a condition that asks something else than what the event says: a counter, a flag.</summary>
        private bool IsDecidedByOthers(BasicBlock target)
        {
            var seen = new HashSet<BasicBlock> { target };
            var open = new Stack<BasicBlock>([target]);
            while (open.Count > 0)
            {
                foreach (var before in open.Pop().Predecessors.Select(static branch => branch.Source))
                {
                    if (!_guards.IsOnly(before, ServerEvent.ArgumentsDone) || !seen.Add(before))
                    {
                        continue;
                    }

                    if (before is { ConditionKind: not ControlFlowConditionKind.None, BranchValue: { } condition }
                        && !IsTransparent(condition) && !_guards.IsTest(condition) && !AsksTheEvent(condition))
                    {
                        return true;
                    }

                    open.Push(before);
                }
            }

            return false;
        }

        private bool AsksTheEvent(IOperation condition) => condition.DescendantsAndSelf().Any(operation => operation switch
        {
            ILocalReferenceOperation local => _apis.EventOf(local.Local.Type) != ServerEvent.None,
            IParameterReferenceOperation parameter => _apis.EventOf(parameter.Parameter.Type) != ServerEvent.None,
            _ => false,
        });

        private void Report(IOperation request)
        {
            if (_reported.Add(request.Syntax))
            {
                var rule = _apis.LibraryOf(KnownApis.Used(request)) == Library.Ours ? Ours : Others;
                body.Report(rule, Underline.Of(request.Syntax), KnownApis.Used(request) is IMethodSymbol { MethodKind: MethodKind.Ordinary } method && _apis.ActOf(method) != Act.None ? method.Name : "response.create");
            }
        }
    }
}
