using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis.FlowAnalysis;

namespace Realtime.Protocol.Analyzers.Flow;

/// <summary>Where a block leads when nothing is thrown: past the finally clauses on the way, which end and go on.</summary>
internal static class Steps
{
    /// <summary>The next blocks; none after a throw.</summary>
    public static IEnumerable<BasicBlock> After(BasicBlock block) =>
        new[] { block.FallThroughSuccessor, block.ConditionalSuccessor }.Select(static branch => branch?.Destination).OfType<BasicBlock>();

    /// <summary>The block of the branch that is taken when the condition is true, and of the other.</summary>
    public static (BasicBlock? True, BasicBlock? False) Of(BasicBlock block)
    {
        var (jump, next) = (block.ConditionalSuccessor?.Destination, block.FallThroughSuccessor?.Destination);
        return block.ConditionKind == ControlFlowConditionKind.WhenTrue ? (jump, next) : (next, jump);
    }

    /// <summary>The first blocks of the clauses that a throw in the block leads to.</summary>
    public static IEnumerable<BasicBlock> ToHandlers(ControlFlowGraph graph, BasicBlock block)
    {
        for (var region = block.EnclosingRegion; region is { Kind: not ControlFlowRegionKind.Root }; region = region.EnclosingRegion)
        {
            if (region is { Kind: ControlFlowRegionKind.Try, EnclosingRegion: { } statement })
            {
                foreach (var handler in statement.NestedRegions.Where(other => other != region))
                {
                    yield return graph.Blocks[handler.FirstBlockOrdinal];
                }
            }
        }
    }
}
