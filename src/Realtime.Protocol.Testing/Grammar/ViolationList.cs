namespace Realtime.Protocol.Testing.Grammar;

/// <summary>
/// What was found, on one connection or on all of a host: one entry for each rule and connection, with the times that it was broken. A race stands there until the rule is
/// broken without an excuse; it never adds to a count. Any thread may add and read. Bounded: of very many, the oldest go first.
/// </summary>
internal sealed class ViolationList
{
    private const int Most = 20_000;
    private const int Forgotten = 2_000;

    private readonly Lock _gate = new();
    private readonly List<Violation> _all = [];
    private readonly Dictionary<(int Connection, string Rule), int> _places = [];

    /// <summary>Called with each entry that is new, or is no race any more; not for what is only counted up. On the thread that found it.</summary>
    public Action<Violation>? Found { get; init; }

    /// <summary>Called with each occasion, also of an entry that is there. On the thread that found it.</summary>
    public Action<Violation>? Occurred { get; init; }

    /// <summary>A copy of all entries, or of those of one connection, in the order in which the rules were first broken.</summary>
    public IReadOnlyList<Violation> Read(int? connection = null)
    {
        lock (_gate)
        {
            return connection is null ? [.. _all] : [.. _all.Where(entry => entry.Connection == connection)];
        }
    }

    /// <summary>Starts afresh: what was found before is gone, and counts begin at 1.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _all.Clear();
            _places.Clear();
        }
    }

    /// <summary>Adds one occasion.</summary>
    public void Add(Violation occasion)
    {
        Occurred?.Invoke(occasion);
        lock (_gate)
        {
            if (!Enter(occasion))
            {
                return;
            }
        }

        Found?.Invoke(occasion);
    }

    private bool Enter(Violation occasion)
    {
        if (!_places.TryGetValue((occasion.Connection, occasion.Rule), out int place))
        {
            MakeRoom();
            _places[(occasion.Connection, occasion.Rule)] = _all.Count;
            _all.Add(occasion);
            return true;
        }

        Violation before = _all[place];
        bool isWorse = occasion.IsCounted && !before.IsCounted;
        bool isSame = occasion.IsCounted == before.IsCounted;
        _all[place] = isWorse ? occasion : isSame ? before with { Times = before.Times + 1 } : before;
        return isWorse;
    }

    private void MakeRoom()
    {
        if (_all.Count < Most)
        {
            return;
        }

        _all.RemoveRange(0, Forgotten);
        _places.Clear();
        for (int place = 0; place < _all.Count; place++)
        {
            _places[(_all[place].Connection, _all[place].Rule)] = place;
        }
    }
}
