using System.Diagnostics.CodeAnalysis;
using Realtime.Protocol.Lifecycle;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Transport;

/// <summary>
/// The one place where the machine of a voice connection lives, behind the lock of its gate. What a handle waits for ends here, and every change is told to the host.
/// </summary>
internal sealed partial class MachineGate : SessionGate
{
    private readonly SessionMachine _machine;
    private readonly SessionHost _host;

    // The tools of configurations that the server has not answered, by operation: a late answer counts.
    private readonly Dictionary<int, IReadOnlyList<VoiceTool>> _askedTools = [];

    // The items of operations that have not ended, by operation; null while there was none.
    private Dictionary<int, string>? _askedItems;
    private ConversationItem? _retrieved;
    private RealtimeCloseReason? _loss;

    /// <param name="settings">For the machine.</param>
    /// <param name="time">The clock.</param>
    /// <param name="host">Told of every change.</param>
    /// <param name="sendQueue">What is to be sent; null for a new one.</param>
    public MachineGate(MachineSettings settings, TimeProvider time, SessionHost host, SendQueue? sendQueue = null)
        : base(settings.InputEncoding, time, host.Reporter, sendQueue ?? new(), host.Lock)
    {
        (_machine, _host, InputEncoding, OutputEncoding, Purpose) = (new(settings), host, settings.InputEncoding, settings.OutputEncoding, settings.Purpose);
        (Statement, Calls) = (host.NewStatement(), host.NewCallDesk(this));
    }

    /// <summary>What was said on another connection is being told to this one: it is no news.</summary>
    public bool IsFilling { get; set; }

    /// <summary>The session has this connection now, or had it last. Under the session's lock.</summary>
    public bool IsTheSessions => _host.Life is not { } life || life.Has(this);

    /// <summary>What the server states of the session here.</summary>
    public ConnectionStatement Statement { get; }

    /// <summary>The calls that the model made here.</summary>
    public CallDesk Calls { get; }

    /// <summary>What the session is for.</summary>
    public SessionPurpose Purpose { get; }

    /// <summary>What the server was told that it is sent.</summary>
    public AudioEncoding InputEncoding { get; }

    /// <summary>What the server was asked to speak in.</summary>
    public AudioEncoding OutputEncoding { get; }

    /// <summary>Takes in one event of the server: rules first, then whatever follows from it, then content.</summary>
    public void Receive(in ServerEvent e)
    {
        lock (Gate)
        {
            Hear();
            SessionFact fact = FactOf.Of(in e);

            // Sound states nothing and is no news. It is what comes by the hundred, and each time the caches hold something else.
            bool isSound = fact.Kind is SessionFactKind.OutputAudioDelta;
            if (!isSound)
            {
                Statement.Read(in e);
                _host.ReadNews(in e);
            }

            if (fact.Kind is SessionFactKind.None)
            {
                _machine.Heard(default, isDone: false, Now);
            }
            else
            {
                if (fact.Kind is SessionFactKind.SpeechStarted or SessionFactKind.Error) // some errors are the last that the machine takes
                {
                    TellTaken();
                }

                Reception reception = _machine.Receive(in fact, Now);

                if (reception.Utterance != 0)
                {
                    _host.Utterances.Find(reception.Utterance)?.Take(_machine.TranscriptPiece);
                }

                // First what follows: the first news of a response may be its first words (RC-26), and its turn begins before it takes them.
                // No turn ends by words that it is to take.
                TakeEffects();
                if (!isSound)
                {
                    Publish();
                }

                _host.Turns.Find(reception.Turn)?.Take(in e, reception.IsDropped);
            }
        }
    }

    /// <summary>Takes in a message that could not be read: it proves all the same that the server lives, and the response that it names.</summary>
    public override void ReceiveRefused(ReadOnlySpan<byte> message)
    {
        lock (Gate)
        {
            Hear();
            _machine.Heard(EventHeader.FindResponse(message, out bool isDone), isDone, Now);
            TakeEffects();
        }
    }

    /// <summary>What another connection or process can go on from. It holds what was said.</summary>
    /// <param name="playsOn">It is for a connection of this session: what plays is heard to its end, unless it is silenced.</param>
    public SessionCheckpoint Checkpoint(bool playsOn)
    {
        lock (Gate)
        {
            TellTaken();
            TakeEffects();
            return _machine.Checkpoint(Now, _host.Usage.Usage, playsOn);
        }
    }

    /// <summary>No turn begins any more, and the server is told not to answer by itself (SE-11).</summary>
    public void Drain()
    {
        lock (Gate)
        {
            _machine.Drain(Now);
            TakeEffects();
        }
    }

    /// <summary>No turn lives, and what came of their answers was played.</summary>
    public bool IsHeardOut
    {
        get
        {
            lock (Gate)
            {
                TellTaken();
                return _machine.IsHeardOut(Now);
            }
        }
    }

    /// <summary>A turn has not ended.</summary>
    public bool HasTurns
    {
        get
        {
            lock (Gate)
            {
                return _host.Turns.HasRunning;
            }
        }
    }

    /// <summary>Nothing is going on, and what was sent was heard.</summary>
    public bool IsQuiet
    {
        get
        {
            lock (Gate)
            {
                TellTaken();
                return _machine.IsQuiet(Now);
            }
        }
    }

    /// <summary>The utterances that have not ended: their transcripts are due.</summary>
    public Utterance[] OpenUtterances()
    {
        lock (Gate)
        {
            return [.. _host.Utterances.Open];
        }
    }

    /// <summary>The conversation, as the server's events state it.</summary>
    public IReadOnlyList<ConversationItem> Items
    {
        get
        {
            lock (Gate)
            {
                return _machine.Items;
            }
        }
    }

    /// <summary>The item with this id; null when the conversation does not hold it.</summary>
    public ConversationItem? FindItem(string itemId)
    {
        lock (Gate)
        {
            return _machine.FindItem(itemId);
        }
    }

    /// <summary>What these responses made, in order.</summary>
    public IReadOnlyList<ConversationItem> ItemsOf(IEnumerable<string> responseIds)
    {
        lock (Gate)
        {
            return [.. responseIds.SelectMany(_machine.ItemsOf)];
        }
    }

    protected override bool TryTakeEffect([MaybeNullWhen(false)] out SessionEffect effect) => _machine.TryTakeEffect(out effect);

    // Between two connections it waits in the pipe, for the next one.
    protected override SubmitResult SubmitAudio(long bytes, long now) => _host.Life?.IsBetween is true ? default : _machine.Submit(SessionIntent.AudioAppended(bytes), now);

    protected override void Counted(long bytes) => _host.Speech?.Count(bytes);

    protected override void LeftOver(int bytes) => _host.Speech?.CountLeftover(bytes);

    protected override void Sending(SessionCommand command) => _host.Telemetry.Sent(command);

    protected override void ElapseMachine(long now) => _machine.Elapse(now);

    protected override void CloseMachine(RealtimeCloseReason reason)
    {
        if (_loss is not null)
        {
            return; // it expired before
        }

        _loss = reason;
        TellTaken();
        TakeEffects(); // a create whose hold has just run out is in the queue then, where it is known whether a socket had it
        _host.Life?.Losing(this, reason);
        _machine.Close(reason);
    }

    protected override void Closed()
    {
        _host.Telemetry.Lost(this, _loss);
        Calls.Close();
        if (_host.Life is { } life)
        {
            life.Lost(this);
        }
        else
        {
            _host.Close();
        }
    }

    protected override void ReceiveRefusal(ReadOnlySpan<byte> refusal, long now)
    {
        if (ServerEvent.TryRead(refusal, out ServerEvent error, out _))
        {
            SessionFact fact = FactOf.Of(in error);
            _machine.Receive(in fact, now);
        }
    }

    protected override OperationResult ResultOf(int operation, bool isCompleted, ServerError? error)
    {
        Publish();
        ConversationItem? item = null;
        if (_askedItems is not null && _askedItems.Remove(operation, out string? itemId) && isCompleted)
        {
            item = _retrieved ?? _machine.FindItem(itemId);
            _retrieved = null;
        }

        return new(isCompleted, error, Statement.Published.Configuration, item);
    }

    protected override void Take(SessionChange change)
    {
        switch (change)
        {
            case SessionChange.SessionOpened:
                Publish(); // beside a call nothing is configured, so whoever waits for the opening reads it next
                break;
            case SessionChange.ConfigurationTaken taken:
                TakeTools(taken.Operation);
                break;
            case SessionChange.ItemRetrieved retrieved:
                _retrieved = retrieved.Item; // its handle is completed next
                break;
            case SessionChange.OperationFailed { Error: not null } failed:
                _askedTools.Remove(failed.Operation);
                break;
        }

        base.Take(change);
        if (!IsFilling || change is not (SessionChange.ItemAdded or SessionChange.ItemDone or SessionChange.ItemChanged or SessionChange.ItemDeleted))
        {
            _host.Told(this, change);
        }

        // At once, under the lock: what is asked or spoken until the connection has ended waits for the next one, where there is to be one.
        if (change is SessionChange.SessionExpired expired)
        {
            CloseMachine(expired.Reason);
        }
    }

    // What is told is told once for the whole session, and only the machine that lets the turns be heard makes anything of it.
    private void TellTaken()
    {
        if (!IsFilling && IsTheSessions)
        {
            _host.Turns.TellTaken(_machine, Now);
        }
    }

    private void Publish()
    {
        Statement.Publish();
        if (!IsFilling)
        {
            TellSpeechWhoEndsTurns();
        }
    }

    // Configurations are answered in order, so those before it are answered too, or lost.
    private void TakeTools(int operation)
    {
        if (_askedTools.TryGetValue(operation, out IReadOnlyList<VoiceTool>? tools))
        {
            _host.UseTools(tools);
            Statement.UseTools(tools);
        }

        foreach (int answered in _askedTools.Keys.Where(asked => asked <= operation).ToArray())
        {
            _askedTools.Remove(answered);
        }
    }
}
