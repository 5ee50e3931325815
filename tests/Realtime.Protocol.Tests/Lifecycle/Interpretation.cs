using System.Text;
using Realtime.Protocol.Lifecycle;
using Realtime.Protocol.Tests.Lifecycle.Frames;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>A translation's machine and the words to test it with. Both directions are bytes, as in <see cref="Conversation"/>: a word of the server is read, and what the machine sends is written before anybody looks.</summary>
internal sealed class Interpretation
{
    private readonly TranslationMachine _machine;
    private readonly Events.Translation.ServerEventReader _reader = new(tolerance: ReadTolerance.Mend);
    private readonly byte[] _audio = new byte[64 * 1024];
    private readonly Queue<SentFrame> _sent = [];
    private readonly List<SessionChange> _changes = [];
    private int _heard;

    public Interpretation(MachineSettings? settings = null) => _machine = new TranslationMachine(settings ?? new MachineSettings { IdPrefix = "test" });

    public FrameNames Names { get; } = new();

    public long Now { get; private set; }

    public long Timer { get; private set; } = long.MaxValue;

    /// <summary>How much of what was sent the connection has not taken yet (BP-04).</summary>
    public long Waiting { get; set; }

    public int[] Completed => [.. Changes<SessionChange.OperationCompleted>().Select(static completed => completed.Operation)];

    public SessionChange.OperationFailed[] Failed => Changes<SessionChange.OperationFailed>();

    public static Interpretation Opened()
    {
        var talk = new Interpretation();
        talk.Hear("session.created");
        Assert.Single(talk.Changes<SessionChange.SessionOpened>());
        return talk;
    }

    public T[] Changes<T>()
        where T : SessionChange => [.. _changes.OfType<T>()];

    /// <summary>An event of the server: its schema's first example, with changes.</summary>
    public void Hear(string type, params ReadOnlySpan<string> changes) => HearBytes(Frame.OfTranslation(type, ++_heard, Names, changes));

    /// <summary>A message of the server as it stands.</summary>
    public void HearText(string json) => HearBytes(Encoding.UTF8.GetBytes(json));

    public SubmitResult Submit(in TranslationIntent intent)
    {
        SubmitResult result = _machine.Submit(intent, Now, Waiting);
        Drain();
        return result;
    }

    public SubmitResult Language(string language) => Submit(TranslationIntent.Configure(new Events.Translation.SessionChanges { Audio = { Output = { Language = language } } }));

    public void Sends(string type, params ReadOnlySpan<string> checks)
    {
        Assert.True(_sent.TryDequeue(out SentFrame? frame), $"Expected {type}, but nothing was sent.");
        frame.Check(type, Names, checks);
    }

    public void SendsNothing() => Assert.True(_sent.Count == 0, $"Sent {string.Join('\n', _sent)}");

    /// <summary>Time passes, and the timer fires whenever it was asked to.</summary>
    public void Wait(long milliseconds)
    {
        long until = Now + milliseconds;
        while (Timer <= until)
        {
            Now = Math.Max(Now, Timer);
            Timer = long.MaxValue;
            _machine.Elapse(Now);
            Drain();
        }

        Now = until;
    }

    public void Elapse()
    {
        _machine.Elapse(Now);
        Drain();
    }

    public void End()
    {
        _machine.Close();
        Drain();
    }

    private void HearBytes(byte[] message)
    {
        Assert.True(_reader.TryRead(message, _audio, out Events.Translation.ServerEvent e, out ReadError error), error.ToString());
        SessionFact fact = TranslationFactOf.Of(in e);
        if (fact.Kind is SessionFactKind.None)
        {
            _machine.Heard(Now);
        }
        else
        {
            _machine.Receive(in fact, Now);
        }

        Drain();
    }

    private void Drain()
    {
        while (_machine.TryTakeEffect(out SessionEffect? effect))
        {
            switch (effect)
            {
                case SessionEffect.Send send:
                    _sent.Enqueue(SentFrame.Of(send.Command));
                    break;
                case SessionEffect.SetTimer timer:
                    Timer = timer.At;
                    break;
                case SessionEffect.Changed changed:
                    _changes.Add(changed.Change);
                    break;
            }
        }
    }
}
