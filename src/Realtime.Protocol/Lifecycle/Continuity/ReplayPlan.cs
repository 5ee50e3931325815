using System.Collections.Immutable;

namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// What a new connection is told, in this order: the configuration, the items one after the other, the question. A value; it holds what was said.
/// </summary>
public sealed class ReplayPlan
{
    internal ReplayPlan()
    {
    }

    /// <summary>The configuration that was in force, without secrets, as JSON; absent when none was stated. <see cref="ReadConfiguration"/> makes the object of a <c>session.update</c> of it.</summary>
    public RawJson Configuration { get; internal init; }

    /// <summary>
    /// The items to create, in order, each text or a call whose output is its next neighbour. <see cref="ConversationItem.Id"/> is the id that the item had; the new conversation may get the same, or a new one.
    /// </summary>
    public ImmutableArray<ConversationItem> Items { get; internal init; } = [];

    /// <summary>Calls of idempotent functions that had begun without an output. They stand among <see cref="Items"/> at their place, as failed: run each, and tell its output instead of the words that say so.</summary>
    public ImmutableArray<ConversationItem.FunctionCall> RunAgain { get; internal init; } = [];

    /// <summary>The question to ask again, once, when everything else is there; null when none is open.</summary>
    public OpenQuestion? Question { get; internal init; }

    /// <summary>What the new connection does not get, each with its reason: nothing goes in silence.</summary>
    public ImmutableArray<ReplayOmission> LeftOut { get; internal init; } = [];

    /// <summary>The configuration as an object, a new one at each call; null when none was stated.</summary>
    public Session? ReadConfiguration() => Configuration.HasValue ? CheckpointObjects.Read<SessionView>(Configuration.Utf8).ToWritable() : null;

    /// <summary>What the question's request stated, a new object at each call; null when it stated nothing or there is no question.</summary>
    public ResponseParameters? ReadRequest() => Question is { Request.HasValue: true } question ? CheckpointObjects.Read<ResponseParametersView>(question.Request.Utf8).ToWritable() : null;

    /// <summary>Its counts.</summary>
    public override string ToString() => $"{Items.Length} items, {RunAgain.Length} calls to run again, {(Question is null ? "no question" : "a question")}, {LeftOut.Length} left out";
}
