using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Realtime.Protocol.Testing;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Responses;

namespace Realtime.Protocol.Gateway.Tests;

/// <summary>What one call does whatever its protocol, on virtual time: its ends, its limits, and that it harms no other.</summary>
public class CallBridgeTests
{
    private const int HangsAfterMs = 60_000;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static SimulatorOptions Fast => new() { Pace = ResponsePace.Immediate };

    [Fact(Timeout = HangsAfterMs)]
    public async Task AFlood_OfTenThousandFrames_EndsThisCallAndNoOther()
    {
        await using BridgeBench bench = BridgeBench.Build(Fast);
        var (quiet, loud) = (new ScriptedWire(), new ScriptedWire());
        Task<CallEnd> other = bench.Web(quiet, id: "8").RunAsync();
        Task<CallEnd> call = bench.Web(loud).RunAsync();

        await ReadyAsync(quiet);
        for (int i = 0; i < 10_000; i++)
        {
            loud.Say(new byte[960]);
        }

        CallEnd end = await bench.UntilAsync(call);
        Assert.Equal(CallEndKind.Flood, end.Kind);
        Assert.Equal(1008, loud.Status);
        Assert.Single(bench.Log.Lines, static line => line.Text.Contains("Flood", StringComparison.Ordinal));
        Assert.False(other.IsCompleted);
        quiet.Say("""{"type":"ping","id":"still here"}""");
        Assert.Equal("still here", (string)(await NextAsync(quiet))["id"]!);
        quiet.Break();
        Assert.Equal(CallEndKind.Lost, (await bench.UntilAsync(other)).Kind);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task ACallerWhoTakesNothing_IsLeft()
    {
        await using BridgeBench bench = BridgeBench.Build(Fast with { Speaker = new SpeakingModel(new byte[2_000_000]) });
        var wire = new ScriptedWire();
        var turn = new TaskCompletionSource<Turn>();
        Task<CallEnd> call = bench.Web(wire, options => options.OnAnswered = (call, _) =>
        {
            wire.TakesNothing = true;
            turn.SetResult(call.Session.Respond());
            return Task.CompletedTask;
        }).RunAsync();

        CallEnd end = await bench.UntilAsync(call);

        Assert.Equal(CallEndKind.SlowReader, end.Kind);
        Assert.True(wire.IsAborted);
        Assert.Equal(new(0, HeardBasis.Reported), (await turn.Task).Heard);
        Assert.Contains(bench.Log.Lines, static line => line.Level is LogLevel.Warning && line.Text.Contains("SlowReader", StringComparison.Ordinal));
    }

    [Theory(Timeout = HangsAfterMs)]
    [InlineData(RealtimeConnectFailure.Unauthorized, CallEndKind.ModelRefused, 4003, "model_refused")]
    [InlineData(RealtimeConnectFailure.Unreachable, CallEndKind.ModelUnreachable, 1013, "model_unreachable")]
    public async Task AModelThatRefusesOrIsNotThere_IsToldToTheCaller(RealtimeConnectFailure failure, CallEndKind kind, int status, string code)
    {
        await using BridgeBench bench = BridgeBench.Build(session: (options, _) => options.Transport = (_, _) => throw new RealtimeConnectException(failure, "It says sk-canary."));
        var wire = new ScriptedWire();

        CallEnd end = await bench.UntilAsync(bench.Web(wire).RunAsync());

        JsonNode error = await NextAsync(wire);
        Assert.Equal((kind, status, "error", code), (end.Kind, wire.Status, (string)error["type"]!, (string)error["code"]!));
        Assert.DoesNotContain("canary", error.ToJsonString() + end, StringComparison.Ordinal);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task TheSameCallAgain_HandsOver_WithAndWithoutAJournal()
    {
        var journal = new MemoryJournal();
        await using BridgeBench bench = BridgeBench.Build(Fast, (options, _) => options.Journal = journal);
        var (first, second) = (new ScriptedWire(), new ScriptedWire());
        Task<CallEnd> before = await bench.SaidAsync(first, "My order is 4711.");
        Task<CallEnd> after = bench.Web(second).RunAsync();

        Assert.Equal(CallEndKind.HandedOver, (await bench.UntilAsync(before)).Kind);
        Assert.Equal(4001, first.Status);
        JsonNode ready = await NextAsync(second);
        Assert.Equal(("ready", 2), ((string)ready["type"]!, (int)ready["items"]!));
        Assert.False(after.IsCompleted);
        second.Break();
        await bench.UntilAsync(after);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task AnotherProcessThatTakesTheCall_HandsOver()
    {
        var journal = new MemoryJournal();
        await using BridgeBench here = BridgeBench.Build(Fast, (options, _) => options.Journal = journal);
        await using BridgeBench there = BridgeBench.Build(Fast, (options, _) => options.Journal = journal);
        var (first, second) = (new ScriptedWire(), new ScriptedWire());
        var answered = new TaskCompletionSource<VoiceCall>();
        Task<CallEnd> before = here.Web(first, options => options.OnAnswered = (call, _) =>
        {
            answered.SetResult(call);
            return Task.CompletedTask;
        }).RunAsync();
        await ReadyAsync(first);
        Task<CallEnd> after = there.Web(second).RunAsync();
        await ReadyAsync(second);

        // The first learns of it by what it writes next.
        VoiceCall call = await answered.Task;
        try
        {
            call.Session.SendMessage("Are you there?", new() { Modality = OutputModality.Text });
        }
        catch (RealtimeClosedException)
        {
            // By something that it wrote before.
        }

        Assert.Equal(CallEndKind.HandedOver, (await here.UntilAsync(before)).Kind);
        second.Break();
        await there.UntilAsync(after);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task HangingUpInTheMiddleOfAnAnswer_EndsEverything()
    {
        await using BridgeBench bench = BridgeBench.Build(new SimulatorOptions { Speaker = new SpeakingModel(new byte[480_000]) });
        var wire = new ScriptedWire();
        var turn = new TaskCompletionSource<Turn>();
        Task<CallEnd> call = bench.Web(wire, options => options.OnAnswered = (call, _) =>
        {
            turn.SetResult(call.Session.Respond());
            return Task.CompletedTask;
        }).RunAsync();
        Turn running = await turn.Task;
        await bench.UntilAsync(Task.Run(
            async () =>
            {
                while ((await wire.Sent.ReadAsync(Stop)).Length < 1_000)
                {
                }
            },
            Stop));

        wire.Say("""{"type":"played","turn":1,"bytes":960}""");
        wire.Break();

        Assert.Equal(CallEndKind.Lost, (await bench.UntilAsync(call)).Kind);
        Assert.IsType<TurnOutcome.Interrupted>((await running.Completion).Outcome);
        Assert.Equal(960, running.Heard.Bytes);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task HangUpFromATool_WaitsUntilTheGoodbyeWasHeard()
    {
        bool asked = false;
        await using BridgeBench bench = BridgeBench.Build(Fast);
        var wire = new ScriptedWire();
        Task<CallEnd> call = bench.Web(wire, options =>
        {
            options.Configure = static (call, session) => session.Session = session.Session with
            {
                Tools = [VoiceTool.Create("hang_up", "Ends the call.", """{"type":"object"}""", _ =>
                {
                    call.HangUp();
                    return "Say goodbye.";
                })],
            };
            options.OnAnswered = static (call, _) =>
            {
                call.Session.SendMessage("tool: hang_up");
                return Task.CompletedTask;
            };
            options.OnHangUp = (_, _) =>
            {
                asked = true;
                return Task.CompletedTask;
            };
        }).RunAsync();

        long bytes = 0;
        await bench.UntilAsync(Task.Run(
            async () =>
            {
                JsonNode? turnEnd = null;
                while (turnEnd is null)
                {
                    byte[] sent = await wire.Sent.ReadAsync(Stop);
                    turnEnd = sent[0] == (byte)'{' && JsonNode.Parse(sent) is { } json && (string)json["type"]! == "turn_end" ? json : null;
                    bytes = turnEnd is null ? bytes : (long)turnEnd["bytes"]!;
                }
            },
            Stop));
        Assert.True(bytes > 0);
        Assert.False(asked || call.IsCompleted); // it was sent, and not heard
        wire.Say($$"""{"type":"played","turn":1,"bytes":{{bytes}}}""");

        Assert.Equal(CallEndKind.Ended, (await bench.UntilAsync(call)).Kind);
        Assert.True(asked);
        Assert.Equal(1000, wire.Status);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task HangUpBehindARequest_LetsItBeSaid()
    {
        await using BridgeBench bench = BridgeBench.Build(Fast with { Speaker = new SpeakingModel(new byte[9_600]) });
        var wire = new ScriptedWire();
        Task<CallEnd> call = bench.Web(wire, static options => options.OnAnswered = static (call, _) =>
        {
            call.Session.Respond();
            call.HangUp();
            return Task.CompletedTask;
        }).RunAsync();

        // Small steps: the turn is told of before a hundred of them have passed.
        JsonNode turnEnd = await bench.UntilAsync(NextAsync(wire, "turn_end"), stepMs: 2);
        Assert.Equal(9_600, (long)turnEnd["bytes"]!);
        wire.Say("""{"type":"played","turn":1,"bytes":9600}""");
        Assert.Equal(CallEndKind.Ended, (await bench.UntilAsync(call)).Kind);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task ACallerWhoDoesNotAnswerTheGoodbye_IsLeftAfterTwoSeconds()
    {
        await using BridgeBench bench = BridgeBench.Build(Fast);
        var wire = new ScriptedWire { AnswersGoodbyes = false };
        Task<CallEnd> call = bench.Web(wire, static options => options.OnAnswered = static (call, _) =>
        {
            call.HangUp();
            return Task.CompletedTask;
        }).RunAsync();
        await ReadyAsync(wire);

        Assert.Equal(CallEndKind.Ended, (await bench.UntilAsync(call)).Kind);
        Assert.True(wire.IsAborted);
        Assert.True(bench.Time.Elapsed >= TimeSpan.FromSeconds(2));
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task AClear_TakesWhatWaitedBeforeIt_AndNobodyWaitsForThat()
    {
        await using BridgeBench bench = BridgeBench.Build(new SimulatorOptions { Speaker = new SpeakingModel(new byte[480_000]) });
        var wire = new ScriptedWire();
        var answered = new TaskCompletionSource<(VoiceCall, Turn)>();
        Task<CallEnd> running = bench.Web(wire, options => options.OnAnswered = (call, _) =>
        {
            answered.SetResult((call, call.Session.Respond()));
            return Task.CompletedTask;
        }).RunAsync();
        (VoiceCall call, Turn first) = await answered.Task;
        await bench.UntilAsync(NextAsync(wire, "turn_end"));

        // The first was sent whole and not played; of the second something went out.
        Turn second = call.Session.Respond();
        await bench.UntilAsync(NextAsync(wire, "turn"), stepMs: 2);
        await bench.UntilAsync(wire.Sent.ReadAsync(Stop).AsTask(), stepMs: 2);
        second.Cancel();
        Assert.Equal(2, (int)(await bench.UntilAsync(NextAsync(wire, "clear"), stepMs: 2))["turn"]!);
        Assert.False(first.Silenced.IsCancellationRequested);

        TimeSpan asked = bench.Time.Elapsed;
        call.HangUp();
        Assert.Equal(CallEndKind.Ended, (await bench.UntilAsync(running, stepMs: 2)).Kind);
        Assert.InRange(bench.Time.Elapsed - asked, TimeSpan.Zero, TimeSpan.FromSeconds(9));
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task Transfer_AsksTheApplication_AndAFailureIsToldAsOne()
    {
        await using BridgeBench bench = BridgeBench.Build(Fast);
        string? passedOn = null;
        var wire = new ScriptedWire();
        CallEnd end = await bench.UntilAsync(bench.Web(wire, options =>
        {
            options.OnAnswered = static (call, _) =>
            {
                call.Transfer("sales");
                return Task.CompletedTask;
            };
            options.OnTransfer = (_, target, _) =>
            {
                passedOn = target;
                return Task.CompletedTask;
            };
        }).RunAsync());
        Assert.Equal((CallEndKind.Transferred, "sales", 1000), (end.Kind, passedOn, wire.Status));

        end = await bench.UntilAsync(bench.Web(wire = new(), static options =>
        {
            options.OnAnswered = static (call, _) =>
            {
                call.Transfer("sales");
                return Task.CompletedTask;
            };
            options.OnTransfer = static (_, _, _) => throw new TimeoutException();
        }).RunAsync());
        Assert.Equal((CallEndKind.Failed, 1011), (end.Kind, wire.Status));
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task ADelegateThatFails_EndsItsCall_WithOneLine()
    {
        await using BridgeBench bench = BridgeBench.Build(Fast);
        var ended = new TaskCompletionSource<CallEnd>();
        var wire = new ScriptedWire();

        CallEnd end = await bench.UntilAsync(bench.Web(wire, options =>
        {
            options.OnAnswered = static (_, _) => throw new InvalidOperationException("a secret of mine");
            options.OnEnded = (_, end) =>
            {
                ended.SetResult(end);
                return Task.CompletedTask;
            };
        }).RunAsync());

        Assert.Equal(CallEndKind.Failed, end.Kind);
        Assert.Equal(end, await ended.Task);
        JsonNode error = await NextAsync(wire, "error");
        Assert.DoesNotContain("secret", error.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task ALongCall_AndOneThatNeverSaysWhichItIs_End()
    {
        await using BridgeBench bench = BridgeBench.Build(Fast, static (options, _) => options.KeepAliveTimeout = Timeout.InfiniteTimeSpan);
        var wire = new ScriptedWire();
        Task<CallEnd> call = bench.Web(wire, static options => options.MaxDuration = TimeSpan.FromMinutes(5)).RunAsync();
        await ReadyAsync(wire);
        Assert.Equal(CallEndKind.TooLong, (await bench.UntilAsync(call, stepMs: 1_000)).Kind);

        var options = new TwilioMediaStreamsOptions();
        Assert.Equal(CallEndKind.BadFrame, (await bench.UntilAsync(new CallBridge(options, bench.Gateway, new TwilioProtocol(), new ScriptedWire(), address: null).RunAsync(), stepMs: 500)).Kind);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task WhatIsSaidBeforeTheSessionIsOpen_ComesFirst_UpToFiveSeconds()
    {
        var mayConnect = new TaskCompletionSource();
        await using BridgeBench bench = BridgeBench.Build(session: (options, time) => options.Transport = async (_, _) =>
        {
            await mayConnect.Task;
            return new InMemoryTransport(Fast, time);
        });
        var wire = new ScriptedWire();
        var answered = new TaskCompletionSource<VoiceCall>();
        Task<CallEnd> call = bench.Web(wire, options => options.OnAnswered = (call, _) =>
        {
            answered.SetResult(call);
            return Task.CompletedTask;
        }).RunAsync();
        for (int i = 0; i < 6; i++)
        {
            wire.Say(new byte[48_000]);
        }

        while (wire.Unread > 0)
        {
            await Task.Yield();
        }

        mayConnect.SetResult();
        VoiceCall open = await bench.UntilAsync(answered.Task);
        while (open.Session.Input.Sent < TimeSpan.FromSeconds(5))
        {
            await Task.Yield();
        }

        wire.Break();
        await bench.UntilAsync(call);
        Assert.Equal(TimeSpan.FromSeconds(5), open.Session.Input.Sent);
    }

    private static Task<JsonNode> ReadyAsync(ScriptedWire wire) => NextAsync(wire, "ready");

    private static async Task<JsonNode> NextAsync(ScriptedWire wire, string? type = null)
    {
        while (true)
        {
            byte[] sent = await wire.Sent.ReadAsync(Stop);
            if (sent[0] == (byte)'{' && JsonNode.Parse(sent) is { } json && (type is null || (string)json["type"]! == type))
            {
                return json;
            }
        }
    }
}
