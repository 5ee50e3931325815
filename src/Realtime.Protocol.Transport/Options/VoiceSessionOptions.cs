using Realtime.Protocol.Lifecycle;

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

    /// <summary>What the server is told: instructions, voice, tools, who takes the turns. Everything else here is for the life of the session.</summary>
    public SessionConfiguration Session { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); } = new();

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
    /// Called with every event of the server, in order, after the session itself has taken it in. It runs on the receiving loop and allocates
    /// nothing: more than 100 ms in it are told as <see cref="SessionProblem.SlowHandler"/>, and a call that does not return within
    /// <see cref="RealtimeConnectionOptions.KeepAliveTimeout"/> ends the session as <see cref="RealtimeCloseKind.HandlerStuck"/>. An exception
    /// is logged and goes no further. The session may be closed from here.
    /// </summary>
    public ServerEventHandler? OnServerEvent { get; set; }

    /// <summary>
    /// Called with every event of this side, the session's own and those of <see cref="VoiceSession.SendAsync"/> alike, in order, when the socket has taken it. It runs on the sending
    /// loop and allocates nothing; what holds for <see cref="OnServerEvent"/> in time, in exceptions and in closing holds here. Nothing is masked in it: credentials of MCP servers are as they were sent.
    /// </summary>
    public ClientEventHandler? OnClientEvent { get; set; }

    /// <summary>What the session is for: a conversation, unless it stands behind a <see cref="TranscriptionSession"/>.</summary>
    internal SessionPurpose Purpose { get; init; }

    internal override string? DefaultModel => Purpose is SessionPurpose.Transcription ? null : base.DefaultModel;

    internal override string? Intent => Purpose is SessionPurpose.Transcription ? "transcription" : null;

    internal override VoiceSessionOptions Copy() => (VoiceSessionOptions)base.Copy();
}
