namespace Realtime.Protocol;

/// <summary>The one way in which a turn ended.</summary>
public abstract record TurnOutcome
{
    private TurnOutcome()
    {
    }

    /// <summary>The kind of outcome.</summary>
    public sealed override string ToString() => GetType().Name;

    /// <summary>The last response was completed, and no tool call is left.</summary>
    public sealed record Completed : TurnOutcome;

    /// <summary>
    /// The model was silenced. What had been heard stays in the conversation. Tools of the turn that still ran are cancelled; their outputs complete the conversation, and no response is asked for.
    /// </summary>
    public sealed record Interrupted(InterruptionReason Reason) : TurnOutcome;

    /// <summary>The model stopped early: <c>max_output_tokens</c>, <c>content_filter</c>, or as the service says.</summary>
    public sealed record Incomplete(string Reason) : TurnOutcome;

    /// <summary>The model failed.</summary>
    public sealed record Failed(ServerError Error) : TurnOutcome;

    /// <summary>
    /// The server refused the request, or everything that was given to the turn (audio, texts, the outputs of its tools) before its response began. Of a turn that goes on without a refused
    /// part, that part is told beside the outcome (RC-25).
    /// </summary>
    /// <param name="Error">The last refusal.</param>
    public sealed record Rejected(ServerError Error) : TurnOutcome;

    /// <summary>The turn was given up before anything of it was answered.</summary>
    public sealed record Withdrawn : TurnOutcome;

    /// <summary>The server did not answer the request in time (RC-09), or the response fell silent for too long (RC-11).</summary>
    public sealed record TimedOut : TurnOutcome;

    /// <summary>The response reached the audio cap and was cancelled (BP-01).</summary>
    public sealed record AudioOverrun : TurnOutcome;

    /// <summary>The model called tools once more than <see cref="Lifecycle.MachineSettings.MaxToolRounds"/> allows.</summary>
    public sealed record ToolRoundLimit : TurnOutcome;

    /// <summary>Another turn's response answers this one as well (RC-07, RC-16); what becomes of it is told there.</summary>
    public sealed record Merged(int Into) : TurnOutcome;

    /// <summary>The connection ended first.</summary>
    /// <param name="Reason">Why it ended.</param>
    public sealed record Disconnected(RealtimeCloseReason Reason) : TurnOutcome;
}
