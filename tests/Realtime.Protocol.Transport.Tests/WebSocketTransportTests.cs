using System.Net.WebSockets;
using System.Text;

namespace Realtime.Protocol.Transport.Tests;

/// <summary>What only a WebSocket can do to us: fragments, frames that break the rules, a peer that does not answer pings.</summary>
public sealed class WebSocketTransportTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4_096)]
    public async Task Fragments_BecomeOneMessage(int fragmentBytes)
    {
        (WebSocketTransport client, WebSocket peer) = CreatePair();
        byte[] message = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 3_000).Select(i => $"{i};")));

        Task sending = SendFragmentsAsync(peer, message, fragmentBytes);
        ReceivedMessage received = await client.ReceiveAsync();
        await sending.WaitAsync(Patience);

        Assert.Equal(message, received.Body.ToArray());
    }

    [Fact]
    public async Task AsManyFragmentsAsTheLimitAllows_AreReceived()
    {
        (WebSocketTransport client, WebSocket peer) = CreatePair(new() { MaxFragments = 10 });

        Task sending = SendFragmentsAsync(peer, "0123456789"u8.ToArray(), 1);

        Assert.Equal(10, (await client.ReceiveAsync()).Body.Length);
        await sending.WaitAsync(Patience);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    public async Task AsManyFragmentsWithoutAnEnd_EndTheConnection_EvenWhenTheyAreEmpty(int fragmentBytes)
    {
        (WebSocketTransport client, WebSocket peer) = CreatePair(new() { MaxFragments = 10 });
        for (int i = 0; i < 10; i++)
        {
            await peer.SendAsync(new byte[fragmentBytes], WebSocketMessageType.Text, endOfMessage: false, default);
        }

        ReceivedMessage received = await client.ReceiveAsync();

        Assert.Equal((RealtimeCloseKind.TooManyFragments, 1008), (received.End!.Kind, received.End.StatusCode));
    }

    [Fact]
    public async Task AMessageInOneFrame_IsNotCountedAsFragments_HoweverLargeItIs()
    {
        (WebSocketTransport client, WebSocket peer) = CreatePair(new() { MaxFragments = 1 });

        Task sending = peer.SendAsync(new byte[5_000_000], WebSocketMessageType.Text, endOfMessage: true, default);

        Assert.Equal(5_000_000, (await client.ReceiveAsync()).Body.Length);
        await sending.WaitAsync(Patience);
    }

    [Fact]
    public async Task AMessageThatNeverEnds_StopsAtTheLimit()
    {
        (WebSocketTransport client, WebSocket peer) = CreatePair(new() { MaxMessageBytes = 200_000 });
        Task<ReceivedMessage> receiving = client.ReceiveAsync().AsTask();
        int sent = 0;
        while (!receiving.IsCompleted && sent < 10_000_000)
        {
            // Past the limit nobody reads any more, and a send may then wait for ever.
            await Task.WhenAny(peer.SendAsync(new byte[10_000], WebSocketMessageType.Text, endOfMessage: false, default), receiving);
            sent += 10_000;
            await Task.Yield();
        }

        Assert.Equal(RealtimeCloseKind.MessageTooLarge, (await receiving).End?.Kind);
    }

    [Fact]
    public async Task AMessageAfterAHugeOne_IsReceived()
    {
        (WebSocketTransport client, WebSocket peer) = CreatePair();

        Task sending = peer.SendAsync(new byte[3_000_000], WebSocketMessageType.Text, endOfMessage: true, default);
        Assert.Equal(3_000_000, (await client.ReceiveAsync()).Body.Length);
        await sending.WaitAsync(Patience);
        await peer.SendAsync("small"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, default);

        Assert.Equal("small"u8.ToArray(), (await client.ReceiveAsync()).Body.ToArray());
    }

    [Fact]
    public async Task TextThatIsNotUtf8_IsAViolation()
    {
        (WebSocketTransport client, DuplexStream raw) = CreateRaw();
        await raw.WriteAsync(new byte[] { 0x81, 2, 0xC3, 0x28 });

        Assert.Equal(RealtimeCloseKind.ProtocolViolation, (await client.ReceiveAsync()).End?.Kind);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task F09_ABinaryMessage_IsReadAsText_AndMarked(bool isWhole)
    {
        (WebSocketTransport client, WebSocket peer) = CreatePair();
        await peer.SendAsync("{}"u8.ToArray(), WebSocketMessageType.Binary, endOfMessage: isWhole, default);
        if (!isWhole)
        {
            await peer.SendAsync(" "u8.ToArray(), WebSocketMessageType.Binary, endOfMessage: true, default);
        }

        await peer.SendAsync("[]"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, default);

        ReceivedMessage binary = await client.ReceiveAsync();
        Assert.Equal((isWhole ? "{}" : "{} ", true, false), (Encoding.UTF8.GetString(binary.Body.Span), binary.IsBinary, binary.IsEnd));
        ReceivedMessage text = await client.ReceiveAsync();
        Assert.Equal(("[]", false), (Encoding.UTF8.GetString(text.Body.Span), text.IsBinary));
    }

    [Fact]
    public async Task DisposingAServersTransport_EndsTheReceiveThatWaits()
    {
        var ended = new TaskCompletionSource<ReceivedMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using LoopbackServer server = await LoopbackServer.StartAsync(async (_, socket) =>
        {
            var transport = new WebSocketTransport(socket);
            await transport.ReceiveAsync();
            Task<ReceivedMessage> receiving = transport.ReceiveAsync().AsTask();
            await transport.DisposeAsync();
            await Task.WhenAny(receiving, Task.Delay(Patience));
            ended.SetResult(receiving.IsCompleted ? await receiving : default);
        });
        using var client = new ClientWebSocket();
        await client.ConnectAsync(server.Address, default);
        await client.SendAsync("connected"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, default);

        Assert.Equal(RealtimeCloseKind.ByUs, (await ended.Task.WaitAsync(Patience * 2)).End?.Kind);
    }

    [Fact]
    public async Task DisposingAServersTransport_EndsTheSendThatWaits()
    {
        var ended = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using LoopbackServer server = await LoopbackServer.StartAsync(async (_, socket) =>
        {
            var transport = new WebSocketTransport(socket);
            await transport.ReceiveAsync();
            Task<bool> sending = transport.SendAsync(new byte[50_000_000]).AsTask();
            await transport.DisposeAsync();
            await Task.WhenAny(sending, Task.Delay(Patience));
            ended.SetResult(sending.IsCompletedSuccessfully && !await sending);
        });
        using var client = new ClientWebSocket();
        await client.ConnectAsync(server.Address, default);
        await client.SendAsync("connected"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, default);

        Assert.True(await ended.Task.WaitAsync(Patience * 2));
    }

    [Fact]
    public async Task AGoodbyeInTheMiddleOfAMessage_IsAGoodbyeAndNoMessage()
    {
        (WebSocketTransport client, WebSocket peer) = CreatePair();
        await peer.SendAsync("half of"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: false, default);
        await peer.CloseOutputAsync(WebSocketCloseStatus.InternalServerError, "broken", default);

        Assert.Equal(new RealtimeCloseReason(RealtimeCloseKind.ByPeer, 1011, "broken"), (await client.ReceiveAsync()).End);
    }

    [Fact]
    public async Task AFrameThatBreaksTheRules_IsAViolation()
    {
        (WebSocketTransport client, DuplexStream raw) = CreateRaw();

        // Reserved bits set.
        await raw.WriteAsync(new byte[] { 0xF1, 2, (byte)'a', (byte)'b' });

        Assert.Equal(RealtimeCloseKind.ProtocolViolation, (await client.ReceiveAsync()).End?.Kind);
    }

    [Fact]
    public async Task AFrameThatBreaksOff_IsALoss()
    {
        (WebSocketTransport client, DuplexStream raw) = CreateRaw();
        await raw.WriteAsync(new byte[] { 0x81, 20, (byte)'a', (byte)'b' });
        await raw.DisposeAsync();

        Assert.Equal(RealtimeCloseKind.ConnectionLost, (await client.ReceiveAsync()).End?.Kind);
    }

    [Fact]
    public async Task ACloseWithoutACode_IsAnOrderlyEnd()
    {
        (WebSocketTransport client, DuplexStream raw) = CreateRaw();
        await raw.WriteAsync(new byte[] { 0x88, 0 });

        RealtimeCloseReason? end = (await client.ReceiveAsync()).End;

        Assert.Equal(new RealtimeCloseReason(RealtimeCloseKind.ByPeer, 1000, ""), end);
        Assert.True(end!.IsOrderly);
    }

    [Fact]
    public async Task APeerThatDoesNotAnswerPings_IsReportedAsSuch()
    {
        (DuplexStream near, DuplexStream _) = DuplexStream.CreatePair();
        var client = new WebSocketTransport(WebSocket.CreateFromStream(near, new WebSocketCreationOptions
        {
            KeepAliveInterval = TimeSpan.FromMilliseconds(1),
            KeepAliveTimeout = TimeSpan.FromMilliseconds(1),
        }));

        Assert.Equal(RealtimeCloseKind.KeepAliveTimeout, (await client.ReceiveAsync()).End?.Kind);
    }

    [Fact]
    public async Task ReceivingAndSending_AllocatesNothingInSteadyState()
    {
        const int Rounds = 200;
        (DuplexStream near, DuplexStream far) = DuplexStream.CreatePair();
        var client = new WebSocketTransport(WebSocket.CreateFromStream(near, new WebSocketCreationOptions { KeepAliveInterval = TimeSpan.Zero }));
        WebSocket peer = WebSocket.CreateFromStream(far, new WebSocketCreationOptions { IsServer = true, KeepAliveInterval = TimeSpan.Zero });
        byte[] message = new byte[2_000];
        byte[] sink = new byte[4_096];

        // The peer's sends and receives run outside the measured stretches; what is measured completes at once, on this thread.
        long least = long.MaxValue;
        for (int attempt = 0; attempt < 5; attempt++)
        {
            long total = 0;
            for (int i = 0; i < Rounds; i++)
            {
                await peer.SendAsync(message.AsMemory(), WebSocketMessageType.Text, endOfMessage: true, default);
                ValueTask<ReceivedMessage> receiving = default;
                ValueTask<bool> sending = default;
                long before = GC.GetAllocatedBytesForCurrentThread();
                receiving = client.ReceiveAsync();
                sending = client.SendAsync(message);
                total += GC.GetAllocatedBytesForCurrentThread() - before;
                Assert.True(receiving.IsCompleted && sending.IsCompleted);
                Assert.Equal(message.Length, (await receiving).Body.Length);
                Assert.True(await sending);
                await peer.ReceiveAsync(sink.AsMemory(), default);
            }

            least = Math.Min(least, total);
        }

        Assert.Equal(0, least);
    }

    private static async Task<WebSocketCloseStatus?> StatusOfCloseAsync(WebSocket peer)
    {
        while ((await peer.ReceiveAsync(new byte[100].AsMemory(), default)).MessageType != WebSocketMessageType.Close)
        {
        }

        return peer.CloseStatus;
    }

    private static (WebSocketTransport Client, WebSocket Peer) CreatePair(MessageLimits limits = default)
    {
        (WebSocketTransport client, DuplexStream raw) = CreateRaw(limits);
        return (client, WebSocket.CreateFromStream(raw, new WebSocketCreationOptions { IsServer = true }));
    }

    private static (WebSocketTransport Client, DuplexStream Raw) CreateRaw(MessageLimits limits = default)
    {
        (DuplexStream near, DuplexStream far) = DuplexStream.CreatePair();
        return (new WebSocketTransport(WebSocket.CreateFromStream(near, new WebSocketCreationOptions { IsServer = false }), limits), far);
    }

    private static async Task SendFragmentsAsync(WebSocket peer, byte[] message, int fragmentBytes)
    {
        for (int start = 0; start < message.Length; start += fragmentBytes)
        {
            int count = Math.Min(fragmentBytes, message.Length - start);
            await peer.SendAsync(message.AsMemory(start, count), WebSocketMessageType.Text, start + count == message.Length, default);
        }
    }
}
