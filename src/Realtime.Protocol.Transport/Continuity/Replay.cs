using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Transport;

/// <summary>
/// Fills a connection with what was said before: the items of a plan in their order, each acknowledged. A step that is refused, by a rule or by the server, is noted and passed over; the rest is sent all the same.
/// </summary>
internal static class Replay
{
    // A longer one is refused by the service.
    private const int MostId = 32;

    /// <param name="connection">Open and configured.</param>
    /// <param name="items">Of the plan.</param>
    /// <param name="done">Takes what the new conversation holds.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="RealtimeClosedException">The connection ended meanwhile.</exception>
    public static async Task RunAsync(VoiceConnection connection, IEnumerable<ConversationItem> items, ReplayResult done, CancellationToken cancellationToken)
    {
        var sent = new List<Step>();
        foreach (ConversationItem item in items)
        {
            if (Send(connection, item) is not { } step)
            {
                // More may not wait: the server has to take some of it first.
                await SettleAsync(connection, sent, done, cancellationToken).ConfigureAwait(false);
                step = Send(connection, item) ?? new(item, null);
            }

            sent.Add(step);
        }

        await SettleAsync(connection, sent, done, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes items out of the conversation again; false when one of them stays in it.</summary>
    public static async Task<bool> DeleteAsync(VoiceConnection connection, string[] ids, CancellationToken cancellationToken)
    {
        foreach (string id in ids)
        {
            (SubmitResult result, Task<OperationResult> end) = connection.Gate.SubmitItem(SessionIntent.DeleteItem(id));
            if (!result.IsAccepted || !(await end.WaitAsync(cancellationToken).ConfigureAwait(false)).IsCompleted)
            {
                return false;
            }
        }

        return true;
    }

    // Null when too much waits.
    private static Step? Send(VoiceConnection connection, ConversationItem item)
    {
        SessionIntent intent;
        try
        {
            intent = SessionIntent.AddItem(item.Id.Length > MostId ? item with { Id = "" } : item);
        }
        catch (ArgumentException)
        {
            return new(item, null);
        }

        (SubmitResult result, Task<OperationResult> end) = connection.Gate.SubmitItem(in intent, item);
        return result.IsAccepted ? new(item, end) { Id = result.ItemId }
            : result.Rule is "BP-04" ? null
            : new(item, null);
    }

    private static async Task SettleAsync(VoiceConnection connection, List<Step> sent, ReplayResult done, CancellationToken cancellationToken)
    {
        foreach (Step step in sent)
        {
            OperationResult result = step.End is { } end ? await end.WaitAsync(cancellationToken).ConfigureAwait(false) : default;
            if (connection.Connection.CloseReason is { } reason)
            {
                throw new RealtimeClosedException(reason);
            }

            if (result.IsCompleted)
            {
                done.Taken(step.Item, step.Id ?? "");
            }
            else
            {
                done.Refused(step.Item);
                await LeaveNoCallOpenAsync(connection, step.Item, done, cancellationToken).ConfigureAwait(false);
            }
        }

        sent.Clear();
    }

    /// <summary>A call whose output was refused would wait for one for ever.</summary>
    private static async Task LeaveNoCallOpenAsync(VoiceConnection connection, ConversationItem refused, ReplayResult done, CancellationToken cancellationToken)
    {
        if (refused is not ConversationItem.FunctionOutput output || done.TakeCall(output.CallId) is not { } call)
        {
            return;
        }

        (SubmitResult result, Task<OperationResult> end) = connection.Gate.SubmitItem(SessionIntent.DeleteItem(call.NewId));
        if (result.IsAccepted)
        {
            await end.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        done.LeftOut.Add(new(call.OldId, OmissionReason.Refused));
    }

    private sealed record Step(ConversationItem Item, Task<OperationResult>? End)
    {
        public string? Id { get; init; }
    }
}

/// <summary>What became of a replay.</summary>
/// <param name="plan">What was to be told.</param>
internal sealed class ReplayResult(ReplayPlan plan)
{
    // In the order in which it was told; without an id what the conversation does not hold.
    private readonly List<(ConversationItem Item, string? NewId)> _told = [];
    private readonly Dictionary<string, string> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Old, string New)> _calls = new(StringComparer.Ordinal);

    /// <summary>The id that an item has now, by the one that it had.</summary>
    public IReadOnlyDictionary<string, string> ItemIds => _ids;

    /// <summary>What was to be told.</summary>
    public ReplayPlan Plan => plan;

    /// <summary>What the new conversation does not hold, and why.</summary>
    public List<ReplayOmission> LeftOut { get; } = [.. plan.LeftOut];

    public void Taken(ConversationItem item, string id)
    {
        _told.Add((item, id));
        if (item.Id.Length > 0)
        {
            _ids[item.Id] = id;
        }

        if (item is ConversationItem.FunctionCall call)
        {
            _calls[call.CallId] = (item.Id, id);
        }
    }

    /// <summary>The conversation does not hold it, and is not told again.</summary>
    public void Refused(ConversationItem item)
    {
        LeftOut.Add(new(item.Id, OmissionReason.Refused));
        _told.Add((item, null));
    }

    /// <summary>
    /// What has to be deleted, newest first, and then told, for the conversation to hold what a later plan says. What is there no more is deleted; from the first item on that reads or stands otherwise all is told anew, since
    /// an item is put behind the last one.
    /// </summary>
    public (string[] Deleted, ConversationItem[] Told) Follow(ReplayPlan later)
    {
        int next = 0;
        bool isAnew = false;
        var kept = new List<(ConversationItem Item, string? NewId)>();
        var deleted = new List<string>();
        foreach ((ConversationItem item, string? id) in _told)
        {
            if (!isAnew && next < later.Items.Length && IsSame(item, later.Items[next]))
            {
                kept.Add((item, id));
                next++;
                continue;
            }

            isAnew |= later.Items.Any(other => other.Id == item.Id);
            _ids.Remove(item.Id);
            if (item is ConversationItem.FunctionCall call)
            {
                _calls.Remove(call.CallId);
            }

            if (id is not null)
            {
                deleted.Insert(0, id);
            }
        }

        _told.Clear();
        _told.AddRange(kept);
        List<ReplayOmission> refused = LeftOut.FindAll(omission => omission.Reason is OmissionReason.Refused && _told.Exists(told => told.NewId is null && told.Item.Id == omission.What));
        LeftOut.Clear();
        LeftOut.AddRange(later.LeftOut);
        LeftOut.AddRange(refused);
        return ([.. deleted], [.. later.Items.Skip(next)]);
    }

    /// <summary>The call that the conversation holds under this id; it is not counted among what it holds any more.</summary>
    public (string OldId, string NewId)? TakeCall(string callId)
    {
        if (!_calls.Remove(callId, out (string Old, string New) call))
        {
            return null;
        }

        _ids.Remove(call.Old);
        int place = _told.FindIndex(told => told.NewId == call.New);
        _told[place] = (_told[place].Item, null);
        return call;
    }

    // The content of a message is a list, which a record compares by reference.
    private static bool IsSame(ConversationItem told, ConversationItem now) => told == now
        || (told is ConversationItem.Message before && now is ConversationItem.Message after && before.Content.SequenceEqual(after.Content) && before with { Content = after.Content } == after);
}
