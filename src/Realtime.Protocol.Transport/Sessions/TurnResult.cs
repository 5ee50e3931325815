namespace Realtime.Protocol;

/// <summary>How a turn ended, and what it brought. Its text leaves the transcript out.</summary>
public sealed record TurnResult
{
    /// <summary>The one way in which the turn ended.</summary>
    public required TurnOutcome Outcome { get; init; }

    /// <summary>
    /// What the model said or wrote, in all responses of the turn, one line for each part of an item, in the order of the answer. Where the server ended a part with its whole text, this is
    /// that text and not the pieces of <see cref="TurnUpdate.TranscriptDelta"/>. After an interruption it is what was received, which may be more than what was heard.
    /// </summary>
    public required string Transcript { get; init; }

    /// <summary>How many bytes of audio were received for <see cref="Turn.Audio"/>.</summary>
    public required long AudioBytes { get; init; }

    /// <summary>How long the user waited, from the moment when the user was done.</summary>
    public required TurnTimings Timings { get; init; }

    /// <summary>How many responses the turn took: one, and one more after every tool round.</summary>
    public required int Responses { get; init; }

    /// <summary>The tool calls of the turn, in the order in which the model made them.</summary>
    public required IReadOnlyList<ToolCall> ToolCalls { get; init; }

    /// <summary>
    /// What the model made in the turn, in order: its messages and its calls, as they were at the turn's end and as far as they were not deleted. <see cref="VoiceConversation"/> tells what they are now.
    /// </summary>
    public IReadOnlyList<ConversationItem> Items { get; init; } = [];

    /// <summary>
    /// What the server refused of the turn's input, oldest first: a text, audio or the output of a tool. Mostly empty. The rest of the turn went on, unless nothing was left and the
    /// <see cref="Outcome"/> is <see cref="TurnOutcome.Rejected"/> (RC-25).
    /// </summary>
    public IReadOnlyList<ServerError> RejectedInput { get; init; } = [];

    /// <summary>The tokens of all responses together, each counted once; null when the server reported none.</summary>
    public required TokenUsage? Usage { get; init; }

    /// <summary>The turn that answers this one as well, when the outcome is <see cref="TurnOutcome.Merged"/>; null otherwise.</summary>
    public Turn? MergedInto { get; init; }

    /// <summary>Outcome and counts.</summary>
    public override string ToString() => $"{Outcome}: {Responses} responses, {ToolCalls.Count} tool calls, {AudioBytes} bytes of audio";
}
