using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Responses;

namespace Realtime.Protocol.Gateway.Tests;

/// <summary>What calls tell whoever listens to the meter: each once, by protocol and end, with no id, and for nothing where a frame is concerned.</summary>
[Collection(nameof(WholeProcess))]
public class CallMetricsTests
{
    private const int HangsAfterMs = 60_000;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static SimulatorOptions Fast => new() { Pace = ResponsePace.Immediate };

    [Fact(Timeout = HangsAfterMs)]
    public async Task ACall_IsTold_WhenItsLineIsOpen_WhenItIsReady_AndWhenItEnds()
    {
        using var measured = new Measurements();
        await using BridgeBench bench = BridgeBench.Build(Fast);
        var wire = new ScriptedWire();
        Task<CallEnd> call = bench.Web(wire).RunAsync();
        Assert.Equal("realtime.call.active{realtime.call.protocol=web} 1", measured.Lines.First());
        await wire.Sent.ReadAsync(Stop);
        while (measured.Lines.Length < 2)
        {
            await Task.Yield();
        }

        bench.Time.Advance(TimeSpan.FromSeconds(2));
        wire.Break();
        await call;

        Assert.Equal(
            [
                "realtime.call.active{realtime.call.protocol=web} 1",
                "realtime.call.time_to_ready{realtime.call.protocol=web realtime.call.resumed=False} 0",
                "realtime.call.duration{realtime.call.end=lost realtime.call.protocol=web} 2",
                "realtime.call.active{realtime.call.protocol=web} -1",
            ],
            measured.Lines);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task EveryProtocol_HasItsName_AlsoWhereNobodySaysWhichCallItIs()
    {
        using var measured = new Measurements();
        await using BridgeBench bench = BridgeBench.Build(Fast);

        await bench.UntilAsync(new CallBridge(new TwilioMediaStreamsOptions(), bench.Gateway, new TwilioProtocol(), new ScriptedWire(), address: null).RunAsync(), stepMs: 500);
        await bench.UntilAsync(new CallBridge(new AudioSocketOptions(), bench.Gateway, new AudioSocketProtocol(), new ScriptedWire(), address: null).RunAsync(), stepMs: 500);

        Assert.Equal(
            ["realtime.call.duration{realtime.call.end=bad_frame realtime.call.protocol=audiosocket}", "realtime.call.duration{realtime.call.end=bad_frame realtime.call.protocol=twilio}"],
            measured.Lines.Where(static line => line.StartsWith("realtime.call.duration", StringComparison.Ordinal)).Select(static line => line[..(line.IndexOf('}', StringComparison.Ordinal) + 1)]).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(measured.Lines, static line => line.StartsWith("realtime.call.time_to_ready", StringComparison.Ordinal));
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task ACallThatGoesOn_SaysSo()
    {
        var journal = new MemoryJournal();
        await using BridgeBench bench = BridgeBench.Build(Fast, (options, _) => options.Journal = journal);
        var (first, second) = (new ScriptedWire(), new ScriptedWire());
        Task<CallEnd> before = await bench.SaidAsync(first, "My order is 4711.");
        first.Break();
        await bench.UntilAsync(before);
        using var measured = new Measurements();

        Task<CallEnd> after = bench.Web(second).RunAsync();
        await second.Sent.ReadAsync(Stop);
        second.Break();
        await bench.UntilAsync(after);

        Assert.Contains(measured.Lines, static line => line.StartsWith("realtime.call.time_to_ready{realtime.call.protocol=web realtime.call.resumed=True}", StringComparison.Ordinal));
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task WhoeverIsNotLetIn_IsCounted_ByStatus_AndNoMeasurementHoldsAnIdATicketOrAnAddress()
    {
        using var measured = new Measurements();
        await using TestGateway gateway = await TestGateway.StartAsync(
            static app =>
            {
                app.MapVoiceCalls("/call/{id}", static options => options.MaxCallsPerAddress = 1);
                app.MapTwilioMediaStreams("/twilio", static options => options.AuthToken = "canary-token");
            },
            more: static services => services.AddAudioSocketListener(static options => (options.EndPoint, options.MaxCalls) = (new(IPAddress.Loopback, 0), 1)));
        var tickets = gateway.Services.GetRequiredService<CallTickets>();
        using var http = new HttpClient { BaseAddress = gateway.Http };
        using HttpResponseMessage plain = await http.GetAsync("/call/canary-1", Stop);
        await RefusedAsync(gateway, "/call/canary-1", "realtime-call.v1");
        await RefusedAsync(gateway, "/call/canary-1", "realtime-call.v1", "ticket.canary");
        await RefusedAsync(gateway, "/twilio");
        string ticket = tickets.Create("canary-1");
        await using (TestPhone phone = await DialAsync(gateway, "/call/canary-1", "realtime-call.v1", "ticket." + ticket))
        {
            await RefusedAsync(gateway, "/call/canary-2", "realtime-call.v1", "ticket." + tickets.Create("canary-2"));
            await phone.HearAsync();
            await phone.HangUpAsync();
        }

        EndPoint asterisk = gateway.Services.GetRequiredService<AudioSocketListener>().EndPoint!;
        using (var first = new Socket(SocketType.Stream, ProtocolType.Tcp))
        using (var second = new Socket(SocketType.Stream, ProtocolType.Tcp))
        {
            await first.ConnectAsync(asterisk, Stop);
            while (!measured.Lines.Contains("realtime.call.active{realtime.call.protocol=audiosocket} 1"))
            {
                await Task.Yield();
            }

            await second.ConnectAsync(asterisk, Stop);
            Assert.Equal(0, await second.ReceiveAsync(new byte[1], Stop));
        }

        await gateway.EndLineAsync("canary-1");
        await gateway.StopAsync();
        Assert.Equal(
            [
                "realtime.call.refused{http.response.status_code=401 realtime.call.protocol=web} 1",
                "realtime.call.refused{http.response.status_code=401 realtime.call.protocol=web} 1",
                "realtime.call.refused{http.response.status_code=403 realtime.call.protocol=twilio} 1",
                "realtime.call.refused{http.response.status_code=426 realtime.call.protocol=web} 1",
                "realtime.call.refused{http.response.status_code=429 realtime.call.protocol=web} 1",
                "realtime.call.refused{http.response.status_code=503 realtime.call.protocol=audiosocket} 1",
            ],
            measured.Lines.Where(static line => line.StartsWith("realtime.call.refused", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        foreach (IGrouping<string, KeyValuePair<string, object?>> attribute in measured.Tags.GroupBy(static tag => tag.Key))
        {
            string[] known = attribute.Key switch
            {
                "realtime.call.protocol" => ["twilio", "web", "audiosocket"],
                "realtime.call.end" => [.. Enum.GetValues<CallEndKind>().Select(CallWords.Of)],
                "realtime.call.resumed" => ["True", "False"],
                "http.response.status_code" => ["400", "401", "403", "426", "429", "503"],
                _ => [],
            };
            Assert.All(attribute, tag => Assert.Contains(tag.Value!.ToString(), known));
        }
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task AListenerThatThrows_EndsNoCall()
    {
        int thrown = 0;
        using var broken = new MeterListener { InstrumentPublished = static (instrument, listener) => listener.EnableMeasurementEvents(instrument) };
        broken.SetMeasurementEventCallback<long>((instrument, _, _, _) => Throw(instrument));
        broken.SetMeasurementEventCallback<double>((instrument, _, _, _) => Throw(instrument));
        broken.Start();
        await using BridgeBench bench = BridgeBench.Build(Fast);
        var wire = new ScriptedWire();

        Task<CallEnd> call = bench.Web(wire).RunAsync();
        await wire.Sent.ReadAsync(Stop);
        wire.Say("""{"type":"ping","id":"still here"}""");
        Assert.Contains("still here", Encoding.UTF8.GetString(await wire.Sent.ReadAsync(Stop)), StringComparison.Ordinal);
        wire.Break();

        Assert.Equal(CallEndKind.Lost, (await bench.UntilAsync(call)).Kind);
        Assert.Equal(4, thrown);

        void Throw(Instrument instrument)
        {
            if (instrument.Name.StartsWith("realtime.call.", StringComparison.Ordinal))
            {
                Interlocked.Increment(ref thrown);
                throw new InvalidOperationException("This observer is broken.");
            }
        }
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task WhoeverListensLater_CountsNoCallLessThanNone()
    {
        await using BridgeBench bench = BridgeBench.Build(Fast);
        var wire = new ScriptedWire();
        Task<CallEnd> call = bench.Web(wire).RunAsync();
        await wire.Sent.ReadAsync(Stop);
        using var measured = new Measurements();

        wire.Break();
        await bench.UntilAsync(call);

        Assert.DoesNotContain(measured.Lines, static line => line.StartsWith("realtime.call.active", StringComparison.Ordinal));
        Assert.Contains(measured.Lines, static line => line.StartsWith("realtime.call.duration", StringComparison.Ordinal));
    }

    [Theory(Timeout = HangsAfterMs)]
    [InlineData(ProtocolNames.Web, false)]
    [InlineData(ProtocolNames.Web, true)]
    [InlineData(ProtocolNames.Twilio, false)]
    [InlineData(ProtocolNames.Twilio, true)]
    [InlineData(ProtocolNames.AudioSocket, false)]
    [InlineData(ProtocolNames.AudioSocket, true)]
    public async Task AFrameOfSound_AllocatesNothing_WhoeverListens(string name, bool isObserved)
    {
        const int Frames = 5_000;
        using Measurements? measured = isObserved ? new() : null;
        (ICallProtocol protocol, byte[] frame, bool isText) = ProtocolOf(name);
        var line = new CallLine(protocol, new Sink(), TimeSpan.FromSeconds(10), TimeProvider.System, static _ => { });
        byte[] sound = new byte[protocol.Encoding.BytesIn(TimeSpan.FromMilliseconds(20))];
        var replies = new OutgoingFrames();
        var meter = new InboundMeter(TimeSpan.FromSeconds(15));
        long sent = 0;
        long taken = 0;
        Pass(Frames);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Pass(Frames);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(0, allocated);
        Assert.Equal(2L * Frames * sound.Length, sent);
        Assert.Equal(2L * Frames * sound.Length, taken);
        await Task.CompletedTask;

        void Pass(int frames)
        {
            for (int i = 0; i < frames; i++)
            {
                CallerSays says = protocol.Take(frame, isText, replies);
                taken += says.Audio.Length;
                meter.TryTake(TimeSpan.FromMilliseconds(20 * i), TimeSpan.FromMilliseconds(20));
                sent += sound.Length;
                ValueTask<bool> sending = line.SendAsync(static (protocol, frames, said) => protocol.WriteAudio(frames, 1, said.sent, said.sound), (sent, sound));
                Assert.True(sending.IsCompletedSuccessfully && sending.Result);
            }
        }
    }

    [Fact]
    public void ThePage_ListsEveryInstrument()
    {
        using var measured = new Measurements();
        GatewayInstruments.NotLetIn(ProtocolNames.Web, 503);
        string page = File.ReadAllText(RepositoryFolder.PathOf("src/Realtime.Protocol.Gateway/README.md"));

        Assert.Equal(["realtime.call.active", "realtime.call.duration", "realtime.call.refused", "realtime.call.time_to_ready"], measured.Instruments);
        Assert.All(measured.Instruments, name => Assert.Contains($"| `{name}` |", page, StringComparison.Ordinal));
        Assert.All([ProtocolNames.Web, ProtocolNames.Twilio, ProtocolNames.AudioSocket], name => Assert.Contains($"`{name}`", page, StringComparison.Ordinal));
    }

    private static (ICallProtocol Protocol, byte[] Frame, bool IsText) ProtocolOf(string name)
    {
        var replies = new OutgoingFrames();
        switch (name)
        {
            case ProtocolNames.Twilio:
                var twilio = new TwilioProtocol();
                twilio.Take(Encoding.UTF8.GetBytes(TwilioPhone.Connected), isText: true, replies);
                twilio.Take(Encoding.UTF8.GetBytes(TwilioPhone.Start()), isText: true, replies);
                return (twilio, Encoding.UTF8.GetBytes(TwilioPhone.Media(new byte[160])), true);
            case ProtocolNames.AudioSocket:
                var asterisk = new AudioSocketProtocol();
                asterisk.Take((byte[])[AudioSocketProtocol.Uuid, .. Guid.NewGuid().ToByteArray(bigEndian: true)], isText: false, replies);
                return (asterisk, [AudioSocketProtocol.FirstSound, .. new byte[320]], false);
            default:
                return (new WebCallProtocol(new("7", null, VoiceCall.NoParameters), new VoiceCallsOptions()), new byte[960], false);
        }
    }

    private static async Task RefusedAsync(TestGateway gateway, string path, params string[] protocols) => await Assert.ThrowsAsync<RefusedException>(() => DialAsync(gateway, path, protocols));

    private static Task<TestPhone> DialAsync(TestGateway gateway, string path, params string[] protocols) => TestPhone.DialAsync(gateway.Address(path), options => Array.ForEach(protocols, options.AddSubProtocol));

    /// <summary>A line that takes everything at once.</summary>
    private sealed class Sink : ICallWire
    {
        public ValueTask<WireMessage> ReceiveAsync() => new(new WireMessage(default, false, CallEnd.HungUp, IsOver: true));

        public ValueTask<bool> SendAsync(OutgoingFrames frames) => new(true);

        public ValueTask CloseAsync(int status, string description) => default;

        public void Abort()
        {
        }

        public ValueTask DisposeAsync() => default;
    }
}
