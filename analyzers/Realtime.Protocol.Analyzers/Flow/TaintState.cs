using System.Collections.Immutable;
using System.Linq;

namespace Realtime.Protocol.Analyzers.Flow;

/// <summary>What may be true at one point of a method: which places hold a tainted value, and in whose storage it lies.</summary>
/// <remarks>
/// A storage is named by the operation that made it, or by the place itself where nobody saw it made. Places that share one see each
/// other's writes: a buffer, a span over it and a slice of that span. Both kinds of fact are sets, and joining two paths is their union.
/// There are finitely many places and operations in a method, so a state that only ever grows stops growing: that is why the fixpoint in
/// <see cref="ForwardTaint"/> needs no limit on its steps. Every method returns the same instance when nothing changes.
/// </remarks>
internal sealed class TaintState : IFlowState<TaintState>
{
    public static readonly TaintState Empty = new([], ImmutableDictionary<Place, ImmutableHashSet<object>>.Empty);

    private readonly ImmutableHashSet<Place> _tainted;
    private readonly ImmutableDictionary<Place, ImmutableHashSet<object>> _storage;

    private TaintState(ImmutableHashSet<Place> tainted, ImmutableDictionary<Place, ImmutableHashSet<object>> storage) =>
        (_tainted, _storage) = (tainted, storage);

    public bool IsTainted(Place place) => _tainted.Contains(place);

    public ImmutableHashSet<object> StorageOf(Place place) => _storage.TryGetValue(place, out var storage) ? storage : [place];

    /// <summary>The place gets a new value, which lies in the given storage; a number or a text lies in none.</summary>
    public TaintState Assign(Place place, bool tainted, ImmutableHashSet<object> storage) => With(
        tainted ? _tainted.Add(place) : _tainted.Remove(place),
        storage.IsEmpty ? _storage.Remove(place) : _storage.SetItem(place, storage));

    public TaintState Taint(Place place) => With(_tainted.Add(place), _storage);

    /// <summary>New content is written into a storage; whatever looks into it holds that content.</summary>
    public TaintState Fill(ImmutableHashSet<object> storage, bool tainted)
    {
        var touched = _storage.Where(known => known.Value.Overlaps(storage)).Select(known => known.Key)
            .Concat(storage.OfType<Place>().Where(place => !_storage.ContainsKey(place)));
        return With(tainted ? _tainted.Union(touched) : _tainted.Except(touched), _storage);
    }

    public TaintState Join(TaintState other)
    {
        var storage = _storage;
        foreach (var added in other._storage)
        {
            storage = storage.SetItem(added.Key, storage.TryGetValue(added.Key, out var known) ? known.Union(added.Value) : added.Value);
        }

        return With(_tainted.Union(other._tainted), storage);
    }

    public bool Covers(TaintState other) =>
        ReferenceEquals(this, other)
        || (other._tainted.All(_tainted.Contains)
            && other._storage.All(theirs => _storage.TryGetValue(theirs.Key, out var ours) && theirs.Value.IsSubsetOf(ours)));

    /// <summary>What is left of the state where another graph begins: captures belong to the graph that made them.</summary>
    public TaintState WithoutCaptures() => With(
        _tainted.Except(_tainted.Where(place => place.Symbol is null)),
        _storage.RemoveRange(_storage.Keys.Where(place => place.Symbol is null)));

    private TaintState With(ImmutableHashSet<Place> tainted, ImmutableDictionary<Place, ImmutableHashSet<object>> storage) =>
        ReferenceEquals(tainted, _tainted) && ReferenceEquals(storage, _storage) ? this : new(tainted, storage);
}
