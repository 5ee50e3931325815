using System.Buffers;
using System.Net.WebSockets;
using System.Runtime.InteropServices;
using System.Text;

namespace Realtime.Protocol.Transport.Tests;

/// <summary>What every transport promises, whatever it runs over; each transport runs all of it.</summary>
public abstract class TransportContractTests : IAsyncDisposable
{
    /// <summary>More than any connection holds on its own: a send of so much waits for the peer.</summary>
    private const int HugeBytes = 12_000_000;

    // Both sides of a test live as long as it does: a socket that nobody holds is closed by the garbage collector.
    private readonly List<IRealtimeTransport> _transports = [];

    /// <summary>The clock of the transports.</summary>
    private protected ManualTime Time { get; } = new();

    public async ValueTask DisposeAsync()
    {
        foreach (IRealtimeTransport transport in _transports)
        {
            await transport.DisposeAsync();
        }

        await StopAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends what the transports ran over, where that is more than they dispose.</summary>
    private protected virtual ValueTask StopAsync() => ValueTask.CompletedTask;

    private protected abstract Task<(IRealtimeTransport Client, IRealtimeTransport Server)> CreatePairAsync(MessageLimits limits = default);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(25_600)]
    [InlineData(65_536)]
    [InlineData(1_000_003)]
    public async Task AMessage_ArrivesWhole(int length)
    {
        (IRealtimeTransport client, IRealtimeTransport server) = await ConnectAsync();
        byte[] sent = Text(length);

        Task<bool> sending = client.SendAsync(sent).AsTask();
        ReceivedMessage received = await server.ReceiveAsync();

        Assert.True(await sending);
        Assert.False(received.IsEnd);
        Assert.Equal(sent, received.Body.ToArray());
    }

    [Fact]
    public async Task Messages_ArriveInTheOrderOfSending()
    {
        (IRealtimeTransport client, IRealtimeTransport server) = await ConnectAsync();
        Task sending = Task.Run(async () =>
        {
            for (int i = 0; i < 200; i++)
            {
                Assert.True(await client.SendAsync(Encoding.UTF8.GetBytes($"message {i}")));
            }
        });

        for (int i = 0; i < 200; i++)
        {
            Assert.Equal($"message {i}", Encoding.UTF8.GetString((await server.ReceiveAsync()).Body.Span));
        }

        await sending;
    }

    [Fact]
    public async Task EachMessage_LiesInOneBlock_FromItsBeginning()
    {
        (IRealtimeTransport client, IRealtimeTransport server) = await ConnectAsync();

        foreach (int length in (int[])[10, 25_600, 1, 112, 113, 4_096, 4_097, 65_535, 65_537, 0])
        {
            ReadOnlyMemory<byte> sent = Text(length);
            Task<bool> sending = client.SendAsync(sent).AsTask();
            ReceivedMessage received = await server.ReceiveAsync();
            Assert.True(await sending);

            Assert.True(MemoryMarshal.TryGetArray(received.Body, out ArraySegment<byte> part));
            Assert.Equal((0, length), (part.Offset, part.Count));
            Assert.True(sent.Span.SequenceEqual(received.Body.Span));
        }
    }

    [Fact]
    public async Task AMessage_StaysAsItIs_UntilTheNextIsAskedFor()
    {
        (IRealtimeTransport client, IRealtimeTransport server) = await ConnectAsync();
        Assert.True(await client.SendAsync(Text(25_600)));
        ReceivedMessage received = await server.ReceiveAsync();
        byte[] copy = received.Body.ToArray();

        await server.DisposeAsync();
        byte[] next = ArrayPool<byte>.Shared.Rent(64 * 1024);
        next.AsSpan().Fill(1);

        Assert.Equal(copy, received.Body.ToArray());
        ArrayPool<byte>.Shared.Return(next);
    }

    [Fact]
    public async Task AMessageOfExactlyTheLimit_IsReceived()
    {
        (IRealtimeTransport client, IRealtimeTransport server) = await ConnectAsync(new() { MaxMessageBytes = 100_000 });

        Task<bool> sending = client.SendAsync(Text(100_000)).AsTask();

        Assert.Equal(100_000, (await server.ReceiveAsync()).Body.Length);
        Assert.True(await sending);
    }

    [Fact]
    public async Task AMessageOverTheLimit_EndsTheConnection_AndBothSidesKnowWhy()
    {
        (IRealtimeTransport client, IRealtimeTransport server) = await ConnectAsync(new() { MaxMessageBytes = 100_000 });

        Task<bool> sending = client.SendAsync(Text(100_001)).AsTask();
        ReceivedMessage atServer = await server.ReceiveAsync();
        ReceivedMessage atClient = await client.ReceiveAsync();
        await sending;

        Assert.Equal(RealtimeCloseKind.MessageTooLarge, atServer.End?.Kind);
        Assert.Contains("100000", atServer.End?.Description);
        Assert.Equal((RealtimeCloseKind.ByPeer, 1009), (atClient.End!.Kind, atClient.End.StatusCode));
    }

    [Fact]
    public async Task AGoodbye_CarriesItsCodeAndWords_AndEndsBothSides()
    {
        (IRealtimeTransport client, IRealtimeTransport server) = await ConnectAsync();

        await server.CloseAsync(4000, "enough for today");
        ReceivedMessage atClient = await client.ReceiveAsync();
        ReceivedMessage atServer = await server.ReceiveAsync();

        Assert.Equal(new RealtimeCloseReason(RealtimeCloseKind.ByPeer, 4000, "enough for today"), atClient.End);
        Assert.Equal(new RealtimeCloseReason(RealtimeCloseKind.ByUs, 4000, "enough for today"), atServer.End);
        Assert.False(atClient.End!.IsOrderly);
        Assert.True(atServer.End!.IsOrderly);
    }

    [Fact]
    public async Task AGoodbye_ComesAfterWhatWasSentBefore()
    {
        (IRealtimeTransport client, IRealtimeTransport server) = await ConnectAsync();

        await server.SendAsync("last words"u8.ToArray());
        await server.CloseAsync();

        Assert.Equal("last words", Encoding.UTF8.GetString((await client.ReceiveAsync()).Body.Span));
        Assert.Equal(1000, (await client.ReceiveAsync()).End?.StatusCode);
    }

    [Fact]
    public async Task AfterTheEnd_SendingIsRefused_AndReceivingRepeatsTheReason()
    {
        (IRealtimeTransport client, IRealtimeTransport server) = await ConnectAsync();
        await server.CloseAsync();
        RealtimeCloseReason? first = (await client.ReceiveAsync()).End;

        Assert.False(await client.SendAsync("x"u8.ToArray()));
        Assert.False(await server.SendAsync("x"u8.ToArray()));
        Assert.Same(first, (await client.ReceiveAsync()).End);
        Assert.Same(first, client.CloseReason);
    }

    [Fact]
    public async Task DisposingDuringAReceive_EndsItAsOurs_AndThePeerSeesALoss()
    {
        (IRealtimeTransport client, IRealtimeTransport server) = await ConnectAsync();
        Task<ReceivedMessage> receiving = client.ReceiveAsync().AsTask();

        await client.DisposeAsync();

        Assert.Equal(RealtimeCloseKind.ByUs, (await receiving).End?.Kind);
        Assert.Equal(RealtimeCloseKind.ConnectionLost, (await server.ReceiveAsync()).End?.Kind);
    }

    [Fact]
    public async Task Disposing_Twice_IsHarmless()
    {
        (IRealtimeTransport client, IRealtimeTransport _) = await ConnectAsync();

        await client.DisposeAsync();
        await client.DisposeAsync();

        Assert.Equal(RealtimeCloseKind.ByUs, (await client.ReceiveAsync()).End?.Kind);
        Assert.False(await client.SendAsync("x"u8.ToArray()));
    }

    [Fact]
    public async Task ACancelledReceive_Throws_AndEndsTheConnection()
    {
        (IRealtimeTransport client, IRealtimeTransport _) = await ConnectAsync();
        using var cancellation = new CancellationTokenSource();
        Task<ReceivedMessage> receiving = client.ReceiveAsync(cancellation.Token).AsTask();

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => receiving);
        Assert.Equal(RealtimeCloseKind.Cancelled, client.CloseReason?.Kind);
    }

    [Fact]
    public async Task ACancelledReceive_EndsTheSendThatWaits()
    {
        (IRealtimeTransport client, IRealtimeTransport _) = await ConnectAsync();
        using var cancellation = new CancellationTokenSource();
        Task<bool> sending = client.SendAsync(Text(HugeBytes)).AsTask();
        Task<ReceivedMessage> receiving = client.ReceiveAsync(cancellation.Token).AsTask();

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => receiving);
        Assert.False(await sending);
        Assert.Equal(RealtimeCloseKind.Cancelled, client.CloseReason?.Kind);
    }

    [Fact]
    public async Task ACancelledSend_Throws_AndEndsTheReceiveThatWaits()
    {
        (IRealtimeTransport client, IRealtimeTransport _) = await ConnectAsync();
        using var cancellation = new CancellationTokenSource();
        Task<ReceivedMessage> receiving = client.ReceiveAsync().AsTask();
        Task<bool> sending = client.SendAsync(Text(HugeBytes), cancellation.Token).AsTask();
        Assert.False(sending.IsCompleted);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        Assert.Equal(RealtimeCloseKind.Cancelled, (await receiving).End?.Kind);
        Assert.Equal(RealtimeCloseKind.Cancelled, client.CloseReason?.Kind);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ATokenThatWasCancelledBefore_EndsTheConnectionAsWell(bool sends)
    {
        (IRealtimeTransport client, IRealtimeTransport _) = await ConnectAsync();
        var cancelled = new CancellationToken(canceled: true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sends ? client.SendAsync("x"u8.ToArray(), cancelled).AsTask() : client.ReceiveAsync(cancelled).AsTask());

        Assert.Equal(RealtimeCloseKind.Cancelled, client.CloseReason?.Kind);
        Assert.Equal(RealtimeCloseKind.Cancelled, (await client.ReceiveAsync()).End?.Kind);
    }

    [Fact]
    public async Task DisposingDuringASend_EndsItAsNotSent_AndThePeerSeesALoss()
    {
        (IRealtimeTransport client, IRealtimeTransport server) = await ConnectAsync();
        Task<bool> sending = client.SendAsync(Text(HugeBytes)).AsTask();
        Assert.False(sending.IsCompleted);

        await client.DisposeAsync();

        Assert.False(await sending);
        ReceivedMessage atServer = await server.ReceiveAsync();
        Assert.Equal(RealtimeCloseKind.ConnectionLost, (atServer.IsEnd ? atServer : await server.ReceiveAsync()).End?.Kind);
    }

    [Fact]
    public async Task APeerThatSaysGoodbyeAndReadsNoMore_EndsTheSendThatWaits()
    {
        (IRealtimeTransport client, IRealtimeTransport server) = await ConnectAsync();
        Task<bool> sending = client.SendAsync(Text(HugeBytes)).AsTask();

        await server.CloseAsync(1009, "too much");
        ReceivedMessage received = await client.ReceiveAsync();
        Time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal((RealtimeCloseKind.ByPeer, 1009), (received.End!.Kind, received.End.StatusCode));
        Assert.False(await sending);
    }

    [Fact]
    public async Task AGoodbyeOfOurs_WaitsNoLongerThanTwoSecondsForTheSendBeforeIt()
    {
        (IRealtimeTransport client, IRealtimeTransport _) = await ConnectAsync();
        Task<bool> sending = client.SendAsync(Text(HugeBytes)).AsTask();

        Task closing = client.CloseAsync().AsTask();
        Time.Advance(TimeSpan.FromSeconds(2));

        await closing;
        await sending;
    }

    [Fact]
    public async Task LargeMessagesAndSmallOnes_KeepTheirOrder()
    {
        int[] lengths = [10, 5_000_000, 3, 0, HugeBytes, 65_536, 1];
        (IRealtimeTransport client, IRealtimeTransport server) = await ConnectAsync();
        Task sending = Task.Run(async () =>
        {
            foreach (int length in lengths)
            {
                Assert.True(await client.SendAsync(Text(length)));
            }
        });

        foreach (int length in lengths)
        {
            ReceivedMessage received = await server.ReceiveAsync();
            Assert.True(received.Body.Span.SequenceEqual(Text(length)));
        }

        await sending;
    }

    [Fact]
    public async Task ALongDescription_IsCutAtACharacter()
    {
        (IRealtimeTransport client, IRealtimeTransport server) = await ConnectAsync();

        await server.CloseAsync(1001, "a" + new string('é', 100));

        // 123 bytes: one for the letter, two for each of 61 accented ones.
        Assert.Equal("a" + new string('é', 61), (await client.ReceiveAsync()).End?.Description);
    }

    [Theory]
    [InlineData(999)]
    [InlineData(1005)]
    [InlineData(1006)]
    [InlineData(5000)]
    public async Task ACodeThatNoCloseFrameCarries_IsRefused(int statusCode)
    {
        (IRealtimeTransport client, IRealtimeTransport _) = await ConnectAsync();

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => client.CloseAsync(statusCode).AsTask());
        Assert.Null(client.CloseReason);
    }

    private static byte[] Text(int length)
    {
        byte[] text = new byte[length];
        for (int i = 0; i < length; i++)
        {
            text[i] = (byte)('a' + (i % 26));
        }

        return text;
    }

    private async Task<(IRealtimeTransport Client, IRealtimeTransport Server)> ConnectAsync(MessageLimits limits = default)
    {
        (IRealtimeTransport client, IRealtimeTransport server) = await CreatePairAsync(limits);
        _transports.AddRange([client, server]);
        return (new PatientTransport(client), new PatientTransport(server));
    }
}

public sealed class PipeTransportTests : TransportContractTests
{
    private protected override Task<(IRealtimeTransport Client, IRealtimeTransport Server)> CreatePairAsync(MessageLimits limits = default)
    {
        (PipeTransport client, PipeTransport server) = PipeTransport.CreatePair(limits);
        return Task.FromResult<(IRealtimeTransport, IRealtimeTransport)>((client, server));
    }

    [Fact]
    public async Task AMessageThatBreaksOff_IsALossAndNotAMessage()
    {
        var up = new System.IO.Pipelines.Pipe();
        var down = new System.IO.Pipelines.Pipe();
        var transport = new PipeTransport(new Ends(up.Reader, down.Writer));
        await up.Writer.WriteAsync(new byte[] { 0, 0, 0, 5, (byte)'a', (byte)'b' });
        await up.Writer.CompleteAsync();

        ReceivedMessage received = await transport.ReceiveAsync();

        Assert.Equal(RealtimeCloseKind.ConnectionLost, received.End?.Kind);
    }

    private sealed record Ends(System.IO.Pipelines.PipeReader Input, System.IO.Pipelines.PipeWriter Output) : System.IO.Pipelines.IDuplexPipe;
}

public sealed class WebSocketTransportContractTests : TransportContractTests
{
    private protected override Task<(IRealtimeTransport Client, IRealtimeTransport Server)> CreatePairAsync(MessageLimits limits = default)
    {
        (DuplexStream client, DuplexStream server) = DuplexStream.CreatePair();
        return Task.FromResult<(IRealtimeTransport, IRealtimeTransport)>((new WebSocketTransport(WebSocket.CreateFromStream(client, new WebSocketCreationOptions { IsServer = false }), limits, Time),
            new WebSocketTransport(WebSocket.CreateFromStream(server, new WebSocketCreationOptions { IsServer = true }), limits, Time)));
    }
}

public sealed class WebSocketOverTcpContractTests : TransportContractTests
{
    private protected override Task<(IRealtimeTransport Client, IRealtimeTransport Server)> CreatePairAsync(MessageLimits limits = default)
    {
        (WebSocket client, WebSocket server) = LoopbackSockets.Connect();
        return Task.FromResult<(IRealtimeTransport, IRealtimeTransport)>((new WebSocketTransport(client, limits, Time), new WebSocketTransport(server, limits, Time)));
    }
}

/// <summary>What applications have: the platform's client, which waits with no token of ours, and a web server.</summary>
public sealed class ClientWebSocketContractTests : TransportContractTests
{
    private readonly List<LoopbackServer> _servers = [];
    private readonly TaskCompletionSource _isOver = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private protected override async Task<(IRealtimeTransport Client, IRealtimeTransport Server)> CreatePairAsync(MessageLimits limits = default)
    {
        var accepted = new TaskCompletionSource<WebSocket>(TaskCreationOptions.RunContinuationsAsynchronously);
        LoopbackServer server = await LoopbackServer.StartAsync((_, socket) =>
        {
            accepted.SetResult(socket);
            return _isOver.Task;
        });
        _servers.Add(server);
        var client = new ClientWebSocket();
        await client.ConnectAsync(server.Address, CancellationToken.None);
        return (new WebSocketTransport(client, limits, Time) { ReceivesInPool = true }, new WebSocketTransport(await accepted.Task, limits, Time));
    }

    private protected override async ValueTask StopAsync()
    {
        _isOver.SetResult();
        foreach (LoopbackServer server in _servers)
        {
            await server.DisposeAsync();
        }
    }
}
