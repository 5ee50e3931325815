namespace Realtime.Protocol;

/// <summary>Something that happened in a turn, for those who show it while it goes on. Its text is the kind and the time, never what was said.</summary>
/// <param name="At">The time since the turn began.</param>
public abstract record TurnUpdate(TimeSpan At)
{
    /// <summary>The kind and the time.</summary>
    public sealed override string ToString() => $"{At.TotalMilliseconds:0} ms {GetType().Name}";

    /// <summary>A response began; there is one more after every tool round, and after one that proves to be no answer to this turn before it has said anything.</summary>
    /// <param name="At">The time since the turn began.</param>
    /// <param name="ResponseId">The server's id of it.</param>
    public sealed record ResponseStarted(TimeSpan At, string ResponseId) : TurnUpdate(At);

    /// <summary>The first audio of the turn arrived.</summary>
    /// <param name="At">The time since the turn began.</param>
    public sealed record AudioStarted(TimeSpan At) : TurnUpdate(At);

    /// <summary>A piece of what the model says or writes.</summary>
    /// <param name="At">The time since the turn began.</param>
    /// <param name="Text">The piece. The first piece of a further item or part begins with a line break, so that the pieces can be shown as they come.</param>
    /// <param name="ItemId">The item that it belongs to: items can come mixed. Empty where the server left it out.</param>
    public sealed record TranscriptDelta(TimeSpan At, string Text, string ItemId) : TurnUpdate(At);

    /// <summary>The model called a tool. It runs, waits for <see cref="VoiceSession.SubmitToolOutput"/> where it is declared only, or is called by the service (<see cref="ToolCall.Server"/>).</summary>
    /// <param name="At">The time since the turn began.</param>
    /// <param name="Call">The call.</param>
    public sealed record ToolStarted(TimeSpan At, ToolCall Call) : TurnUpdate(At);

    /// <summary>A tool has given its output, has failed, or its time is up.</summary>
    /// <param name="At">The time since the turn began.</param>
    /// <param name="Call">The call.</param>
    /// <param name="Failure">What it threw; a <see cref="RealtimeRejectedException"/> with the reason when a call of a remote MCP server failed; a <see cref="TimeoutException"/> when it did not answer in time; null when it succeeded.</param>
    public sealed record ToolFinished(TimeSpan At, ToolCall Call, Exception? Failure) : TurnUpdate(At);

    /// <summary>The service asks whether it may call a tool of a remote MCP server, and <see cref="McpApprovalPolicy.Ask"/>'s delegate was called. The turn waits for the answer.</summary>
    /// <param name="At">The time since the turn began.</param>
    /// <param name="Request">What is asked.</param>
    public sealed record ApprovalAsked(TimeSpan At, McpApprovalRequest Request) : TurnUpdate(At);

    /// <summary>The model was silenced: stop playing.</summary>
    /// <param name="At">The time since the turn began.</param>
    /// <param name="Reason">By whom.</param>
    public sealed record Silenced(TimeSpan At, InterruptionReason Reason) : TurnUpdate(At);
}
