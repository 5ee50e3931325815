using System.Buffers;
using System.ComponentModel;

namespace Realtime.Protocol.Wire;

/// <summary>What every event has, whatever its kind: a type, most often an id, and a size.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class EventHeader
{
    /// <summary>The largest message that is read unless told otherwise: 16 MiB.</summary>
    public const int DefaultMaxMessageBytes = 16 * 1024 * 1024;

    /// <summary>The largest message that can be read at all, one byte less than 512 MiB: a <see cref="Slot"/> has 29 bits for a length.</summary>
    public const int LargestMessageBytes = (512 * 1024 * 1024) - 1;

    /// <summary>From here on, reading a message twice costs more than a wrong guess.</summary>
    private const int LongMessageBytes = 1024;

    /// <summary>The fast path: the type comes first and is plain text. False says nothing.</summary>
    public static bool TryFindFirstType(ReadOnlySpan<byte> message, out Slot type)
    {
        ReadOnlySpan<byte> beginning = "{\"type\":"u8;
        if (message.StartsWith(beginning))
        {
            int quote = beginning.Length;
            while (quote < message.Length && message[quote] == (byte)' ')
            {
                quote++;
            }

            if (quote < message.Length && message[quote] == (byte)'"')
            {
                int start = quote + 1;
                int end = PlainText.End(message, start);
                if (end < message.Length && message[end] == (byte)'"')
                {
                    type = Slot.Text(start, end - start, escaped: false);
                    return true;
                }
            }
        }

        type = default;
        return false;
    }

    /// <summary>Finds the type, wherever it stands in the event. What stands behind it is not looked at yet.</summary>
    /// <typeparam name="TNames">The names that an error may print.</typeparam>
    public static bool TryFindType<TNames>(ReadOnlySpan<byte> message, out Slot type, out ReadError error)
        where TNames : struct, IMemberNames
    {
        var json = new JsonCursor(message);
        type = default;
        if (json.Peek() != (byte)'{' && !json.IsAtEnd)
        {
            json.Fail(ReadErrorReason.NotAnObject, json.Position);
        }
        else if (json.BeginObject(out bool more))
        {
            while (more && json.ReadName(out Slot name))
            {
                if (JsonEscapes.ValueEquals(message, name, "type"u8))
                {
                    bool read = json.ReadText(ref type, nullable: false);
                    error = json.ErrorNaming<TNames>();
                    return read;
                }

                if (!json.Skip() || !json.NextMember(out more))
                {
                    error = json.ErrorNaming<TNames>();
                    return false;
                }
            }

            if (!more)
            {
                json.Require(type, "type");
            }
        }

        error = json.ErrorNaming<TNames>();
        return false;
    }

    /// <summary>The same, with an error that names no member.</summary>
    public static bool TryFindType(ReadOnlySpan<byte> message, out Slot type, out ReadError error) => TryFindType<NoMemberNames>(message, out type, out error);

    /// <summary>
    /// The response that a message is about, as far as the message can be read: for one that is refused, and proves only that somebody is there. It is <c>response_id</c> or <c>response.id</c> of an event of a
    /// response; empty when none of them stands before the fault.
    /// </summary>
    /// <param name="message">UTF-8 JSON that could not be read.</param>
    /// <param name="isDone">True when the message says that the response has ended.</param>
    public static ReadOnlySpan<byte> FindResponse(ReadOnlySpan<byte> message, out bool isDone)
    {
        var json = new JsonCursor(message);
        Slot type = default;
        Slot id = default;
        bool more = json.Peek() == (byte)'{' && json.BeginObject(out bool any) && any;
        while (more && json.ReadName(out Slot name) && TryReadAbout(ref json, name, ref type, ref id) && json.NextMember(out more))
        {
        }

        ReadOnlySpan<byte> kind = type.HasValue ? type.In(message) : default;
        isDone = kind.SequenceEqual("response.done"u8);
        return kind.StartsWith("response."u8) && id is { HasValue: true, IsEscaped: false } ? id.In(message) : default;
    }

    /// <summary>True for a message that is long and does not begin with its type, so that finding the type means going over all of it.</summary>
    public static bool IsLongWithTypeBehind(ReadOnlySpan<byte> message) => message.Length >= LongMessageBytes && !BeginsWithType(message);

    /// <summary>Reads an event whose type is not known: checks all of it and notes type and id.</summary>
    public static bool TryReadUnknown(scoped ref JsonCursor json, scoped Span<Slot> slots)
    {
        if (!json.BeginObject(out bool more))
        {
            return false;
        }

        while (more)
        {
            if (!json.ReadName(out Slot name))
            {
                return false;
            }

            bool read = JsonEscapes.ValueEquals(json.Json, name, "type"u8) ? json.ReadText(ref slots[0], nullable: false)
                : JsonEscapes.ValueEquals(json.Json, name, "event_id"u8) ? json.ReadTextOrSkip(ref slots[1])
                : json.Skip();
            if (!read || !json.NextMember(out more))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A limit for messages, if it is one that can be kept.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than one, or more than <see cref="LargestMessageBytes"/>.</exception>
    public static int CheckLimit(int maxMessageBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxMessageBytes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxMessageBytes, LargestMessageBytes);
        return maxMessageBytes;
    }

    /// <summary>The error of a message above the limit.</summary>
    public static ReadError TooLarge(int limit) => new(ReadErrorReason.TooLarge, limit, "", null);

    /// <summary>Copies the pieces of a message into one buffer, which grows and is kept.</summary>
    public static ReadOnlySpan<byte> Join(scoped in ReadOnlySequence<byte> message, ref byte[] buffer)
    {
        int length = checked((int)message.Length);
        if (buffer.Length < length)
        {
            buffer = new byte[Math.Max(length, Math.Min(2 * buffer.Length, Array.MaxLength))];
        }

        message.CopyTo(buffer);
        return buffer.AsSpan(0, length);
    }

    private static bool TryReadAbout(ref JsonCursor json, Slot name, ref Slot type, ref Slot id)
    {
        ReadOnlySpan<byte> member = name.In(json.Json);
        return member.SequenceEqual("type"u8) ? json.ReadTextOrSkip(ref type)
            : member.SequenceEqual("response_id"u8) ? json.ReadTextOrSkip(ref id)
            : member.SequenceEqual("response"u8) && json.Peek() == (byte)'{' ? TryReadId(ref json, ref id)
            : json.Skip();
    }

    private static bool TryReadId(ref JsonCursor json, ref Slot id)
    {
        json.BeginObject(out bool more);
        while (more)
        {
            if (!json.ReadName(out Slot name)
                || !(name.In(json.Json).SequenceEqual("id"u8) ? json.ReadTextOrSkip(ref id) : json.Skip())
                || !json.NextMember(out more))
            {
                return false;
            }
        }

        return true;
    }

    private static bool BeginsWithType(ReadOnlySpan<byte> message) => message[JsonBytes.SkipSpace(message, 1)..].StartsWith("\"type\""u8);
}
