using System.Collections.Immutable;
using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol;

/// <summary>
/// What outlives a connection, as a value: the configuration in force, the conversation with what was heard of it, the calls with their outputs, what is still to be answered, the tokens so far. Another
/// connection, another process or another machine goes on from it. There is never sound in it, and never a credential.
/// </summary>
/// <remarks>It holds what was said, so keep it as you keep a transcript. <see cref="object.ToString"/> tells counts only.</remarks>
public sealed class SessionCheckpoint
{
    internal SessionCheckpoint()
    {
    }

    /// <summary>What the session is for. A session of another purpose does not go on from it.</summary>
    public SessionPurpose Purpose { get; internal init; }

    /// <summary>The service's id of the session that it was taken of; null when the service had named none.</summary>
    public string? SessionId { get; internal init; }

    /// <summary>The number of the last turn; the next one has the number behind it. 0 before the first.</summary>
    public int LastTurn { get; internal init; }

    /// <summary>The configuration in force as the server stated it, with the functions' declarations, as the <c>session</c> of a <c>session.update</c>; absent when the server had stated none.</summary>
    public RawJson Configuration { get; internal init; }

    /// <summary>What is not in <see cref="Configuration"/> because it is a secret or may hold one, by its place: <c>session.tools[0].authorization</c>. Whoever goes on brings it along.</summary>
    public IReadOnlyList<string> ConfigurationLeftOut => Secrets;

    /// <summary>The conversation in the server's order. Of an answer that was cut, or that was playing, the words are those that were heard. Items that the server had not confirmed stand at the end.</summary>
    public IReadOnlyList<ConversationItem> Items => field ??= [.. Entries.Select(static entry => entry.Item)];

    /// <summary>The turns that were not answered to the end, in order: asked for and not sent, or sent and not heard out.</summary>
    public IReadOnlyList<OpenQuestion> Questions => Open;

    /// <summary>The tokens of the session so far, over all its connections.</summary>
    public SessionUsage Usage { get; internal init; } = new(default, default, default, 0);

    internal ImmutableArray<CheckpointEntry> Entries { get; init; } = [];

    internal ImmutableArray<OpenQuestion> Open { get; init; } = [];

    internal ImmutableArray<string> Secrets { get; init; } = [];

    /// <summary>Reads one. Nothing of the bytes is kept.</summary>
    /// <param name="json">What <see cref="ToUtf8Json"/> gave, perhaps laid out anew by a store.</param>
    /// <exception cref="SessionCheckpointException">The bytes are something else, are damaged or cut short, or were written by a newer version; it says where.</exception>
    public static SessionCheckpoint FromUtf8Json(ReadOnlySpan<byte> json) => CheckpointReader.Read(json);

    /// <summary>The checkpoint as JSON.</summary>
    public ReadOnlyMemory<byte> ToUtf8Json() => CheckpointWriter.Write(this);

    /// <summary>The same with the output of a call that had begun: its tool ended after the checkpoint was taken. So it is behind a call that was told as failed to the next connection. The same value, when no such call waits for an output.</summary>
    /// <param name="callId">The call.</param>
    /// <param name="output">What the tool gave.</param>
    /// <param name="itemId">The item of the call that has begun; null for the last one of this name. A server may give the name again. On the connection after it the call has another item, and is found as one that failed.</param>
    public SessionCheckpoint WithOutput(string callId, string output, string? itemId = null)
    {
        ArgumentNullException.ThrowIfNull(callId);
        ArgumentNullException.ThrowIfNull(output);
        int end = EndOfCall(callId, itemId);
        for (int i = end - 1; i >= 0; i--)
        {
            if (Entries[i] is { Call: CallProgress.Begun, Item: ConversationItem.FunctionCall call } begun && call.CallId == callId && (itemId is null || call.Id == itemId))
            {
                ImmutableArray<CheckpointEntry> entries = Entries
                    .SetItem(i, begun with { Call = CallProgress.Answered })
                    .Insert(i + 1, new CheckpointEntry(new ConversationItem.FunctionOutput(callId, output) { State = ItemState.Completed }));
                return With(entries);
            }

            if (Entries[i].Item is ConversationItem.FunctionOutput { Output: ReplayPlanner.FailedOutput } failed && failed.CallId == callId)
            {
                return With(Entries.SetItem(i, Entries[i] with { Item = failed with { Output = output } }));
            }

            if (itemId is not null && Entries[i].Item is ConversationItem.FunctionCall named && named.CallId == callId && named.Id == itemId)
            {
                return this; // it has its output; what failed before it is another call of the same name
            }
        }

        return this;
    }

    /// <summary>
    /// The same with requests that wait for a connection: what they say stands at the end of the conversation, and each is an open question. Speech that waits is an item without words, since no sound is kept; so it is not asked
    /// elsewhere.
    /// </summary>
    /// <param name="waiting">In their order, each a turn of the conversation and not one beside it. None of them is in the checkpoint.</param>
    public SessionCheckpoint WithWaiting(IReadOnlyList<WaitingRequest> waiting)
    {
        ArgumentNullException.ThrowIfNull(waiting);
        if (waiting.Count == 0)
        {
            return this;
        }

        ImmutableArray<CheckpointEntry>.Builder entries = Entries.ToBuilder();
        ImmutableArray<OpenQuestion>.Builder open = Open.ToBuilder();
        foreach (WaitingRequest request in waiting)
        {
            if (request.Words is { } words)
            {
                entries.Add(new CheckpointEntry(words));
            }

            open.Add(new OpenQuestion(request.Turn, false, CheckpointTaking.RequestOf(request.Intent.Response)));
        }

        return With(entries.DrainToImmutable(), open.DrainToImmutable());
    }

    /// <summary>Refuses a session of another kind.</summary>
    /// <param name="purpose">What the session is for that is to go on from this.</param>
    /// <exception cref="SessionCheckpointException">It was taken of another kind of session.</exception>
    public void ThrowUnless(SessionPurpose purpose)
    {
        if (purpose != Purpose)
        {
            throw new SessionCheckpointException(
                CheckpointFault.AnotherKind, "kind", null, $"This checkpoint was taken of a session of kind '{AskedKind.Word(Purpose)}', and you resume one of kind '{AskedKind.Word(purpose)}' from it.");
        }
    }

    // Behind the call and its output there may be another of this name. What stands there is not asked where the item is known.
    private int EndOfCall(string callId, string? itemId)
    {
        bool isFound = false;
        for (int i = 0; i < Entries.Length; i++)
        {
            if (Entries[i].Item is ConversationItem.FunctionCall call && call.CallId == callId)
            {
                if (isFound)
                {
                    return i;
                }

                isFound = itemId is not null && call.Id == itemId;
            }
        }

        return Entries.Length;
    }

    private SessionCheckpoint With(ImmutableArray<CheckpointEntry> entries, ImmutableArray<OpenQuestion>? open = null) =>
        new() { Purpose = Purpose, SessionId = SessionId, LastTurn = LastTurn, Configuration = Configuration, Secrets = Secrets, Usage = Usage, Entries = entries, Open = open ?? Open };

    /// <summary>Its counts, and nothing of what was said.</summary>
    public override string ToString() => $"Checkpoint of {SessionId ?? "a session without an id"}: {LastTurn} turns, {Entries.Length} items, {Open.Length} open questions";
}
