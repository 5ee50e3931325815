using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Responses;

namespace Realtime.Protocol.Gateway.Tests;

/// <summary>Whatever a caller's side sends over a real line, it ends its own call, with one kind and one line of the log, and a call beside it goes on.</summary>
public class BadCallersTests
{
    private const int HangsAfterMs = 60_000;

    private static readonly Guid Id = Guid.Parse("7e8b4d52-4f0c-4f5c-9f5e-0a1b2c3d4e5f");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>What Twilio's side says behind <c>connected</c>, as lines, and how its call ends.</summary>
    public static TheoryData<string, string[], CallEndKind> OverTwilio { get; } = new()
    {
        { "sound before the start", [TwilioPhone.Media([1])], CallEndKind.BadFrame },
        { "another codec", [TwilioPhone.Start(encoding: "audio/l16")], CallEndKind.BadFrame },
        { "a second start", [TwilioPhone.Start(), TwilioPhone.Start()], CallEndKind.BadFrame },
        { "a frame that is cut", [TwilioPhone.Start(), TwilioPhone.Media(new byte[160])[..^20]], CallEndKind.BadFrame },
        { "sound that is no base64", [TwilioPhone.Start(), """{"event":"media","media":{"payload":"*"}}"""], CallEndKind.BadFrame },
        { "a frame that is too long", [TwilioPhone.Start(), TwilioPhone.Media(new byte[70_000])], CallEndKind.TooLarge },
        { "a flood", [TwilioPhone.Start(), .. Enumerable.Repeat(TwilioPhone.Media(new byte[1_600]), 100)], CallEndKind.Flood },
        { "a flood without sound", [TwilioPhone.Start(), .. Enumerable.Repeat(TwilioPhone.Dtmf('1'), 5_000)], CallEndKind.Flood },
    };

    /// <summary>What Asterisk's side sends, and how its call ends.</summary>
    public static TheoryData<string, byte[][], CallEndKind> OverAudioSocket { get; } = new()
    {
        { "sound before the UUID", [Frame(0x10, new byte[320])], CallEndKind.BadFrame },
        { "a second UUID", [Uuid, Uuid], CallEndKind.BadFrame },
        { "a type that is none", [Uuid, Frame(0x42, 1)], CallEndKind.BadFrame },
        { "half a sample", [Uuid, Frame(0x10, new byte[319])], CallEndKind.BadFrame },
        { "another rate in the middle", [Uuid, Frame(0x10, new byte[320]), Frame(0x13, new byte[960])], CallEndKind.BadFrame },
        { "a frame that is too long", [Uuid, Frame(0x10, new byte[60_000])], CallEndKind.TooLarge },
        { "a flood", [Uuid, .. Enumerable.Repeat(Frame(0x10, new byte[16_000]), 100)], CallEndKind.Flood },
        { "a flood without sound", [Uuid, .. Enumerable.Repeat(Frame(0x03, (byte)'1'), 5_000)], CallEndKind.Flood },
    };

    private static byte[] Uuid => Frame(0x01, Id.ToByteArray(bigEndian: true));

    [Theory(Timeout = HangsAfterMs)]
    [MemberData(nameof(OverTwilio))]
    public async Task ABadStreamOfTwilios_EndsItsCallAlone(string what, string[] frames, CallEndKind kind)
    {
        var ended = new TaskCompletionSource<CallEnd>();
        await using TestGateway gateway = await StartAsync(app => app.MapTwilioMediaStreams("/twilio", options =>
        {
            options.AllowUnsigned = true;
            options.OnEnded = (_, end) => Task.FromResult(ended.TrySetResult(end));
        }));
        await using TestPhone good = await GoodAsync(gateway);
        await using TestPhone bad = await TestPhone.DialAsync(gateway.Address("/twilio"));

        await TryAsync(bad.SayAsync(TwilioPhone.Connected));
        foreach (string frame in frames)
        {
            await TryAsync(bad.SayAsync(frame));
        }

        await AssertAloneAsync(gateway, good, what, kind, frames[0] == TwilioPhone.Start() ? ended.Task : null);
    }

    [Theory(Timeout = HangsAfterMs)]
    [MemberData(nameof(OverAudioSocket))]
    public async Task ABadStreamOfAsterisks_EndsItsCallAlone(string what, byte[][] frames, CallEndKind kind)
    {
        var ended = new TaskCompletionSource<CallEnd>();
        await using TestGateway gateway = await StartAsync(static _ => { }, services => services.AddAudioSocketListener(options =>
        {
            (options.EndPoint, options.MaxMessageBytes) = (new(IPAddress.Loopback, 0), 32_768);
            options.OnEnded = (_, end) => Task.FromResult(ended.TrySetResult(end));
        }));
        await using TestPhone good = await GoodAsync(gateway);
        using var asterisk = new TcpClient();
        await asterisk.ConnectAsync(gateway.Services.GetRequiredService<AudioSocketListener>().EndPoint!, Stop);

        foreach (byte[] frame in frames)
        {
            await TryAsync(asterisk.GetStream().WriteAsync(frame, Stop).AsTask());
        }

        await AssertAloneAsync(gateway, good, what, kind, frames[0][0] == 0x01 ? ended.Task : null);
    }

    [Theory(Timeout = HangsAfterMs)]
    [InlineData(ProtocolNames.Web)]
    [InlineData(ProtocolNames.Twilio)]
    [InlineData(ProtocolNames.AudioSocket)]
    public async Task WhoeverTakesNothing_IsLeft_InEveryProtocol(string protocol)
    {
        await using BridgeBench bench = BridgeBench.Build(new SimulatorOptions { Pace = ResponsePace.Immediate, Speaker = new SpeakingModel(new byte[960_000]) });
        var wire = new ScriptedWire();
        CallBridge bridge = protocol switch
        {
            ProtocolNames.Twilio => new(new TwilioMediaStreamsOptions { OnAnswered = RespondAsync }, bench.Gateway, new TwilioProtocol(), wire, address: null),
            ProtocolNames.AudioSocket => new(new AudioSocketOptions { OnAnswered = RespondAsync }, bench.Gateway, new AudioSocketProtocol(), wire, address: null),
            _ => bench.Web(wire, options => options.OnAnswered = RespondAsync),
        };
        switch (protocol)
        {
            case ProtocolNames.Twilio:
                wire.Say(TwilioPhone.Connected);
                wire.Say(TwilioPhone.Start());
                break;
            case ProtocolNames.AudioSocket:
                wire.Say((byte[])[0x01, .. Id.ToByteArray(bigEndian: true)]);
                break;
        }

        CallEnd end = await bench.UntilAsync(bridge.RunAsync());

        Assert.Equal((CallEndKind.SlowReader, true), (end.Kind, wire.IsAborted));
        Assert.Single(bench.Log.Lines, static line => line.Text.Contains(" ended after ", StringComparison.Ordinal));

        Task RespondAsync(VoiceCall call, CancellationToken cancellationToken)
        {
            wire.TakesNothing = true;
            call.Session.Respond();
            return Task.CompletedTask;
        }
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task OfManyWithOneIdAtOnce_OneStays_AndEveryOtherIsToldThatItIsElsewhere()
    {
        const int Phones = 8;
        var journal = new MemoryJournal();
        await using TestGateway gateway = await StartAsync(static _ => { }, session: options => options.Journal = journal);
        TestPhone[] phones = await Task.WhenAll(Enumerable.Range(0, Phones).Select(_ => DialAsync(gateway, "42")));
        List<Task<int?>> open = [.. phones.Select(static phone => phone.EndAsync())];
        while (open.Count > 1)
        {
            Task<int?> over = await Task.WhenAny(open);
            open.Remove(over);
            Assert.Equal(4001, await over);
        }

        TestPhone one = phones.Single(static phone => phone.CloseStatus is null);
        await PingAsync(one);
        await one.HangUpAsync();
        string[] lines = [.. gateway.Log.Lines.Select(static line => line.Text).Where(static text => text.StartsWith("The call 42 ended after ", StringComparison.Ordinal))];
        while (lines.Length < Phones)
        {
            await gateway.Log.ChangedAsync();
            lines = [.. gateway.Log.Lines.Select(static line => line.Text).Where(static text => text.StartsWith("The call 42 ended after ", StringComparison.Ordinal))];
        }

        Assert.Equal((Phones, Phones - 1), (lines.Length, lines.Count(static text => text.Contains(": HandedOver.", StringComparison.Ordinal))));
        foreach (TestPhone phone in phones)
        {
            await phone.DisposeAsync();
        }
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task ADateThatJumps_ForwardsAndBack_EndsNoCall()
    {
        JumpingTime? date = null;
        await using BridgeBench bench = BridgeBench.Build(new SimulatorOptions { Pace = ResponsePace.Immediate, Speaker = new SpeakingModel(new byte[960]) }, more: services =>
        {
            date = new JumpingTime((TimeProvider)services.Last(static service => service.ServiceType == typeof(TimeProvider)).ImplementationInstance!);
            services.AddSingleton<TimeProvider>(date);
        });
        var wire = new ScriptedWire();
        var answered = new TaskCompletionSource<VoiceCall>();
        Task<CallEnd> running = bench.Web(wire, options => options.OnAnswered = (call, _) =>
        {
            answered.SetResult(call);
            return Task.CompletedTask;
        }).RunAsync();
        VoiceCall call = await bench.UntilAsync(answered.Task);

        foreach (TimeSpan jump in (TimeSpan[])[TimeSpan.FromHours(1), TimeSpan.FromHours(-3), TimeSpan.FromDays(400)])
        {
            date!.Jump(jump);
            TurnResult result = await bench.UntilAsync(call.Session.SendMessage("What time is it?", new() { Modality = OutputModality.Text }).Completion);
            Assert.IsType<TurnOutcome.Completed>(result.Outcome);
            await bench.UntilAsync(Task.Delay(TimeSpan.FromSeconds(20), bench.Time, Stop), stepMs: 100);
            Assert.False(running.IsCompleted);
        }

        wire.Break();
        Assert.Equal(CallEndKind.Lost, (await bench.UntilAsync(running)).Kind);
        Assert.Single(bench.Log.Lines, static line => line.Text.Contains(" ended after ", StringComparison.Ordinal));
    }

    private static Task<TestGateway> StartAsync(Action<WebApplication> map, Action<IServiceCollection>? more = null, Action<VoiceSessionOptions>? session = null) => TestGateway.StartAsync(
        app =>
        {
            app.MapVoiceCalls("/call/{id}");
            map(app);
        },
        new SimulatorOptions { Speaker = new SpeakingModel([0, 0]), Pace = ResponsePace.Immediate },
        session,
        more);

    private static Task<TestPhone> DialAsync(TestGateway gateway, string id) => TestPhone.DialAsync(gateway.Address("/call/" + id), options =>
    {
        options.AddSubProtocol("realtime-call.v1");
        options.AddSubProtocol("ticket." + gateway.Services.GetRequiredService<CallTickets>().Create(id));
    });

    private static async Task<TestPhone> GoodAsync(TestGateway gateway)
    {
        TestPhone phone = await DialAsync(gateway, "good");
        await phone.HearAsync();
        return phone;
    }

    // One line, one end, and the other call is where it was.
    private static async Task AssertAloneAsync(TestGateway gateway, TestPhone good, string what, CallEndKind kind, Task<CallEnd>? ended)
    {
        string line = await gateway.EndLineAsync();
        Assert.True(line.Contains($": {kind}.", StringComparison.Ordinal), $"{what}: {line}");
        Assert.True(ended is null || (await ended).Kind == kind);
        await PingAsync(good);
        await gateway.StopAsync();
        Assert.Equal([kind.ToString(), nameof(CallEndKind.Moved)], Ends(gateway).OrderBy(static end => end == nameof(CallEndKind.Moved)));
    }

    private static IEnumerable<string> Ends(TestGateway gateway) => gateway.Log.Lines
        .Select(static line => line.Text)
        .Where(static text => text.StartsWith("The call ", StringComparison.Ordinal) && text.Contains(" ended after ", StringComparison.Ordinal))
        .Select(static text => text[(text.IndexOf(" s: ", StringComparison.Ordinal) + 4)..])
        .Select(static text => text[..text.IndexOf('.', StringComparison.Ordinal)]);

    // The gateway may have left before everything was said.
    private static async Task TryAsync(Task saying)
    {
        try
        {
            await saying;
        }
        catch (Exception left) when (left is WebSocketException or IOException or SocketException or ObjectDisposedException)
        {
            // What counts is how it ended.
        }
    }

    private static async Task PingAsync(TestPhone phone)
    {
        string id = Guid.NewGuid().ToString();
        await phone.SayAsync($$"""{"type":"ping","id":"{{id}}"}""");
        await phone.HearAsync(json => (string)json["type"]! == "pong" && (string)json["id"]! == id);
    }

    private static byte[] Frame(byte type, params byte[] payload) => [type, (byte)(payload.Length >> 8), (byte)payload.Length, .. payload];
}
