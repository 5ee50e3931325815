using Realtime.Protocol.Testing.Scenarios;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Faults;
using Realtime.Protocol.Testing.Simulation.Model;
using Realtime.Protocol.Testing.Simulation.Responses;
using Realtime.Protocol.Testing.Tests.Support;
using Sound = Realtime.Protocol.Testing.Scenarios.Sound;

namespace Realtime.Protocol.Testing.Tests.Scenarios;

/// <summary>Any scenario that can be built: every verb, cue, sound, switch and fault comes up, with awkward words in all places.</summary>
internal static class RandomScenario
{
    private static readonly string[] Words = ["Hello.", "", "two words", "\"quoted\" \\ and \n new", "grün 🌲 e\u0301", "null", "7", "{\"a\":1}", " space "];
    private static readonly string[] Events = ["response.done", "response.created", "conversation.item.added", "error", "session.updated"];

    public static Scenario Next(Random random)
    {
        Scenario scenario = Scenario.Empty;
        scenario = random.Maybe(scenario, s => s.Named(random.One("a", "shop-2", "0")));
        scenario = random.Maybe(scenario, s => s.Seeded((ulong)random.NextInt64()));
        scenario = random.Maybe(scenario, s => s.With(RandomSwitches.Next(random)));
        scenario = random.Maybe(scenario, s => s.With(Faults(random)));
        scenario = random.Maybe(scenario, s => s.With(PaceOf(random, whole: true)));
        SimulatedSessionKind kind = random.Next(6) == 0 ? random.One(SimulatedSessionKind.Transcription, SimulatedSessionKind.Translation) : SimulatedSessionKind.Realtime;
        scenario = random.Maybe(scenario, s => s.Session(kind, random.Maybe((string?)null, _ => "gpt-x"), random.Maybe((Delay?)null, _ => random.Next(1, 1_000))));
        scenario = kind == SimulatedSessionKind.Translation ? scenario : random.Maybe(scenario, s => s.With(random.One(SimulatedTurnDetection.Server, SimulatedTurnDetection.Semantic, SimulatedTurnDetection.None)));
        for (int i = random.Next(4); i > 0; i--)
        {
            scenario = scenario.Hears(Heard(random));
        }

        if (kind != SimulatedSessionKind.Realtime && scenario.Wish.Kind == kind)
        {
            return scenario;
        }

        scenario = scenario.McpServer(new("docs", new SimulatedMcpTool("search", random.One(Words)) { Description = random.Maybe((string?)null, _ => random.One(Words)), InputSchema = random.One("""{"type":"object"}""", """{"type":"object","required":["q"]}"""), Error = random.Maybe((string?)null, _ => random.One(Words)), RunsFor = Span(random) }) { ListAfter = Span(random), ListFails = random.Next(4) == 0 });
        for (int i = random.Next(5); i > 0; i--)
        {
            scenario = random.Next(3) == 0 ? scenario.Next : scenario.When(CueOf(random));
            scenario = random.Next(8) == 0 ? scenario.Refuse("overloaded", random.Maybe((string?)null, _ => random.One(Words)), random.One("server_error", "invalid_request_error"), random.Maybe((string?)null, _ => "response")) : Steps(random.Maybe(scenario, s => s.At(PaceOf(random, whole: false))), random);
            scenario = random.Maybe(scenario, s => s.Times(random.Next(1, 9)));
        }

        return random.Next(3) == 0 ? Steps(scenario.Otherwise, random) : scenario;
    }

    private static Scenario Steps(Scenario scenario, Random random)
    {
        for (int i = 0, count = random.Next(4); i < count; i++)
        {
            scenario = i > 0 && random.Next(4) == 0 ? Item(scenario.Beside, random) : random.Next(3) > 0 ? Item(scenario, random) : random.Next(2) == 0
                ? scenario.Wait(Span(random)) : scenario.Send(random.One("""{"type":"x.unknown"}""", """{"type":"error","n":1.0,"t":"ü"}"""), When(random));
        }

        return random.Next(8) switch
        {
            0 => scenario.Fail("code", random.Maybe((string?)null, _ => random.One(Words)), random.One("server_error", "other"), When(random)),
            1 => scenario.Incomplete(random.One(IncompleteReason.ContentFilter, IncompleteReason.MaxOutputTokens), When(random)),
            2 => scenario.Close(random.One(1000, 1006, 1011, 4000, 4999), random.Maybe((string?)null, _ => random.One(Words)), When(random)),
            _ => scenario,
        };
    }

    private static Scenario Item(Scenario scenario, Random random) => random.Next(5) switch
    {
        0 => scenario.Say(random.One(Words), SoundOf(random), Step(random, hasChunk: true)),
        1 => scenario.Write(random.One(Words), Step(random)),
        2 => scenario.Call("f", random.Maybe((string?)null, _ => random.One(Words)), random.Maybe((string?)null, _ => "call_1"), Step(random)),
        3 => scenario.Mcp("docs.search", random.Maybe((string?)null, _ => random.One(Words)), random.Next(3) == 0 ? "out" : null, pace: Step(random)),
        _ => scenario.Message([MessagePart.Say(random.One(Words), SoundOf(random)), .. random.Next(2) == 0 ? [MessagePart.Write(random.One(Words))] : Array.Empty<MessagePart>()], Step(random)),
    };

    private static Sound? SoundOf(Random random) => random.Next(7) switch
    {
        0 => Sound.Echo,
        1 => Sound.Silence(),
        2 => Sound.Silence(random.Next(1, 3_600_000)),
        3 => Sound.Tone(random.Next(20, 12_000) + 0.5, random.Maybe((Delay?)null, _ => Delay.Between(1, random.Next(1, 5_000)))),
        4 => Sound.Tone(330),
        _ => null,
    };

    private static Cue CueOf(Random random)
    {
        Cue[] cues =
        [
            Cue.Turn([.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.Next(1, 9))]), Cue.Connection(random.Next(1, 9)), Cue.CausedBy(random.One<ResponseCause>()), Cue.UserSays(Wording(random)),
            Cue.UserSpoke(random.Next(2) == 0), Cue.UserShows(random.Next(2) == 0), Cue.Instructions(Wording(random)), Cue.ToolReturned("f", random.Maybe((Wording?)null, _ => Wording(random))),
            Cue.ToolReturned("g"), Cue.McpReturned("docs.search"), Cue.McpDenied("docs.search"), Cue.OutOfBand(), Cue.OutOfBand("topic", Wording(random)), Cue.HasMetadata("n", Wording(random)),
        ];
        return random.Next(2) == 0 ? random.One(cues) : random.One(cues[..7]).And(random.One(cues[7..]));
    }

    private static Wording Wording(Random random) => random.Next(3) switch
    {
        0 => Testing.Scenarios.Wording.Exactly(random.One(Words)),
        1 => Testing.Scenarios.Wording.Regex(random.One("^a+$", "blue|green", @"\d{2}")),
        _ => random.One(Words),
    };

    private static SimulatedTranscript Heard(Random random)
    {
        string text = random.One("Two words", "one", "grün 🌲 e\u0301", "\"quoted\"\n");
        var heard = new SimulatedTranscript(random.Next(5) == 0 ? "" : text) { Language = random.Maybe((string?)null, _ => "en") };
        heard = random.Maybe(heard, one => one with { Pieces = one.Text.Length == 0 || random.Next(3) == 0 ? [] : [one.Text[..1], one.Text[1..]] });
        return heard.Pieces is [_, ""] ? heard with { Pieces = null } : random.Next(4) switch
        {
            0 => heard with { Early = true },
            1 => heard with { Never = true },
            2 => heard with { After = When(random), Every = random.Maybe((Delay?)null, _ => Span(random)), Failure = new(random.One("server_error", "other"), "code", random.Maybe((string?)null, _ => "No.")) { Param = random.Maybe((string?)null, _ => "audio") } },
            _ => heard with { After = When(random) },
        };
    }

    private static Moment? When(Random random) => random.Next(4) switch
    {
        0 => Moment.After(random.One(Events), Span(random), random.Next(1, 4)),
        1 => Span(random),
        _ => null,
    };

    private static Delay Span(Random random) => random.Next(3) == 0 ? Delay.Between(random.Next(100), random.Next(100, 90_000)) : random.Next(0, 90_000);

    private static StepPace? Step(Random random, bool hasChunk = false) => random.Next(2) == 0 ? null : new()
    {
        After = When(random),
        Item = random.Maybe((Delay?)null, _ => Span(random)),
        FirstDelta = random.Maybe((Delay?)null, _ => Span(random)),
        Every = random.Maybe((Delay?)null, _ => Span(random)),
        Chunk = hasChunk ? random.Maybe((Delay?)null, _ => random.Next(1, 60_000)) : null,
    };

    private static Pace PaceOf(Random random, bool whole) => new()
    {
        Created = whole ? random.Maybe((Delay?)null, _ => Span(random)) : null,
        Auto = whole ? random.Maybe((Delay?)null, _ => Span(random)) : null,
        Transcription = whole ? random.Maybe((Delay?)null, _ => Span(random)) : null,
        Item = random.Maybe((Delay?)null, _ => Span(random)),
        FirstDelta = random.Maybe((Delay?)null, _ => Span(random)),
        Chunk = random.Maybe((Delay?)null, _ => random.Next(1, 60_000)),
        Speed = random.Maybe((double?)null, _ => random.One(1.0, 2.5, double.PositiveInfinity)),
        TextDelta = random.Maybe((Delay?)null, _ => Span(random)),
        Closers = random.Maybe((Delay?)null, _ => Span(random)),
    };

    private static FaultPlan Faults(Random random)
    {
        FaultPlan plan = FaultPlan.None;
        for (int i = random.Next(5); i > 0; i--)
        {
            (string type, int nth) = (random.One([.. Events, FaultPlan.AnyEvent, "1500ms"]), random.Next(4));
            plan = plan.OnConnection(random.Next(3)).WithChance(random.One(1, 0.25, 0.001));
            plan = random.Next(15) switch
            {
                0 => plan.Drop(type, nth),
                1 => plan.DropFromClient(random.One("response.create", FaultPlan.AnyEvent), nth),
                2 => plan.Late(type, nth, random.Next(90_000)),
                3 => plan.Stall(type, nth, random.One(-1, 500), random.Next(3)),
                4 => plan.InjectBefore(type, nth, random.One([.. Words.Where(static words => words.Length > 0), """{"type":"x","n":1.0}""", "a@response.done/1,conn=2"])),
                5 => plan.Alter(type, nth, "error.code", random.One("null", "1.50", "\"a=b\"", """{"x":[1,"ü"]}""")),
                6 => plan.Remove(type, nth, "error.code"),
                7 => plan.CloseAt(type, nth, random.One(1000, 1005, 1006, 4999), random.One(Words)),
                8 => plan.Fin(type, nth, random.Next(3)),
                9 => plan.Noise(random.One(0.1, 1, 0.000_5)),
                10 => plan.Fragment(random.Next(1, 99), type, nth),
                11 => plan.Http(503, random.One(-1, 0, 7)),
                13 => plan.Deaf(type, nth, random.One(-1, 500)),
                12 => plan.Pad(type, nth, random.Next(1 << 20)).Cut(type, nth, random.Next(9)),
                _ => plan.Ping(random.Next(1, 999)).Repeat(type, nth, random.Next(2, 9)).GhostDone(type, nth).PingsBetween(),
            };
        }

        return plan;
    }

    private static T Maybe<T>(this Random random, T value, Func<T, T> change) => random.Next(2) == 0 ? value : change(value);

    private static T One<T>(this Random random, params T[] values) => values[random.Next(values.Length)];

    private static T One<T>(this Random random)
        where T : struct, Enum => random.One(Enum.GetValues<T>());
}
