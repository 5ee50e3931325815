namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// What is known, apart from who holds the response slot and which turns live: the effective configuration (only ever from the server's own words, SE-07), the user's speech and
/// the input buffer, and the tables of items, responses and operations.
/// </summary>
internal sealed class SessionCore(MachineSettings settings, EffectQueue effects)
{
    public MachineSettings Settings { get; } = settings;

    /// <summary>What leaves the machine.</summary>
    public EffectQueue Effects { get; } = effects;

    /// <summary>The ids of what this session sends.</summary>
    public IdSource Ids { get; } = new(settings.IdPrefix);

    public OperationTable Operations { get; } = new(effects, settings.AcknowledgementTimeout, settings.StuckTimeout);

    public ItemTable Items { get; } = new();

    public ResponseTable Responses { get; } = new();

    public ServerTurns Detection { get; private set; }

    public SampleFormat InputEncoding { get; private set; } = settings.InputEncoding;

    public SampleFormat OutputEncoding { get; private set; } = settings.OutputEncoding;

    /// <summary>Between <c>speech_started</c> and whatever ends it.</summary>
    public bool UserSpeaks { get; set; }

    /// <summary>After <c>speech_stopped</c> the commit is still to come; until then creates stay held (RC-17).</summary>
    public long HoldUntil { get; set; }

    /// <summary>The user's silence made the server speak; the next response that nobody asked for is its doing.</summary>
    public bool IsIdleTriggered { get; set; }

    /// <summary>Bytes of the user's audio since the last commit (TD-03).</summary>
    public long InputBytes { get; set; }

    public ConfigurationQueue Configurations { get; } = new();

    /// <summary>Our own commits on the wire, oldest first: a commit of the server's that comes while there is none is the server's.</summary>
    public List<Contribution> Commits { get; } = [];

    /// <summary>The server turned out not to repeat metadata, so creates are matched by order (RC-03).</summary>
    public bool MatchesByOrder { get; set; } = !settings.EchoesMetadata;

    /// <summary>The configuration in force is the one the server states, never the one that was asked for.</summary>
    [LifecycleRule("SE-07")]
    public void Apply(in SessionFact session)
    {
        if (session.ServerTurns.IsStated)
        {
            Detection = session.ServerTurns;
        }

        InputEncoding = session.InputEncoding is SampleFormat.Unknown ? InputEncoding : session.InputEncoding;
        OutputEncoding = session.OutputEncoding is SampleFormat.Unknown ? OutputEncoding : session.OutputEncoding;
    }
}
