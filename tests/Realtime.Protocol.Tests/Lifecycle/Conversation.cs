using System.Text;
using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>
/// A machine and the words to test it with: what the server says, what the application wants, what time does; and what came of it. Every word drains the effects, so
/// <see cref="Sent"/> holds the commands since it was last looked at.
/// </summary>
internal sealed class Conversation
{
    public const string Busy = "conversation_already_has_active_response";

    private readonly List<SessionCommand> _sent = [];
    private readonly List<SessionChange> _changes = [];

    private Conversation(MachineSettings settings) => Machine = new SessionMachine(settings);

    public SessionMachine Machine { get; }

    public long Now { get; private set; }

    public long? Timer { get; private set; }

    /// <summary>A session in which the application takes the turns.</summary>
    public static Conversation Manual(MachineSettings? settings = null) => new Conversation(settings ?? Settings()).Opened(ServerTurns.None);

    /// <summary>A session in which the server takes the turns and answers them.</summary>
    public static Conversation Detecting(MachineSettings? settings = null, bool interrupts = true) =>
        new Conversation(settings ?? Settings()).Opened(ServerTurns.Server(createsResponse: true, interrupts));

    public static MachineSettings Settings(WhenBusy turnWhenBusy = WhenBusy.CancelThenCreate, bool echoesMetadata = true, bool playbackIsReported = true, int maxToolRounds = 16, long maxAudio = 600_000) => new()
    {
        IdPrefix = "test",
        TurnWhenBusy = turnWhenBusy,
        EchoesMetadata = echoesMetadata,
        PlaybackIsReported = playbackIsReported,
        MaxToolRounds = maxToolRounds,
        MaxResponseAudioMilliseconds = maxAudio,
    };

    /// <summary>What was sent since this was last asked.</summary>
    public SessionCommand[] Sent()
    {
        SessionCommand[] sent = [.. _sent];
        _sent.Clear();
        return sent;
    }

    /// <summary>Asserts that exactly one command was sent, of this kind.</summary>
    public T SentOnly<T>()
        where T : SessionCommand => Assert.IsType<T>(Assert.Single(Sent()));

    public void SentNothing() => Assert.Empty(Sent());

    public T[] Changes<T>()
        where T : SessionChange => [.. _changes.OfType<T>()];

    public void ForgetChanges() => _changes.Clear();

    public TurnOutcome? Outcome(int turn) => Changes<SessionChange.TurnEnded>().SingleOrDefault(ended => ended.Turn == turn)?.Outcome;

    public bool IsOpen(int turn) => Changes<SessionChange.TurnEnded>().All(ended => ended.Turn != turn);

    // ---- the application ----

    public SubmitResult Submit(in SessionIntent intent)
    {
        SubmitResult result = Machine.Submit(intent, Now);
        Drain();
        return result;
    }

    public SubmitResult Create(ResponseRequest? request = null) => Submit(SessionIntent.CreateResponse(request));

    public SubmitResult CreateWith(string instructions) => Create(new ResponseRequest { Instructions = instructions });

    public SubmitResult Say(string text = "hello") => Submit(SessionIntent.TextTurn(text));

    public SubmitResult Speak(int milliseconds = 500)
    {
        Submit(SessionIntent.AudioAppended(milliseconds * 48));
        return Submit(SessionIntent.EndTurn());
    }

    public void Interrupt() => Submit(SessionIntent.Interrupt());

    public void Played(string item, long milliseconds) => Submit(SessionIntent.Played(item, 0, milliseconds * 48));

    /// <summary>A turn whose response runs; everything sent for it is forgotten.</summary>
    public int Answering(string response)
    {
        int turn = Create().Turn;
        Created(response, SentOnly<SessionCommand.CreateResponse>().Token);
        return turn;
    }

    // ---- the server ----

    public Reception Hear(in SessionFact fact)
    {
        Reception reception = Machine.Receive(fact, Now);
        Drain();
        return reception;
    }

    public void Created(string response, string? token = null, SampleFormat encoding = SampleFormat.Unknown, bool outOfBand = false, bool textOnly = false) =>
        Hear(new() { Kind = SessionFactKind.ResponseCreated, ResponseId = U(response), Token = U(token), OutputEncoding = encoding, IsOutOfBand = outOfBand, IsTextOnly = textOnly });

    public void Done(string response, FactStatus status = FactStatus.Completed, string? reason = null, string? errorCode = null) =>
        Hear(new() { Kind = SessionFactKind.ResponseDone, ResponseId = U(response), Status = status, StatusReason = U(reason), ErrorCode = U(errorCode) });

    public void Message(string response, string item)
    {
        Hear(new() { Kind = SessionFactKind.OutputItemAdded, ResponseId = U(response), ItemId = U(item), ItemKind = ItemFactKind.AssistantMessage, Status = FactStatus.InProgress });
        Hear(new() { Kind = SessionFactKind.ItemAdded, ItemId = U(item), ItemKind = ItemFactKind.AssistantMessage, Status = FactStatus.InProgress });
    }

    public Reception Audio(string response, string item, int bytes, int contentIndex = 0) =>
        Hear(new() { Kind = SessionFactKind.OutputAudioDelta, ResponseId = U(response), ItemId = U(item), AudioBytes = bytes, ContentIndex = contentIndex });

    public void AudioDone(string response, string item) => Hear(new() { Kind = SessionFactKind.OutputAudioDone, ResponseId = U(response), ItemId = U(item) });

    public void ItemDone(string response, string item, FactStatus status = FactStatus.Completed)
    {
        Hear(new() { Kind = SessionFactKind.ItemDone, ItemId = U(item), ItemKind = ItemFactKind.AssistantMessage, Status = status });
        Hear(new() { Kind = SessionFactKind.OutputItemDone, ResponseId = U(response), ItemId = U(item), ItemKind = ItemFactKind.AssistantMessage, Status = status });
    }

    public void ItemAdded(string item, ItemFactKind kind = ItemFactKind.UserMessage) => Hear(new() { Kind = SessionFactKind.ItemAdded, ItemId = U(item), ItemKind = kind, Status = FactStatus.Completed });

    public void ItemDeleted(string item) => Hear(new() { Kind = SessionFactKind.ItemDeleted, ItemId = U(item) });

    /// <summary>A whole function call of a response, from its item's beginning to its end.</summary>
    public void Call(string response, string item, string callId, FactStatus status = FactStatus.Completed, string arguments = "{}")
    {
        Hear(new() { Kind = SessionFactKind.OutputItemAdded, ResponseId = U(response), ItemId = U(item), ItemKind = ItemFactKind.FunctionCall, Status = FactStatus.InProgress });
        Hear(new() { Kind = SessionFactKind.ItemAdded, ItemId = U(item), ItemKind = ItemFactKind.FunctionCall, Status = FactStatus.InProgress });
        Hear(new() { Kind = SessionFactKind.ResponseProgress, ResponseId = U(response), ItemId = U(item), CallId = U(callId) });
        Hear(new() { Kind = SessionFactKind.ItemDone, ItemId = U(item), ItemKind = ItemFactKind.FunctionCall, Status = status, CallId = U(callId), Name = U("clock"), Arguments = U(arguments) });
        Hear(new() { Kind = SessionFactKind.OutputItemDone, ResponseId = U(response), ItemId = U(item), ItemKind = ItemFactKind.FunctionCall, Status = status, CallId = U(callId), Name = U("clock"), Arguments = U(arguments) });
    }

    public void Error(string? code, string? eventId = null, string? message = null, string? parameter = null) =>
        Hear(new() { Kind = SessionFactKind.Error, ErrorType = U("invalid_request_error"), ErrorCode = U(code), ErrorEventId = U(eventId), ErrorMessage = U(message), ErrorParameter = U(parameter) });

    public void BusyError(string? eventId, string? running) => Error(
        Busy, eventId, running is null ? "Conversation already has an active response" : $"Conversation already has an active response in progress: {running}. Wait until the response is finished before creating a new one.");

    public void SpeechStarted(string item = "u") => Hear(new() { Kind = SessionFactKind.SpeechStarted, ItemId = U(item) });

    public void SpeechStopped(string item = "u") => Hear(new() { Kind = SessionFactKind.SpeechStopped, ItemId = U(item) });

    public void Committed(string item = "u") => Hear(new() { Kind = SessionFactKind.InputCommitted, ItemId = U(item) });

    public void IdleTimeout() => Hear(new() { Kind = SessionFactKind.InputTimeoutTriggered });

    public void Updated(SampleFormat output = SampleFormat.Unknown) => Hear(new() { Kind = SessionFactKind.SessionUpdated, OutputEncoding = output });

    // ---- time and connection ----

    /// <summary>Time passes, and the timer fires when it is due.</summary>
    public void Wait(long milliseconds)
    {
        long until = Now + milliseconds;
        while (Timer is { } at && at <= until)
        {
            Now = Math.Max(Now, at);
            Timer = null;
            Machine.Elapse(Now);
            Drain();
        }

        Now = until;
    }

    public void Close()
    {
        Machine.Close();
        Drain();
    }

    private static byte[] U(string? text) => text is null ? [] : Encoding.UTF8.GetBytes(text);

    private Conversation Opened(ServerTurns detection)
    {
        Hear(new() { Kind = SessionFactKind.SessionCreated, ServerTurns = detection, InputEncoding = SampleFormat.Pcm16, OutputEncoding = SampleFormat.Pcm16 });
        ForgetChanges();
        return this;
    }

    private void Drain()
    {
        while (Machine.TryTakeEffect(out SessionEffect? effect))
        {
            switch (effect)
            {
                case SessionEffect.Send(var command):
                    _sent.Add(command);
                    break;
                case SessionEffect.Changed(var change):
                    _changes.Add(change);
                    break;
                case SessionEffect.SetTimer(var at):
                    Timer = at;
                    break;
            }
        }
    }
}
