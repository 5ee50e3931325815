using System.Buffers;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.CommandLine.Decoding;

/// <summary>What was found in one event.</summary>
internal readonly record struct DecodedEvent(bool WasRead, bool IsKnown, string Type, EventSender Sender, ReadError Error);

/// <summary>Reads events of one family of the protocol in both directions, and writes them again.</summary>
internal abstract class EventDecoder
{
    /// <summary>The families by their names on the command line.</summary>
    public static IReadOnlyDictionary<string, Func<int, EventDecoder>> Families { get; } = new Dictionary<string, Func<int, EventDecoder>>(StringComparer.Ordinal)
    {
        ["realtime"] = static maxMessageBytes => new RealtimeDecoder(maxMessageBytes),
        ["translation"] = static maxMessageBytes => new TranslationDecoder(maxMessageBytes),
    };

    /// <summary>Reads an event whose sender may be unknown: then the direction that knows its type decides.</summary>
    /// <param name="json">One event.</param>
    /// <param name="sender">Who sent it.</param>
    /// <param name="rewritten">Where our writer writes the event again; null for nowhere. An event that is not known goes there as it stands.</param>
    public DecodedEvent Decode(ReadOnlySpan<byte> json, EventSender sender, IBufferWriter<byte>? rewritten)
    {
        if (sender != EventSender.Unknown)
        {
            return sender == EventSender.Server ? DecodeServer(json, rewritten) : DecodeClient(json, rewritten);
        }

        DecodedEvent asServer = DecodeServer(json, null);
        if (asServer is { WasRead: true, IsKnown: false })
        {
            DecodedEvent asClient = DecodeClient(json, null);
            if (!asClient.WasRead || asClient.IsKnown)
            {
                return DecodeClient(json, rewritten);
            }
        }

        DecodedEvent decoded = rewritten is null ? asServer : DecodeServer(json, rewritten);
        return decoded is { WasRead: true, IsKnown: false } ? decoded with { Sender = EventSender.Unknown } : decoded;
    }

    protected abstract DecodedEvent DecodeServer(ReadOnlySpan<byte> json, IBufferWriter<byte>? rewritten);

    protected abstract DecodedEvent DecodeClient(ReadOnlySpan<byte> json, IBufferWriter<byte>? rewritten);

    /// <summary>Writes an event through its write struct.</summary>
    protected readonly struct Rewriter(IBufferWriter<byte> output) : IEventVisitor
    {
        [SequencerEntry]
        public void Visit<TEvent>(scoped in TEvent value)
            where TEvent : struct, IJsonWritable, allows ref struct => JsonWrite.Write(output, in value);
    }
}
