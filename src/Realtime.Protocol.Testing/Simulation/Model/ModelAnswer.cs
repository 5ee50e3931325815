using Realtime.Protocol.Testing.Simulation.Audio;
using Realtime.Protocol.Testing.Simulation.Responses;

namespace Realtime.Protocol.Testing.Simulation.Model;

/// <summary>One answer: what the model makes, in order, and how it ends.</summary>
/// <param name="Outputs">One item of the conversation each, or something that happens between two items. May be empty.</param>
/// <param name="Failure">Set when the response fails after its outputs: the last of them is then left incomplete.</param>
public sealed record ModelAnswer(IReadOnlyList<ModelOutput> Outputs, ModelFailure? Failure = null)
{
    /// <summary>An answer of one item.</summary>
    public ModelAnswer(ModelOutput output)
        : this([output])
    {
    }

    /// <summary>Set when the response ends before the answer was whole: the last item is then left incomplete.</summary>
    public IncompleteReason? Incomplete { get; init; }

    /// <summary>Set when the request is refused: an <c>error</c> comes in place of <c>response.created</c>, and the response never was. Nothing else of the answer counts.</summary>
    public ModelFailure? Refusal { get; init; }

    /// <summary>What of a scenario answered, in words for its author; null for a model that is code.</summary>
    internal string? Origin { get; init; }

    /// <summary>Where this one answer is faster or slower than the session's; null when it is not. <see cref="Responses.Pace.Created"/>, <see cref="Responses.Pace.Auto"/> and <see cref="Responses.Pace.Transcription"/> come before any answer and do nothing here.</summary>
    public Pace? Pace { get; init; }
}

/// <summary>Why a response ends before its answer was whole.</summary>
public enum IncompleteReason
{
    /// <summary>The limit on tokens was reached.</summary>
    MaxOutputTokens,

    /// <summary>The service's filter stopped it.</summary>
    ContentFilter,
}

/// <summary>One item that a model makes, or something that happens between two items.</summary>
public abstract record ModelOutput
{
    private ModelOutput()
    {
    }

    /// <summary>Whether it is made beside the output before it, delta by delta in turn, and not after it. Recorded sessions do not show it; public reports do.</summary>
    public bool Overlap { get; init; }

    /// <summary>When it comes; null when the response's own pace says so.</summary>
    public StepPace? Pace { get; init; }

    /// <summary>True when it makes an item.</summary>
    internal bool IsItem => this is not (Pause or RawEvent or Goodbye);

    /// <summary>A message that is spoken.</summary>
    /// <param name="Audio">Raw sound in the format that was asked for.</param>
    /// <param name="Transcript">Its words.</param>
    public sealed record Speech([RawAudio] ReadOnlyMemory<byte> Audio, string Transcript) : ModelOutput
    {
        /// <summary>Raw sound in the format that was asked for.</summary>
        [RawAudio]
        public ReadOnlyMemory<byte> Audio { get => Sound?.Beginning(Sound.Length) ?? field; init; } = Audio;

        /// <summary>In place of the raw sound, one that is made piece by piece.</summary>
        internal ISoundSource? Sound { get; init; }

        internal ISoundSource Source => Sound ?? new GivenSound(Audio);

        internal int Length => Sound?.Length ?? Audio.Length;
    }

    /// <summary>A message that is written.</summary>
    /// <param name="Words">Its text.</param>
    public sealed record Text(string Words) : ModelOutput;

    /// <summary>A message of several parts, one after another: the content index counts them.</summary>
    /// <param name="Parts">Each a <see cref="Speech"/> or a <see cref="Text"/>.</param>
    public sealed record Message(IReadOnlyList<ModelOutput> Parts) : ModelOutput
    {
        /// <summary>Each a <see cref="Speech"/> or a <see cref="Text"/>.</summary>
        public IReadOnlyList<ModelOutput> Parts { get; init; } = Parts.All(static part => part is Speech or Text)
            ? Parts
            : throw new ArgumentException("A message has parts that are spoken or written, and nothing else.", nameof(Parts));
    }

    /// <summary>A function call.</summary>
    /// <param name="Name">Which function.</param>
    /// <param name="Arguments">Its arguments, as the text of a JSON object.</param>
    public sealed record Call(string Name, string Arguments) : ModelOutput
    {
        /// <summary>The id that joins it with its output; null, the default, for one of the server's. Some services use one again.</summary>
        public string? CallId { get; init; }
    }

    /// <summary>
    /// A call of an MCP tool, which the service makes by itself; where the session asks for an approval, the request for it is made instead,
    /// and the call by the next response after it was given.
    /// </summary>
    /// <param name="ServerLabel">Which server.</param>
    /// <param name="Name">Which tool.</param>
    /// <param name="Arguments">Its arguments, as the text of a JSON object.</param>
    public sealed record McpCall(string ServerLabel, string Name, string Arguments) : ModelOutput
    {
        /// <summary>What this call returns; null for what the tool itself returns.</summary>
        public string? Output { get; init; }

        /// <summary>The message of the error with which this call fails; null when it does not, or when the tool itself says so.</summary>
        public string? Error { get; init; }

        /// <summary>How long this call takes; null for as long as the tool says.</summary>
        public Delay? RunsFor { get; init; }

        /// <summary>The request that allowed it; null when none was needed, or none was made yet.</summary>
        internal string? ApprovalRequestId { get; init; }
    }

    /// <summary>Nothing, for a while.</summary>
    /// <param name="Length">How long.</param>
    public sealed record Pause(Delay Length) : ModelOutput;

    /// <summary>An event that is sent as it stands, whatever it says.</summary>
    /// <param name="Json">One JSON object.</param>
    public sealed record RawEvent(string Json) : ModelOutput;

    /// <summary>The server ends the connection; nothing follows.</summary>
    /// <param name="Status">A WebSocket status code; <see cref="SimulatorEffect.BrokenConnection"/> (1006) drops the connection without a goodbye.</param>
    /// <param name="Reason">One sentence for the client.</param>
    public sealed record Goodbye(int Status, string Reason = "") : ModelOutput;

    /// <summary>The request for an approval of a call.</summary>
    internal sealed record Approval(McpCall Wanted) : ModelOutput;
}

/// <summary>Why a response fails, why it is refused, or why a transcription fails.</summary>
/// <param name="Type">The class of error, such as <c>server_error</c>.</param>
/// <param name="Code">The error, such as <c>inference_rate_limit_exceeded</c>.</param>
/// <param name="Message">A sentence; null leaves it out, as the service does.</param>
public sealed record ModelFailure(string Type, string Code, string? Message = null)
{
    /// <summary>The path of the member that is to blame; null names none. A response that fails has no place for it.</summary>
    public string? Param { get; init; }

    /// <summary>The same as an error of the service; a sentence of the simulator's own where it has none.</summary>
    internal Refusal ToRefusal() => new(Code, Message ?? "The simulated model refuses this response.", Param) { Type = Type };
}
