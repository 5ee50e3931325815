using System.Buffers;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// The application's own words, on their way into an intent: written once where they are given, so that whatever is an intent can be sent.
/// What cannot be written is an <see cref="ArgumentException"/> of the factory, and the machine has not heard of it. What can be changed
/// later, by whoever gave it, is copied; the ids and the token that the machine adds have a fixed alphabet and fit into any event.
/// Rules are asked elsewhere: this looks at form alone.
/// </summary>
internal static class Measured
{
    // The service says so of ids that a client gives.
    private const int MaxItemIdLength = 32;

    /// <summary>This text, which can be written.</summary>
    /// <exception cref="ArgumentException">It holds half a character.</exception>
    public static string Text(string text, string argument)
    {
        ArgumentNullException.ThrowIfNull(text, argument);
        try
        {
            JsonText.MeasureEscaped(new Text(text));
            return text;
        }
        catch (ArgumentException refusal)
        {
            throw new ArgumentException($"It cannot be written: {refusal.Message}", argument, refusal);
        }
    }

    /// <summary>The item of the wire that this item is, without an id; null when nothing of it can be sent, which a rule refuses (IT-11). It can be written; whether it may be is a rule's.</summary>
    /// <exception cref="ArgumentException">It has no content, a member cannot be written, or it is of a kind that only the server makes.</exception>
    public static Item? Item(ConversationItem item, string argument)
    {
        ArgumentNullException.ThrowIfNull(item, argument);
        if (item.Id.Length > MaxItemIdLength)
        {
            throw new ArgumentException($"The id of an item has at most {MaxItemIdLength} characters; this one has {item.Id.Length}.", argument);
        }

        if (item is ConversationItem.Message message)
        {
            ThrowIfEmpty(message, argument);
        }

        if (item is not (ConversationItem.Message or ConversationItem.FunctionCall or ConversationItem.FunctionOutput))
        {
            throw new ArgumentException("A message, a function call and the output of one can be added; an item of this kind is the server's.", argument);
        }

        Text(item.Id, argument);
        Item? wire = ItemWriting.ToWire(item);
        if (wire is not null)
        {
            ThrowIfUnwritable(wire, argument);
        }

        return wire;
    }

    /// <summary>A copy of these parameters, which can be written; null when they say nothing.</summary>
    /// <exception cref="ArgumentException">A member cannot be written; the message names it.</exception>
    [SequencerEntry]
    public static ResponseParameters? Copy(ResponseParameters? parameters, string argument)
    {
        if (parameters is null)
        {
            return null;
        }

        // The limits of metadata are a rule's (RC-19), which refuses in its own words; here it has to be text.
        StringMap metadata = Copy(parameters.Metadata, argument);
        ResponseParameters rest = CommandWriter.With(parameters, metadata: default);
        var json = new ArrayBufferWriter<byte>();
        ThrowIfUnwritable(rest, argument);
        JsonWrite.Write(json, in rest);
        ResponseParametersView written = Read<ResponseParametersView>(json.WrittenSpan, argument);
        return json.WrittenSpan.SequenceEqual("{}"u8) && metadata.Presence is Presence.Absent ? null : CommandWriter.With(written.ToWritable(), metadata);
    }

    /// <summary>A copy of this configuration, which can be written.</summary>
    /// <exception cref="ArgumentException">A member cannot be written; the message names it.</exception>
    [SequencerEntry]
    public static Session Copy(Session configuration, string argument)
    {
        ArgumentNullException.ThrowIfNull(configuration, argument);
        ThrowIfUnwritable(configuration, argument);
        var json = new ArrayBufferWriter<byte>();
        JsonWrite.Write(json, in configuration);
        return Read<SessionView>(json.WrittenSpan, argument).ToWritable();
    }

    /// <summary>A copy of these changes, which can be written.</summary>
    /// <exception cref="ArgumentException">A member cannot be written; the message names it.</exception>
    [SequencerEntry]
    public static Events.Translation.SessionChanges Copy(Events.Translation.SessionChanges changes, string argument)
    {
        ArgumentNullException.ThrowIfNull(changes, argument);
        ThrowIfUnwritable(changes, argument);
        var json = new ArrayBufferWriter<byte>();
        JsonWrite.Write(json, in changes);
        return Read<Events.Translation.SessionChangesView>(json.WrittenSpan, argument).ToWritable();
    }

    /// <summary>A copy of this list, each item of which can be written. It may wait for long, so its sound and pictures are copied as well.</summary>
    /// <exception cref="ArgumentException">One is null or cannot be written; the message names its place.</exception>
    public static ConversationItem[] Copy(IReadOnlyList<ConversationItem> items, string argument)
    {
        ArgumentNullException.ThrowIfNull(items, argument);
        ConversationItem[] copy = [.. items];
        for (int i = 0; i < copy.Length; i++)
        {
            if (copy[i] is null)
            {
                throw new ArgumentException($"Item {i} is null.", argument);
            }

            try
            {
                if (ItemWriting.ToWire(copy[i]) is { } item)
                {
                    ThrowIfUnwritable(item, argument);
                }
            }
            catch (ArgumentException refusal)
            {
                throw new ArgumentException($"Item {i} cannot be written: {refusal.Message}", argument, refusal);
            }

            copy[i] = copy[i] is ConversationItem.Message message ? message with { Content = [.. message.Content.Select(Copy)] } : copy[i];
        }

        return copy;
    }

    private static ItemContent Copy(ItemContent part) => part switch
    {
        ItemContent.Audio { Bytes.IsEmpty: false } audio => new ItemContent.Audio(audio.Bytes.ToArray(), audio.Transcript),
        ItemContent.Image { Bytes.IsEmpty: false } image => new ItemContent.Image(image.Bytes.ToArray(), image.MediaType) { Detail = image.Detail },
        _ => part,
    };

    // One object is read and not an event around it: reading events would keep the readers of all of them in a trimmed program.
    private static TView Read<TView>(ReadOnlySpan<byte> json, string argument)
        where TView : struct, IJsonView<TView>, allows ref struct
    {
        var cursor = new JsonCursor(json);
        Slot slot = default;
        return cursor.Read<TView>(ref slot, nullable: false) ? TView.Bind(json, slot, default) : throw Unreadable(cursor.ErrorNaming<MemberNames>(), argument);
    }

    private static void ThrowIfEmpty(ConversationItem.Message message, string argument)
    {
        if (message.Content is null or { Count: 0 })
        {
            throw new ArgumentException("The message has no content.", argument);
        }

        for (int i = 0; i < message.Content.Count; i++)
        {
            string? missing = message.Content[i] switch
            {
                null => "is null",
                ItemContent.Text { Value.Length: 0 } => "is an empty text",
                ItemContent.Audio { Bytes.IsEmpty: true, Transcript: null or "" } => "has no sound",
                ItemContent.Image { Bytes.IsEmpty: true } => "is a picture without its bytes, as the conversation shows one that it does not keep",
                _ => null,
            };
            if (missing is not null)
            {
                throw new ArgumentException($"Part {i} of the message {missing}.", argument);
            }
        }
    }

    private static StringMap Copy(StringMap metadata, string argument)
    {
        // More pairs are refused by the rule, whatever they are.
        ReadOnlySpan<KeyValuePair<string, string>> pairs = metadata.Pairs;
        for (int i = 0; i < Math.Min(pairs.Length, MetadataFits.MaxPairs); i++)
        {
            (string? key, string? value) = pairs[i];
            if (!IsText(key) || !IsText(value))
            {
                throw new ArgumentException($"metadata cannot be written: pair {i} holds a surrogate without its partner, which has no UTF-8 form.", argument);
            }

            for (int earlier = 0; earlier < i; earlier++)
            {
                if (key == pairs[earlier].Key)
                {
                    throw new ArgumentException($"metadata cannot be written: pair {i} has the key of pair {earlier}.", argument);
                }
            }
        }

        return metadata.HasValue ? StringMap.Create(pairs) : metadata;
    }

    private static bool IsText(string? text)
    {
        for (int i = 0; i < text?.Length; i++)
        {
            if (char.IsSurrogatePair(text, i))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static void ThrowIfUnwritable<T>(T value, string argument)
        where T : class, IJsonWritable
    {
        try
        {
            var measuring = default(MeasuringSink);
            value.WriteTo(ref measuring);
            _ = measuring.Length;
        }
        catch (ArgumentException refusal)
        {
            throw new ArgumentException($"{PlaceOf(value)} cannot be written: {refusal.Message}", argument, refusal);
        }
    }

    // As in tools[2].description: a member's name is written before its value, so there always is one; a name that the protocol does not have is content, and is left out.
    private static string PlaceOf<T>(T value)
        where T : class, IJsonWritable
    {
        var outline = new ArrayBufferWriter<byte>();
        try
        {
            var locating = new LocatingSink(outline);
            value.WriteTo(ref locating);
        }
        catch (ArgumentException)
        {
            // What was written until here leads to the place.
        }

        return JsonPath.At<MemberNames>(outline.WrittenSpan, outline.WrittenCount, isEndOfObject: false);
    }

    private static ArgumentException Unreadable(in ReadError error, string argument) =>
        new($"{error.Path} would be written as what no reader takes: {error.Reason}.", argument);
}
