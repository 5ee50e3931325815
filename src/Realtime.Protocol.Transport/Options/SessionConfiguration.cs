namespace Realtime.Protocol;

/// <summary>
/// What the server is told about a session. It is a value: <see cref="VoiceSessionOptions.Session"/> holds the one to begin with, and <c>with</c> makes another one.
/// Everywhere in it null leaves a setting to the service, and a value that says so turns it off: <see cref="TurnTaking.Manual"/>,
/// <see cref="InputTranscription.Off"/>, <c>Tools = []</c>.
/// </summary>
public sealed record SessionConfiguration
{
    /// <summary>As many output tokens as the service allows, for <see cref="MaxOutputTokens"/>.</summary>
    public const int Unlimited = int.MaxValue;

    /// <summary>The application says when the user has spoken (<see cref="VoiceSession.EndTurn"/>): a button, a file, a detection of its own.</summary>
    public static SessionConfiguration PushToTalk => new() { TurnTaking = TurnTaking.Manual };

    /// <summary>The server listens, answers when what was said sounds finished, falls silent when the user speaks, and writes down what it hears.</summary>
    public static SessionConfiguration OpenMicrophone => new() { TurnTaking = new TurnTaking.SemanticVad(), Transcription = "gpt-4o-transcribe" };

    /// <summary>Text both ways, no voice.</summary>
    public static SessionConfiguration TextChat => new() { TurnTaking = TurnTaking.Manual, Modality = OutputModality.Text };

    /// <summary>What the model is told before every answer.</summary>
    public string? Instructions { get; init; }

    /// <summary>The voice, for instance <c>marin</c>, or one of your own. The service fixes it as soon as the model has spoken once (SE-05).</summary>
    public VoiceName? Voice { get; init; }

    /// <summary>How fast the voice speaks, as a multiple of its natural pace; the service takes 0.25 to 1.5, and no change while a response runs, so a change waits for its end (SE-06).</summary>
    public double? Speed { get; init; }

    /// <summary>Whether the model speaks (with a transcript) or writes; never both (RC-20).</summary>
    public OutputModality? Modality { get; init; }

    /// <summary>Who decides where the user's turn ends.</summary>
    public TurnTaking? TurnTaking { get; init; }

    /// <summary>Whether and by which model the user's words are written down.</summary>
    public InputTranscription? Transcription { get; init; }

    /// <summary>Whether noise is taken out of the user's sound before it is listened to.</summary>
    public InputNoiseReduction? NoiseReduction { get; init; }

    /// <summary>What the model may call; <c>[]</c> takes all tools away. No two have one name. The list is copied.</summary>
    public IReadOnlyList<VoiceTool>? Tools { get; init => field = value is null ? null : [.. value]; }

    /// <summary>Whether the model may, must or must not call a tool.</summary>
    public ToolUse? ToolUse { get; init; }

    /// <summary>Whether one response may make several calls.</summary>
    public bool? ParallelToolCalls { get; init; }

    /// <summary>The most tokens that one response may use, 1 to 4096, or <see cref="Unlimited"/>.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>How much a model that reasons does so before it answers: <c>minimal</c>, <c>low</c>, <c>medium</c>, <c>high</c>.</summary>
    public string? ReasoningEffort { get; init; }

    /// <summary>What happens when the conversation outgrows what the model can read.</summary>
    public ContextTruncation? Truncation { get; init; }

    /// <summary>
    /// Called last with the object that goes to the server, for everything that has no member here: prompt, tracing, include. It runs on the caller's thread each
    /// time the configuration is written, and has no effect on what is <see cref="VoiceSession.Configuration">in force</see> but through the server.
    /// </summary>
    public Action<Session>? Customize { get; init; }

    /// <summary>The model that answers: in <see cref="VoiceSession.Configuration"/> only, since it is chosen when connecting (<see cref="RealtimeConnectionOptions.Model"/>).</summary>
    public string? Model { get; internal init; }

    /// <summary>Which settings are stated. Their values are the application's own words and stay out of logs.</summary>
    public override string ToString() => $"{nameof(SessionConfiguration)} {{ {string.Join(", ", Stated())} }}";

    private IEnumerable<string> Stated()
    {
        (object? Value, string Name)[] members =
        [
            (Instructions, nameof(Instructions)), (Voice, nameof(Voice)), (Speed, nameof(Speed)), (Modality, nameof(Modality)), (TurnTaking, nameof(TurnTaking)),
            (Transcription, nameof(Transcription)), (NoiseReduction, nameof(NoiseReduction)), (Tools, nameof(Tools)), (ToolUse, nameof(ToolUse)),
            (ParallelToolCalls, nameof(ParallelToolCalls)), (MaxOutputTokens, nameof(MaxOutputTokens)), (ReasoningEffort, nameof(ReasoningEffort)),
            (Truncation, nameof(Truncation)), (Customize, nameof(Customize)),
        ];
        return members.Where(static member => member.Value is not null).Select(static member => member.Name);
    }
}
