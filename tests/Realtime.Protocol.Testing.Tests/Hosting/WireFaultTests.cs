using System.Text;
using System.Text.Json.Nodes;
using Realtime.Protocol.Testing.Hosting;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Faults;
using Realtime.Protocol.Testing.Simulation.Responses;
using Realtime.Protocol.Testing.Tests.Support;

namespace Realtime.Protocol.Testing.Tests.Hosting;

/// <summary>Every fault of the wire, seen from a bare socket: exact to the byte up to its place, and nothing behind it.</summary>
public class WireFaultTests
{
    private const int HangsAfterMs = 60_000;
    private const string Update = """{"type":"session.update","session":{"type":"realtime","instructions":"Short."}}""";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory(Timeout = HangsAfterMs)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task FinAndReset_AreExact_AtEveryByteOfAnEvent(bool reset)
    {
        byte[] whole = await BytesAsync(FaultPlan.None.Fin("session.updated", 2));
        int first = FrameLength(whole, 0);
        byte[] created = whole[..first];
        byte[] updated = whole[first..];
        Assert.Equal(FrameLength(whole, first), updated.Length);
        for (int bytes = 0; bytes <= updated.Length; bytes += bytes < 20 || bytes > updated.Length - 20 ? 1 : Thoroughness.IsWhole ? 7 : 31)
        {
            FaultPlan plan = reset ? FaultPlan.None.Reset("session.updated", 1, bytes) : FaultPlan.None.Fin("session.updated", 1, bytes);
            byte[] expected = [.. created, .. updated[..bytes]];
            Assert.Equal(expected, await BytesAsync(plan, reset));
        }
    }

    [Theory(Timeout = HangsAfterMs)]
    [InlineData(false, 0)]
    [InlineData(false, 1)]
    [InlineData(false, 17)]
    [InlineData(true, 0)]
    [InlineData(true, 1)]
    [InlineData(true, 17)]
    public async Task FinAndReset_AreExact_OverTls(bool reset, int bytes)
    {
        byte[] whole = await BytesAsync(FaultPlan.None.Fin("session.updated", 2));
        FaultPlan plan = reset ? FaultPlan.None.Reset("session.updated", 1, bytes) : FaultPlan.None.Fin("session.updated", 1, bytes);

        byte[] secure = await BytesAsync(plan, reset, tls: true);

        // The session says when it ends, so only the place is the same.
        Assert.Equal(FrameLength(whole, 0) + bytes, secure.Length);
        Assert.Equal(whole[..10], secure[..10]);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task Stall_OverTls_IsSilentWithinAFrame_AndThenGoesOn()
    {
        await using RealtimeSimulatorHost host = await StartAsync(FaultPlan.None.Stall("session.created", 1, 300, bytes: 10), tls: true);
        using RawClient client = await RawClient.ConnectAsync(host, Stop);
        await client.ReadAsync(10);
        long start = Environment.TickCount64;
        await client.ReadAsync(1);
        Assert.InRange(Environment.TickCount64 - start, 200, HangsAfterMs);
    }

    [Theory(Timeout = HangsAfterMs)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task FinAndReset_HappenAtTheirTime_BetweenFrames(bool reset)
    {
        var time = new VirtualTime();
        await using RealtimeSimulatorHost host = await StartAsync(reset ? FaultPlan.None.Reset("2s", 1) : FaultPlan.None.Fin("2s", 1), time: time);
        using RawClient client = await RawClient.ConnectAsync(host, Stop);
        await client.ReadFrameAsync();

        time.Advance(TimeSpan.FromSeconds(2));

        (byte[] bytes, bool wasReset) = await client.ReadToEndAsync();
        Assert.Equal((0, reset), (bytes.Length, wasReset));
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task SlowAccept_OpensTheDoorLate_AndOnOneConnectionOnly()
    {
        await using RealtimeSimulatorHost host = await StartAsync(FaultPlan.None.OnConnection(2).SlowAccept(3_600_000).OnConnection(4).SlowAccept(400));
        using RawClient first = await RawClient.ConnectAsync(host, Stop);
        using var leaving = new CancellationTokenSource();
        Task<RawClient> second = RawClient.ConnectAsync(host, leaving.Token);
        await SessionsAsync(host, 2);
        using RawClient third = await RawClient.ConnectAsync(host, Stop);
        Assert.Equal(0x81, (await third.ReadFrameAsync()).First);
        Assert.False(second.IsCompleted);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => second);

        long start = Environment.TickCount64;
        using RawClient late = await RawClient.ConnectAsync(host, Stop);
        Assert.InRange(Environment.TickCount64 - start, 399, HangsAfterMs);
        Assert.StartsWith("HTTP/1.1 101 ", late.Answer, StringComparison.Ordinal);
        Assert.Equal(0x81, (await late.ReadFrameAsync()).First);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task SlowAccept_DoesNotKeepTheHostFromStopping_AndAClientMayGiveUp()
    {
        RealtimeSimulatorHost host = await StartAsync(FaultPlan.None.SlowAccept(3_600_000));
        using var leaving = new CancellationTokenSource();
        Task<RawClient> waiting = RawClient.ConnectAsync(host, Stop);
        Task<RawClient> impatient = RawClient.ConnectAsync(host, leaving.Token);
        await SessionsAsync(host, 2);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => impatient);

        await host.DisposeAsync();

        await Assert.ThrowsAnyAsync<IOException>(() => waiting);
    }

    [Theory(Timeout = HangsAfterMs)]
    [InlineData("client:session.update")]
    [InlineData("session.updated")]
    public async Task Deaf_HearsNothingForAWhile_AndThenEverythingThatWasSaid(string place)
    {
        await using RealtimeSimulatorHost host = await StartAsync(FaultPlan.None.Deaf(place, 1, 400));
        using RawClient client = await RawClient.ConnectAsync(host, Stop);
        await client.ReadFrameAsync();
        long start = Environment.TickCount64;
        await UpdateAsync(client);
        await client.SayAsync("""{"type":"input_audio_buffer.clear"}""");
        await client.WriteAsync(RawClient.Frame(0x89, "x"u8));

        Assert.Equal("session.updated", TypeOf(await client.ReadFrameAsync()));
        (int First, bool, byte[])[] heard = [await client.ReadFrameAsync(), await client.ReadFrameAsync()];
        Assert.InRange(Environment.TickCount64 - start, 399, HangsAfterMs);

        // A pong may overtake what waits.
        Assert.Equal([0x81, 0x8A], heard.Select(static frame => frame.First).Order());
        Assert.Equal("input_audio_buffer.cleared", TypeOf(heard.Single(static frame => frame.First == 0x81)));
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task DeafForEver_FromATimeOn_StillSpeaks_AndDoesNotKeepTheHostFromStopping()
    {
        var time = new VirtualTime();
        RealtimeSimulatorHost host = await StartAsync(FaultPlan.None.Deaf("2s", 1, Timeout.Infinite).InjectBefore("3s", 1, """{"type":"x.y"}"""), time: time);
        using RawClient client = await RawClient.ConnectAsync(host, Stop);
        await client.ReadFrameAsync();
        time.Advance(TimeSpan.FromSeconds(2));
        await UpdateAsync(client);
        using (RawClient other = await RawClient.ConnectAsync(host, Stop))
        {
            await other.ReadFrameAsync();
        }

        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("x.y", TypeOf(await client.ReadFrameAsync()));

        await host.DisposeAsync();
        Assert.Equal(0x88, (await client.ReadFrameAsync()).First);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task Deaf_TakesNobodyForDead()
    {
        var time = new VirtualTime();
        var limits = new SimulatorHostLimits { PingAfter = TimeSpan.FromMilliseconds(400), PongTimeout = TimeSpan.FromMilliseconds(400) };
        await using RealtimeSimulatorHost host = await StartAsync(FaultPlan.None.OnConnection(1).Deaf("session.created", 1, Timeout.Infinite).InjectBefore("3s", 1, """{"type":"x.y"}"""), time: time, limits: limits);
        using RawClient client = await RawClient.ConnectAsync(host, Stop);
        await client.ReadFrameAsync();

        // One that came later, is heard and does not answer is taken for dead meanwhile.
        using RawClient other = await RawClient.ConnectAsync(host, Stop);
        await other.ReadFrameAsync();
        Assert.Equal(0x89, (await other.ReadFrameAsync()).First);
        Assert.True((await other.ReadToEndAsync()).WasReset);
        time.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal("x.y", TypeOf(await client.ReadFrameAsync()));
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task Deaf_CountsFromItsPlace_AndASilentClientIsPingedAndTakenForDeadAfterIt()
    {
        var limits = new SimulatorHostLimits { PingAfter = TimeSpan.FromMilliseconds(400), PongTimeout = TimeSpan.FromMilliseconds(400) };
        await using RealtimeSimulatorHost host = await StartAsync(FaultPlan.None.Deaf("session.created", 1, 400), limits: limits);
        long start = Environment.TickCount64;
        using RawClient client = await RawClient.ConnectAsync(host, Stop);
        await client.ReadFrameAsync();

        Assert.Equal(0x89, (await client.ReadFrameAsync()).First);
        Assert.InRange(Environment.TickCount64 - start, 799, HangsAfterMs);
        (byte[] bytes, bool wasReset) = await client.ReadToEndAsync();
        Assert.Equal((0, true), (bytes.Length, wasReset));
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task CloseAt_HasItsCode_ItsReason_OrNeither()
    {
        Assert.Equal((4000, "Enough."), await GoodbyeAsync(FaultPlan.None.CloseAt("session.updated", 1, 4000, "Enough.")));
        Assert.Equal((0, ""), await GoodbyeAsync(FaultPlan.None.CloseAt("session.updated", 1, SimulatorEffect.NoStatus)));
        Assert.Equal((1015, new string('é', 61)), await GoodbyeAsync(FaultPlan.None.CloseAt("session.updated", 1, 1015, new string('é', 100))));
        byte[] created = (await BytesAsync(FaultPlan.None.Fin("session.updated", 1)))!;
        Assert.Equal(created, await BytesAsync(FaultPlan.None.CloseAt("session.updated", 1, SimulatorEffect.BrokenConnection)));
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task Frames_AreCutAndFlagged_AsThePlanSays()
    {
        byte[] message = Payload(await FramesAsync(FaultPlan.None));

        List<(int First, bool IsMasked, byte[] Payload)> binary = await FramesAsync(FaultPlan.None.Binary("session.created", 1));
        Assert.Equal((0x82, false), (binary[0].First, binary[0].IsMasked));
        List<(int First, bool IsMasked, byte[] Payload)> bytes = await FramesAsync(FaultPlan.None.Fragment(1, "session.created", 1));
        Assert.Equal([0x01, .. Enumerable.Repeat(0x00, message.Length - 2), 0x80], bytes.Select(static frame => frame.First));
        Assert.Equal(message, Payload(bytes));
        List<(int First, bool IsMasked, byte[] Payload)> pings = await FramesAsync(FaultPlan.None.Fragment(300).PingsBetween());
        Assert.Equal([0x01, 0x89, 0x00, 0x89], pings.Take(4).Select(static frame => frame.First));
        Assert.Equal(message, Payload(pings));
        List<(int First, bool IsMasked, byte[] Payload)> halves = await FramesAsync(FaultPlan.None.PingsBetween("session.created", 1));
        Assert.Equal([0x01, 0x89, 0x80], halves.Select(static frame => frame.First));
        Assert.Equal(0xC1, (await FramesAsync(FaultPlan.None.ReservedBit("session.created", 1)))[0].First);
        Assert.Equal(0xFF, (await FramesAsync(FaultPlan.None.BadUtf8("session.created", 1)))[0].Payload[^1]);
        List<(int First, bool IsMasked, byte[] Payload)> masked = await FramesAsync(FaultPlan.None.Masked("session.created", 1));
        Assert.True(masked[0].IsMasked);
        byte[] unmasked = [.. masked[0].Payload.Skip(4).Select((value, at) => (byte)(value ^ masked[0].Payload[at & 3]))];
        Assert.Equal(message, unmasked);
        Assert.Equal(message, Payload(await FramesAsync(FaultPlan.None.Trickle(1))));
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task Stall_IsSilentWithinAFrame_AndThenGoesOn()
    {
        await using RealtimeSimulatorHost host = await StartAsync(FaultPlan.None.Stall("session.created", 1, 300, bytes: 10));
        using RawClient client = await RawClient.ConnectAsync(host, Stop);
        await client.ReadAsync(10);
        long start = Environment.TickCount64;
        await client.ReadAsync(1);
        Assert.InRange(Environment.TickCount64 - start, 200, HangsAfterMs);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task StallForEver_DoesNotKeepTheHostFromStopping()
    {
        RealtimeSimulatorHost host = await StartAsync(FaultPlan.None.Stall("session.created", 1, Timeout.Infinite));
        using RawClient client = await RawClient.ConnectAsync(host, Stop);

        await host.DisposeAsync(); // or the test hangs

        Assert.Empty((await client.ReadToEndAsync()).Bytes);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task Pings_AreSentAndNotAnswered_AsThePlanSays()
    {
        await using RealtimeSimulatorHost host = await StartAsync(FaultPlan.None.OnConnection(1).NoPong().OnConnection(2).Ping(20));
        using RawClient silent = await RawClient.ConnectAsync(host, Stop);
        await silent.ReadFrameAsync();
        await silent.WriteAsync(RawClient.Frame(0x89, "x"u8));
        await silent.SayAsync("{}");
        Assert.Equal(0x81, (await silent.ReadFrameAsync()).First);

        using RawClient pinged = await RawClient.ConnectAsync(host, Stop);
        await pinged.ReadFrameAsync();
        Assert.Equal(0x89, (await pinged.ReadFrameAsync()).First);
        Assert.Equal(0x89, (await pinged.ReadFrameAsync()).First);
        await pinged.WriteAsync(RawClient.Frame(0x89, "x"u8));
        (int First, bool, byte[] Payload) frame;
        do
        {
            frame = await pinged.ReadFrameAsync();
        }
        while (frame.First == 0x89);
        Assert.Equal((0x8A, "x"), (frame.First, Encoding.UTF8.GetString(frame.Payload)));
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task Door_Refuses_OrForgetsTheSubprotocol_OnOneConnection()
    {
        await using RealtimeSimulatorHost host = await StartAsync(FaultPlan.None.OnConnection(1).Http(429, retryAfterSeconds: 2).OnConnection(2).NoSubprotocol());
        const string Offer = "Sec-WebSocket-Protocol: realtime\r\n";

        using RawClient refused = await RawClient.ConnectAsync(host, Stop, headers: Offer);
        Assert.StartsWith("HTTP/1.1 429 ", refused.Answer, StringComparison.Ordinal);
        Assert.Contains("Retry-After: 2\r\n", refused.Answer, StringComparison.Ordinal);
        using RawClient without = await RawClient.ConnectAsync(host, Stop, headers: Offer);
        Assert.StartsWith("HTTP/1.1 101 ", without.Answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Sec-WebSocket-Protocol", without.Answer, StringComparison.Ordinal);
        using RawClient with = await RawClient.ConnectAsync(host, Stop, headers: Offer);
        Assert.Contains("Sec-WebSocket-Protocol: realtime\r\n", with.Answer, StringComparison.Ordinal);
    }

    [Fact]
    public void InMemory_RefusesWhatNeedsAWire_AndNamesIt()
    {
        FaultPlan plan = FaultPlan.None.Drop("session.created", 1).Fin("response.done", 1).Fragment(2).Fragment(3).NoPong();

        ArgumentException refused = Assert.Throws<ArgumentException>(() => new InMemoryTransport(new SimulatorOptions { Faults = plan }));

        Assert.StartsWith("These faults need a wire, and there is none in memory: Fin, Fragment, NoPong.", refused.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task InMemory_StallWaitsOnItsClock()
    {
        var time = new VirtualTime();
        await using var server = new InMemoryTransport(new SimulatorOptions { Faults = FaultPlan.None.Stall("session.created", 1, 5_000) }, time);
        Task<Transport.ReceivedMessage> created = server.ReceiveAsync(Stop).AsTask();

        time.Advance(TimeSpan.FromMilliseconds(4_999));
        Assert.False(created.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False((await created).IsEnd);
    }

    private static string TypeOf((int First, bool IsMasked, byte[] Payload) frame) => (string)JsonNode.Parse(frame.Payload)!["type"]!;

    private static Task<RealtimeSimulatorHost> StartAsync(FaultPlan faults, bool tls = false, VirtualTime? time = null, SimulatorHostLimits? limits = null) =>
        RealtimeSimulatorHost.StartAsync(new() { Tls = tls, Limits = limits ?? new(), Time = time ?? new VirtualTime(), Simulator = new() { Pace = ResponsePace.Immediate, Faults = faults } }, Stop);

    /// <summary>Waits until so many are inside or at the door.</summary>
    private static async Task SessionsAsync(RealtimeSimulatorHost host, int count)
    {
        using var http = new HttpClient();
        while ((int)JsonNode.Parse(await http.GetStringAsync(new Uri(host.HttpEndpoint, "healthz"), Stop))!["sessions"]! != count)
        {
            await Task.Delay(10, Stop);
        }
    }

    // Two updates, whose answers are session.updated: all that comes after the handshake.
    private static async Task<byte[]> BytesAsync(FaultPlan faults, bool reset = false, bool tls = false)
    {
        await using RealtimeSimulatorHost host = await StartAsync(faults, tls);
        using RawClient client = await RawClient.ConnectAsync(host, Stop);

        // Read while it comes, and said in one write: a write after the end would be told of the reset, and the read would not.
        Task<(byte[] Bytes, bool WasReset)> reading = client.ReadToEndAsync();
        byte[] update = RawClient.Frame(0x81, Encoding.UTF8.GetBytes(Update));
        await client.WriteAsync([.. update, .. update]);
        (byte[] bytes, bool wasReset) = await reading;
        Assert.Equal(reset, wasReset);
        return bytes;
    }

    private static async Task<(int Code, string Reason)> GoodbyeAsync(FaultPlan faults)
    {
        await using RealtimeSimulatorHost host = await StartAsync(faults);
        using RawClient client = await RawClient.ConnectAsync(host, Stop);
        await UpdateAsync(client);
        return await client.ReadGoodbyeAsync();
    }

    private static async Task<List<(int First, bool IsMasked, byte[] Payload)>> FramesAsync(FaultPlan faults)
    {
        await using RealtimeSimulatorHost host = await StartAsync(faults);
        using RawClient client = await RawClient.ConnectAsync(host, Stop);
        var frames = new List<(int First, bool IsMasked, byte[] Payload)>();
        do
        {
            frames.Add(await client.ReadFrameAsync());
        }
        while ((frames[^1].First & 0x80) == 0 || frames[^1].First == 0x89);
        return frames;
    }

    private static byte[] Payload(List<(int First, bool IsMasked, byte[] Payload)> frames)
    {
        byte[] message = [.. frames.Where(static frame => frame.First != 0x89).SelectMany(static frame => frame.Payload)];
        Assert.Equal("session.created", (string)JsonNode.Parse(message)!["type"]!);
        return message;
    }

    private static ValueTask UpdateAsync(RawClient client) => client.SayAsync(Update);

    private static int FrameLength(byte[] bytes, int at) => (bytes[at + 1] & 0x7F) switch
    {
        126 => 4 + (bytes[at + 2] << 8) + bytes[at + 3],
        int length => 2 + length,
    };
}
