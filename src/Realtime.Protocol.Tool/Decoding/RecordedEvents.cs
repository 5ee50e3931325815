using System.Text;
using System.Text.Json;
using Realtime.Protocol.Testing.Grammar.Client;

namespace Realtime.Protocol.CommandLine.Decoding;

/// <summary>One event of a recorded log.</summary>
internal readonly ref struct RecordedEvent
{
    public EventSender Sender { get; init; }

    /// <summary>When it was said, as <c>t_ms</c>; null when the line does not say.</summary>
    public double? At { get; init; }

    /// <summary>The event as it was on the wire. Valid until the next line is read.</summary>
    public ReadOnlySpan<byte> Message { get; init; }

    /// <summary>True when the log keeps it as text, since it was no JSON.</summary>
    public bool WasNotJson { get; init; }
}

/// <summary>Finds the event in each line of a recorded log. Where a line does not say who sent it, its type does: no type is used by both sides.</summary>
/// <param name="takesOdd">Whether a line that does not say who sent it is also an event when it lacks something that the protocol demands.</param>
internal sealed class RecordedEvents(bool takesOdd = false)
{
    private readonly EventDecoder _decoder = EventDecoder.Families["realtime"](EventFile.MaxMessageBytes);

    /// <summary>How many events there were.</summary>
    public long Count { get; private set; }

    /// <summary>The time of the last event that has one.</summary>
    public double? LastAt { get; private set; }

    /// <summary>Reads one line. False when there is no event in it: by a fault, or, when <paramref name="fault"/> is null, on purpose.</summary>
    public bool TryRead(LineSplitter lines, out RecordedEvent read, out string? fault)
    {
        read = default;
        fault = null;
        if (lines.IsTooLong)
        {
            fault = $"it holds more than {EventFile.MaxLineBytes} bytes";
            return false;
        }

        ReadOnlySpan<byte> line = lines.Line.Span[EventFile.MarkIn(lines)..];
        if (EventFile.IsBlank(line))
        {
            return false;
        }

        RecordedLine recorded = RecordedLine.Read(line);
        if (!recorded.HasEvent)
        {
            return false;
        }

        EventSender sender = recorded.Sender;
        if (sender == EventSender.Unknown)
        {
            DecodedEvent decoded = _decoder.Decode(recorded.Json, sender, null);
            if (!decoded.WasRead && decoded.Sender == EventSender.Server && !(takesOdd && HasType(recorded.Json)))
            {
                fault = decoded.Error.Message;
                return false;
            }

            // What neither side has a name for is nobody's mistake.
            sender = decoded.Sender == EventSender.Client ? EventSender.Client : EventSender.Server;
        }

        Count++;
        LastAt = recorded.At ?? LastAt;
        byte[]? text = Unquote(recorded.Json);
        read = new() { Sender = sender, At = recorded.At, Message = text ?? recorded.Json, WasNotJson = text is not null };
        return true;
    }

    private static bool HasType(ReadOnlySpan<byte> json)
    {
        try
        {
            using JsonDocument read = JsonDocument.Parse(json.ToArray());
            return read.RootElement.Text("type") is not null;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    // What was not JSON is kept as text in quotes.
    private static byte[]? Unquote(ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty || json[0] != (byte)'"')
        {
            return null;
        }

        try
        {
            using JsonDocument text = JsonDocument.Parse(json.ToArray());
            return Encoding.UTF8.GetBytes(text.RootElement.GetString()!);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
