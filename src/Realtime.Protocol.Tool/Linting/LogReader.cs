using System.Text;
using System.Text.Json;
using Realtime.Protocol.CommandLine.Decoding;
using Realtime.Protocol.Testing.Grammar;

namespace Realtime.Protocol.CommandLine.Linting;

/// <summary>Gives a recorded log to the client's grammar, line by line. Where a line does not say who sent the event, its type does: no type is used by both sides.</summary>
internal sealed class LogReader
{
    private static readonly EventDecoder Decoder = EventDecoder.Families["realtime"](EventFile.MaxMessageBytes);

    /// <summary>How many events there were.</summary>
    public long Events { get; private set; }

    /// <summary>The time of the last event that has one.</summary>
    public double? LastAt { get; private set; }

    /// <summary>Takes one line. Says why it is no event; null when it is one, or is no event on purpose.</summary>
    public string? Read(LineSplitter lines, ClientGrammar grammar)
    {
        if (lines.IsTooLong)
        {
            return $"it holds more than {EventFile.MaxLineBytes} bytes";
        }

        ReadOnlySpan<byte> line = lines.Line.Span[EventFile.MarkIn(lines)..];
        if (EventFile.IsBlank(line))
        {
            return null;
        }

        RecordedLine recorded = RecordedLine.Read(line);
        if (!recorded.HasEvent)
        {
            return null;
        }

        EventSender sender = recorded.Sender;
        if (sender == EventSender.Unknown)
        {
            DecodedEvent decoded = Decoder.Decode(recorded.Json, sender, null);
            if (!decoded.WasRead && decoded.Sender == EventSender.Server)
            {
                return decoded.Error.Message;
            }

            // What neither side has a name for is nobody's mistake.
            sender = decoded.Sender == EventSender.Client ? EventSender.Client : EventSender.Server;
        }

        Events++;
        LastAt = recorded.At ?? LastAt;
        ReadOnlySpan<byte> message = AsOnTheWire(recorded.Json);
        if (sender == EventSender.Client)
        {
            grammar.AcceptClient(message, recorded.At, lines.Number);
        }
        else
        {
            grammar.AcceptServer(message, recorded.At);
        }

        return null;
    }

    // What was not JSON is kept as text in quotes.
    private static ReadOnlySpan<byte> AsOnTheWire(ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty || json[0] != (byte)'"')
        {
            return json;
        }

        try
        {
            using JsonDocument text = JsonDocument.Parse(json.ToArray());
            return Encoding.UTF8.GetBytes(text.RootElement.GetString()!);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            return json;
        }
    }
}
