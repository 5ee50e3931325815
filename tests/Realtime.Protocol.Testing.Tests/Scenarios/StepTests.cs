using System.Text.Json.Nodes;
using Realtime.Protocol.Testing.Grammar;
using Realtime.Protocol.Testing.Scenarios;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Model;
using Realtime.Protocol.Testing.Simulation.Responses;
using Realtime.Protocol.Testing.Tests.Support;
using Sound = Realtime.Protocol.Testing.Scenarios.Sound;

namespace Realtime.Protocol.Testing.Tests.Scenarios;

/// <summary>Every verb of a step, and when it comes: on the simulator's own clock, to the millisecond.</summary>
public class StepTests
{
    private const int HangsAfterMs = 60_000;

    private const string Create = """{"type":"response.create","event_id":"e1"}""";
    private const string TextDelta = "response.output_text.delta";

    // From response.create to response.created, and from there to the first delta.
    private const int Created = 100;
    private const int First = 200;

    private static readonly Pace Exact = new() { Created = Created, FirstDelta = First, TextDelta = 10, Closers = 5 };

    [Fact]
    public void Wait_LetsTheNextStepComeLater()
    {
        (string Type, long At)[] said = Timed(Scenario.Write("a").Wait(1_000).Write("b"));

        // "a" is a delta, the pause behind it and its end.
        Assert.Equal([Created + First, Created + First + 10 + 5 + 1_000], At(said, TextDelta));
        Assert.Single(said, static one => one.Type == "response.done");
    }

    [Fact]
    public void WaitAlone_IsAResponseWithoutAnItem()
    {
        (string Type, long At)[] said = Timed(Scenario.Empty.Next.Wait(700));

        Assert.Equal(["response.created", "response.done", "rate_limits.updated"], said.Select(static one => one.Type));
    }

    [Fact]
    public void Fail_EndsTheResponse_AndLeavesTheItemIncomplete()
    {
        SimulatedServer server = Serve(Scenario.Write("half").Fail("inference_rate_limit_exceeded", "Too much.", after: 300)).Say(Create).Wait(5_000);

        JsonNode details = server.The("response.done")["response"]!;
        Assert.Equal(("failed", "failed", "inference_rate_limit_exceeded", "Too much.", "server_error"), ((string)details["status"]!, (string)details["status_details"]!["type"]!, (string)details["status_details"]!["error"]!["code"]!, (string)details["status_details"]!["error"]!["message"]!, (string)details["status_details"]!["error"]!["type"]!));
        Assert.Equal("incomplete", (string)server.The("response.output_item.done")["item"]!["status"]!);
    }

    [Theory]
    [InlineData(IncompleteReason.MaxOutputTokens, "max_output_tokens")]
    [InlineData(IncompleteReason.ContentFilter, "content_filter")]
    public void Incomplete_SaysWhy(IncompleteReason reason, string word)
    {
        SimulatedServer server = Serve(Scenario.Write("half").Incomplete(reason)).Say(Create).Wait(5_000);

        JsonNode details = server.The("response.done")["response"]!;
        Assert.Equal(("incomplete", word), ((string)details["status"]!, (string)details["status_details"]!["reason"]!));
    }

    [Fact]
    public void Send_IsSentAsItStands_BetweenTheItems()
    {
        SimulatedServer server = new(Over(Scenario.Write("a").Send("""{"type":"x.unknown","n":1}""").Write("b")), grammar: false);
        server.Say(Create).Wait(5_000);

        string[] types = [.. server.Types];
        Assert.Equal(1, (int)server.The("x.unknown")["n"]!);
        Assert.True(Array.IndexOf(types, "response.output_item.done") < Array.IndexOf(types, "x.unknown") && Array.IndexOf(types, "x.unknown") < Array.LastIndexOf(types, "response.output_item.added"));
    }

    [Fact]
    public void Close_EndsTheConnection_AndNothingFollows()
    {
        SimulatedServer server = Serve(Scenario.Write("a").Close(4001, "That was all.", after: 250)).Say(Create).Wait(5_000);

        Assert.Equal((4001, "That was all."), server.Closed);
        Assert.Equal("response.output_item.done", server.Types[^1]);
    }

    [Fact]
    public void AfterAnEvent_WaitsForIt_AndForTheNthOfThem()
    {
        Scenario scenario = Scenario.Write("a").Write("b", new() { After = Moment.After("conversation.item.deleted", plus: 50, nth: 2) });
        SimulatedServer server = Serve(scenario).Say(Create).Wait(5_000);
        Assert.Single(server.All(TextDelta));
        string item = (string)server.The("response.output_item.added")["item"]!["id"]!;
        server.Say("""{"type":"conversation.item.create","item":{"id":"other","type":"message","role":"user","content":[{"type":"input_text","text":"x"}]}}""")
            .Say("""{"type":"conversation.item.delete","item_id":"other"}""").Wait(5_000);
        Assert.Single(server.All(TextDelta));

        server.Say($$$"""{"type":"conversation.item.delete","item_id":"{{{item}}}"}""");
        long deleted = server.Now;
        Assert.Equal(deleted + 50, server.Timer);
        server.Wait(5_000);

        Assert.Equal(["a", "b"], server.All(TextDelta).Select(static delta => (string)delta["delta"]!));
    }

    [Fact]
    public void Ranges_AreDrawnFromTheSeed_AndStayWithinTheirEnds()
    {
        long[] drawn = [.. Enumerable.Range(1, 40).Select(static seed => At(Timed(Scenario.Write("a", new() { After = Delay.Between(100, 400) }).Seeded((ulong)seed)), TextDelta)[0] - Created - First)];

        Assert.All(drawn, static wait => Assert.InRange(wait, 100, 400));
        Assert.True(drawn.Distinct().Count() > 20);
        Assert.Equal(drawn, Enumerable.Range(1, 40).Select(static seed => At(Timed(Scenario.Parse($$$"""{ "seed": {{{seed}}}, "turns": [ { "do": [ { "write": "a", "after": "100-400ms" } ] } ] }""")), TextDelta)[0] - Created - First));
    }

    [Fact]
    public void Every_IsTheTimeBetweenDeltas_WhateverTheyCarry()
    {
        long[] text = At(Timed(Scenario.Write("one two three", new() { Every = 70 })), TextDelta);
        long[] sound = At(Timed(Scenario.Say("one", Sound.Tone(300, 300), new() { Every = 90, Chunk = 100 })), "response.output_audio.delta");
        long[] call = At(Timed(Scenario.Call("f", """{"a":"0123456789"}""", pace: new() { Every = 30 })), "response.function_call_arguments.delta");

        Assert.Equal([0L, 70, 140], text.Select(at => at - text[0]));
        Assert.Equal([0L, 90, 180], sound.Select(at => at - sound[0]));
        Assert.Equal([0L, 30, 60], call.Select(at => at - call[0]));
    }

    [Fact]
    public void Chunk_IsHowMuchOneDeltaCarries()
    {
        SimulatedServer server = Serve(Scenario.Say("one", Sound.Tone(300, 500), new() { Chunk = 200 })).Say(Create).Wait(5_000);

        Assert.Equal([200, 200, 100], server.All("response.output_audio.delta").Select(static delta => Convert.FromBase64String((string)delta["delta"]!).Length / 48));
    }

    [Fact]
    public void Closers_ComeBehindTheLastDelta()
    {
        (string Type, long At)[] said = Timed(Scenario.Write("one").At(new Pace { Closers = 400 }));

        Assert.Equal(At(said, TextDelta)[0] + 10 + 400, At(said, "response.output_text.done")[0]);
    }

    [Fact]
    public void ItemAndFirstDelta_CountFromTheBeginningOfTheStep()
    {
        (string Type, long At)[] said = Timed(Scenario.Write("a").Write("b", new() { After = 100, Item = 30, FirstDelta = 80 }));

        long began = At(said, TextDelta)[0] + 10 + 5 + 100;
        Assert.Equal((began + 30, began + 80), (At(said, "response.output_item.added")[1], At(said, TextDelta)[1]));
    }

    [Fact]
    public void ATurnsPace_IsItsOwn()
    {
        Scenario scenario = Scenario.Write("one two").At(new Pace { TextDelta = 500 }).Next.Write("one two");
        SimulatedServer server = Serve(scenario);

        long[] slow = Deltas(server), fast = Deltas(server);

        Assert.Equal((500, 10), (slow[1] - slow[0], fast[1] - fast[0]));
    }

    [Fact]
    public void Times_AreUsedUp_AndATurnWithoutACueAnswersOnce()
    {
        SimulatedServer server = Serve(Scenario.When(Cue.UserSays("x")).Times(2).Write("cue").Next.Write("once").Otherwise.Write("rest"));

        Assert.Equal(["cue", "cue", "once", "rest", "rest"], Enumerable.Range(0, 5).Select(_ => Answer(server, "x")));
    }

    [Fact]
    public void Overlap_MakesTwoItemsAtATime()
    {
        SimulatedServer server = Serve(Scenario.Write("one two three", new() { Every = 100 }).Beside.Call("f", """{"a":"0123456789"}""", pace: new() { Every = 100 })).Say(Create).Wait(5_000);

        string[] types = [.. server.Types];
        Assert.True(Array.LastIndexOf(types, "response.output_item.added") < Array.IndexOf(types, "response.output_item.done"));
        Assert.Equal(Scenario.Parse("""{ "turns": [ { "do": [ { "write": "a" }, { "call": "f", "overlap": true } ] } ] }""").ToJson(), Scenario.Write("a").Beside.Call("f").ToJson());
    }

    [Theory]
    [InlineData("audio", "output_audio", "output_text")]
    [InlineData("text", "output_text", "output_text")]
    public void Parts_AreOneMessage(string modality, string first, string second)
    {
        SimulatedServer server = Serve(Scenario.Empty.Message([MessagePart.Say("Spoken.", Sound.Tone(300, 200)), MessagePart.Write("Written.")]));
        server.Say($$$"""{"type":"response.create","response":{"output_modalities":["{{{modality}}}"]}}""").Wait(5_000);

        JsonNode item = server.The("response.output_item.done")["item"]!;
        Assert.Equal([first, second], item["content"]!.AsArray().Select(static part => (string)part!["type"]!));
        Assert.Equal([0, 1], server.All("response.content_part.done").Select(static part => (int)part["content_index"]!));
    }

    [Fact]
    public void Refuse_IsAnErrorForTheRequest_AndThereIsNoResponse()
    {
        SimulatedServer server = Serve(Scenario.Refuse("overloaded", "Come again later.", param: "response").Next.Write("now"));
        server.Say(Create).Wait(1_000);

        JsonNode error = Assert.Single(server.Said)["error"]!;
        Assert.Equal(("server_error", "overloaded", "Come again later.", "response", "e1"), ((string)error["type"]!, (string)error["code"]!, (string)error["message"]!, (string)error["param"]!, (string)error["event_id"]!));
        Assert.Equal("now", Answer(server, "again"));
    }

    [Fact]
    public void WhatWaitedBehindARefusedResponse_IsAnsweredItself()
    {
        // The server's own response wins, is refused, and the client's request, which waited to be refused, is asked.
        SimulatedServer server = new(Over(Scenario.Refuse("overloaded").Next.Write("yours")), manual: false);
        server.Say(SimulatedServer.Append(Support.Sound.Speech(500))).Say(SimulatedServer.Append(Support.Sound.Silence(700))).Say(Create).Wait(5_000);

        Assert.Null(server.The("error")["error"]!["event_id"]);
        Assert.Equal("yours", (string)server.The("response.output_text.done")["text"]!);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task ARefusalOfTheScenario_IsNotTheClientsFault()
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        var time = new VirtualTime();
        await using var server = new InMemoryTransport(Scenario.Refuse("rate_limit_exceeded", type: "rate_limit_exceeded").ToOptions(ResponsePace.Immediate), time);
        await server.SendAsync("""{"type":"response.create","event_id":"e1"}"""u8.ToArray(), stop);

        Assert.DoesNotContain(server.Violations, static violation => violation.Level == ViolationLevel.Refused);
    }

    [Fact]
    public void Early_ComesBetweenTheCommitAndTheItem()
    {
        SimulatedServer server = Serve(Scenario.Hears("Two words", early: true).Hears(new SimulatedTranscript("half") { Early = true, Failure = new("server_error", "audio_unintelligible") { Param = "audio" } }));
        server.Say("""{"type":"session.update","session":{"type":"realtime","audio":{"input":{"transcription":{"model":"gpt-4o-transcribe"}}}}}""");
        server.Said.Clear();
        foreach (int _ in (int[])[1, 2])
        {
            server.Say(SimulatedServer.Append(Support.Sound.Speech(300))).Say("""{"type":"input_audio_buffer.commit"}""").Wait(5_000);
        }

        const string Transcription = "conversation.item.input_audio_transcription.";
        Assert.Equal(
            ["input_audio_buffer.committed", Transcription + "delta", Transcription + "delta", Transcription + "completed", "conversation.item.added", "conversation.item.done", "input_audio_buffer.committed", Transcription + "delta", Transcription + "failed", "conversation.item.added", "conversation.item.done"],
            server.Types);
        Assert.Equal("audio", (string)server.The(Transcription + "failed")["error"]!["param"]!);
    }

    private static SimulatorOptions Over(Scenario scenario) => scenario.With(Exact).ToOptions();

    private static SimulatedServer Serve(Scenario scenario) => new(Over(scenario));

    private static string Answer(SimulatedServer server, string words)
    {
        server.Said.Clear();
        server.Say($$$"""{"type":"conversation.item.create","item":{"type":"message","role":"user","content":[{"type":"input_text","text":"{{{words}}}"}]}}""").Say("""{"type":"response.create"}""").Wait(10_000);
        return (string)server.The("response.output_text.done")["text"]!;
    }

    private static long[] Deltas(SimulatedServer server)
    {
        List<long> at = [];
        server.Say("""{"type":"response.create"}""");
        for (int i = 0, seen = server.Said.Count; i < 5_000; i++, seen = server.Said.Count)
        {
            server.Wait(1);
            at.AddRange(server.Said.Skip(seen).Where(static said => (string)said["type"]! == TextDelta).Select(_ => server.Now));
        }

        return [.. at];
    }

    // What is said behind one response.create, and when, counted from it.
    private static (string Type, long At)[] Timed(Scenario scenario)
    {
        SimulatedServer server = Serve(scenario);
        List<(string, long)> said = [];
        server.Say(Create);
        long began = server.Now;
        for (int seen = 0; server.Now < began + 10_000;)
        {
            said.AddRange(server.Said.Skip(seen).Select(one => ((string)one["type"]!, server.Now - began)));
            seen = server.Said.Count;
            server.Wait(1);
        }

        return [.. said];
    }

    private static long[] At((string Type, long At)[] said, string type) => [.. said.Where(one => one.Type == type).Select(static one => one.At)];
}
