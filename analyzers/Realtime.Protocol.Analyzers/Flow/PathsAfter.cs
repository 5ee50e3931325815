using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;

namespace Realtime.Protocol.Analyzers.Flow;

/// <summary>What a path does at an operation.</summary>
internal enum Step
{
    /// <summary>Nothing that matters.</summary>
    On,

    /// <summary>What was looked for.</summary>
    Found,

    /// <summary>What makes the rest of this path meaningless.</summary>
    Stop,
}

/// <summary>Looks along the paths that leave a point of a body: what can come after it. Edges of exceptions are not among them.</summary>
internal static class PathsAfter
{
    /// <summary>Some path leads from behind the operation with this syntax to one that is looked for, and meets none before that stops it.</summary>
    public static bool Lead(ControlFlowGraph graph, IOperation from, Func<IOperation, Step> look)
    {
        foreach (var block in GraphsIn(graph).SelectMany(static inner => inner.Blocks))
        {
            var operations = OperationsOf(block).ToList();
            var index = operations.FindIndex(operation => operation.Kind == from.Kind && operation.Syntax == from.Syntax);
            if (index >= 0)
            {
                return Lead(block, operations.Skip(index + 1), look);
            }
        }

        return false;
    }

    /// <summary>The graph and those of its lambdas and local functions.</summary>
    public static IEnumerable<ControlFlowGraph> GraphsIn(ControlFlowGraph graph)
    {
        var pending = new Queue<ControlFlowGraph>([graph]);
        while (pending.Count > 0)
        {
            var current = pending.Dequeue();
            yield return current;
            foreach (var local in current.LocalFunctions)
            {
                pending.Enqueue(current.GetLocalFunctionControlFlowGraph(local));
            }

            foreach (var lambda in current.Blocks.SelectMany(OperationsOf).OfType<IFlowAnonymousFunctionOperation>())
            {
                pending.Enqueue(current.GetAnonymousFunctionControlFlowGraph(lambda));
            }
        }
    }

    private static bool Lead(BasicBlock from, IEnumerable<IOperation> rest, Func<IOperation, Step> look)
    {
        var seen = new HashSet<BasicBlock>();
        var pending = new Stack<(BasicBlock Block, IEnumerable<IOperation> Operations)>([(from, rest)]);
        while (pending.Count > 0)
        {
            var (block, operations) = pending.Pop();
            var step = operations.Select(look).FirstOrDefault(static step => step != Step.On);
            if (step == Step.Found)
            {
                return true;
            }

            if (step == Step.On)
            {
                foreach (var branch in new[] { block.FallThroughSuccessor, block.ConditionalSuccessor })
                {
                    if (branch?.Destination is { } next && seen.Add(next))
                    {
                        pending.Push((next, OperationsOf(next)));
                    }
                }
            }
        }

        return false;
    }

    private static IEnumerable<IOperation> OperationsOf(BasicBlock block) =>
        (block.BranchValue is { } value ? block.Operations.Add(value) : block.Operations).SelectMany(Evaluation.OperandsFirst);
}
