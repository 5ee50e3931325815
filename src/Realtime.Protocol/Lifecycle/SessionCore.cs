namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// The tables of one connection side by side, and what is known besides them: the effective configuration (only ever from the server's own words, SE-07), the user's speech and the input
/// buffer, and what the server's deeds have shown of its habits. It holds; deciding is for the rules, and moving for the tables.
/// </summary>
internal sealed class SessionCore
{
    private bool _outputDiffers;
    private bool _inputDiffers;

    public SessionCore(MachineSettings settings)
    {
        Settings = settings;
        Ids = new IdSource(settings.IdPrefix);
        Items = new ItemTable(settings.Remembered);
        Responses = new ResponseTable(settings.Remembered);
        Operations = new OperationTable(Effects, settings.AcknowledgementTimeout, settings.StuckTimeout);
        Retrievals = new RetrievalTable(Operations);
        Commits = new CommitQueue(settings.AcknowledgementTimeout);
        Playback = new PlaybackLedger(Effects);
        InputEncoding = settings.InputEncoding;
        OutputEncoding = settings.OutputEncoding;
        ToolTimeouts = settings.ToolTimeouts;
        ApprovalTimeouts = settings.ApprovalTimeouts;
        EchoesMetadata = settings.Capabilities.EchoesMetadata;
        StatesConversation = settings.Capabilities.StatesConversation;
        Slot = new ResponseSlot(this);
        Asides = new Asides(this);
        Transcribes = settings.TranscribesInput;
        Utterances = new UtteranceTable(this);
        Transcripts = new TranscriptTable(this);
        Turns = new TurnTable(this, Slot);
        Tools = new ToolTable(this, Turns);
        Mcp = new McpCallTable(this, Turns);
        Approvals = new ApprovalTable(this, Turns);
        McpServers = new McpServers(this);
        Silencing = new Silencing(this, Slot, Turns);
        Ends = new ResponseEnds(this, Slot, Turns, Silencing);
    }

    public MachineSettings Settings { get; }

    /// <summary>What leaves the machine.</summary>
    public EffectQueue Effects { get; } = new();

    /// <summary>The ids of what this session sends.</summary>
    public IdSource Ids { get; }

    public OperationTable Operations { get; }

    public RetrievalTable Retrievals { get; }

    public ItemTable Items { get; }

    public ResponseTable Responses { get; }

    public ResponseSlot Slot { get; }

    /// <summary>What runs beside the conversation.</summary>
    public Asides Asides { get; }

    public TurnTable Turns { get; }

    public ToolTable Tools { get; }

    /// <summary>Calls of remote MCP servers.</summary>
    public McpCallTable Mcp { get; }

    /// <summary>Questions whether a remote MCP server may be called.</summary>
    public ApprovalTable Approvals { get; }

    /// <summary>Which remote MCP servers there are, and whose tools are listed.</summary>
    public McpServers McpServers { get; }

    public Silencing Silencing { get; }

    public ResponseEnds Ends { get; }

    public ServerTurns Detection { get; private set; }

    /// <summary>What may be heard right now or later.</summary>
    public PlaybackLedger Playback { get; }

    public AudioEncoding InputEncoding { get; private set; }

    public AudioEncoding OutputEncoding { get; private set; }

    /// <summary>What the user said, until its transcript is there.</summary>
    public UtteranceTable Utterances { get; }

    public TranscriptTable Transcripts { get; }

    /// <summary>Whether what the user says is transcribed.</summary>
    public bool Transcribes { get; private set; }

    /// <summary>Between <c>speech_started</c> and whatever ends it.</summary>
    public bool UserSpeaks { get; set; }

    /// <summary>When the user's speech last showed a sign of life: it started, or the microphone sent something since (TD-10).</summary>
    public long SpeechAliveAt { get; set; }

    /// <summary>After <c>speech_stopped</c> the commit is still to come; until then creates stay held (RC-17). Null when nothing is held.</summary>
    public long? HoldUntil { get; set; }

    /// <summary>Bytes of the user's audio since the last commit (TD-03).</summary>
    public long InputBytes { get; set; }

    /// <summary>No new turn begins (SE-11).</summary>
    public bool IsDraining { get; set; }

    /// <summary>How the server answered by itself before a drain told it not to, or was asked to meanwhile; null where that is as stated.</summary>
    public AnsweringSwitches? BeforeDraining { get; set; }

    public ConfigurationQueue Configurations { get; } = new();

    public CommitQueue Commits { get; }

    /// <summary>Whether the server repeats metadata, as far as its responses have shown it (RC-03).</summary>
    public Knowledge EchoesMetadata { get; set; }

    /// <summary>Whether the server says which conversation a response belongs to, as far as its responses have shown it (RC-22).</summary>
    public Knowledge StatesConversation { get; set; }

    /// <summary>When anything at all was last heard on the connection (RC-11).</summary>
    public long LastHeardAt { get; set; }

    /// <summary>The server was found to answer nothing: the connection is about to end.</summary>
    public bool IsUnresponsive { get; set; }

    /// <summary>The error by which the server said that the session is over, though the connection still stands; null while it has not.</summary>
    public ServerError? Expiry { get; private set; }

    /// <summary>How long the tools may take that have another time than <see cref="MachineSettings.ToolTimeout"/>, as configured last.</summary>
    public IReadOnlyDictionary<string, long> ToolTimeouts { get; private set; }

    /// <summary>How long the application may take about calls of the servers that have another time than <see cref="MachineSettings.ApprovalTimeout"/>, as configured last.</summary>
    public IReadOnlyDictionary<string, long> ApprovalTimeouts { get; private set; }

    /// <summary>The server took a configuration: what it says of tools holds from now on.</summary>
    public void Complete(PendingConfiguration configuration)
    {
        ToolTimeouts = configuration.ToolTimeouts ?? ToolTimeouts;
        ApprovalTimeouts = configuration.ApprovalTimeouts ?? ApprovalTimeouts;
        McpServers.Keep(configuration.McpServers, configuration.Handle);
        Effects.Tell(new SessionChange.ConfigurationTaken(configuration.Handle));
        Operations.Complete(configuration.Handle);
    }

    /// <summary>The server speaks or hears in another format than it was asked to; told once for each side.</summary>
    [LifecycleRule("SE-07")]
    public void TellWhatDiffers(in SessionFact stated)
    {
        if (!_outputDiffers && stated.OutputFormat.Over(Settings.OutputEncoding) is var output && output != Settings.OutputEncoding)
        {
            _outputDiffers = true;
            Effects.Tell(new SessionChange.FormatDiffers(Settings.OutputEncoding, output, IsInput: false));
        }

        if (!_inputDiffers && stated.InputFormat.Over(Settings.InputEncoding) is var input && input != Settings.InputEncoding)
        {
            _inputDiffers = true;
            Effects.Tell(new SessionChange.FormatDiffers(Settings.InputEncoding, input, IsInput: true));
        }
    }

    /// <summary>The session as the server stated it last, as JSON; empty while it stated none. It may hold secrets: only <see cref="WithoutSecrets"/> lets it out.</summary>
    public byte[] Stated { get; private set; } = [];

    /// <summary>The service's id of the session, which not every server repeats; null while it has named none.</summary>
    public string? SessionId { get; private set; }

    /// <summary>The voice in force: a name or an id, in UTF-8; empty while the server has stated none.</summary>
    public byte[] Voice { get; private set; } = [];

    /// <summary>The conversation holds speech of the model, so its voice is fixed (SE-05).</summary>
    public bool HasSpoken { get; set; }

    /// <summary>The configuration in force is the one the server states, never the one that was asked for.</summary>
    [LifecycleRule("SE-07")]
    public void Apply(in SessionFact session)
    {
        if (session.ServerTurns.IsStated)
        {
            Detection = OnlyTranscribe.Of(Settings.Purpose, session.ServerTurns);
        }

        Stated = session.Session.HasValue ? session.Session.Json.ToArray() : Stated;
        SessionId = session.Session is { HasValue: true, Id: { HasValue: true } id } ? id.ToString() : SessionId;
        Transcribes = session.Transcription switch { Presence.Value => true, Presence.Null => false, _ => Transcribes };
        Voice = session.Voice.IsEmpty ? Voice : session.Voice.ToArray();
        InputEncoding = session.InputFormat.Over(InputEncoding);
        OutputEncoding = session.OutputFormat.Over(OutputEncoding);
    }

    /// <summary>The end of the user's speech was lost, or nobody says it.</summary>
    public void EndUnendedSpeech(string rule)
    {
        UserSpeaks = false;
        Tolerate(rule, "The server never said that the user's speech ended; it counts as over.");
    }

    /// <summary>The server did something that the protocol does not foresee, and the session goes on.</summary>
    public void Tolerate(string rule, string message) => Effects.Tell(new SessionChange.ViolationTolerated(rule, message));

    /// <summary>Tells an error, with how far it reaches. One that says that the session is over, ends it.</summary>
    public void Surface(ServerError error)
    {
        ErrorSeverity severity = ErrorReach.Severity(error.Code);
        Effects.Tell(new SessionChange.ErrorSurfaced(error, severity));
        if (severity is ErrorSeverity.Reconnect)
        {
            Expiry = error;
        }
    }

    /// <summary>An error that somebody was told about already, but that reaches further than that.</summary>
    public void SurfaceIfFatal(ServerError error)
    {
        if (ErrorReach.Severity(error.Code) is not ErrorSeverity.Recoverable)
        {
            Surface(error);
        }
    }
}
