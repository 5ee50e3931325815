using System.Collections.Generic;
using Microsoft.CodeAnalysis;

namespace Realtime.Protocol.Analyzers.Flow;

/// <summary>The order in which the parts of an operation are evaluated.</summary>
internal static class Evaluation
{
    /// <summary>Operands before the operation, left before right. Not recursive: a concatenation of a thousand lines is a tree a thousand deep.</summary>
    public static IEnumerable<IOperation> OperandsFirst(IOperation root)
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
