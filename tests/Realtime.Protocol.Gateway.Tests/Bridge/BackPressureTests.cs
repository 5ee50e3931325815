using Realtime.Protocol.Testing;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Responses;

namespace Realtime.Protocol.Gateway.Tests;

/// <summary>A model that is behind holds the caller's line, and nothing gathers in between.</summary>
public class BackPressureTests
{
    // A minute of sound, 2.9 MB: more than a session keeps for a network that is behind.
    private const int Frames = 3_000;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task AModelThatIsBehind_IsWaitedFor_AndThenHearsEverything()
    {
        StalledTransport? model = null;
        await using BridgeBench bench = BridgeBench.Build(session: (options, time) =>
        {
            options.KeepAliveTimeout = Timeout.InfiniteTimeSpan;
            options.Transport = (_, _) => new(model = new StalledTransport(new InMemoryTransport(new SimulatorOptions { Pace = ResponsePace.Immediate, TurnDetection = SimulatedTurnDetection.None }, time)));
        });
        var wire = new ScriptedWire();
        var answered = new TaskCompletionSource<VoiceCall>();
        Task<CallEnd> running = bench.Web(wire, options =>
        {
            options.MaxAudioAhead = TimeSpan.FromMinutes(10);
            options.OnAnswered = (call, _) =>
            {
                answered.SetResult(call);
                return Task.CompletedTask;
            };
        }).RunAsync();
        VoiceCall call = await answered.Task;

        model!.Stall();
        for (int i = 0; i < Frames; i++)
        {
            wire.Say(new byte[960]);
        }

        while (wire.Unread == Frames)
        {
            await Task.Yield();
            Stop.ThrowIfCancellationRequested();
        }

        for (int looks = 0; looks < 20_000 && wire.Unread > 0; looks++)
        {
            await Task.Yield();
        }

        Assert.InRange(wire.Unread, Frames / 2, Frames - 1);
        model.GoOn();
        while (call.Session.Input.Sent < TimeSpan.FromMinutes(1))
        {
            await Task.Yield();
            Stop.ThrowIfCancellationRequested();
        }

        wire.Break();
        Assert.Equal(CallEndKind.Lost, (await bench.UntilAsync(running)).Kind);
    }
}
