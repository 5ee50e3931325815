using System.Text;
using Realtime.Protocol.Lifecycle;
using Realtime.Protocol.Tests.Lifecycle.Frames;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>
/// A machine and the words to test it with: what the server says, what the application wants, what time does; and what came of it. Both directions are bytes: a word of the server is a frame
/// that the reader reads, and what the machine sends is written before anybody looks at it. The named words are frames as a careful service sends them; odd ones are said with
/// <see cref="Hear"/>. Every word drains the effects, so <see cref="Sends"/> and <see cref="Sent"/> look at the frames since they last looked.
/// </summary>
internal sealed class Conversation
{
    public const string Busy = "conversation_already_has_active_response";

    // No verb of the machine has more to say, and no wait of a test more deadlines, unless something goes round in circles.
    private const int MostAtOnce = 10_000;

    private readonly List<SentFrame> _sent = [];
    private readonly List<SessionChange> _changes = [];
    private readonly ReadingPath _path;
    private int _heard;

    private Conversation(MachineSettings settings)
    {
        Machine = new SessionMachine(settings);
        _path = new ReadingPath(Machine);
    }

    public SessionMachine Machine { get; }

    /// <summary>What frames said under names such as <c>$e1</c>.</summary>
    public FrameNames Names { get; } = new();

    public long Now { get; private set; }

    public long? Timer { get; private set; }

    /// <summary>How much of what was sent the connection has not taken yet; what is submitted now meets it (BP-04).</summary>
    public long Waiting { get; set; }

    /// <summary>True when a session that expired is not closed at once, as its shell does.</summary>
    public bool LeavesExpiredOpen { get; set; }

    /// <summary>A session in which the application takes the turns.</summary>
    public static Conversation Manual(MachineSettings? settings = null) => new Conversation(settings ?? Settings()).Opened(ServerTurns.None);

    /// <summary>A session in which the server takes the turns and answers them.</summary>
    public static Conversation Detecting(MachineSettings? settings = null, bool interrupts = true) =>
        new Conversation(settings ?? Settings()).Opened(ServerTurns.Server(createsResponse: true, interrupts));

    /// <summary>A session of which nothing was heard yet.</summary>
    public static Conversation Unopened(MachineSettings settings) => new(settings);

    /// <summary>A session that writes down what it hears, in which the server takes the turns; its detection says that they are answered, as it does where nobody said otherwise.</summary>
    public static Conversation Transcribing() => new Conversation(new MachineSettings { IdPrefix = "test", Purpose = SessionPurpose.Transcription }).Opened(ServerTurns.Server(), "transcription");

    public static MachineSettings Settings(WhenBusy turnWhenBusy = WhenBusy.CancelThenCreate, bool echoesMetadata = true, bool truncatesAnyPart = false, bool serverTruncates = false, int maxToolRounds = 16, long maxAudio = 600_000) => new()
    {
        IdPrefix = "test",
        TurnWhenBusy = turnWhenBusy,
        Capabilities = new Capabilities { EchoesMetadata = echoesMetadata ? Knowledge.Unknown : Knowledge.No, TruncatesAnyPart = truncatesAnyPart, ServerTruncates = serverTruncates },
        MaxToolRounds = maxToolRounds,
        MaxResponseAudioMilliseconds = maxAudio,
    };

    /// <summary>Asserts what the next frame is that nobody has looked at, by its bytes.</summary>
    public void Sends(string type, params ReadOnlySpan<string> checks)
    {
        Assert.True(_sent.Count > 0, $"Expected {type}, but nothing was sent.");
        SentFrame frame = _sent[0];
        _sent.RemoveAt(0);
        frame.Check(type, Names, checks);
    }

    public void SendsNothing() => Assert.True(_sent.Count == 0, $"Sent {string.Join('\n', _sent)}");

    /// <summary>What was sent since this was last asked.</summary>
    public SessionCommand[] Sent()
    {
        SessionCommand[] sent = [.. _sent.Select(static frame => frame.Command)];
        _sent.Clear();
        return sent;
    }

    /// <summary>Asserts that exactly one command was sent, of this kind.</summary>
    public T SentOnly<T>()
        where T : SessionCommand => Assert.IsType<T>(Assert.Single(Sent()));

    public void SentNothing() => SendsNothing();

    /// <summary>The only truncation among what was sent since.</summary>
    public SessionCommand.TruncateItem Truncation() => Assert.Single(Sent().OfType<SessionCommand.TruncateItem>());

    /// <summary>Asks for a response, and gives the token that the request bears.</summary>
    public string? Ask()
    {
        Create();
        return SentOnly<SessionCommand.CreateResponse>().Token;
    }

    public T[] Changes<T>()
        where T : SessionChange => [.. _changes.OfType<T>()];

    public void ForgetChanges() => _changes.Clear();

    public TurnOutcome? Outcome(int turn) => Changes<SessionChange.TurnEnded>().SingleOrDefault(ended => ended.Turn == turn)?.Outcome;

    public bool IsOpen(int turn) => Changes<SessionChange.TurnEnded>().All(ended => ended.Turn != turn);

    // ---- the application ----

    public SubmitResult Submit(in SessionIntent intent)
    {
        SubmitResult result = Machine.Submit(intent, Now, Waiting);
        DrainEffects();
        return result;
    }

    /// <summary>The application sends a frame that it wrote by itself.</summary>
    public SubmitResult SendByItself(string json)
    {
        Assert.True(ClientEvent.TryRead(Encoding.UTF8.GetBytes(json), out ClientEvent e, out ReadError error), $"{error} in {json}");
        SubmitResult result = Machine.SubmitEvent(e, Now, Waiting);
        DrainEffects();
        return result;
    }

    public SubmitResult Create(ResponseParameters? request = null) => Submit(SessionIntent.CreateResponse(request));

    public SubmitResult CreateWith(string instructions) => Create(new ResponseParameters { Instructions = instructions });

    public SubmitResult Say(string text = "hello") => Submit(SessionIntent.TextTurn(text));

    public SubmitResult Speak(int milliseconds = 500)
    {
        Submit(SessionIntent.AudioAppended(milliseconds * 48));
        return Submit(SessionIntent.EndTurn());
    }

    public void Interrupt() => Submit(SessionIntent.Interrupt());

    /// <summary>The application reports how far a turn's audio was played, in bytes of PCM16 at 24 kHz.</summary>
    public void Played(int turn, long milliseconds) => Submit(SessionIntent.Played(turn, milliseconds * 48));

    /// <summary>A turn's audio was taken so far by its reader.</summary>
    public void Taken(int turn, long milliseconds) => Submit(SessionIntent.Taken(turn, milliseconds * 48));

    public void Played(string item, long milliseconds) => Submit(SessionIntent.Played(item, 0, milliseconds * 48));

    /// <summary>A turn whose answer is one message of audio, and whole; everything sent for it is forgotten.</summary>
    public int Whole(string response, string item, int bytes)
    {
        int turn = Speaking(response, item, bytes);
        AudioDone(response, item);
        ItemDone(response, item);
        Done(response);
        return turn;
    }

    /// <summary>A turn whose response speaks: so many bytes of one message have come, and more may.</summary>
    public int Speaking(string response, string item, int bytes)
    {
        int turn = Answering(response);
        Message(response, item);
        Audio(response, item, bytes);
        return turn;
    }

    /// <summary>A turn whose response runs; everything sent for it is forgotten.</summary>
    public int Answering(string response)
    {
        int turn = Create().Turn;
        Created(response, SentOnly<SessionCommand.CreateResponse>().Token);
        return turn;
    }

    // ---- the server ----

    /// <summary>The server says one frame: its schema's first example with changes (see <see cref="FrameChange"/>). It can be read, or the test is wrong.</summary>
    public Reception Hear(string type, params ReadOnlySpan<string> changes)
    {
        byte[] message = Frame.Server(type, ++_heard, Names, changes);
        Assert.True(TryHear(message, out Reception reception, out ReadError error), $"{error} in {Encoding.UTF8.GetString(message)}");
        return reception;
    }

    /// <summary>The server says this, whatever it is. False when the reader refuses it.</summary>
    public bool HearRaw(string json) => TryHear(Encoding.UTF8.GetBytes(json), out _, out _);

    /// <summary>Asserts that the reader refuses a frame, of which the machine then hears nothing.</summary>
    public ReadError Refuses(string type, params ReadOnlySpan<string> changes)
    {
        byte[] message = Frame.Server(type, ++_heard, Names, changes);
        Assert.False(TryHear(message, out _, out ReadError error), $"{Encoding.UTF8.GetString(message)} was read.");
        return error;
    }

    public void Created(string response, string? token = null, AudioEncoding? encoding = null, bool outOfBand = false, bool textOnly = false) =>
        Hear(
            "response.created",
            [
                $"response.id={response}",
                "response.status=in_progress",
                outOfBand ? "response.conversation_id:=null" : "response.conversation_id=conv_1",
                $"response.output_modalities:=[\"{(textOnly ? "text" : "audio")}\"]",
                .. Format("response.audio.output.format", encoding),
                token is null ? "response.metadata:=null" : $"{Frame.Token}={token}",
            ]);

    public void Done(string response, FactStatus status = FactStatus.Completed, string? reason = null, string? errorCode = null) =>
        Hear(
            "response.done",
            [
                $"response.id={response}",
                .. Status("response.status", status),
                .. reason is null ? [] : Of($"response.status_details.reason={reason}"),
                .. errorCode is null ? [] : Of("response.status_details.error.type=invalid_request_error", $"response.status_details.error.code={errorCode}"),
            ]);

    public void Message(string response, string item, bool outOfBand = false)
    {
        Hear("response.output_item.added", $"response_id={response}", $"item.id={item}", "item.status=in_progress");
        if (outOfBand)
        {
            return;
        }

        Hear("conversation.item.added", $"item.id={item}", "item.status=in_progress", "item.role=assistant");
    }

    public Reception Audio(string response, string item, int bytes, int contentIndex = 0) =>
        Hear("response.output_audio.delta", $"response_id={response}", $"item_id={item}", $"content_index:={contentIndex}", $"delta={Frame.Audio(bytes)}");

    public void AudioDone(string response, string item) => Hear("response.output_audio.done", $"response_id={response}", $"item_id={item}");

    public void ItemDone(string response, string item, FactStatus status = FactStatus.Completed)
    {
        string[] words = [$"item.id={item}", .. Status("item.status", status)];
        Hear("conversation.item.done", words);
        Hear("response.output_item.done", [$"response_id={response}", .. words]);
    }

    public void ItemAdded(string item, ItemFactKind kind = ItemFactKind.UserMessage) => Hear(
        "conversation.item.added",
        kind switch
        {
            ItemFactKind.FunctionCall => Of($$"""item:={"id":"{{item}}","type":"function_call","status":"completed","call_id":"call_{{item}}","name":"clock","arguments":"{}"}"""),
            ItemFactKind.FunctionCallOutput => Of($$"""item:={"id":"{{item}}","type":"function_call_output","status":"completed","call_id":"call_{{item}}","output":"{}"}"""),
            ItemFactKind.Other => Of($$"""item:={"id":"{{item}}","type":"of_tomorrow"}"""),
            _ => Of($"item.id={item}", "item.status=completed", $"item.role={Role(kind)}"),
        });

    public void ItemDeleted(string item) => Hear("conversation.item.deleted", $"item_id={item}");

    /// <summary>A whole function call of a response, from its item's beginning to its end; of one outside the conversation without the conversation's own events.</summary>
    public void Call(string response, string item, string callId, FactStatus status = FactStatus.Completed, string arguments = "{}", bool outOfBand = false)
    {
        string begun = CallItem(item, callId, FactStatus.InProgress, "");
        string ended = CallItem(item, callId, status, arguments);
        Hear("response.output_item.added", $"response_id={response}", $"item:={begun}");
        if (!outOfBand)
        {
            Hear("conversation.item.added", $"item:={begun}");
        }

        Hear("response.function_call_arguments.delta", $"response_id={response}", $"item_id={item}", $"call_id={callId}", $"delta={arguments}");
        Hear("response.function_call_arguments.done", $"response_id={response}", $"item_id={item}", $"call_id={callId}", $"arguments={arguments}");
        if (!outOfBand)
        {
            Hear("conversation.item.done", $"item:={ended}");
        }

        Hear("response.output_item.done", $"response_id={response}", $"item:={ended}");
    }

    /// <summary>A call that the service makes of the MCP server "almanac": whole, and running. Its end is <see cref="McpEnded"/>.</summary>
    public void McpCall(string response, string item, string? approval = null)
    {
        Hear("response.output_item.added", $"response_id={response}", $"item:={McpCallItem(item, "", approval)}");
        Hear("conversation.item.added", $"item:={McpCallItem(item, "", approval)}");
        Hear("response.mcp_call_arguments.done", $"response_id={response}", $"item_id={item}", "arguments={}");
        Hear("response.mcp_call.in_progress", $"item_id={item}");
    }

    public void McpEnded(string item, string? error = null)
    {
        Hear(error is null ? "response.mcp_call.completed" : "response.mcp_call.failed", $"item_id={item}");
        Hear("conversation.item.done", $"item:={McpCallItem(item, error is null ? ",\"output\":\"12:00\"" : $",\"output\":null,\"error\":{error}", null)}");
    }

    /// <summary>The service asks whether it may call a tool of the MCP server "almanac".</summary>
    public void McpAsks(string response, string item, string server = "almanac")
    {
        string body = $$"""{"type":"mcp_approval_request","id":"{{item}}","server_label":"{{server}}","name":"book","arguments":"{\"berth\":12}"}""";
        Hear("response.output_item.added", $"response_id={response}", $"item:={body}");
        Hear("conversation.item.added", $"item:={body}");
        Hear("conversation.item.done", $"item:={body}");
        Hear("response.output_item.done", $"response_id={response}", $"item:={body}");
    }

    /// <summary>The service begins to list the tools of an MCP server.</summary>
    public void McpListing(string item, string server)
    {
        Hear("conversation.item.added", $$"""item:={"type":"mcp_list_tools","id":"{{item}}","server_label":"{{server}}","tools":[]}""");
        Hear("mcp_list_tools.in_progress", $"item_id={item}");
    }

    public void McpListed(string item, string server, string tool)
    {
        Hear("mcp_list_tools.completed", $"item_id={item}");
        Hear("conversation.item.done", $$"""item:={"type":"mcp_list_tools","id":"{{item}}","server_label":"{{server}}","tools":[{"name":"{{tool}}","input_schema":{} }]}""");
    }

    public void McpUnlisted(string item) => Hear("mcp_list_tools.failed", $"item_id={item}");

    public void Error(string? code, string? eventId = null, string? message = null, string? parameter = null) => Hear(
        "error",
        "error.type=invalid_request_error",
        OrNull("error.code", code),
        $"error.message={message ?? "No."}",
        OrNull("error.param", parameter),
        OrNull("error.event_id", eventId));

    public void BusyError(string? eventId, string? running) => Error(
        Busy, eventId, running is null ? "Conversation already has an active response" : $"Conversation already has an active response in progress: {running}. Wait until the response is finished before creating a new one.");

    public void SpeechStarted(string item = "u") => Hear("input_audio_buffer.speech_started", $"item_id={item}");

    public void SpeechStopped(string item = "u") => Hear("input_audio_buffer.speech_stopped", $"item_id={item}");

    public void Committed(string item = "u") => Hear("input_audio_buffer.committed", $"item_id={item}");

    public void IdleTimeout(string item = "u") => Hear("input_audio_buffer.timeout_triggered", $"item_id={item}");

    public void Updated(AudioEncoding? output = null, AudioEncoding? input = null, ServerTurns turns = default) => Hear(
        "session.updated",
        ["session.type=realtime", .. Format("session.audio.output.format", output), .. Format("session.audio.input.format", input), .. Turns(turns)]);

    /// <summary>What the user says is transcribed from now on.</summary>
    public void Transcribes() => Hear("session.updated", "session.type=realtime", "session.audio.input.transcription:={\"model\":\"whisper-1\"}");

    public Reception Piece(string item, string text, int contentIndex = 0) =>
        Hear("conversation.item.input_audio_transcription.delta", $"item_id={item}", $"content_index:={contentIndex}", $"delta={text}");

    public Reception Transcript(string item, string text, int contentIndex = 0) =>
        Hear("conversation.item.input_audio_transcription.completed", $"item_id={item}", $"content_index:={contentIndex}", $"transcript={text}");

    public Reception TranscriptFailed(string item, int contentIndex = 0) =>
        Hear("conversation.item.input_audio_transcription.failed", $"item_id={item}", $"content_index:={contentIndex}", "error:={\"type\":\"transcription_error\",\"code\":\"audio_unintelligible\",\"message\":\"no\"}");

    /// <summary>How an utterance ended; null while it is open.</summary>
    public UtteranceResult? Said(int utterance) => Changes<SessionChange.UtteranceEnded>().SingleOrDefault(ended => ended.Utterance == utterance)?.Result;

    // ---- time and connection ----

    /// <summary>Time passes, and the timer fires when it is due.</summary>
    public void Wait(long milliseconds)
    {
        long until = Now + milliseconds;
        for (int fired = 0; Timer is { } at && at <= until; fired++)
        {
            Assert.True(fired < MostAtOnce, $"The timer fired {fired} times and time stands at {Now} ms.");
            Now = Math.Max(Now, at);
            Timer = null;
            Machine.Elapse(Now);
            DrainEffects();
        }

        Now = until;
    }

    /// <summary>No new turn begins.</summary>
    public void Drain()
    {
        Machine.Drain(Now);
        DrainEffects();
    }

    public void Close()
    {
        Machine.Close(new(RealtimeCloseKind.ConnectionLost, null, "Lost."));
        DrainEffects();
    }

    private static string[] Of(params string[] changes) => changes;

    private static string OrNull(string path, string? text) => text is null ? $"{path}:=null" : $"{path}={text}";

    private static string Role(ItemFactKind kind) => kind switch
    {
        ItemFactKind.AssistantMessage => "assistant",
        ItemFactKind.SystemMessage => "system",
        _ => "user",
    };

    private static string[] Status(string path, FactStatus status) => status switch
    {
        FactStatus.InProgress => [$"{path}=in_progress"],
        FactStatus.Completed => [$"{path}=completed"],
        FactStatus.Incomplete => [$"{path}=incomplete"],
        FactStatus.Cancelled => [$"{path}=cancelled"],
        FactStatus.Failed => [$"{path}=failed"],
        _ => [],
    };

    private static string[] Format(string path, AudioEncoding? encoding) =>
        encoding is not { } stated ? []
        : stated == AudioEncoding.G711MuLaw ? [$"{path}.type=audio/pcmu"]
        : stated == AudioEncoding.G711ALaw ? [$"{path}.type=audio/pcma"]
        : [$"{path}.type=audio/pcm", $"{path}.rate:={stated.SamplesPerSecond}"];

    private static string[] Turns(ServerTurns turns) => turns switch
    {
        { IsStated: false } => [],
        { IsEnabled: false } => ["session.audio.input.turn_detection:=null"],
        _ =>
        [
            "session.audio.input.turn_detection.type=server_vad",
            $"session.audio.input.turn_detection.create_response:={(turns.CreatesResponse ? "true" : "false")}",
            $"session.audio.input.turn_detection.interrupt_response:={(turns.InterruptsResponse ? "true" : "false")}",
        ],
    };

    private static string McpCallItem(string item, string end, string? approval) =>
        $$"""{"type":"mcp_call","id":"{{item}}","server_label":"almanac","name":"tide","arguments":"{}","approval_request_id":{{(approval is null ? "null" : $"\"{approval}\"")}}{{end}}}""";

    internal static string CallItem(string item, string callId, FactStatus status, string arguments)
    {
        FrameNode call = FrameNode.Raw($$"""{"id":"{{item}}","type":"function_call","call_id":"{{callId}}","name":"clock","arguments":{{FrameNode.Quote(arguments)}}}""");
        foreach (string stated in Status("status", status))
        {
            FrameChange.Parse(stated).ApplyTo(call, new FrameNames());
        }

        return call.ToString();
    }

    private bool TryHear(ReadOnlySpan<byte> message, out Reception reception, out ReadError error)
    {
        bool wasRead = _path.TryReceive(message, Now, out reception, out error);
        DrainEffects();
        return wasRead;
    }

    private Conversation Opened(ServerTurns turns, string kind = "realtime")
    {
        Hear(
            "session.created",
            [$"session.type={kind}", .. Format("session.audio.input.format", AudioEncoding.Pcm16), .. Format("session.audio.output.format", AudioEncoding.Pcm16), .. Turns(turns)]);
        ForgetChanges();
        return this;
    }

    private void DrainEffects()
    {
        for (int taken = 0; Machine.TryTakeEffect(out SessionEffect? effect); taken++)
        {
            Assert.True(taken < MostAtOnce, "The machine never came to an end of its effects.");
            switch (effect)
            {
                case SessionEffect.Send(var command):
                    _sent.Add(SentFrame.Of(command));
                    break;
                case SessionEffect.Changed(var change):
                    _changes.Add(change);
                    if (change is SessionChange.SessionExpired expired && !LeavesExpiredOpen)
                    {
                        Machine.Close(expired.Reason);
                    }

                    break;
                case SessionEffect.SetTimer(var at):
                    Timer = at;
                    break;
            }
        }
    }
}
