using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Transport;

/// <summary>
/// The turns that no connection has sent: they waited when theirs ended, or were asked for while there was none. Each is asked for once, on the next connection, in the order of their numbers. Used under the session's lock.
/// </summary>
internal sealed class HeldTurns
{
    /// <summary>So many may be asked for while there is no connection.</summary>
    internal const int Most = 16;

    private readonly List<HeldTurn> _held = [];

    public int Count => _held.Count;

    /// <summary>Whether one more may be asked for. What waited when the connection ended had its bound there.</summary>
    public bool HasRoom => _held.Count(static held => !held.IsCarried) < Most;

    /// <summary>What they ask of the conversation, in order.</summary>
    public WaitingRequest[] Requests => [.. _held.Where(static held => !held.Turn.IsOutOfBand).Select(static held => new WaitingRequest(held.Turn.Number, held.Intent))];

    public bool Has(int turn) => _held.Exists(held => held.Turn.Number == turn);

    public void Add(HeldTurn held) => _held.Add(held);

    /// <summary>Takes one out that is not wanted any more.</summary>
    public bool Remove(Turn turn) => _held.RemoveAll(held => held.Turn == turn) > 0;

    /// <summary>The one that is next; null when none waits.</summary>
    public HeldTurn? First => _held.Count > 0 ? _held[0] : null;

    /// <summary>The next one waits no more.</summary>
    public void RemoveFirst() => _held.RemoveAt(0);

    /// <summary>Takes all out, in order.</summary>
    public HeldTurn[] TakeAll()
    {
        HeldTurn[] all = [.. _held];
        _held.Clear();
        return all;
    }
}

/// <summary>A turn that waits for a connection.</summary>
/// <param name="Turn">The turn.</param>
/// <param name="Intent">Asks for it, under its number.</param>
/// <param name="Functions">What it may call, where its request says so.</param>
internal sealed record HeldTurn(Turn Turn, SessionIntent Intent, FunctionTable? Functions)
{
    /// <summary>It was asked for on a connection that ended, whose socket never had its request; what began it is among the items or in the speech.</summary>
    public bool IsCarried { get; init; }
}
