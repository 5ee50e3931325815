using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;

namespace Realtime.Protocol.Analyzers.Flow;

/// <summary>One control-flow graph with the state at the entry of each block, and the edges by which states travel.</summary>
/// <remarks>
/// The compiler's graph leaves two kinds of edge to its readers: from inside a <c>try</c> to its handlers, and through a <c>finally</c>
/// to wherever the branch was going. Both are drawn here. A state at an entry is only ever joined with more, never replaced.
/// </remarks>
internal sealed class FlowBody<TState>(ControlFlowGraph graph, IMethodSymbol? function = null)
    where TState : class, IFlowState<TState>
{
    private readonly TState?[] _entries = new TState?[graph.Blocks.Length];
    private readonly SortedSet<int> _changed = [];
    private readonly Dictionary<ControlFlowRegion, HashSet<int>> _afterFinally = [];
    private readonly Dictionary<CaptureId, ImmutableHashSet<IOperation>> _captured = [];

    public ControlFlowGraph Graph => graph;

    /// <summary>The lambda or local function whose graph this is; null for the member itself.</summary>
    public IMethodSymbol? Function => function;

    public TState At(BasicBlock block) => _entries[block.Ordinal]!;

    /// <summary>Blocks whose entry changed since they were last walked, until there are none.</summary>
    public IEnumerable<BasicBlock> Changed()
    {
        while (_changed.Count > 0)
        {
            var ordinal = _changed.Min;
            _changed.Remove(ordinal);
            yield return graph.Blocks[ordinal];
        }
    }

    public IEnumerable<BasicBlock> Reached() => graph.Blocks.Where(block => _entries[block.Ordinal] is not null);

    /// <summary>Something outside of the states changed: every block that was reached is to be walked again.</summary>
    public void Revisit() => _changed.UnionWith(Reached().Select(static block => block.Ordinal));

    /// <summary>A path leads to the block with this state; true when that is news.</summary>
    public bool Reach(BasicBlock block, TState state)
    {
        var known = _entries[block.Ordinal];
        if (known is not null && known.Covers(state))
        {
            return false;
        }

        _entries[block.Ordinal] = known?.Join(state) ?? state;
        _changed.Add(block.Ordinal);
        return true;
    }

    public void Leave(BasicBlock block, TState state)
    {
        Take(block, block.FallThroughSuccessor, state);
        Take(block, block.ConditionalSuccessor, state);
    }

    /// <summary>The first blocks of the handlers that guard a block: catch clauses, filters and finally clauses, inner and outer.</summary>
    public IEnumerable<BasicBlock> HandlersOf(BasicBlock block)
    {
        foreach (var region in RegionsAround(block))
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

    public void Capture(IFlowCaptureOperation capture)
    {
        var captured = capture.Value is IFlowCaptureReferenceOperation { Id: var inner } ? Behind(inner) : [capture.Value];
        _captured[capture.Id] = Behind(capture.Id).Union(captured);
    }

    /// <summary>What a capture may stand for, where it is assigned to: in "text ??= value" the variable itself.</summary>
    public ImmutableHashSet<IOperation> Behind(CaptureId capture) => _captured.TryGetValue(capture, out var captured) ? captured : [];

    private void Take(BasicBlock block, ControlFlowBranch? branch, TState state)
    {
        if (branch is { Semantics: ControlFlowBranchSemantics.StructuredExceptionHandling, Destination: null })
        {
            foreach (var next in AfterFinally(block))
            {
                Reach(graph.Blocks[next], state);
            }
        }
        else if (branch?.Destination is { } destination)
        {
            // Through each finally in turn, and only then to where the branch points.
            var next = destination.Ordinal;
            foreach (var region in branch.FinallyRegions.Reverse())
            {
                Continue(region, next);
                next = region.FirstBlockOrdinal;
            }

            Reach(graph.Blocks[next], state);
        }
    }

    private IEnumerable<int> AfterFinally(BasicBlock block) =>
        RegionsAround(block).FirstOrDefault(region => region.Kind == ControlFlowRegionKind.Finally) is { } region
            && _afterFinally.TryGetValue(region, out var next) ? next : [];

    // Up to the root of this graph: that of a lambda stands in a region of the method around it.
    private static IEnumerable<ControlFlowRegion> RegionsAround(BasicBlock block)
    {
        for (var region = block.EnclosingRegion; region is { Kind: not ControlFlowRegionKind.Root }; region = region.EnclosingRegion)
        {
            yield return region;
        }
    }

    private void Continue(ControlFlowRegion region, int next)
    {
        if (!_afterFinally.TryGetValue(region, out var known))
        {
            _afterFinally[region] = known = [];
        }

        if (known.Add(next))
        {
            // Its end may have been walked before anyone knew where it leads.
            _changed.UnionWith(
                from ordinal in Enumerable.Range(region.FirstBlockOrdinal, region.LastBlockOrdinal - region.FirstBlockOrdinal + 1)
                where _entries[ordinal] is not null
                select ordinal);
        }
    }
}
