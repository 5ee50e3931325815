using System.Buffers.Text;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.CommandLine.Decoding;

/// <summary>
/// What one line holds: an event as it is on the wire, or an event with its direction, as the log writes it:
/// <c>{"t_ms":…,"dir":"client","event":{…}}</c>. A line with a direction and no event records something else, such as the
/// end of the connection, and is passed over; so is a note of the simulator, which has neither: its recipe, a rule that was
/// broken, a defect, the end, a client that was refused at the door, which is its first member or stands behind its time. What the log keeps as <c>not_json</c> stands for an event and is a fault. A line
/// with a <c>type</c> of its own is an event as it is on the wire, whatever else it has.
/// </summary>
internal readonly ref struct RecordedLine
{
    // What a note of the simulator begins with, or has behind its time.
    private static readonly byte[][] Notes = ["recipe"u8.ToArray(), "rule"u8.ToArray(), "defect"u8.ToArray(), "end"u8.ToArray(), "refused"u8.ToArray()];

    private RecordedLine(ReadOnlySpan<byte> json, int offset, EventSender sender, bool hasEvent, double? at = null)
    {
        At = at;
        Json = json;
        Offset = offset;
        Sender = sender;
        HasEvent = hasEvent;
    }

    /// <summary>The event.</summary>
    public ReadOnlySpan<byte> Json { get; }

    /// <summary>Where the event begins in the line.</summary>
    public int Offset { get; }

    public EventSender Sender { get; }

    /// <summary>When it was said, as <c>t_ms</c>; null when the line does not say.</summary>
    public double? At { get; }

    public bool HasEvent { get; }

    /// <summary>Takes a line apart. A line that is not JSON counts as an event, so that its reader says what is wrong with it.</summary>
    public static RecordedLine Read(ReadOnlySpan<byte> line)
    {
        var whole = new RecordedLine(line, 0, EventSender.Unknown, hasEvent: true);
        var json = new JsonCursor(line);
        if (json.Peek() != (byte)'{' || !json.BeginObject(out bool more))
        {
            return whole;
        }

        Slot direction = default;
        Slot content = default;
        bool isNote = false;
        bool begins = true;
        double? at = null;
        while (more)
        {
            if (!json.ReadName(out Slot name) || JsonEscapes.ValueEquals(line, name, "type"u8))
            {
                return whole;
            }

            bool read;
            if (JsonEscapes.ValueEquals(line, name, "dir"u8))
            {
                read = json.ReadTextOrSkip(ref direction);
            }
            else if (JsonEscapes.ValueEquals(line, name, "event"u8) || JsonEscapes.ValueEquals(line, name, "not_json"u8))
            {
                // The event may nest as deep as it may on the wire, and an error in it is an error of the event.
                json.Peek();
                int start = json.Position;
                var inner = new JsonCursor(line, start);
                read = !content.Occurs && inner.Skip(out content);
                if (!read && direction.HasValue && !content.Occurs)
                {
                    return new RecordedLine(line[start..], start, SenderIn(line, direction), hasEvent: true, at);
                }

                json = new JsonCursor(line, inner.Position);
            }
            else if (JsonEscapes.ValueEquals(line, name, "t_ms"u8))
            {
                json.Peek();
                read = json.Skip(out Slot time);
                at = read && Utf8Parser.TryParse(time.In(line), out double milliseconds, out int length) && length == time.In(line).Length ? milliseconds : null;
            }
            else
            {
                isNote |= begins && IsNote(line, name);
                read = json.Skip();
            }

            begins &= JsonEscapes.ValueEquals(line, name, "t_ms"u8);

            if (!read || !json.NextMember(out more))
            {
                return whole;
            }
        }

        if (!json.End() || (!direction.HasValue && (!isNote || content.HasValue)))
        {
            return whole;
        }

        EventSender sender = SenderIn(line, direction);
        return content.HasValue
            ? new RecordedLine(content.In(line), content.Start, sender, hasEvent: true, at)
            : new RecordedLine(default, 0, sender, hasEvent: false);
    }

    private static bool IsNote(ReadOnlySpan<byte> line, Slot name)
    {
        foreach (byte[] note in Notes)
        {
            if (JsonEscapes.ValueEquals(line, name, note))
            {
                return true;
            }
        }

        return false;
    }

    private static EventSender SenderIn(ReadOnlySpan<byte> line, Slot direction) =>
        JsonEscapes.ValueEquals(line, direction, "client"u8) ? EventSender.Client
        : JsonEscapes.ValueEquals(line, direction, "server"u8) ? EventSender.Server
        : EventSender.Unknown;
}

/// <summary>Who sent an event.</summary>
internal enum EventSender
{
    Unknown,
    Client,
    Server,
}
