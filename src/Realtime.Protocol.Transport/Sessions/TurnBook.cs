using System.Threading.Channels;

namespace Realtime.Protocol.Transport;

/// <summary>
/// The turns that events can still belong to, and those that the server began and nobody has taken yet. Called under the engine's lock.
/// </summary>
internal sealed class TurnBook
{
    // A talkative server must not fill the memory of an application that does not listen.
    private const int MaxWaitingTurns = 16;

    // An ended turn's audio may still play, and an interruption then silences it. Two turns later nobody plays it any more.
    private const int KeptEndedTurns = 2;

    private readonly Dictionary<int, Turn> _turns = [];
    private readonly Queue<int> _ended = [];
    private readonly Channel<Turn> _serverTurns = Channel.CreateBounded<Turn>(
        new BoundedChannelOptions(MaxWaitingTurns) { FullMode = BoundedChannelFullMode.DropOldest, SingleWriter = true },
        static dropped => dropped.Audio.Complete());

    public ChannelReader<Turn> ServerTurns => _serverTurns.Reader;

    public Turn? Find(int number) => _turns.GetValueOrDefault(number);

    public void Begin(Turn turn)
    {
        _turns.Add(turn.Number, turn);
        if (turn.Origin is not TurnOrigin.Application)
        {
            _serverTurns.Writer.TryWrite(turn);
        }
    }

    public void End(int number, TurnOutcome outcome)
    {
        if (Find(number) is { } turn)
        {
            turn.End(outcome, outcome is TurnOutcome.Merged merged ? Find(merged.Into) : null);
            _ended.Enqueue(number);
            if (_ended.Count > KeptEndedTurns)
            {
                _turns.Remove(_ended.Dequeue());
            }
        }
    }

    public void Close() => _serverTurns.Writer.TryComplete();
}
