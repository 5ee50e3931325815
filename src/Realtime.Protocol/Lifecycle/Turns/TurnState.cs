namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// One turn: what the user said, the response to it, and the tool rounds and responses that follow from that, until one outcome ends it. Every response of the conversation
/// belongs to exactly one turn, the server's own included.
/// </summary>
internal sealed class TurnState(int number, TurnOrigin origin, ResponseParameters? request)
{
    private List<McpStep>? _mcp;
    private List<Item>? _exchanged;

    public int Number { get; } = number;

    public TurnOrigin Origin { get; } = origin;

    /// <summary>Its audio, and how far that was heard.</summary>
    public TurnSound Sound { get; } = new(number);

    /// <summary>What it asks for, the same in every round; null when it states nothing.</summary>
    public ResponseParameters? Request { get; } = request;

    /// <summary>It runs beside the conversation (RC-22).</summary>
    public bool IsOutOfBand { get; } = RunBesideTheConversation.IsAskedFor(request);

    /// <summary>It began with what the user said or wrote, and not with a bare request.</summary>
    public bool SaysSomething { get; set; }

    /// <summary>How long its own tools may take; null where it has none of its own.</summary>
    public IReadOnlyDictionary<string, long>? ToolTimeouts { get; set; }

    /// <summary>
    /// What was said between its responses and its tools, for its next response to read, where that does not read the conversation: calls and outputs themselves outside of it, references to them in it.
    /// </summary>
    public List<Item> Exchanged => _exchanged ??= [];

    /// <summary>The create that it waits for; null while it waits for none.</summary>
    public Create? Create { get; set; }

    /// <summary>Its newest response, running or done.</summary>
    public TrackedResponse? Response { get; set; }

    /// <summary>How many creates had waited when the application was told of the first call of the newest response: they wait for the outputs as well (FC-09).</summary>
    public int AskedBeforeRound { get; set; }

    /// <summary>How it will end once its response is done: it was interrupted, or failed on our side.</summary>
    public TurnOutcome? Decided { get; set; }

    public bool HasEnded { get; set; }

    /// <summary>What its next response is to read. It is empty again as soon as that response begins.</summary>
    public List<Contribution> Input { get; } = [];

    /// <summary>Why the server refused some of its input, the last time it did.</summary>
    public ServerError? Refusal { get; set; }

    public int ToolRounds { get; set; }

    /// <summary>What it waits for of remote MCP servers, and what of that has ended since its newest response began. Made when it is first asked for.</summary>
    public List<McpStep> Mcp => _mcp ??= [];

    public bool HasMcp => _mcp is { Count: > 0 };

    /// <summary>Something of a remote MCP server has not ended, or is still to be spoken about.</summary>
    public bool IsHeldByMcp => HasMcp && _mcp!.Exists(static step => step.IsOpen || step.WantsAnswer || step.IsRefused);

    public bool HasStarted => Response is not null;
}
