using Realtime.Protocol.Lifecycle;
using Realtime.Protocol.Transport;

namespace Realtime.Protocol;

/// <summary>A handler of server events.</summary>
/// <param name="serverEvent">Valid during the call only; <see cref="ServerEvent.ToOwned"/> keeps it.</param>
public delegate void ServerEventHandler(in ServerEvent serverEvent);

/// <summary>A handler of the events that this side sends.</summary>
/// <param name="clientEvent">Valid during the call only; <see cref="ClientEvent.ToOwned"/> keeps it. Audio in it is still encoded: its view decodes it.</param>
public delegate void ClientEventHandler(in ClientEvent clientEvent);

/// <summary>Everything a session is told before it begins. It is read when connecting; later changes have no effect on a session that exists.</summary>
public sealed class VoiceSessionOptions : RealtimeConnectionOptions
{
    private TimeSpan _maxAudioPerResponse = TimeSpan.FromMinutes(10);
    private int _maxToolRounds = 16;

    /// <summary>Set by <see cref="Attach"/>: the session stands beside a call, whose audio is not ours.</summary>
    internal bool IsBesideACall { get; private set; }

    /// <summary>A session with OpenAI.</summary>
    /// <param name="credential">A key or token; null for none.</param>
    /// <param name="model">The model; null for <see cref="RealtimeEndpoint.DefaultModel"/>.</param>
    public static VoiceSessionOptions OpenAI(RealtimeCredential? credential, string? model = null) => new() { Model = model, Credential = credential };

    /// <summary>A session with an Azure OpenAI resource.</summary>
    /// <param name="resource">The resource's address, for instance <c>https://name.openai.azure.com</c>.</param>
    /// <param name="deployment">The name of the deployment, which takes the place of the model.</param>
    /// <param name="credential">An Entra ID token, or a resource key as <see cref="RealtimeCredential.ApiKey"/>; null for none.</param>
    /// <exception cref="ArgumentException">The address is none, or the name is empty.</exception>
    public static VoiceSessionOptions Azure(Uri resource, string deployment, RealtimeCredential? credential) => new() { Endpoint = RealtimeEndpoint.Azure(resource, deployment), Credential = credential };

    /// <summary>
    /// A session beside a call that runs over WebRTC or SIP with OpenAI: it follows and steers the call, whose sound goes another way. No audio is sent, so <see cref="VoiceSession.Input"/> and
    /// <see cref="VoiceSession.EndTurn"/> refuse; the server truncates what was not heard (CX-08). When connecting, the call's configuration is left as it is unless <see cref="Session"/> states something.
    /// The encodings of these options mean nothing here.
    /// </summary>
    /// <param name="callId">The id of the call, <c>rtc_…</c>, as the service gave it when the call began.</param>
    /// <param name="credential">A key or token; null for none.</param>
    /// <exception cref="ArgumentException">The id is empty.</exception>
    public static VoiceSessionOptions Attach(string callId, RealtimeCredential? credential) => new() { Endpoint = RealtimeEndpoint.Call(callId), Credential = credential, IsBesideACall = true };

    /// <summary>What the server is told: instructions, voice, tools, who takes the turns. Everything else here is for the life of the session.</summary>
    public SessionConfiguration Session { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); } = new();

    /// <summary>
    /// What was said before this session: sent in order when the configuration holds, and before <see cref="VoiceSession.ConnectAsync"/> returns. The items of another
    /// <see cref="VoiceSession.Conversation"/> can be given as they are, calls with their outputs as well: sound of which only the transcript is there goes as text (IT-11). The list is copied.
    /// </summary>
    /// <exception cref="ArgumentNullException">It is null.</exception>
    public IReadOnlyList<ConversationItem> History { get; set => field = value is null ? throw new ArgumentNullException(nameof(value)) : [.. value]; } = [];

    /// <summary>
    /// What another session said: this one goes on from it. Its conversation is sent as <see cref="History"/> would be, but what the server refuses of it is passed over and told in <see cref="VoiceSessionUpdate.Resumed"/>; what
    /// <see cref="Session"/> leaves open is as it was, turns and usage are counted on, and a question whose answer was not heard out is asked again, once: its turn is among <see cref="VoiceSession.ReadServerTurnsAsync"/>. Null
    /// begins anew.
    /// </summary>
    public SessionCheckpoint? ResumeFrom { get; set; }

    /// <summary>
    /// Whether the session connects anew when it loses its connection. By default it ends then: going on changes the session's and its items' ids, and what was said is paid for again. With a policy up to 20 s of the user's
    /// audio are kept, which is 1 MB, to be sent again.
    /// </summary>
    /// <exception cref="ArgumentNullException">It is null.</exception>
    public ReconnectPolicy Reconnect { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); } = ReconnectPolicy.None;

    /// <summary>
    /// A store that keeps what was said under <see cref="RealtimeConnectionOptions.CallId"/>, so that another process goes on with the call when this one dies; null for none. Connecting claims the call, and resumes it if the store
    /// knows it: then what is stored goes before <see cref="ResumeFrom"/> and <see cref="History"/>. It is saved when what the user said is in the conversation, when a tool begins and when its output is given, and at the end of
    /// each turn, never on the way of audio. <see cref="VoiceSession.CloseAsync"/> ends the entry; draining, a loss and disposal do not. When another owner has claimed the call, the session ends as
    /// <see cref="RealtimeCloseKind.HandedOver"/>.
    /// </summary>
    public ISessionJournal? Journal { get; set; }

    /// <summary>Chance, at least 0 and less than 1: it spreads the attempts of many sessions.</summary>
    internal Func<double> Chance { get; set; } = Random.Shared.NextDouble;

    /// <summary>The encoding of what is written to <see cref="VoiceSession.Input"/>. The server is asked for it.</summary>
    public AudioEncoding InputEncoding { get; set; } = AudioEncoding.Pcm16;

    /// <summary>The encoding that the server is asked to speak in. <see cref="Turn.AudioEncoding"/> says what comes; where the two differ, <see cref="SessionProblem.FormatDiffers"/> tells it.</summary>
    public AudioEncoding OutputEncoding { get; set; } = AudioEncoding.Pcm16;

    /// <summary>What a turn does when the model is already answering. The default cancels that answer.</summary>
    public WhenBusy WhenBusy { get; set; } = WhenBusy.CancelThenCreate;

    /// <summary>The most audio one response may bring, whether it is read or not; at this point it is cancelled and its turn ends as <see cref="TurnOutcome.AudioOverrun"/>. Ten minutes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Zero or negative.</exception>
    public TimeSpan MaxAudioPerResponse
    {
        get => _maxAudioPerResponse;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero);
            _maxAudioPerResponse = value;
        }
    }

    /// <summary>
    /// How many tool rounds one turn may take: calls, their outputs, and the request that follows. A model that calls once more has its calls answered and is not asked again; the turn ends as
    /// <see cref="TurnOutcome.ToolRoundLimit"/>. 16; with 0 no turn goes on after a call.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public int MaxToolRounds
    {
        get => _maxToolRounds;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _maxToolRounds = value;
        }
    }

    /// <summary>
    /// Called with every event of the server, in order, after the session itself has taken it in. It runs on the receiving loop and allocates
    /// nothing: more than 100 ms in it are told as <see cref="SessionProblem.SlowHandler"/>, and a call that does not return within
    /// <see cref="RealtimeConnectionOptions.KeepAliveTimeout"/> ends the session as <see cref="RealtimeCloseKind.HandlerStuck"/>. An exception
    /// is logged and goes no further. The session may be closed from here.
    /// </summary>
    public ServerEventHandler? OnServerEvent { get; set; }

    /// <summary>
    /// Called with every event of this side, the session's own and those of <see cref="VoiceSession.SendAsync"/> alike, in order, when the socket has taken it. It runs on the sending
    /// loop and allocates nothing; what holds for <see cref="OnServerEvent"/> in time, in exceptions and in closing holds here. Nothing is masked in it: credentials of MCP servers are as they were sent.
    /// An event may be sent from here, and not be waited for: it is sent when the call has returned.
    /// </summary>
    public ClientEventHandler? OnClientEvent
    {
        get;
        set => (field, WitnessOf) = (value, value is null ? null : static (tap, handler) => new VoiceSendWitness(tap, handler));
    }

    // Named where the handler is given, and nowhere else: a trimmed program that gives none leaves the readers of client events out.
    internal Func<EventTap, HandlerWatch<ClientEvent>, SendWitness>? WitnessOf { get; private set; }

    /// <summary>What the session is for: a conversation, unless it stands behind a <see cref="TranscriptionSession"/>.</summary>
    internal SessionPurpose Purpose { get; init; }

    internal override string? DefaultModel => Purpose is SessionPurpose.Transcription ? null : base.DefaultModel;

    internal override string? Intent => Purpose is SessionPurpose.Transcription ? "transcription" : null;

    /// <summary>
    /// Looks for what <see cref="VoiceSession.ConnectAsync"/> would refuse before it connects, so that a program can say so when it starts. Nothing is sent, and of the callbacks only
    /// <see cref="SessionConfiguration.Customize"/> runs, which writes the configuration. Whether the service takes the values is the service's to say.
    /// </summary>
    /// <exception cref="ArgumentException">An option is wrong; the message says which and why, and holds no credential.</exception>
    public void Validate()
    {
        VoiceSessionOptions copy = Clone();
        Uri address = RealtimeEndpoint.Resolve(copy);
        if (copy.Transport is null)
        {
            RealtimeEndpoint.ThrowIfCredentialWouldBeReadable(address, copy);
            foreach ((string name, string text) in copy.Headers)
            {
                Writable.Header(name, text, $"{nameof(VoiceSessionOptions)}.{nameof(Headers)}");
            }
        }

        Restoring.PlanOf(copy);
        RestoredHistory.Of(copy);
        ConfigurationWriting.ForConnecting(copy, out _);
    }

    /// <inheritdoc/>
    public override VoiceSessionOptions Clone() => (VoiceSessionOptions)base.Clone();
}
