using System.Text;
using System.Text.Json.Nodes;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Faults;
using Realtime.Protocol.Testing.Tests.Support;

namespace Realtime.Protocol.Testing.Tests.Simulation;

/// <summary>What happens to whole events on their way: late, in another order, several times, changed, cut, or lost.</summary>
public class MessageFaultTests
{
    private const string Update = """{"type":"session.update","event_id":"u1","session":{"type":"realtime"}}""";
    private const string Message = """{"type":"conversation.item.create","item":{"id":"a","type":"message","role":"user","content":[{"type":"input_text","text":"hi"}]}}""";

    [Fact]
    public void ALateEvent_IsOvertaken_AndComesAtItsTime()
    {
        SimulatedServer server = With(FaultPlan.None.Late("conversation.item.added", 1, 500));

        server.Say(Message).Wait(499);
        Assert.Equal(["conversation.item.done"], server.Types);
        server.Wait(1);

        Assert.Equal(["conversation.item.done", "conversation.item.added"], server.Types);
    }

    [Fact]
    public void LateEvents_ComeInTheOrderOfTheirTimes()
    {
        SimulatedServer server = With(FaultPlan.None.Late("conversation.item.added", 1, 500).Late("conversation.item.done", 1, 200).Late("session.updated", 1, 500));

        server.Say(Message).Say(Update).Wait(1_000);

        Assert.Equal(["conversation.item.done", "conversation.item.added", "session.updated"], server.Types);
    }

    [Fact]
    public void SwappedEvents_ChangePlaces()
    {
        SimulatedServer server = With(FaultPlan.None.Swap("conversation.item.added", 1));

        server.Say(Message).Say(Update);

        Assert.Equal(["conversation.item.done", "conversation.item.added", "session.updated"], server.Types);
    }

    [Fact]
    public void AnEventCanComeThreeTimes() => Assert.Equal(3, With(FaultPlan.None.Repeat("session.updated", 1, 3)).Say(Update).All("session.updated").Count());

    [Theory]
    [InlineData("session.audio.output.speed", "2.5", "speed", "2.5")]
    [InlineData("session.output_modalities.0", "\"smell\"", "output_modalities", """["smell"]""")]
    [InlineData("session.new", "{\"a\":null}", "new", """{"a":null}""")]
    [InlineData("event_id", "null", "event_id", "null")]
    [InlineData("session.nobody.here", "1", "nobody", null)]
    public void AMember_IsAltered(string path, string value, string name, string? expected)
    {
        JsonObject updated = With(FaultPlan.None.Alter("session.updated", 1, path, value)).Ask(Update)[0];

        JsonNode? found = Find(updated, name, out bool isThere);
        Assert.Equal(expected is not null, isThere);
        Assert.Equal(expected ?? "null", found?.ToJsonString() ?? "null");
    }

    [Theory]
    [InlineData("session.audio", "audio")]
    [InlineData("session.audio.output.voice", "voice")]
    [InlineData("event_id", "event_id")]
    public void AMember_IsRemoved(string path, string name)
    {
        Find(With(FaultPlan.None).Ask(Update)[0], name, out bool before);
        Find(With(FaultPlan.None.Remove("session.updated", 1, path)).Ask(Update)[0], name, out bool after);

        Assert.Equal((true, false), (before, after));
    }

    [Fact]
    public void AnEventIsCut_AndPadded_ToTheByte()
    {
        Assert.Equal("""{"type":"session.upd""", Raw(FaultPlan.None.Cut("session.updated", 1, 20)));
        string padded = Raw(FaultPlan.None.Pad("session.updated", 1, 100_000));
        Assert.Equal(100_000, Encoding.UTF8.GetByteCount(padded));
        Assert.Equal("session.updated", (string)JsonNode.Parse(padded)!["type"]!);
        Assert.Equal(Raw(FaultPlan.None), Raw(FaultPlan.None.Pad("session.updated", 1, 3)));
    }

    [Fact]
    public void AGhostsEnd_NamesAResponseThatNeverWas()
    {
        SimulatedServer server = With(FaultPlan.None.GhostDone("session.updated", 1));

        IReadOnlyList<JsonObject> answer = server.Ask(Update);

        Assert.Equal(["response.done", "session.updated"], answer.Select(static said => (string)said["type"]!));
        Assert.Equal("resp_ghost", (string)answer[0]["response"]!["id"]!);
    }

    [Fact]
    public void Noise_IsTheSameForTheSameSeed_AndChangesNoMeaning()
    {
        string[] Hear(double share)
        {
            SimulatedServer server = With(share == 0 ? FaultPlan.None : FaultPlan.None.Noise(share));
            server.TakeTurn(Sound.Speech(900)).Wait(60_000);
            return [.. server.Said.Select(static said => said.ToJsonString())];
        }

        string[] noisy = Hear(0.9);
        Assert.Equal(noisy, Hear(0.9));
        Assert.NotEqual(noisy, Hear(0.5));
        Assert.Contains(noisy, static said => said.Contains("x_unknown", StringComparison.Ordinal));
        Assert.Contains(noisy, static said => said.Contains(":0.0", StringComparison.Ordinal));
        Assert.Contains(noisy, static said => said.Contains("x.unknown", StringComparison.Ordinal));
        Assert.Equal(Hear(0).Select(TypeOf), noisy.Select(TypeOf).Where(static type => type != "x.unknown"));
    }

    [Fact]
    public void WhatTheClientSays_IsLost_AndTheNextIsHeard()
    {
        SimulatedServer server = With(FaultPlan.None.DropFromClient("session.update", 2));

        Assert.Single(server.Ask(Update));
        Assert.Empty(server.Ask(Update));
        Assert.Single(server.Ask(Update));
    }

    [Fact]
    public void AnyEventOfTheClient_IsCounted_WhateverItIs()
    {
        SimulatedServer server = With(FaultPlan.None.DropFromClient(FaultPlan.AnyEvent, 2));

        Assert.NotEmpty(server.Ask("no JSON"));
        Assert.Empty(server.Ask("{\"type\":\"\\ud800\"}"));
        Assert.NotEmpty(server.Ask("[]"));
    }

    [Fact]
    public void AProbability_IsDrawnFromTheSeed()
    {
        int Heard(double chance, ulong seed)
        {
            var server = new SimulatedServer(SimulatedServer.Immediate with { Seed = seed, Faults = FaultPlan.None.WithChance(chance).Drop("session.updated", FaultPlan.Every) }, manual: false, grammar: false);
            server.Said.Clear();
            for (int i = 0; i < 400; i++)
            {
                server.Say(Update);
            }

            return server.Said.Count;
        }

        Assert.Equal((400, 0), (Heard(0, 1), Heard(1, 1)));
        Assert.InRange(Heard(0.25, 1), 260, 340);
        Assert.Equal(Heard(0.25, 7), Heard(0.25, 7));
        Assert.NotEqual(Heard(0.25, 1), Heard(0.25, 8));
    }

    [Fact]
    public void WhatMakesNoSense_IsRefusedWhenItIsPlanned()
    {
        Assert.Throws<ArgumentException>(static () => FaultPlan.None.Alter("error", 1, "error.code", "no json"));
        Assert.Throws<ArgumentException>(static () => FaultPlan.None.Remove("error", 1, ""));
        Assert.Throws<ArgumentOutOfRangeException>(static () => FaultPlan.None.Noise(0));
        Assert.Throws<ArgumentOutOfRangeException>(static () => FaultPlan.None.Noise(1.5));
        Assert.Throws<ArgumentOutOfRangeException>(static () => FaultPlan.None.WithChance(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(static () => FaultPlan.None.Late("error", 1, -1));
        Assert.Throws<ArgumentOutOfRangeException>(static () => FaultPlan.None.Repeat("error", 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(static () => FaultPlan.None.Cut("error", 1, -1));
        Assert.Throws<ArgumentOutOfRangeException>(static () => FaultPlan.None.Drop("error", -1));
    }

    private static SimulatedServer With(FaultPlan faults)
    {
        var server = new SimulatedServer(SimulatedServer.Immediate with { Faults = faults }, manual: false, grammar: false);
        server.Said.Clear();
        return server;
    }

    private static string TypeOf(string json) => (string)JsonNode.Parse(json)!["type"]!;

    private static JsonNode? Find(JsonNode? node, string name, out bool isThere)
    {
        if (node is JsonObject members)
        {
            if (members.TryGetPropertyValue(name, out JsonNode? value))
            {
                isThere = true;
                return value;
            }

            foreach ((_, JsonNode? member) in members)
            {
                if (Find(member, name, out isThere) is var found && isThere)
                {
                    return found;
                }
            }
        }

        isThere = false;
        return null;
    }

    // What is no JSON can only be looked at as text.
    private static string Raw(FaultPlan faults)
    {
        var simulator = new RealtimeServerSimulator(new SimulatorOptions { Faults = faults });
        simulator.Connect(0);
        simulator.Receive(Encoding.UTF8.GetBytes(Update), 0);
        string last = "";
        while (simulator.TryTakeEffect(out SimulatorEffect effect))
        {
            last = effect.Kind == SimulatorEffectKind.Send ? Encoding.UTF8.GetString(effect.Message.Span) : last;
        }

        return last;
    }
}
