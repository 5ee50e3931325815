using System.Threading.Channels;
using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Transport;

/// <summary>
/// The turns that events can still belong to, the listeners of those that have ended and may still be playing, and the turns that the server began and nobody has taken yet. What is to be kept,
/// and how long, the machine says. Called under the gate's lock.
/// </summary>
internal sealed class TurnBook
{
    // A talkative server must not fill the memory of an application that does not listen.
    private const int MaxWaitingTurns = 16;

    private readonly Dictionary<int, Turn> _running = [];

    // The turn of the last event, most often that of the next: sound comes by the hundred.
    private Turn? _last;
    private readonly Dictionary<int, WeakReference<Turn>> _ended = [];
    private readonly Dictionary<int, TurnListener> _listeners = [];
    private readonly Channel<Turn> _serverTurns = Channel.CreateBounded<Turn>(
        new BoundedChannelOptions(MaxWaitingTurns) { FullMode = BoundedChannelFullMode.DropOldest, SingleWriter = true },
        static dropped => dropped.Stream.Complete());

    public ChannelReader<Turn> ServerTurns => _serverTurns.Reader;

    /// <summary>How many turns it keeps anything of.</summary>
    public int Count => _listeners.Count;

    public bool HasRunning => _running.Count > 0;

    /// <summary>A turn that has not ended.</summary>
    public Turn? Find(int number) => _last?.Number == number ? _last : _last = _running.GetValueOrDefault(number);

    public void Begin(Turn turn)
    {
        _running.Add(turn.Number, turn);
        _listeners.Add(turn.Number, turn.Listener);
        if (turn.Origin is not TurnOrigin.Application)
        {
            _serverTurns.Writer.TryWrite(turn);
        }
    }

    public void End(int number, TurnOutcome outcome)
    {
        if (_running.Remove(number, out Turn? turn))
        {
            _last = null;
            _ended.Add(number, new(turn));
            turn.End(outcome, outcome is TurnOutcome.Merged merged ? Find(merged.Into) : null);
        }
    }

    /// <summary>Tells whoever listens to a turn, running or ended, that it is to be silent.</summary>
    public void Silence(int number, InterruptionReason reason, HeardAudio heard)
    {
        if (_running.TryGetValue(number, out Turn? turn) || (_ended.TryGetValue(number, out WeakReference<Turn>? ended) && ended.TryGetTarget(out turn)))
        {
            turn.Silence(reason, heard);
        }

        if (_listeners.TryGetValue(number, out TurnListener? listener))
        {
            listener.Silence();
        }
    }

    /// <summary>Nothing more is told of this turn.</summary>
    public void Forget(int number)
    {
        _ended.Remove(number);
        _listeners.Remove(number);
    }

    /// <summary>What still plays of turns that have ended is reported to another connection from now on.</summary>
    public void MoveEnded(MachineGate gate)
    {
        foreach (WeakReference<Turn> ended in _ended.Values)
        {
            if (ended.TryGetTarget(out Turn? turn))
            {
                turn.MoveTo(gate);
            }
        }
    }

    /// <summary>Offers a turn to whoever takes those that nobody here asked for.</summary>
    public void Offer(Turn turn) => _serverTurns.Writer.TryWrite(turn);

    /// <summary>Tells the machine how far each turn's audio has been taken, where that has changed.</summary>
    public void TellTaken(SessionMachine machine, long now)
    {
        foreach ((int number, TurnListener listener) in _listeners)
        {
            long taken = listener.Taken;
            if (taken != listener.TakenAsTold)
            {
                listener.TakenAsTold = taken;
                machine.Submit(SessionIntent.Taken(number, taken), now);
            }
        }
    }

    public void Close() => _serverTurns.Writer.TryComplete();
}
