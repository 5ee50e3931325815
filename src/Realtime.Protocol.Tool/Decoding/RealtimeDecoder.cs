using System.Buffers;

namespace Realtime.Protocol.CommandLine.Decoding;

/// <summary>The events of conversations and transcriptions.</summary>
internal sealed class RealtimeDecoder(int maxMessageBytes) : EventDecoder
{
    private readonly ServerEventReader _server = new(maxMessageBytes);
    private readonly ClientEventReader _client = new(maxMessageBytes);

    protected override DecodedEvent DecodeServer(ReadOnlySpan<byte> json, IBufferWriter<byte>? rewritten)
    {
        if (!_server.TryRead(json, default, out ServerEvent value, out ReadError error))
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

        return new DecodedEvent(true, value.Kind != ServerEventKind.Unknown, value.TypeText.ToString(), EventSender.Server, default);
    }

    protected override DecodedEvent DecodeClient(ReadOnlySpan<byte> json, IBufferWriter<byte>? rewritten)
    {
        if (!_client.TryRead(json, default, out ClientEvent value, out ReadError error))
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

        return new DecodedEvent(true, value.Kind != ClientEventKind.Unknown, value.TypeText.ToString(), EventSender.Client, default);
    }
}
