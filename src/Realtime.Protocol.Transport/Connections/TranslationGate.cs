using System.Diagnostics.CodeAnalysis;
using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Transport;

/// <summary>The one place where the machine of a translation lives, behind the lock of its gate. Sound and text go to their streams from here, in the order in which they came.</summary>
internal sealed class TranslationGate : SessionGate
{
    // Of OpenAI's translations; a delta states another rate where a service has one.
    private const int UsualRate = 24_000;

    private readonly TranslationMachine _machine;
    private readonly TranslationStream _audio;
    private readonly TranslationFeed _texts;
    private string _id = "";
    private long _rate = UsualRate;

    /// <param name="settings">For the machine.</param>
    /// <param name="time">The clock.</param>
    /// <param name="reporter">Says what goes wrong.</param>
    /// <param name="audio">Takes the sound.</param>
    /// <param name="texts">Takes the texts.</param>
    public TranslationGate(MachineSettings settings, TimeProvider time, ChangeReporter reporter, TranslationStream audio, TranslationFeed texts)
        : base(AudioEncoding.Pcm16, time, reporter, new SendQueue(TranslationCommandWriter.Write), new Lock()) =>
        (_machine, _audio, _texts) = (new(settings), audio, texts);

    /// <summary>Ends the connection in good order: everything was said. Called on the pool.</summary>
    public Action? SayGoodbye { get; set; }

    /// <summary>Tells whoever observes the session; null for a gate by itself.</summary>
    public SessionTelemetry? Telemetry { get; init; }

    /// <summary>The service's id of the session. May be read from any thread.</summary>
    public string Id => Volatile.Read(ref _id);

    /// <summary>Takes in one event of the server: rules first, then content.</summary>
    public void Receive(in Events.Translation.ServerEvent e)
    {
        lock (Gate)
        {
            Hear();
            SessionFact fact = TranslationFactOf.Of(in e);
            if (fact.Kind is not SessionFactKind.None)
            {
                ReadId(in e);
                _machine.Receive(in fact, Now);
                TakeEffects();
                return;
            }

            _machine.Heard(Now);
            switch (e.Kind)
            {
                case Events.Translation.ServerEventKind.SessionOutputAudioDelta when e.TryGetSessionOutputAudioDelta(out Events.Translation.SessionOutputAudioDeltaView delta):
                    ReadRate(delta.SampleRate);
                    _audio.Write(delta.Delta);
                    break;
                case Events.Translation.ServerEventKind.SessionOutputTranscriptDelta when e.TryGetSessionOutputTranscriptDelta(out Events.Translation.SessionOutputTranscriptDeltaView delta):
                    _texts.Add(TranslationSide.Translation, delta.Delta, delta.ElapsedMs);
                    break;
                case Events.Translation.ServerEventKind.SessionInputTranscriptDelta when e.TryGetSessionInputTranscriptDelta(out Events.Translation.SessionInputTranscriptDeltaView delta):
                    _texts.Add(TranslationSide.Source, delta.Delta, delta.ElapsedMs);
                    break;
            }
        }
    }

    public override void ReceiveRefused(ReadOnlySpan<byte> message)
    {
        lock (Gate)
        {
            Hear();
            _machine.Heard(Now);
        }
    }

    /// <summary>Submits an intent and gives its end.</summary>
    public (SubmitResult Result, Task<OperationResult> End) Submit(in TranslationIntent intent)
    {
        lock (Gate)
        {
            SubmitResult result = _machine.Submit(in intent, Now, SendQueue.WaitingBytes);
            Task<OperationResult> end = EndOf(in result);
            TakeEffects();
            return (result, end);
        }
    }

    protected override bool TryTakeEffect([MaybeNullWhen(false)] out SessionEffect effect) => _machine.TryTakeEffect(out effect);

    protected override SubmitResult SubmitAudio(long bytes, long now) => _machine.Submit(TranslationIntent.AudioAppended(), now);

    protected override void ElapseMachine(long now) => _machine.Elapse(now);

    protected override void CloseMachine(RealtimeCloseReason reason)
    {
        Telemetry?.Ended(reason);
        _machine.Close();
    }

    protected override void ReceiveRefusal(ReadOnlySpan<byte> refusal, long now)
    {
        if (Events.Translation.ServerEvent.TryRead(refusal, out Events.Translation.ServerEvent error, out _))
        {
            SessionFact fact = TranslationFactOf.Of(in error);
            _machine.Receive(in fact, now);
        }
    }

    protected override OperationResult ResultOf(int operation, bool isCompleted, ServerError? error) => new(isCompleted, error, InForce: null);

    protected override void Closed()
    {
        _audio.Complete();
        _texts.Complete();
    }

    protected override void Take(SessionChange change)
    {
        if (change is SessionChange.SessionClosed closed)
        {
            Judge(closed.WasAsked
                ? new(RealtimeCloseKind.ByUs, null, "The translation was drained.")
                : new(RealtimeCloseKind.ByPeer, null, "The server ended the translation."));
            _ = Task.Run(() => SayGoodbye?.Invoke());
        }

        base.Take(change);
        Reporter.Tell(change);
    }

    private void ReadId(in Events.Translation.ServerEvent e)
    {
        if (e.TryGetSessionCreated(out Events.Translation.SessionCreatedView created) && created.Session.Id.HasValue)
        {
            Volatile.Write(ref _id, created.Session.Id.ToString());
            Telemetry?.Names.Learn(_id);
        }
    }

    // Told once: there is nothing to be done but to play it at that rate.
    private void ReadRate(Field<long> stated)
    {
        if (stated.HasValue && stated.Value != _rate && stated.Value is > 0 and <= int.MaxValue)
        {
            _rate = stated.Value;
            Reporter.Tell(new SessionChange.FormatDiffers(AudioEncoding.Pcm16, AudioEncoding.Pcm((int)stated.Value), IsInput: false));
        }
    }
}
