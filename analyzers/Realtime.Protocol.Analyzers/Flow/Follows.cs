using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;

namespace Realtime.Protocol.Analyzers.Flow;

/// <summary>Whether one thing is followed by another however the code goes on, before it comes round again.</summary>
/// <remarks>
/// "However" means on every way that neither throws nor comes back to where it began: a loop that does the first thing again and again and
/// the second behind it is not such a way. A condition that only asks whether there is somebody to talk to (see
/// <paramref name="isTransparent"/>) does not count as another way; every other condition does.
/// </remarks>
/// <param name="isFirst">The operation does the first thing.</param>
/// <param name="isSecond">The operation does the second thing.</param>
/// <param name="isTransparent">A condition that does not decide about the second thing.</param>
internal sealed class Follows(Func<IOperation, bool> isFirst, Func<IOperation, bool> isSecond, Func<IOperation, bool> isTransparent)
{
    private enum Meets
    {
        Nothing,
        First,
        Second,
    }

    private readonly Dictionary<BasicBlock, Meets> _met = [];

    /// <summary>What follows <paramref name="first"/> in <paramref name="block"/>: empty when some way goes past it.</summary>
    public IReadOnlyList<IOperation> After(BasicBlock block, IOperation first)
    {
        var rest = Function.OperationsOf(block).SkipWhile(operation => operation != first).Skip(1).ToList();
        if (rest.FirstOrDefault(operation => isSecond(operation) || isFirst(operation)) is { } next)
        {
            return isSecond(next) ? [next] : [];
        }

        var region = Ahead(block);
        var holds = region.ToDictionary(static ahead => ahead, static _ => true);
        for (var changed = true; changed;)
        {
            changed = false;
            foreach (var ahead in region)
            {
                if (holds[ahead] && !Holds(ahead, holds))
                {
                    holds[ahead] = false;
                    changed = true;
                }
            }
        }

        return Goes(block, holds) ? [.. region.Where(ahead => holds[ahead] && Met(ahead) == Meets.Second).Select(SecondIn)] : [];
    }

    private bool Holds(BasicBlock block, Dictionary<BasicBlock, bool> holds) => Met(block) switch
    {
        Meets.Second => true,
        Meets.First => false,
        _ => block.Kind != BasicBlockKind.Exit && Goes(block, holds),
    };

    private bool Goes(BasicBlock block, Dictionary<BasicBlock, bool> holds)
    {
        var next = Steps.After(block).ToList();
        return next.Count > 1 && block.BranchValue is { } condition && isTransparent(condition)
            ? next.Any(ahead => holds[ahead])
            : next.All(ahead => holds[ahead]);
    }

    /// <summary>The blocks ahead, up to those that do one of the two things.</summary>
    private List<BasicBlock> Ahead(BasicBlock from)
    {
        var seen = new HashSet<BasicBlock>();
        var open = new Stack<BasicBlock>(Steps.After(from));
        while (open.Count > 0)
        {
            var block = open.Pop();
            if (seen.Add(block) && Met(block) == Meets.Nothing)
            {
                foreach (var next in Steps.After(block))
                {
                    open.Push(next);
                }
            }
        }

        return [.. seen];
    }

    private Meets Met(BasicBlock block)
    {
        if (!_met.TryGetValue(block, out var met))
        {
            var first = Function.OperationsOf(block).FirstOrDefault(operation => isFirst(operation) || isSecond(operation));
            _met[block] = met = first is null ? Meets.Nothing : isSecond(first) ? Meets.Second : Meets.First;
        }

        return met;
    }

    private IOperation SecondIn(BasicBlock block) => Function.OperationsOf(block).First(isSecond);
}
