using System.Net.NetworkInformation;
using System.Text;
using Realtime.Protocol.Testing.Hosting;
using Realtime.Protocol.Testing.Simulation.Model;
using Realtime.Protocol.Testing.Tests.Support;

namespace Realtime.Protocol.Testing.Tests.Hosting;

/// <summary>What a host bears: slow readers, silent clients, broken frames, and many hosts at once.</summary>
public class HostLimitTests
{
    private const int HangsAfterMs = 60_000;
    private const string Ask = """{"type":"response.create","response":{"conversation":"none"}}""";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory(Timeout = HangsAfterMs)]
    [InlineData(1002, "8102 7B7D")]
    [InlineData(1003, "8282 00000000 7B7D")]
    [InlineData(1007, "8181 00000000 FF")]
    [InlineData(1008, "0180 00000000 0080 00000000 0080 00000000 0080 00000000")]
    [InlineData(1009, "81FE 03E9 00000000")]
    public async Task BrokenFrame_EndsThisConnectionWithItsCode(int code, string hex)
    {
        await using RealtimeSimulatorHost host = await Start(new() { Limits = new() { MaxMessageBytes = 1_000, MaxFragments = 3 } });
        using RawClient client = await RawClient.ConnectAsync(host, Stop);
        using RawClient other = await RawClient.ConnectAsync(host, Stop);

        await client.WriteAsync(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));

        Assert.Equal(code, (await client.ReadGoodbyeAsync()).Code);
        await other.ReadFrameAsync();
        await other.SayAsync("""{"type":"input_audio_buffer.clear"}""");
        Assert.Contains("input_audio_buffer.cleared", Encoding.UTF8.GetString((await other.ReadFrameAsync()).Payload), StringComparison.Ordinal);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task FlooderThatDoesNotRead_BlocksItself_AndTheOthersAreServed()
    {
        var loud = new FixedModel(new ModelAnswer(new ModelOutput.Speech(new byte[2 * 1024 * 1024], "long")));
        await using RealtimeSimulatorHost host = await Start(new() { Simulator = SimulatedServer.Immediate with { Speaker = loud } });
        using RawClient deaf = await RawClient.ConnectAsync(host, Stop, receiveBuffer: 4_096);
        for (int i = 0; i < 300; i++)
        {
            await deaf.SayAsync(Ask);
        }

        using RawClient second = await RawClient.ConnectAsync(host, Stop);
        Assert.Contains("session.created", Encoding.UTF8.GetString((await second.ReadFrameAsync()).Payload), StringComparison.Ordinal);
        Assert.InRange(loud.Asked.Count, 0, 10);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task ReaderThatTakesNothingOfTooMuch_IsGivenUpBehindTheFrameUnderWay()
    {
        var loud = new FixedModel(new ModelAnswer(new ModelOutput.Speech(new byte[8_000_000], "long")));
        await using RealtimeSimulatorHost host = await Start(new() { Limits = new() { MaxQueuedBytes = 1_000_000 }, Simulator = SimulatedServer.Immediate with { Speaker = loud } });
        using RawClient deaf = await RawClient.ConnectAsync(host, Stop, receiveBuffer: 4_096);
        await deaf.SayAsync(Ask);
        await GivenUpAsync(host);

        // Whole frames and then the goodbye; or the reset that follows when nothing is taken for two seconds more.
        (byte[] bytes, bool wasReset) = await deaf.ReadToEndAsync();
        int at = 0;
        while (at < bytes.Length && bytes[at] == 0x81)
        {
            at += FrameLength(bytes, at);
        }

        Assert.InRange(bytes.Length, 1, 10_000_000);
        Assert.True(wasReset || (bytes[at] == 0x88 && (bytes[at + 2] << 8 | bytes[at + 3]) == 1008), $"{at} of {bytes.Length}");
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task OneOfACallThatDoesNotRead_IsGivenUp_AndTheOtherGoesOn()
    {
        var loud = new FixedModel(new ModelAnswer(new ModelOutput.Speech(new byte[8_000_000], "long")));
        await using RealtimeSimulatorHost host = await Start(new() { Limits = new() { MaxQueuedBytes = 1_000_000, Patience = TimeSpan.FromSeconds(30) }, Simulator = SimulatedServer.Immediate with { Speaker = loud } });
        using RawClient deaf = await RawClient.ConnectAsync(host, Stop, "?call_id=one", receiveBuffer: 4_096);
        await deaf.ReadFrameAsync();

        // Patience is long, so that the one who reads is not given up on a machine that has no time for it; the other one is by what waits for it.
        using RawClient good = await RawClient.ConnectAsync(host, Stop, "?call_id=one");
        for (int i = 0; i < 3; i++)
        {
            await good.SayAsync(Ask);
            string message;
            do
            {
                message = Encoding.UTF8.GetString((await good.ReadFrameAsync()).Payload);
            }
            while (!message.Contains("\"response.done\"", StringComparison.Ordinal));
        }

        // One answer at once is more than the limit already, and the reader's own; the next one was too much.
        Assert.Equal(1008, (await deaf.ReadGoodbyeAsync()).Code);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task ReaderThatCatchesUp_GetsEverythingWhole()
    {
        var loud = new FixedModel(new ModelAnswer(new ModelOutput.Speech(new byte[200_000], "long")));
        await using RealtimeSimulatorHost host = await Start(new() { Limits = new() { MaxQueuedBytes = 1_000_000 }, Simulator = SimulatedServer.Immediate with { Speaker = loud } });
        using RawClient slow = await RawClient.ConnectAsync(host, Stop, receiveBuffer: 4_096);
        for (int i = 0; i < 30; i++)
        {
            await slow.SayAsync(Ask);
        }

        // One answer is more than what may wait before nothing more is read.
        while (loud.Asked.Count == 0)
        {
            await Task.Delay(20, Stop);
        }

        int done = 0;
        while (done < 30)
        {
            done += Encoding.UTF8.GetString((await slow.ReadFrameAsync()).Payload).Contains("\"response.done\"", StringComparison.Ordinal) ? 1 : 0;
        }
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task AllQueuesTogether_AreBounded_AndTheLongestGoesFirst()
    {
        var loud = new FixedModel(new ModelAnswer(new ModelOutput.Speech(new byte[2_000_000], "long")));
        await using RealtimeSimulatorHost host = await Start(new() { Limits = new() { MaxQueuedBytes = 500_000_000, MaxQueuedBytesInAll = 4_000_000 }, Simulator = SimulatedServer.Immediate with { Speaker = loud } });
        using RawClient modest = await RawClient.ConnectAsync(host, Stop);
        await modest.ReadFrameAsync();
        using RawClient greedy = await RawClient.ConnectAsync(host, Stop, receiveBuffer: 4_096);
        await greedy.SayAsync(Ask);
        await greedy.SayAsync(Ask);
        await greedy.SayAsync(Ask);

        // Who read meanwhile might take everything in time.
        await GivenUpAsync(host);
        (byte[] bytes, bool _) = await greedy.ReadToEndAsync();
        await modest.SayAsync("""{"type":"input_audio_buffer.clear"}""");

        Assert.InRange(bytes.Length, 0, 7_000_000);
        Assert.Contains("input_audio_buffer.cleared", Encoding.UTF8.GetString((await modest.ReadFrameAsync()).Payload), StringComparison.Ordinal);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task SilentClient_IsPinged_AndResetWhenItIsDead()
    {
        await using RealtimeSimulatorHost host = await Start(new() { Limits = new() { PingAfter = TimeSpan.FromMilliseconds(200), PongTimeout = TimeSpan.FromSeconds(10) } });
        using RawClient alive = await RawClient.ConnectAsync(host, Stop);
        using RawClient dead = await RawClient.ConnectAsync(host, Stop);
        await alive.ReadFrameAsync();
        for (int i = 0; i < 6; i++)
        {
            Assert.Equal(0x89, (await alive.ReadFrameAsync()).First);
            await alive.WriteAsync(RawClient.Frame(0x8A, ""u8));
        }

        (byte[] bytes, bool wasReset) = await dead.ReadToEndAsync();
        Assert.True(wasReset);
        Assert.Equal([0x89, 0x00], bytes[^2..]);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task ClientThatNeverAsks_IsLetGo()
    {
        await using RealtimeSimulatorHost host = await Start(new() { Limits = new() { HandshakeTimeout = TimeSpan.FromMilliseconds(500) } });
        using var socket = new System.Net.Sockets.TcpClient();
        await socket.ConnectAsync("127.0.0.1", host.Endpoint.Port, Stop);
        await socket.GetStream().WriteAsync("GET /v1/realtime HTTP/1.1\r\nHost:"u8.ToArray(), Stop);

        byte[] answer = new byte[10_000];
        int length = await socket.GetStream().ReadAtLeastAsync(answer, answer.Length, throwOnEndOfStream: false, Stop);
        Assert.StartsWith("HTTP/1.1 408", Encoding.ASCII.GetString(answer, 0, length), StringComparison.Ordinal);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task TwoHundredHosts_StartServeAndLeaveNoPort()
    {
        var ports = new System.Collections.Concurrent.ConcurrentBag<int>();
        await Parallel.ForAsync(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 50, CancellationToken = Stop }, async (_, stop) =>
        {
            await using RealtimeSimulatorHost host = await RealtimeSimulatorHost.StartAsync(cancellationToken: stop);
            ports.Add(host.Endpoint.Port);
            using RawClient client = await RawClient.ConnectAsync(host, stop);
            await client.ReadFrameAsync();
            if (host.Endpoint.Port % 2 == 0)
            {
                await client.WriteAsync(RawClient.Frame(0x88, [0x03, 0xE8]));
                await client.ReadGoodbyeAsync();
            }
        });

        Assert.Equal(200, ports.Count);
        int[] left = [.. IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Select(static point => point.Port).Intersect(ports)];
        Assert.Empty(left);
    }

    private static Task<RealtimeSimulatorHost> Start(RealtimeSimulatorHostOptions options) => RealtimeSimulatorHost.StartAsync(options, Stop);

    /// <summary>Waits until the host has given a reader up.</summary>
    private static async Task GivenUpAsync(RealtimeSimulatorHost host)
    {
        while (!host.Violations.Any(static violation => violation.Rule == "reads-too-slowly"))
        {
            await Task.Delay(20, Stop);
        }
    }

    private static int FrameLength(byte[] bytes, int at) => (bytes[at + 1] & 0x7F) switch
    {
        126 => 4 + (bytes[at + 2] << 8) + bytes[at + 3],
        127 => 10 + (bytes[at + 6] << 24) + (bytes[at + 7] << 16) + (bytes[at + 8] << 8) + bytes[at + 9],
        int length => 2 + length,
    };
}
