using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Faults;
using Realtime.Protocol.Testing.Simulation.Model;
using Realtime.Protocol.Testing.Simulation.Responses;
using Realtime.Protocol.Testing.Tests.Support;

namespace Realtime.Protocol.Testing.Tests;

/// <summary>A session on a server that decides differently, one switch at a time: turns end as they do elsewhere, and nothing is sent that this server refuses.</summary>
public class SwitchedServiceTests
{
    public static TheoryData<string> Services => [.. Switched.Keys];

    private static Dictionary<string, ServiceSwitches> Switched { get; } = new()
    {
        ["as known"] = new(),
        ["the client's response wins"] = new() { AutoResponse = new() { Winner = AutoResponseWinner.Client, Loser = FailedAttempt.Error } },
        ["refused before created"] = new() { AutoResponse = new() { Rejection = RejectionTime.BeforeCreated } },
        ["refused after done"] = new() { AutoResponse = new() { Rejection = RejectionTime.AfterDone } },
        ["errors name nothing"] = new() { ErrorsNameTheirEvent = false },
        ["metadata is not repeated"] = new() { EchoMetadata = false },
        ["limits at the start"] = new() { RateLimits = RateLimitReport.AtStart },
        ["no limits"] = new() { RateLimits = RateLimitReport.Never },
        ["no status details"] = new() { StatusDetails = StatusDetailsShape.Null },
        ["status details are a word"] = new() { StatusDetails = StatusDetailsShape.String },
        ["no usage"] = new() { Usage = UsageReport.Null },
        ["usage of zeros"] = new() { Usage = UsageReport.Zeros },
        ["items are never done"] = new() { ItemDone = false },
        ["the transcript ends first"] = new() { AudioDone = AudioDoneOrder.AfterTranscript },
        ["a stale place"] = new() { StalePrevious = true },
        ["remote calls before done"] = new() { McpProgress = McpProgress.BeforeDone },
        ["the conversation is announced"] = new() { ConversationCreated = true },
    };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Services))]
    public async Task AWholeTalk_EndsAsElsewhere(string name)
    {
        byte[] question = Sound.Speech(700);
        VoiceTool clock = VoiceTool.Create("clock", "Tells the time.", """{"type":"object"}""", static _ => "noon");
        var transport = new InMemoryTransport(new SimulatorOptions { Pace = ResponsePace.Immediate, Service = Switched[name] }, new VirtualTime());
        await using VoiceSession session = await VoiceSession.ConnectAsync(
            new VoiceSessionOptions { Session = SessionConfiguration.PushToTalk with { Tools = [clock] }, Transport = (_, _) => new(transport) }, Stop);

        await session.Input.WriteAsync(question, Stop);
        TurnResult spoken = await session.EndTurn().Completion;
        TurnResult tool = await session.SendMessage("tool: what time is it?").Completion;
        ConversationItem item = await session.Conversation.AddAsync(ConversationItem.User("Forget this."), cancellationToken: Stop);
        await session.Conversation.DeleteAsync(item.Id, Stop);
        TurnResult written = await session.SendMessage("hello").Completion;
        TurnResult aside = await session.Respond(ResponseRequest.OutOfBand).Completion;

        Assert.All<TurnResult>([spoken, tool, written, aside], static result => Assert.IsType<TurnOutcome.Completed>(result.Outcome));
        Assert.Equal(("I heard 0.7 seconds of speech.", question.Length), (spoken.Transcript, spoken.AudioBytes));
        Assert.Equal(("The tool returned: noon", 2), (tool.Transcript, tool.Responses));
        Assert.Equal("You wrote: hello", written.Transcript);
        Assert.DoesNotContain("error", transport.Transcript.ServerTypes);
    }

    [Theory]
    [MemberData(nameof(Services))]
    public async Task AMessageRightBehindSpeech_IsAnsweredByTheServersOwnResponse_OrByOneMore(string name)
    {
        var transport = new InMemoryTransport(new SimulatorOptions { Pace = ResponsePace.Immediate, Service = Switched[name] }, new VirtualTime());
        await using VoiceSession session = await VoiceSession.ConnectAsync(new VoiceSessionOptions { Session = new SessionConfiguration { TurnTaking = new TurnTaking.ServerVad() }, Transport = (_, _) => new(transport) }, Stop);

        await session.Input.WriteAsync((byte[])[.. Sound.Speech(400), .. Sound.Silence(700)], Stop);
        TurnResult result = await session.SendMessage("and in writing").Completion;

        Assert.IsType<TurnOutcome.Completed>(result.Outcome);
        Assert.DoesNotContain("error", transport.Transcript.ServerTypes);
    }

    [Fact]
    public async Task ItemsBesideEachOther_AndSeveralParts_AreOneAnswer()
    {
        var model = new FixedModel(
            new ModelAnswer([new ModelOutput.Speech(Sound.Speech(900), "One."), new ModelOutput.Speech(Sound.Speech(900, seed: 2), "Two.") { Overlap = true }]),
            new ModelAnswer(new ModelOutput.Message([new ModelOutput.Text("Look: "), new ModelOutput.Speech(Sound.Speech(500), "there.")])));
        var transport = new InMemoryTransport(new SimulatorOptions { Pace = ResponsePace.Immediate, Speaker = model }, new VirtualTime());
        await using VoiceSession session = await VoiceSession.ConnectAsync(new VoiceSessionOptions { Session = SessionConfiguration.PushToTalk, Transport = (_, _) => new(transport) }, Stop);

        TurnResult beside = await session.SendMessage("both").Completion;
        TurnResult parts = await session.SendMessage("parts").Completion;

        Assert.Equal(("One.\nTwo.", 1_800 * 48), (beside.Transcript, beside.AudioBytes));
        Assert.Equal(500 * 48, parts.AudioBytes);
        Assert.Contains("there.", parts.Transcript, StringComparison.Ordinal);
        Assert.DoesNotContain("error", transport.Transcript.ServerTypes);
    }

    [Fact]
    public async Task ACallIdThatIsUsedAgain_RunsItsToolAgain()
    {
        var model = new FixedModel(
            new ModelAnswer(new ModelOutput.Call("clock", "{}") { CallId = "call_0" }), new ModelAnswer(new ModelOutput.Call("clock", "{}") { CallId = "call_0" }), new ModelAnswer(new ModelOutput.Text("Noon.")));
        int ran = 0;
        VoiceTool clock = VoiceTool.Create("clock", "Tells the time.", """{"type":"object"}""", _ => Interlocked.Increment(ref ran).ToString(System.Globalization.CultureInfo.InvariantCulture));
        var transport = new InMemoryTransport(new SimulatorOptions { Pace = ResponsePace.Immediate, Speaker = model }, new VirtualTime());
        await using VoiceSession session = await VoiceSession.ConnectAsync(
            new VoiceSessionOptions { Session = SessionConfiguration.PushToTalk with { Tools = [clock] }, Transport = (_, _) => new(transport) }, Stop);

        TurnResult result = await session.SendMessage("the time, twice").Completion;

        Assert.Equal("Noon.", result.Transcript);
        Assert.Equal((2, 3), (ran, result.Responses));
    }
}
