using System.Text;
using Realtime.Protocol.Benchmarks.Answers;
using Realtime.Protocol.Benchmarks.Payloads;
using Realtime.Protocol.Benchmarks.Peers.Members;
using Realtime.Protocol.Transport;

namespace Realtime.Protocol.Benchmarks.EndToEnd;

/// <summary>Ours: the transport receives whole messages, the reader reads them where they lie. It does what the SDK's session client does, and no more.</summary>
public sealed class RealtimeProtocolClient : IEventClient
{
    private readonly WebSocketTransport _transport;
    private readonly ServerEventReader _reader = new();
    private readonly byte[] _audio = new byte[AudioDeltaMessages.DestinationBytes];

    private RealtimeProtocolClient(WebSocketTransport transport) => _transport = transport;

    public static async Task<RealtimeProtocolClient> ConnectAsync(int port) =>
        new(await WebSocketTransport.ConnectAsync(new RealtimeConnectionOptions { Endpoint = new Uri($"ws://127.0.0.1:{port}/v1/realtime") }));

    public async ValueTask AskAsync(int count) => await _transport.SendAsync(Encoding.UTF8.GetBytes(EndToEndMessages.Request(count)));

    public async ValueTask<long> TakeAsync(int count)
    {
        long sum = 0;
        for (; count > 0; count--)
        {
            ReceivedMessage message = await _transport.ReceiveAsync().ConfigureAwait(false);
            sum += Read(message.Body.Span);
        }

        return sum;
    }

    public ValueTask DisposeAsync() => _transport.DisposeAsync();

    private long Read(ReadOnlySpan<byte> message)
    {
        if (!_reader.TryRead(message, _audio, out ServerEvent read, out ReadError error))
        {
            throw new InvalidDataException(error.ToString());
        }

        var touch = new AnswerTouch();
        default(AudioDeltaMembers.OfView).HandOver(read, ref touch);
        return touch.Value;
    }
}
