using System.Buffers;
using System.Collections.Immutable;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Lifecycle;

/// <summary>Makes a checkpoint of what a machine holds. It looks and changes nothing, so it can be asked at any time, also when the connection has ended.</summary>
internal static class CheckpointTaking
{
    public static SessionCheckpoint Take(SessionCore core, List<OpenQuestion>? openAtEnd, SessionUsage? usage, long now, bool playsOn)
    {
        ImmutableArray<string>.Builder secrets = ImmutableArray.CreateBuilder<string>();
        return new SessionCheckpoint
        {
            Purpose = core.Settings.Purpose,
            SessionId = core.SessionId,
            LastTurn = core.Settings.Numbers.LastTurn,
            Configuration = WithoutSecrets.In(core.BeforeDraining is { } before ? before.PutInto(core.Stated) : core.Stated, "session", secrets),
            Secrets = secrets.DrainToImmutable(),
            Usage = usage ?? new(default, default, default, 0),
            Entries = Entries(core, now, playsOn),
            Open = [.. openAtEnd ?? OpenTurns(core) ?? Unheard(core, now)],
        };
    }

    /// <summary>The turns of the conversation that live, and the answer that the server owes; null when there is neither.</summary>
    public static List<OpenQuestion>? OpenTurns(SessionCore core)
    {
        List<OpenQuestion>? open = null;
        foreach (TurnState turn in core.Turns.InConversation)
        {
            if (turn.Decided is not null)
            {
                continue; // it was interrupted, and nobody waits for more of it
            }

            bool wasSent = turn.HasStarted || turn.Create is not { EventId: null };
            (open ??= []).Add(new OpenQuestion(turn.Number, wasSent, RequestOf(turn.Request)));
        }

        if (core.Slot.Owed is { IsUnwanted: false })
        {
            (open ??= []).Add(new OpenQuestion(0, true, default));
        }

        return open;
    }

    /// <summary>The answer that plays still: its turn has ended, and somebody waits for the rest.</summary>
    private static IEnumerable<OpenQuestion> Unheard(SessionCore core, long now)
    {
        TurnSound? last = core.Playback.Audible.Count > 0 ? core.Playback.Audible[^1] : null;
        if (last is { IsClosed: false, Received: > 0 } && last.PlaysUntil > now && last.Parts.Count > 0)
        {
            yield return new OpenQuestion(last.Turn, true, last.Parts[0].Item.Response?.Turn is { } turn ? RequestOf(turn.Request) : default);
        }
    }

    private static ImmutableArray<CheckpointEntry> Entries(SessionCore core, long now, bool playsOn)
    {
        ImmutableArray<CheckpointEntry>.Builder entries = ImmutableArray.CreateBuilder<CheckpointEntry>(core.Items.Mirror.Count);
        foreach (TrackedItem item in core.Items.Mirror.InOrder)
        {
            if (!item.IsLeaving && !item.IsUnheard)
            {
                entries.Add(EntryOf(item, now, playsOn));
            }
        }

        foreach (TrackedItem item in core.Items.Unconfirmed)
        {
            if (item is { IsPlaced: false, IsLeaving: false, Sent: not null })
            {
                entries.Add(EntryOf(item, now, playsOn));
            }
        }

        return entries.DrainToImmutable();
    }

    private static CheckpointEntry EntryOf(TrackedItem item, long now, bool playsOn)
    {
        ConversationItem shown = ItemMirror.ValueOf(item);
        return shown switch
        {
            ConversationItem.Message { Role: ItemRole.Assistant } message => Spoken(item, message, now, playsOn),
            ConversationItem.FunctionCall => new CheckpointEntry(shown, ItemHearing.Whole, ProgressOf(item.Call)),
            ConversationItem.Other other => new CheckpointEntry(other with { Json = default }),
            _ => new CheckpointEntry(shown),
        };
    }

    private static CallProgress ProgressOf(TrackedCall? call) => call?.State switch
    {
        null => CallProgress.Answered, // one that the application added: it never ran here
        CallState.Open => CallProgress.Open,
        CallState.Ready or CallState.Withdrawn => CallProgress.Begun,
        _ => CallProgress.Answered,
    };

    /// <summary>What the model said, with the words that were heard of it.</summary>
    private static CheckpointEntry Spoken(TrackedItem item, ConversationItem.Message shown, long now, bool playsOn)
    {
        bool isWhole = item.Response is null or { IsDone: true } && shown.State is not ItemState.InProgress;
        if (item.Parts.Count == 0 || item.Response is not { Sound: { } sound } response)
        {
            return new CheckpointEntry(shown, isWhole && shown.State is not ItemState.Incomplete ? ItemHearing.Whole : ItemHearing.InPart); // what is read was read as far as it came
        }

        Cut? cut = item.TruncatedAt ?? item.CutAsked;
        bool isPlayed = playsOn && !sound.IsClosed && sound.Heard.Basis is not HeardBasis.Unknown;
        bool isOver = cut is null && (isPlayed || sound.PlaysUntil <= now || (sound.IsClosed && sound.Heard.Basis is HeardBasis.Unknown));
        sound.Locate();
        long heard = 0;
        IReadOnlyList<ItemContent> words = item.Value is ConversationItem.Message said ? ItemReading.AllWords(item, said) : shown.Content;
        ItemContent[] content = [.. words];
        foreach (SoundPart part in item.Parts)
        {
            long ofPart = isOver ? part.Received : cut is { } at ? HeardUpTo(at, part, response.Format) : part.Heard;
            heard += ofPart;
            if (part.ContentIndex < content.Length && content[part.ContentIndex] is ItemContent.Audio { Transcript: { } transcript })
            {
                content[part.ContentIndex] = new ItemContent.Audio(default, HeardText.Cut(transcript, ofPart, part.Received));
            }
        }

        ItemHearing hearing = heard == 0 ? ItemHearing.Nothing : isOver && isWhole && shown.State is ItemState.Completed ? ItemHearing.Whole : ItemHearing.InPart;
        return new CheckpointEntry(shown with { Content = hearing is ItemHearing.Nothing ? [] : content }, hearing);
    }

    private static long HeardUpTo(Cut cut, SoundPart part, SampleFormat format) =>
        part.ContentIndex < cut.ContentIndex ? part.Received
        : part.ContentIndex == cut.ContentIndex ? Math.Min(part.Received, format.Bytes(cut.Milliseconds))
        : 0;

    /// <summary>What a request states, without its secrets.</summary>
    [SequencerEntry] // A part of an event, and it is sent to nobody.
    public static RawJson RequestOf(ResponseParameters? request)
    {
        if (request is null)
        {
            return default;
        }

        var output = new ArrayBufferWriter<byte>();
        JsonWrite.Write(output, request);
        return WithoutSecrets.In(output.WrittenSpan, "response", ImmutableArray.CreateBuilder<string>());
    }
}
