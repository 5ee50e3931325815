using System.Text.Json.Nodes;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Responses;

namespace Realtime.Protocol.Gateway.Tests;

/// <summary>A store that is gone is heard by nobody who talks, and a gateway that comes back from the dead plays nothing twice.</summary>
public class StoreTroubleTests
{
    private const int HangsAfterMs = 60_000;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = HangsAfterMs)]
    public async Task AStoreThatIsGoneForAMinute_HarmsNoCallThatRuns_AndWhoeverDialsMayComeAgain()
    {
        var journal = new TroubledJournal(new MemoryJournal());
        await using BridgeBench bench = Build(journal, new SpeakingModel(new byte[960]));
        var wire = new ScriptedWire();
        var answered = new TaskCompletionSource<VoiceCall>();
        Task<CallEnd> running = bench.Web(wire, options => options.OnAnswered = (call, _) =>
        {
            answered.SetResult(call);
            return Task.CompletedTask;
        }).RunAsync();
        VoiceCall call = await bench.UntilAsync(answered.Task);

        journal.IsGone = true;
        await bench.UntilAsync(call.Session.SendMessage("It is a bicycle.", new() { Modality = OutputModality.Text }).Completion);
        var other = new ScriptedWire();
        CallEnd end = await bench.UntilAsync(bench.Web(other, id: "8").RunAsync());
        await bench.UntilAsync(Task.Delay(TimeSpan.FromMinutes(1), bench.Time, Stop), stepMs: 200);
        Task saved = journal.SavedAsync("It is a bicycle.");
        Assert.False(running.IsCompleted);

        journal.IsGone = false;
        await bench.UntilAsync(saved, stepMs: 200);
        Assert.Equal((CallEndKind.ModelUnreachable, 1013), (end.Kind, other.Status));
        Assert.Equal("model_unreachable", (string)(await NextAsync(other, "error"))["code"]!);
        Assert.Single(bench.Log.Lines, static line => line.Text.StartsWith("The call 8 ended after ", StringComparison.Ordinal));
        wire.Break();
        Assert.Equal(CallEndKind.Lost, (await bench.UntilAsync(running)).Kind);

        var again = new ScriptedWire();
        Task<CallEnd> next = bench.Web(again).RunAsync();
        Assert.Equal(2, (int)(await bench.UntilAsync(NextAsync(again, "ready")))["items"]!);
        again.Break();
        await bench.UntilAsync(next);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task AGatewayThatStoodStill_AndComesBack_LosesItsCall_AndNothingIsPlayedTwice()
    {
        var store = new MemoryJournal();
        var (before, after) = (new TroubledJournal(store), new TroubledJournal(store));
        var model = new SpeakingModel(new byte[48_000]);
        await using BridgeBench here = Build(before, model);
        await using BridgeBench there = Build(after, model);
        var (first, second, third) = (new ScriptedWire(), new ScriptedWire(), new ScriptedWire());
        Task asked = before.SavedAsync("Where is my order?");
        Task<CallEnd> zombie = here.Web(first, static options => options.OnAnswered = static (call, _) => call.Session.SendMessage("Where is my order?").Completion).RunAsync();
        await here.UntilAsync(NextAsync(first, "turn_end"));
        first.Say("""{"type":"played","turn":1,"bytes":4800}""");
        await here.UntilAsync(asked);

        // It stands still, the caller's line breaks for him, and another one answers again what he did not hear out.
        before.StandStill();
        Task heard = after.SavedAsync("Answer 2.");
        Task<CallEnd> living = there.Web(second).RunAsync();
        Assert.True((int)(await there.UntilAsync(NextAsync(second, "ready")))["items"]! > 0);
        await there.UntilAsync(NextAsync(second, "turn_end"));
        second.Say("""{"type":"played","turn":1,"bytes":48000}""");
        await there.UntilAsync(heard); // and not only when it ends: it may be killed, too
        int answers = model.Answers;

        // It comes back, and goes on as if nothing had been.
        before.GoOn();
        first.Say("""{"type":"played","turn":1,"bytes":48000}""");
        Assert.Equal(CallEndKind.HandedOver, (await here.UntilAsync(zombie)).Kind);
        Assert.Equal(4001, first.Status);
        Assert.Single(here.Log.Lines, static line => line.Text.Contains(" ended after ", StringComparison.Ordinal));
        second.Say("""{"type":"ping","id":"still here"}""");
        Assert.Equal("still here", (string)(await there.UntilAsync(NextAsync(second, "pong")))["id"]!);
        second.Break();
        await there.UntilAsync(living);

        // Who comes in next finds everything answered.
        Task<CallEnd> last = there.Web(third).RunAsync();
        Assert.Equal(2, (int)(await there.UntilAsync(NextAsync(third, "ready")))["items"]!);
        await there.UntilAsync(Task.Delay(TimeSpan.FromSeconds(5), there.Time, Stop));
        Assert.Equal((2, 2), (answers, model.Answers));
        Assert.False(third.Sent.TryPeek(out _));
        third.Break();
        await there.UntilAsync(last);
    }

    private static BridgeBench Build(ISessionJournal journal, SpeakingModel model) =>
        BridgeBench.Build(new SimulatorOptions { Pace = ResponsePace.Immediate, Speaker = model }, (options, _) => (options.Journal, options.KeepAliveTimeout) = (journal, Timeout.InfiniteTimeSpan));

    private static async Task<JsonNode> NextAsync(ScriptedWire wire, string type)
    {
        while (true)
        {
            byte[] sent = await wire.Sent.ReadAsync(Stop);
            if (sent[0] == (byte)'{' && JsonNode.Parse(sent) is { } json && (string)json["type"]! == type)
            {
                return json;
            }
        }
    }
}
