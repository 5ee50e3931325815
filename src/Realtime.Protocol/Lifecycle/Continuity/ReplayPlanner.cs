using System.Collections.Immutable;
using System.Text;

namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// What of a checkpoint a new connection is told. Its laws: what the model said is text (IT-11), as far as it was heard; a call stands only with its output behind it, and no output alone (FC-07); the order is the server's; the
/// newest come first into what there is room for, and a pair is never split; a tool that has given its output, or may have done its work, never runs again unless it says that it may; and what is left out is named.
/// </summary>
public static class ReplayPlanner
{
    /// <summary>What the model is told of a call that had begun when the connection was lost.</summary>
    public const string FailedOutput = """{"error":"The connection was lost before this tool answered. It may have done its work, and was not run again."}""";

    /// <summary>The plan.</summary>
    /// <param name="checkpoint">From which a session goes on.</param>
    /// <param name="options">How much of it, and what may run again; null for the defaults.</param>
    public static ReplayPlan Plan(SessionCheckpoint checkpoint, ReplayOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        options ??= new();
        ImmutableArray<ReplayOmission>.Builder leftOut = ImmutableArray.CreateBuilder<ReplayOmission>();
        foreach (string secret in checkpoint.Secrets)
        {
            leftOut.Add(new ReplayOmission(secret, OmissionReason.Secret));
        }

        List<Unit> units = Units(checkpoint, options, leftOut);
        Bound(units, options, leftOut);
        OpenQuestion? question = Question(checkpoint, options, units, leftOut);
        ImmutableArray<ConversationItem>.Builder items = ImmutableArray.CreateBuilder<ConversationItem>();
        ImmutableArray<ConversationItem.FunctionCall>.Builder runAgain = ImmutableArray.CreateBuilder<ConversationItem.FunctionCall>();
        foreach (Unit unit in units)
        {
            items.Add(unit.First);
            if (unit.Second is { } second)
            {
                items.Add(second);
            }

            if (unit.MayRunAgain && question is not null)
            {
                runAgain.Add((ConversationItem.FunctionCall)unit.First);
            }
            else if (unit.HasFailed)
            {
                leftOut.Add(new ReplayOmission(unit.First.Id, OmissionReason.CallFailed));
            }
        }

        return new ReplayPlan
        {
            Configuration = checkpoint.Configuration,
            Items = items.DrainToImmutable(),
            RunAgain = runAgain.DrainToImmutable(),
            Question = question,
            LeftOut = leftOut.DrainToImmutable(),
        };
    }

    private static List<Unit> Units(SessionCheckpoint checkpoint, ReplayOptions options, ImmutableArray<ReplayOmission>.Builder leftOut)
    {
        Dictionary<string, Queue<ConversationItem.FunctionOutput>> outputs = OutputsByCall(checkpoint);
        HashSet<ConversationItem> used = new(ReferenceEqualityComparer.Instance);
        var units = new List<Unit>();
        foreach (CheckpointEntry entry in checkpoint.Entries)
        {
            switch (entry.Item)
            {
                case ConversationItem.Message message when Readable(message, entry.Hearing, leftOut) is { } readable:
                    units.Add(new Unit(readable, null));
                    break;
                case ConversationItem.Message:
                    break;
                case ConversationItem.FunctionCall call:
                    ConversationItem.FunctionOutput? output = outputs.TryGetValue(call.CallId, out Queue<ConversationItem.FunctionOutput>? given) && given.TryDequeue(out ConversationItem.FunctionOutput? next) ? next : null;
                    if (output is not null)
                    {
                        used.Add(output);
                    }

                    Add(units, call, entry.Call, output, options, leftOut);
                    break;
                case ConversationItem.FunctionOutput:
                    break; // behind its call, wherever it stood
                case ConversationItem.McpCall { Output: not null, State: ItemState.Completed, Id.Length: > 0 } call:
                    units.Add(new Unit(call, null));
                    break;
                default:
                    leftOut.Add(new ReplayOmission(entry.Item.Id, OmissionReason.MadeByService));
                    break;
            }
        }

        foreach (CheckpointEntry entry in checkpoint.Entries)
        {
            if (entry.Item is ConversationItem.FunctionOutput alone && !used.Contains(alone))
            {
                leftOut.Add(new ReplayOmission(alone.Id, OmissionReason.OutputWithoutCall));
            }
        }

        return units;
    }

    private static Dictionary<string, Queue<ConversationItem.FunctionOutput>> OutputsByCall(SessionCheckpoint checkpoint)
    {
        var outputs = new Dictionary<string, Queue<ConversationItem.FunctionOutput>>(StringComparer.Ordinal);
        foreach (CheckpointEntry entry in checkpoint.Entries)
        {
            if (entry.Item is not ConversationItem.FunctionOutput output)
            {
                continue;
            }

            if (!outputs.TryGetValue(output.CallId, out Queue<ConversationItem.FunctionOutput>? given))
            {
                outputs.Add(output.CallId, given = new());
            }

            given.Enqueue(output);
        }

        return outputs;
    }

    /// <summary>A call with its output, or what stands for one.</summary>
    private static void Add(
        List<Unit> units, ConversationItem.FunctionCall call, CallProgress progress, ConversationItem.FunctionOutput? output, ReplayOptions options, ImmutableArray<ReplayOmission>.Builder leftOut)
    {
        switch (output, progress)
        {
            case ({ } given, _):
                units.Add(new Unit(call, given));
                break;
            case (null, CallProgress.Begun):
                units.Add(new Unit(call, new ConversationItem.FunctionOutput(call.CallId, FailedOutput)) { HasFailed = true, MayRunAgain = options.IdempotentTools.Contains(call.Name) });
                break;
            default:
                leftOut.Add(new ReplayOmission(call.Id, progress is CallProgress.Answered ? OmissionReason.OutputNotKept : OmissionReason.CallNotComplete));
                break;
        }
    }

    /// <summary>The message as text; null when nothing of it can be read. What of it cannot is named.</summary>
    private static ConversationItem.Message? Readable(ConversationItem.Message message, ItemHearing hearing, ImmutableArray<ReplayOmission>.Builder leftOut)
    {
        if (hearing is ItemHearing.Nothing)
        {
            leftOut.Add(new ReplayOmission(message.Id, OmissionReason.NotHeard));
            return null;
        }

        var parts = new List<ItemContent>(message.Content.Count);
        OmissionReason? missing = hearing is ItemHearing.InPart ? OmissionReason.HeardInPart : null;
        foreach (ItemContent part in message.Content)
        {
            switch (part)
            {
                case ItemContent.Text { Value.Length: > 0 }:
                    parts.Add(part);
                    break;
                case ItemContent.Audio { Transcript: { Length: > 0 } words }:
                    parts.Add(new ItemContent.Text(words));
                    break;
                case ItemContent.Audio when message.Role is ItemRole.User:
                    missing ??= OmissionReason.NotTranscribed;
                    break;
                case ItemContent.Image:
                    missing ??= OmissionReason.PictureNotKept;
                    break;
            }
        }

        if (parts.Count == 0 && hearing is ItemHearing.InPart)
        {
            missing = OmissionReason.NotHeard;
        }

        if (missing is { } reason || parts.Count == 0)
        {
            leftOut.Add(new ReplayOmission(message.Id, missing ?? (message is { Role: ItemRole.User, State: ItemState.InProgress or ItemState.Pending } ? OmissionReason.NotTranscribed : OmissionReason.NoWords)));
        }

        return parts.Count == 0 ? null : new ConversationItem.Message(message.Role, parts) { Id = message.Id, State = message.State };
    }

    /// <summary>Keeps the newest that there is room for. One that is too large by itself makes no room by being left out for those before it; one that is only too old ends the walk, so that there is no hole.</summary>
    private static void Bound(List<Unit> units, ReplayOptions options, ImmutableArray<ReplayOmission>.Builder leftOut)
    {
        int items = 0;
        long bytes = 0;
        OmissionReason? full = null;
        for (int i = units.Count - 1; i >= 0; i--)
        {
            Unit unit = units[i];
            if (full is null && unit.Bytes > options.MaxBytes)
            {
                LeaveOut(units, i, OmissionReason.TooLarge, leftOut);
                continue;
            }

            full ??= items + unit.Count > options.MaxItems ? OmissionReason.TooMany : bytes + unit.Bytes > options.MaxBytes ? OmissionReason.TooLarge : null;
            if (full is { } reason)
            {
                LeaveOut(units, i, reason, leftOut);
                continue;
            }

            items += unit.Count;
            bytes += unit.Bytes;
        }
    }

    private static void LeaveOut(List<Unit> units, int index, OmissionReason reason, ImmutableArray<ReplayOmission>.Builder leftOut)
    {
        leftOut.Add(new ReplayOmission(units[index].First.Id, reason));
        if (units[index].Second is { Id.Length: > 0 } second)
        {
            leftOut.Add(new ReplayOmission(second.Id, reason));
        }

        units.RemoveAt(index);
    }

    /// <summary>The last open question; its answer answers those before it as well. None without the words that it is about: the model would answer older ones.</summary>
    private static OpenQuestion? Question(SessionCheckpoint checkpoint, ReplayOptions options, List<Unit> units, ImmutableArray<ReplayOmission>.Builder leftOut)
    {
        if (!options.AsksAgain || checkpoint.Open.Length == 0)
        {
            return null;
        }

        for (int i = 0; i < checkpoint.Open.Length - 1; i++)
        {
            leftOut.Add(new ReplayOmission($"turn {checkpoint.Open[i].Turn}", OmissionReason.AnsweredWithLater));
        }

        OpenQuestion last = checkpoint.Open[^1];
        if (WordsOfTheQuestion(checkpoint) is { } about && !units.Exists(unit => unit.First.Id == about.Id))
        {
            leftOut.Add(new ReplayOmission($"turn {last.Turn}", OmissionReason.QuestionLost));
            return null;
        }

        return last;
    }

    /// <summary>What the user said last, where nothing that was heard to its end stands behind it; null where something does.</summary>
    private static ConversationItem.Message? WordsOfTheQuestion(SessionCheckpoint checkpoint)
    {
        for (int i = checkpoint.Entries.Length - 1; i >= 0; i--)
        {
            switch (checkpoint.Entries[i])
            {
                case { Item: ConversationItem.Message { Role: ItemRole.User } said }:
                    return said;
                case { Item: ConversationItem.Message { Role: ItemRole.Assistant, State: ItemState.Completed }, Hearing: ItemHearing.Whole }:
                    return null;
            }
        }

        return null;
    }

    private static long BytesOf(ConversationItem? item) => item switch
    {
        ConversationItem.Message message => message.Content.Sum(static part => part is ItemContent.Text text ? (long)Encoding.UTF8.GetByteCount(text.Value) : 0),
        ConversationItem.FunctionCall call => (long)Encoding.UTF8.GetByteCount(call.CallId) + Encoding.UTF8.GetByteCount(call.Name) + Encoding.UTF8.GetByteCount(call.Arguments),
        ConversationItem.FunctionOutput output => (long)Encoding.UTF8.GetByteCount(output.CallId) + Encoding.UTF8.GetByteCount(output.Output),
        ConversationItem.McpCall call => (long)Encoding.UTF8.GetByteCount(call.Server) + Encoding.UTF8.GetByteCount(call.Name) + Encoding.UTF8.GetByteCount(call.Arguments) + Encoding.UTF8.GetByteCount(call.Output ?? ""),
        _ => 0,
    };

    /// <summary>What is kept or left out together: an item, or a call with its output.</summary>
    private sealed record Unit(ConversationItem First, ConversationItem? Second)
    {
        public bool HasFailed { get; init; }

        public bool MayRunAgain { get; init; }

        public int Count => Second is null ? 1 : 2;

        public long Bytes { get; } = BytesOf(First) + BytesOf(Second);
    }
}
