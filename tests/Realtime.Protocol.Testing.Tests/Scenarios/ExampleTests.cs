using Realtime.Protocol.Testing.Scenarios;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Faults;
using Realtime.Protocol.Testing.Simulation.Model;
using Realtime.Protocol.Testing.Simulation.Responses;
using Realtime.Protocol.Testing.Tests.Sequences;

namespace Realtime.Protocol.Testing.Tests.Scenarios;

/// <summary>Scenarios, each as a file and in C#: both are the same, and what a client hears is written down whole.</summary>
public class ExampleTests
{
    public static TheoryData<string> Names => [.. Examples.Names];

    private static Dictionary<string, Scenario> Built { get; } = new()
    {
        ["bakery"] = Scenario
            .Hears("Is there any rye bread left for tomorrow?", pieces: 3, after: Moment.After("response.done", plus: 150)).Hears("Then I take two.")
            .When(Cue.UserSays("rye")).Say("Let me look.", Sound.Tone(330, 900)).Call("shelf", """{"bread":"rye"}""").Call("oven", """{"bread":"rye"}""")
            .When(Cue.ToolReturned("shelf", "none")).Say("It is sold out, I am afraid.", Sound.Silence())
            .When(Cue.ToolReturned("shelf")).Say("Four loaves are left.", Sound.Spoken("en"))
            .When(Cue.OutOfBand("topic", "mood")).Write("hungry")
            .Named("bakery").Seeded(7),
        ["long-list"] = Scenario
            .Say("The alder, the birch, the cedar and the elm.", Sound.Tone(220, 9_000), new() { Item = 0, FirstDelta = 800 }).Next.Say("The cedar, then.")
            .Hears("Which trees are there?").Hears("Only the tall ones.").With(new Pace { Auto = 350, FirstDelta = 300 }).With(new ServiceSwitches { LateDeltas = 2 }).Session(SimulatedSessionKind.Realtime).With(SimulatedTurnDetection.Server).Named("long-list"),
        ["library"] = Scenario.Empty.Named("library")
            .McpServer(new("books", new SimulatedMcpTool("find") { InputSchema = """{"type":"object","required":["title"]}""" }) { ListAfter = 100 })
            .McpServer(new("loans") { ListFails = true })
            .When(Cue.UserSays("novel")).Mcp("books.find", """{"title":"novel"}""", output: "Third shelf.", runsFor: 400)
            .When(Cue.McpReturned("books.find")).Write("It is on the third shelf.")
            .When(Cue.McpDenied("books.find")).Write("Then I cannot look.")
            .Otherwise,
        ["minutes"] = Scenario.Empty.Named("minutes").Session(SimulatedSessionKind.Transcription).With(SimulatedTurnDetection.Semantic)
            .Hears(new SimulatedTranscript("The meeting is open,") { Pieces = ["The meeting", " is", " open,"], After = 1_200, Every = 60, Language = "en" })
            .Hears("and everybody is here.", pieces: 0, after: 200)
            .Hears(new SimulatedTranscript("") { Failure = new("server_error", "audio_unintelligible", "The sound could not be understood.") })
            .Hears(new SimulatedTranscript("") { Never = true })
            .With(FaultPlan.None.Late("conversation.item.added", 2, 500)),
        ["reception"] = Scenario.Hears("Is the doctor in?", early: true).With(new ServiceSwitches { RateLimits = RateLimitReport.Never }).Named("reception")
            .When(Cue.UserSpoke()).Times(1).Refuse("rate_limit_exceeded", "Too many at once.", type: "rate_limit_exceeded")
            .When(Cue.UserSpoke()).Message([MessagePart.Say("She is.", Sound.Tone(250, 600)), MessagePart.Write("Room 4, on the first floor.")])
            .Beside.Call("ring", """{"room":4}""", pace: new() { Every = 150 }),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void FileAndBuilder_AreTheSame(string name)
    {
        Scenario read = Scenario.Load(Examples.PathOf(name));

        Assert.Equal((read with { About = null }).ToJson(), Built[name].ToJson());
        Assert.Equal(read.ToJson(), Scenario.Parse(read.ToJson()).ToJson());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void WhatAClientHears_IsWhatIsWritten(string name)
    {
        string? difference = SequenceRun.FirstDifference(File.ReadAllLines(Examples.PathOf(name, "txt")));

        Assert.True(difference is null, difference);
    }

    [Fact]
    public void TheReadmesFile_IsTheReadmesBuilder()
    {
        string readme = File.ReadAllText(Examples.Readme);
        int start = readme.IndexOf("```json\n", readme.IndexOf("## A scenario", StringComparison.Ordinal), StringComparison.Ordinal) + 8;
        string json = readme[start..readme.IndexOf("```", start, StringComparison.Ordinal)];
        Scenario shop = Scenario.Hears("Do you have the blue ones?", after: Moment.After("response.done"))
            .When(Cue.UserSays("blue")).Say("One moment.").Call("stock", """{"sku":"B-7"}""")
            .When(Cue.ToolReturned("stock", "0")).Say("They are gone.")
            .When(Cue.ToolReturned("stock")).Say("Two are left.", Sound.Tone(330, 900));

        Assert.Equal(Scenario.Parse(json).ToJson(), shop.ToJson());
    }
}
