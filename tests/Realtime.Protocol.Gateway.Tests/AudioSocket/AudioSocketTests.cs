using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Responses;

namespace Realtime.Protocol.Gateway.Tests;

/// <summary>Asterisk's AudioSocket: frames by their bytes, calls over TCP on loopback, and the pace on virtual time.</summary>
public class AudioSocketTests
{
    private const int HangsAfterMs = 60_000;

    private static readonly TimeSpan OneFrame = TimeSpan.FromMilliseconds(20);

    private static readonly Guid Id = new("40325ec2-5efd-4bd3-805f-53576e581d13");

    private readonly OutgoingFrames _frames = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0x10, 8_000)]
    [InlineData(0x11, 12_000)]
    [InlineData(0x12, 16_000)]
    [InlineData(0x13, 24_000)]
    [InlineData(0x14, 32_000)]
    [InlineData(0x15, 44_100)]
    [InlineData(0x16, 48_000)]
    public void TheTypeOfTheFirstSound_SaysTheRate(byte type, int rate)
    {
        AudioSocketProtocol protocol = Introduced();

        Assert.Equal(AudioEncoding.Pcm(8_000), protocol.Encoding);
        Assert.Equal([1, 2, 3, 4], Take(protocol, type, 1, 2, 3, 4).Audio.ToArray());
        Assert.Equal(AudioEncoding.Pcm(rate), protocol.Encoding);
        protocol.WriteAudio(_frames, turn: 1, end: 4, [5, 6, 7, 8]);
        Assert.Equal([type, 0, 4, 5, 6, 7, 8], _frames.All.ToArray());
    }

    [Fact]
    public void TheDocumentedFrames_MeanWhatTheySay()
    {
        var protocol = new AudioSocketProtocol();

        Assert.Equal(Id.ToString(), Take(protocol, 0x01, Id.ToByteArray(bigEndian: true)).Introduction!.Id);
        Assert.Equal('#', Take(protocol, 0x03, (byte)'#').Digit);
        Assert.Equal(CallEndKind.HungUp, Take(protocol, 0x00).End!.Kind);
        Assert.Equal(CallEndKind.Lost, Take(protocol, 0xFF, 1).End!.Kind);
        protocol.WriteEnd(_frames, CallEnd.HungUp);
        protocol.WriteEnd(_frames, new(CallEndKind.ModelRefused, ""));
        protocol.WriteEnd(_frames, new(CallEndKind.Moved, ""));
        Assert.Equal([0x00, 0, 0, 0xFF, 0, 1, 0x80], _frames.All.ToArray());
    }

    [Fact]
    public void FramesOutOfOrder_OrBroken_EndTheCall()
    {
        Assert.All((CallerSays[])
        [
            Take(new(), 0x10, 0, 0),
            Take(new(), 0x01, 1, 2, 3),
            Take(Introduced(), 0x01, Id.ToByteArray()),
            Take(Introduced(), 0x10, 1, 2, 3),
            Take(Introduced(), 0x17, 1, 2),
            Take(Introduced(), 0x02),
            Take(Introduced(), 0x03, (byte)'x'),
            Take(Spoken(), 0x12, 0, 0),
        ], static says => Assert.Equal(CallEndKind.BadFrame, says.End?.Kind));
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task ACall_OverTcp_IsHeardAndAnswers_InItsOwnRate()
    {
        var answered = new TaskCompletionSource<VoiceCall>();
        byte[] answer = SpeakingModel.Sound(9_600);
        await using TestGateway gateway = await StartAsync(answer, answered);
        using TcpClient asterisk = await DialAsync(gateway);
        NetworkStream line = asterisk.GetStream();
        await line.WriteAsync(Frame(0x01, Id.ToByteArray(bigEndian: true)), Stop);

        // Cut where it hurts: TCP knows no frames.
        byte[] question = [.. Enumerable.Range(0, 80).SelectMany(i => Frame(0x13, Loud(i < 30)))];
        foreach (byte[] piece in question.Chunk(1_001))
        {
            await line.WriteAsync(piece, Stop);
        }

        var heard = new MemoryStream();
        while (heard.Length < answer.Length)
        {
            (byte type, byte[] payload) = await ReadAsync(line);
            Assert.Equal((0x13, true), (type, payload.Length <= 960));
            heard.Write(payload);
        }

        Assert.Equal(answer, heard.ToArray());
        VoiceCall call = await answered.Task;
        Assert.Equal((Id.ToString(), IPAddress.Loopback), (call.Id, call.RemoteAddress));
        await line.WriteAsync(Frame(0x00), Stop);
        Assert.Equal(CallEndKind.HungUp, (await call.Ended.WaitAsync(Stop)).Kind);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task ACallAt8Kilohertz_IsResampledBothWays()
    {
        var answered = new TaskCompletionSource<VoiceCall>();
        await using TestGateway gateway = await StartAsync(new byte[9_600], answered);
        using TcpClient asterisk = await DialAsync(gateway);
        NetworkStream line = asterisk.GetStream();
        await line.WriteAsync(Frame(0x01, Id.ToByteArray(bigEndian: true)), Stop);
        VoiceCall call = await answered.Task;
        for (int i = 0; i < 100; i++)
        {
            await line.WriteAsync(Frame(0x10, i < 30 ? Loud(true)[..320] : new byte[320]), Stop);
        }

        int heard = 0;
        while (heard < 3_200)
        {
            (byte type, byte[] payload) = await ReadAsync(line);
            Assert.Equal(0x10, type);
            heard += payload.Length;
        }

        Assert.Equal(3_200, heard);
        while (call.Session.Input.Sent < TimeSpan.FromMilliseconds(1_950))
        {
            await Task.Yield();
            Stop.ThrowIfCancellationRequested();
        }

        Assert.InRange(call.Session.Input.Sent, TimeSpan.FromMilliseconds(1_950), TimeSpan.FromSeconds(2));
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task ALineThatEnds_InsideAFrame_IsLost_AndBetweenTwoAGoodbye()
    {
        var answered = new TaskCompletionSource<VoiceCall>();
        await using TestGateway gateway = await StartAsync([0, 0], answered);
        using (TcpClient asterisk = await DialAsync(gateway))
        {
            await asterisk.GetStream().WriteAsync((byte[])[.. Frame(0x01, Id.ToByteArray(bigEndian: true)), 0x10, 1], Stop);
            asterisk.Client.Shutdown(SocketShutdown.Send);
            Assert.Contains("Lost", await gateway.EndLineAsync(Id.ToString()), StringComparison.Ordinal);
        }

        Guid second = Guid.NewGuid();
        using (TcpClient asterisk = await DialAsync(gateway))
        {
            await asterisk.GetStream().WriteAsync(Frame(0x01, second.ToByteArray(bigEndian: true)), Stop);
            asterisk.Client.Shutdown(SocketShutdown.Send);
            Assert.Contains("HungUp", await gateway.EndLineAsync(second.ToString()), StringComparison.Ordinal);
        }
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task AtTheStop_TheLineIsClosed_WithoutAHangUp()
    {
        var answered = new TaskCompletionSource<VoiceCall>();
        await using TestGateway gateway = await StartAsync([0, 0], answered);
        using TcpClient asterisk = await DialAsync(gateway);
        await asterisk.GetStream().WriteAsync(Frame(0x01, Id.ToByteArray(bigEndian: true)), Stop);
        VoiceCall call = await answered.Task;

        Task stopping = gateway.StopAsync();
        Assert.Equal(0, await asterisk.GetStream().ReadAsync(new byte[1], Stop));
        asterisk.Close();
        await stopping;
        Assert.Equal(CallEndKind.Moved, (await call.Ended).Kind);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task Frames_GoOutWhenTheyAreDue_AndWereHeardWhenTheNextIs()
    {
        await using BridgeBench bench = BridgeBench.Build(new SimulatorOptions { Speaker = new SpeakingModel(new byte[96_000]), Pace = ResponsePace.Immediate });
        var wire = new ScriptedWire { Clock = bench.Time };
        var began = new TaskCompletionSource<(VoiceCall, Turn)>();
        var options = new AudioSocketOptions
        {
            OnAnswered = (call, _) =>
            {
                began.SetResult((call, call.Session.Respond()));
                return Task.CompletedTask;
            },
        };
        Task<CallEnd> running = new CallBridge(options, bench.Gateway, new AudioSocketProtocol(), wire, address: null).RunAsync();
        wire.Say([0x01, .. Id.ToByteArray(bigEndian: true)]);
        wire.Say([0x13, .. new byte[960]]);
        (VoiceCall call, Turn turn) = await began.Task;

        // 2 s of sound are 100 frames. The clock waits for each: one step makes one frame due.
        for (int i = 1; i <= 50; i++)
        {
            Assert.Equal(963, (await wire.Sent.ReadAsync(Stop)).Length);
            Assert.InRange(turn.Heard.Bytes, 0, i * 960);
            bench.Time.Advance(OneFrame);
        }

        Assert.Equal(963, (await wire.Sent.ReadAsync(Stop)).Length);
        Assert.Equal(Enumerable.Range(0, 51).Select(static i => i * OneFrame), wire.SentAt);

        // A clear is here: nothing of the turn goes out any more.
        var silenced = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration registration = turn.Silenced.Register(silenced.SetResult);
        call.Session.Interrupt();
        await silenced.Task;
        Assert.Equal(50 * 960, turn.Heard.Bytes);
        for (int i = 0; i < 50; i++)
        {
            bench.Time.Advance(OneFrame);
            await Task.WhenAny(Task.Delay(1, Stop));
        }

        Assert.False(wire.Sent.TryRead(out _));
        wire.Say((byte[])[0x00]);
        Assert.Equal(CallEndKind.HungUp, (await bench.UntilAsync(running)).Kind);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task TheRate_OfACallerWhoBeginsToSpeak_HoldsFromTheNextFrame()
    {
        await using BridgeBench bench = BridgeBench.Build(new SimulatorOptions { Speaker = new SpeakingModel(new byte[96_000]), Pace = ResponsePace.Immediate });
        var wire = new ScriptedWire();
        var answered = new TaskCompletionSource<VoiceCall>();
        var options = new AudioSocketOptions
        {
            OnAnswered = (call, _) =>
            {
                call.Session.Respond();
                answered.SetResult(call);
                return Task.CompletedTask;
            },
        };
        Task<CallEnd> running = new CallBridge(options, bench.Gateway, new AudioSocketProtocol(), wire, address: null).RunAsync();
        wire.Say([0x01, .. Id.ToByteArray(bigEndian: true)]);
        VoiceCall call = await answered.Task;
        byte[] first = await wire.Sent.ReadAsync(Stop);
        Assert.Equal(0x10, first[0]);
        Assert.InRange(first.Length, 4, 3 + 320);

        wire.Say([0x13, .. new byte[960]]);
        while (call.Session.Input.Sent < OneFrame)
        {
            await Task.Yield();
            Stop.ThrowIfCancellationRequested();
        }

        bench.Time.Advance(OneFrame);
        byte[] second = await wire.Sent.ReadAsync(Stop);
        Assert.Equal((0x13, 963), (second[0], second.Length));
        wire.Say((byte[])[0x00]);
        Assert.Equal(CallEndKind.HungUp, (await bench.UntilAsync(running)).Kind);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task AnApplicationThatHangs_DoesNotHoldTheStop()
    {
        var answered = new TaskCompletionSource();
        var mayEnd = new TaskCompletionSource();
        await using BridgeBench bench = BridgeBench.Build(more: services => services.AddAudioSocketListener(options =>
        {
            options.EndPoint = new(IPAddress.Loopback, 0);
            options.OnAnswered = (_, _) =>
            {
                answered.SetResult();
                return Task.CompletedTask;
            };
            options.OnEnded = (_, _) => mayEnd.Task;
        }));
        AudioSocketListener listener = bench.Services.GetRequiredService<AudioSocketListener>();
        await listener.StartAsync(Stop);
        using var asterisk = new TcpClient();
        await asterisk.ConnectAsync(listener.EndPoint!, Stop);
        await asterisk.GetStream().WriteAsync(Frame(0x01, Id.ToByteArray(bigEndian: true)), Stop);
        await answered.Task;

        await bench.UntilAsync(listener.StopAsync(new CancellationToken(canceled: true)));
        mayEnd.SetResult();
    }

    [Fact]
    public void ASecondListener_IsRefused()
    {
        IServiceCollection services = new ServiceCollection().AddAudioSocketListener();

        Assert.Throws<InvalidOperationException>(() => services.AddAudioSocketListener());
    }

    private static async Task<TestGateway> StartAsync(byte[] answer, TaskCompletionSource<VoiceCall> answered) => await TestGateway.StartAsync(
        static _ => { },
        new SimulatorOptions { Speaker = new SpeakingModel(answer), Pace = ResponsePace.Immediate },
        more: services => services.AddAudioSocketListener(options =>
        {
            options.EndPoint = new(IPAddress.Loopback, 0);
            options.OnAnswered = (call, _) =>
            {
                answered.TrySetResult(call);
                return Task.CompletedTask;
            };
        }));

    private static async Task<TcpClient> DialAsync(TestGateway gateway)
    {
        var client = new TcpClient();
        await client.ConnectAsync(gateway.Services.GetRequiredService<AudioSocketListener>().EndPoint!, Stop);
        return client;
    }

    private static byte[] Frame(byte type, params byte[] payload)
    {
        byte[] frame = [type, 0, 0, .. payload];
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(1), (ushort)payload.Length);
        return frame;
    }

    private static async Task<(byte Type, byte[] Payload)> ReadAsync(NetworkStream line)
    {
        byte[] head = new byte[3];
        await line.ReadExactlyAsync(head, Stop);
        byte[] payload = new byte[BinaryPrimitives.ReadUInt16BigEndian(head.AsSpan(1))];
        await line.ReadExactlyAsync(payload, Stop);
        return (head[0], payload);
    }

    private static byte[] Loud(bool isLoud)
    {
        byte[] sound = new byte[960];
        for (int i = 0; isLoud && i < sound.Length; i += 2)
        {
            BinaryPrimitives.WriteInt16LittleEndian(sound.AsSpan(i), (short)((i * 39 % 20_000) - 10_000));
        }

        return sound;
    }

    private CallerSays Take(AudioSocketProtocol protocol, byte type, params byte[] payload) => protocol.Take((byte[])[type, .. payload], isText: false, _frames);

    private AudioSocketProtocol Introduced()
    {
        var protocol = new AudioSocketProtocol();
        Take(protocol, 0x01, Id.ToByteArray(bigEndian: true));
        return protocol;
    }

    private AudioSocketProtocol Spoken()
    {
        AudioSocketProtocol protocol = Introduced();
        Take(protocol, 0x10, 0, 0);
        return protocol;
    }
}
