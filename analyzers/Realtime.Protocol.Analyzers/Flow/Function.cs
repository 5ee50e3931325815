using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;

namespace Realtime.Protocol.Analyzers.Flow;

/// <summary>One function of a body as a graph: the member itself, a local function, or a lambda with the place where it is made.</summary>
/// <param name="Graph">Its control-flow graph.</param>
/// <param name="Symbol">The local function or lambda; null for the member around them.</param>
/// <param name="Outer">The function around it; null for the member.</param>
/// <param name="MadeIn">The block of <paramref name="Outer"/> that makes the lambda; null for others.</param>
/// <param name="MadeAt">The operation that makes the lambda.</param>
internal sealed record Function(ControlFlowGraph Graph, IMethodSymbol? Symbol, Function? Outer, BasicBlock? MadeIn, IFlowAnonymousFunctionOperation? MadeAt)
{
    /// <summary>The member's graph and those of all functions in it, outer before inner.</summary>
    public static IEnumerable<Function> In(ControlFlowGraph graph)
    {
        var open = new Queue<Function>([new Function(graph, null, null, null, null)]);
        while (open.Count > 0)
        {
            var function = open.Dequeue();
            yield return function;
            foreach (var local in function.Graph.LocalFunctions)
            {
                open.Enqueue(new Function(function.Graph.GetLocalFunctionControlFlowGraph(local), local, function, null, null));
            }

            foreach (var block in function.Graph.Blocks)
            {
                foreach (var lambda in OperationsOf(block).OfType<IFlowAnonymousFunctionOperation>())
                {
                    open.Enqueue(new Function(function.Graph.GetAnonymousFunctionControlFlowGraph(lambda), lambda.Symbol, function, block, lambda));
                }
            }
        }
    }

    /// <summary>Every operation of a block, operands before what uses them, left before right, the branch's condition or value last.</summary>
    public static IEnumerable<IOperation> OperationsOf(BasicBlock block)
    {
        foreach (var operation in block.Operations)
        {
            foreach (var inner in Evaluated(operation))
            {
                yield return inner;
            }
        }

        if (block.BranchValue is { } value)
        {
            foreach (var inner in Evaluated(value))
            {
                yield return inner;
            }
        }
    }

    // Not recursive: a concatenation of a thousand lines is a tree a thousand deep.
    private static Stack<IOperation> Evaluated(IOperation root)
    {
        var unvisited = new Stack<IOperation>([root]);
        var backwards = new Stack<IOperation>();
        while (unvisited.Count > 0)
        {
            var operation = unvisited.Pop();
            backwards.Push(operation);
            foreach (var child in operation.ChildOperations)
            {
                unvisited.Push(child);
            }
        }

        return backwards;
    }
}
