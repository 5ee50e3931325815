using System.Text;

namespace Realtime.Protocol.Transport;

/// <summary>
/// The updates of one turn that nobody has read yet. Past the bound, pieces of the transcript grow together, item by item; everything else
/// is kept, because a turn has few of it. So nothing is lost, and a turn that nobody reads holds its words once.
/// </summary>
internal sealed class TurnFeed : Feed<TurnUpdate>
{
    internal const int MaxWaiting = 4096;

    // A server that mixes more items than this in one turn finds their pieces in the last one.
    private const int MaxGrowing = 64;

    private readonly List<(TurnUpdate.TranscriptDelta First, StringBuilder Text)> _growing = [];

    protected override void Put(TurnUpdate update)
    {
        if (update is TurnUpdate.TranscriptDelta delta && (_growing.Count > 0 || Waiting.Count >= MaxWaiting))
        {
            Grow(delta);
            return;
        }

        TakeGrown();
        Waiting.Enqueue(update);
    }

    protected override bool TryTake(out TurnUpdate? update)
    {
        if (Waiting.Count == 0)
        {
            TakeGrown();
        }

        return Waiting.TryDequeue(out update);
    }

    private void Grow(TurnUpdate.TranscriptDelta delta)
    {
        int at = _growing.FindIndex(growing => growing.First.ItemId == delta.ItemId);
        if (at < 0 && _growing.Count < MaxGrowing)
        {
            _growing.Add((delta, new StringBuilder()));
        }

        _growing[at < 0 ? _growing.Count - 1 : at].Text.Append(delta.Text);
    }

    private void TakeGrown()
    {
        foreach ((TurnUpdate.TranscriptDelta first, StringBuilder text) in _growing)
        {
            Waiting.Enqueue(first with { Text = text.ToString() });
        }

        _growing.Clear();
    }
}
