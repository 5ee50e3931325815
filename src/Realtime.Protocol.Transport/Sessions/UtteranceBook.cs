using System.Threading.Channels;
using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Transport;

/// <summary>The utterances that have not ended, and those that nobody has read yet. Called under the gate's lock.</summary>
internal sealed class UtteranceBook
{
    // A user who talks must not fill the memory of an application that does not listen.
    private const int MaxWaiting = 16;

    private readonly Dictionary<int, Utterance> _open = [];
    private readonly Channel<Utterance> _heard = Channel.CreateBounded<Utterance>(new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleWriter = true });

    // Its transcript may have been faster than its commit.
    private Utterance? _endedLast;
    private Utterance? _begun;
    private Utterance? _committedByServer;

    /// <summary>Those that have not ended.</summary>
    public IReadOnlyCollection<Utterance> Open => _open.Values;

    public ChannelReader<Utterance> Heard => _heard.Reader;

    /// <summary>The utterance, if it has not ended, or was the last to end.</summary>
    public Utterance? Find(int number) => _open.GetValueOrDefault(number) ?? (_endedLast?.Number == number ? _endedLast : null);

    public Utterance Begin(int number)
    {
        _begun = new Utterance(number);
        _open.Add(number, _begun);
        return _begun;
    }

    /// <summary>The utterance that the last intent began, for whoever submitted it: it may have ended already.</summary>
    public Utterance? TakeBegun()
    {
        Utterance? begun = _begun;
        _begun = null;
        return begun;
    }

    /// <summary>The server heard it begin.</summary>
    /// <param name="started">Where, in the audio of its connection.</param>
    /// <param name="began">Where that began in the session's.</param>
    public Utterance? Start(SessionChange.SpeechStarted started, TimeSpan began)
    {
        Utterance? utterance = Show(started.Utterance, started.ItemId);
        utterance?.StartAt(started.Milliseconds, began);
        return utterance;
    }

    /// <summary>The server heard it end.</summary>
    /// <param name="stopped">Where, in the audio of its connection.</param>
    /// <param name="began">Where that began in the session's.</param>
    /// <param name="doneAt">When the user was done.</param>
    public Utterance? Stop(SessionChange.SpeechStopped stopped, TimeSpan began, long doneAt)
    {
        Utterance? utterance = Show(stopped.Utterance, stopped.ItemId);
        if (utterance is not null)
        {
            utterance.EndAt(stopped.Milliseconds, began);
            utterance.DoneAt = doneAt;
        }

        return utterance;
    }

    public void Commit(SessionChange.InputCommitted committed, long now)
    {
        Utterance? utterance = Show(committed.Utterance, committed.ItemId);
        if (utterance is not null)
        {
            utterance.CommittedAt = now;
        }

        if (committed.ByServer)
        {
            _committedByServer = utterance;
        }
    }

    /// <summary>What the turn answers that the server begins now because the user has spoken.</summary>
    public Utterance? TakeAnswered()
    {
        Utterance? answered = _committedByServer;
        _committedByServer = null;
        return answered;
    }

    public void End(int number, UtteranceResult result)
    {
        if (_open.Remove(number, out Utterance? utterance))
        {
            _endedLast = utterance;
            utterance.Complete(result);
        }
    }

    public void Close() => _heard.Writer.TryComplete();

    // Utterances are shown in the order in which the server first spoke of them.
    private Utterance? Show(int number, string? itemId)
    {
        Utterance? utterance = Find(number);
        utterance?.Name(itemId);
        if (utterance is { IsShown: false })
        {
            utterance.IsShown = true;
            _heard.Writer.TryWrite(utterance);
        }

        return utterance;
    }
}
