using System.Text.Json.Nodes;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Faults;
using Realtime.Protocol.Testing.Simulation.Responses;
using Realtime.Protocol.Testing.Tests.Support;

namespace Realtime.Protocol.Testing.Tests.Simulation;

/// <summary>
/// The client asks for a response in the moment between the end of the user's speech and the response that the server starts by itself:
/// the most frequent collision in public reports. Each row of the desk's table, and each way in which the service may decide it.
/// </summary>
public class AutoResponseTests
{
    private const string Ask = """{"type":"response.create","event_id":"mine"}""";

    [Fact]
    public void ByDefault_TheServersOwnIsMade_AndTheClientHearsAfterItsBeginning()
    {
        SimulatedServer server = AfterSpeech(new());

        server.Say(Ask);
        Assert.Empty(server.Said);
        server.Wait(60_000);

        Assert.Equal(["response.created", "error"], server.Types.Take(2));
        Assert.Equal("mine", (string)server.The("error")["error"]!["event_id"]!);
        Assert.Equal(ActiveMessage(Created(server)), (string)server.The("error")["error"]!["message"]!);
        Assert.Single(server.All("response.done"));
    }

    [Fact]
    public void BeforeCreated_TheErrorNamesAResponse_OfWhichNobodyHasHeard()
    {
        SimulatedServer server = AfterSpeech(new() { AutoResponse = new() { Rejection = RejectionTime.BeforeCreated } });

        JsonNode error = server.Refusal(Ask);
        server.Wait(60_000);

        Assert.Equal(ActiveMessage(Created(server)), (string)error["message"]!);
        Assert.Equal(["error", "response.created"], server.Types.Take(2));
    }

    [Fact]
    public void AfterDone_TheErrorNamesAResponse_ThatIsOver()
    {
        SimulatedServer server = AfterSpeech(new() { AutoResponse = new() { Rejection = RejectionTime.AfterDone }, RateLimits = RateLimitReport.Never });

        server.Say(Ask).Wait(60_000);

        Assert.Equal(["response.done", "error"], server.Types.TakeLast(2));
        Assert.Equal(ActiveMessage(Created(server)), (string)server.The("error")["error"]!["message"]!);
    }

    [Theory]
    [InlineData(FailedAttempt.Silent, 0)]
    [InlineData(FailedAttempt.Error, 1)]
    public void WhereTheClientWins_ItsOwnIsMade_AndTheServersIsNot(FailedAttempt loser, int errors)
    {
        SimulatedServer server = AfterSpeech(new() { AutoResponse = new() { Winner = AutoResponseWinner.Client, Loser = loser } });

        server.Say("""{"type":"response.create","response":{"metadata":{"whose":"mine"}}}""").Wait(60_000);

        Assert.Equal("mine", (string)server.The("response.created")["response"]!["metadata"]!["whose"]!);
        Assert.Equal(errors, server.All("error").Count());
        Assert.All(server.All("error"), error =>
        {
            Assert.Null((string?)error["error"]!["event_id"]);
            Assert.Equal(ActiveMessage(Created(server)), (string)error["error"]!["message"]!);
        });
    }

    [Theory]
    [InlineData(RejectionTime.AfterCreated)]
    [InlineData(RejectionTime.AfterDone)]
    public void SpeechThatGoesOn_GivesTheServersUp_AndTheClientsIsMade(RejectionTime rejection)
    {
        SimulatedServer server = AfterSpeech(new() { AutoResponse = new() { Rejection = rejection } });
        server.Say(Ask).Say("""{"type":"response.create","event_id":"another"}""");

        server.Say(SimulatedServer.Append(Sound.Speech(200)));
        server.Wait(2_000);

        JsonNode error = Assert.Single(server.All("error"));
        Assert.Equal("another", (string)error["error"]!["event_id"]!);
        Assert.Equal(ActiveMessage(Created(server)), (string)error["error"]!["message"]!);
        Assert.Equal(["input_audio_buffer.speech_started", "error", "response.created"], server.Types.Take(3));
    }

    [Fact]
    public void WithoutMoreToSay_EverythingThatWasAsked_IsAnswered()
    {
        SimulatedServer server = AfterSpeech(new());
        for (int i = 0; i < 5; i++)
        {
            server.Say($$"""{"type":"response.create","event_id":"e{{i}}"}""");
        }

        server.Wait(60_000);

        Assert.Equal(["e0", "e1", "e2", "e3", "e4"], server.All("error").Select(static error => (string)error["error"]!["event_id"]!));
    }

    [Fact]
    public void ACancel_MeetsNothing_UntilTheServersOwnIsCreated()
    {
        SimulatedServer server = AfterSpeech(new());

        Assert.Equal("response_cancel_not_active", (string)server.Refusal("""{"type":"response.cancel"}""")["code"]!);
        server.Wait(150).Say("""{"type":"response.cancel"}""");

        Assert.Equal("cancelled", (string)server.The("response.done")["response"]!["status"]!);
    }

    [Fact]
    public void ASecondTurnBeforeTheAnswer_MovesItsMoment_AndThereIsOneAnswer()
    {
        SimulatedServer server = AfterSpeech(new());
        server.Wait(80).Say(SimulatedServer.Append([.. Sound.Speech(200), .. Sound.Silence(300)]));

        server.Wait(90);
        Assert.DoesNotContain("response.created", server.Types);
        server.Wait(60_000);

        Assert.Single(server.All("response.created"));
    }

    [Fact]
    public void AResponseBesideTheConversation_DoesNotWait()
    {
        SimulatedServer server = AfterSpeech(new());

        server.Say("""{"type":"response.create","response":{"conversation":"none","output_modalities":["text"]}}""").Wait(60_000);

        Assert.Equal(2, server.All("response.created").Count());
        Assert.Empty(server.All("error"));
    }

    [Theory]
    [InlineData(Verdict.Accept, 0)]
    [InlineData(Verdict.Refuse, 1)]
    public void AskingWhileTheUserSpeaks_IsTheServicesToDecide(Verdict verdict, int errors)
    {
        var server = new SimulatedServer(new SimulatorOptions { Service = new() { CreateDuringSpeech = verdict } }, manual: false);
        server.Say(SimulatedServer.Append(Sound.Speech(300)));
        server.Said.Clear();

        server.Say(Ask).Wait(50);
        Assert.Equal(errors, server.All("error").Count());

        // When the speech is over, nothing is in the way.
        server.Say(SimulatedServer.Append(Sound.Silence(300))).Wait(60_000);
        Assert.Equal(errors, server.All("error").Count());
    }

    /// <summary>The user has spoken, and the server is about to answer.</summary>
    private static SimulatedServer AfterSpeech(ServiceSwitches service)
    {
        var server = new SimulatedServer(new SimulatorOptions { Service = service, Pace = new ResponsePace { AutomaticResponse = TimeSpan.FromMilliseconds(100) } }, manual: false);
        server.Say(SimulatedServer.Append([.. Sound.Speech(500), .. Sound.Silence(300)]));
        Assert.Equal("conversation.item.done", server.Types[^1]);
        server.Said.Clear();
        return server;
    }

    private static string Created(SimulatedServer server) => (string)server.The("response.created")["response"]!["id"]!;

    private static string ActiveMessage(string id) => $"Conversation already has an active response in progress: {id}. Wait until the response is finished before creating a new one.";
}
