using System.Buffers;

namespace Realtime.Protocol.CommandLine.Decoding;

/// <summary>The events of translations.</summary>
internal sealed class TranslationDecoder(int maxMessageBytes) : EventDecoder
{
    private readonly Events.Translation.ServerEventReader _server = new(maxMessageBytes);
    private readonly Events.Translation.ClientEventReader _client = new(maxMessageBytes);

    protected override DecodedEvent DecodeServer(ReadOnlySpan<byte> json, IBufferWriter<byte>? rewritten)
    {
        if (!_server.TryRead(json, default, out Events.Translation.ServerEvent value, out ReadError error))
        {
            return new DecodedEvent(false, false, "", EventSender.Server, error);
        }

        if (rewritten is not null)
        {
            var rewriter = new Rewriter(rewritten);
            if (!value.TryVisit(ref rewriter))
            {
                rewritten.Write(json);
            }
        }

        return new DecodedEvent(true, value.Kind != Events.Translation.ServerEventKind.Unknown, value.TypeText.ToString(), EventSender.Server, default);
    }

    protected override DecodedEvent DecodeClient(ReadOnlySpan<byte> json, IBufferWriter<byte>? rewritten)
    {
        if (!_client.TryRead(json, default, out Events.Translation.ClientEvent value, out ReadError error))
        {
            return new DecodedEvent(false, false, "", EventSender.Client, error);
        }

        if (rewritten is not null)
        {
            var rewriter = new Rewriter(rewritten);
            if (!value.TryVisit(ref rewriter))
            {
                rewritten.Write(json);
            }
        }

        return new DecodedEvent(true, value.Kind != Events.Translation.ClientEventKind.Unknown, value.TypeText.ToString(), EventSender.Client, default);
    }
}
