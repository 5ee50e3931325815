using Realtime.Protocol.Testing.Scenarios;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Model;
using Realtime.Protocol.Testing.Simulation.Responses;
using Realtime.Protocol.Testing.Tests.Support;

namespace Realtime.Protocol.Testing.Tests.Scenarios;

/// <summary>Which turn answers: every cue when it holds, and when it does not.</summary>
public class CueTests
{
    private const string Create = """{"type":"response.create"}""";

    [Fact]
    public void Instructions_AreTheSessions_OrTheResponses()
    {
        SimulatedServer server = Serve(Cue.Instructions("in rhymes"));

        Assert.Equal("rest", Answer(server, Create));
        Assert.Equal("cue", Answer(server, """{"type":"response.create","response":{"instructions":"Answer IN RHYMES."}}"""));
        server.Say("""{"type":"session.update","session":{"type":"realtime","instructions":"Always in rhymes."}}""");
        Assert.Equal("cue", Answer(server, Create));
    }

    [Fact]
    public void Image_IsAPictureOfTheUser_SinceTheModelSpoke()
    {
        SimulatedServer server = Serve(Cue.UserShows());
        server.Say("""{"type":"conversation.item.create","item":{"type":"message","role":"user","content":[{"type":"input_image","image_url":"data:image/png;base64,iVBORw0KGgo="}]}}""");

        Assert.Equal("cue", Answer(server, Create));
        Assert.Equal("rest", Answer(server, Create));
        Assert.Equal("cue", Answer(Serve(Cue.UserShows(false)), Create));
    }

    [Fact]
    public void Connection_IsItsNumber()
    {
        SimulatorOptions options = Options(Cue.Connection(2));

        Assert.Equal(("rest", "cue"), (Answer(new SimulatedServer(options), Create), Answer(new SimulatedServer(options with { Connection = 2 }), Create)));
    }

    [Fact]
    public void Cause_IsWhoAsked()
    {
        Assert.Equal(("cue", "rest"), (Answer(Serve(Cue.CausedBy(ResponseCause.Client)), Create), Answer(Serve(Cue.CausedBy(ResponseCause.Speech)), Create)));
        Assert.Equal(("rest", "cue"), (Spoken(ResponseCause.Client), Spoken(ResponseCause.Speech)));

        static string Spoken(ResponseCause cause)
        {
            var server = new SimulatedServer(Options(Cue.CausedBy(cause)), manual: false);
            server.Say(SimulatedServer.Append(Support.Sound.Speech(500))).Say(SimulatedServer.Append(Support.Sound.Silence(700))).Wait(5_000);
            return Text(server);
        }
    }

    [Fact]
    public void Idle_IsTheAnswerToAUserWhoSaysNothing()
    {
        SimulatorOptions options = Scenario.Write("first").When(Cue.CausedBy(ResponseCause.Idle)).Write("Are you there?").Otherwise.ToOptions(ResponsePace.Immediate);
        var server = new SimulatedServer(options, manual: false);
        server.Say("""{"type":"session.update","session":{"type":"realtime","audio":{"input":{"turn_detection":{"type":"server_vad","idle_timeout_ms":5000}}}}}""");
        Assert.Equal("first", Answer(server, Create));

        server.Wait(20_000);

        Assert.Equal("Are you there?", (string)server.All("response.output_text.done").ElementAt(1)["text"]!);
    }

    [Fact]
    public void McpDenied_IsTheUsersNo()
    {
        Scenario scenario = Scenario.Empty.McpServer(new("docs", new SimulatedMcpTool("search"))).When(Cue.UserSays("find")).Mcp("docs.search").When(Cue.McpDenied("docs.search")).Write("Then not.").Otherwise.Write("rest");
        var server = new SimulatedServer(scenario.ToOptions(ResponsePace.Immediate));
        server.Say("""{"type":"session.update","session":{"type":"realtime","tools":[{"type":"mcp","server_label":"docs","server_url":"https://docs.example"}]}}""").Wait(1_000);
        server.Say("""{"type":"conversation.item.create","item":{"type":"message","role":"user","content":[{"type":"input_text","text":"find it"}]}}""").Say(Create).Wait(1_000);
        string request = (string)server.All("conversation.item.added").Single(static added => (string)added["item"]!["type"]! == "mcp_approval_request")["item"]!["id"]!;

        server.Say($$$"""{"type":"conversation.item.create","item":{"type":"mcp_approval_response","approval_request_id":"{{{request}}}","approve":false}}""");

        Assert.Equal("Then not.", Answer(server, Create));
    }

    [Fact]
    public void Turn_IsTheNumberOfTheResponse_AndAResponseBesideTheConversationHasNone()
    {
        SimulatedServer server = Serve(Cue.Turn(2, 4));

        Assert.Equal("rest", Answer(server, Create));
        Assert.Equal("rest", Answer(server, """{"type":"response.create","response":{"conversation":"none"}}"""));
        Assert.Equal(["cue", "rest", "cue"], Enumerable.Range(0, 3).Select(_ => Answer(server, Create)));
    }

    [Fact]
    public void ARefusedRequest_IsNoTurn()
    {
        SimulatedServer server = new(Scenario.Refuse("overloaded").When(Cue.Turn(1)).Write("cue").Otherwise.Write("rest").ToOptions(ResponsePace.Immediate));
        server.Say(Create).Wait(1_000);

        Assert.Equal("cue", Answer(server, Create));
    }

    [Fact]
    public void And_WantsBoth()
    {
        SimulatedServer server = Serve(Cue.UserSays("blue").And(Cue.HasMetadata("topic", "shoes")));

        Assert.Equal("rest", Answer(server.Say("""{"type":"conversation.item.create","item":{"type":"message","role":"user","content":[{"type":"input_text","text":"blue ones"}]}}"""), Create));
        server.Say("""{"type":"conversation.item.create","item":{"type":"message","role":"user","content":[{"type":"input_text","text":"blue ones"}]}}""");
        Assert.Equal("cue", Answer(server, """{"type":"response.create","response":{"metadata":{"topic":"shoes"}}}"""));
    }

    [Fact]
    public void Otherwise_MayBeSteps_Nothing_OrTheEcho()
    {
        Assert.Equal("rest", Answer(Serve(Cue.UserSays("never")), Create));
        var silent = new SimulatedServer(Scenario.When(Cue.UserSays("never")).Write("x").Otherwise.ToOptions(ResponsePace.Immediate));
        silent.Say(Create).Wait(1_000);
        Assert.Equal(["response.created", "response.done", "rate_limits.updated"], silent.Types);
        var echo = new SimulatedServer(Scenario.When(Cue.UserSays("never")).Write("x").ToOptions(ResponsePace.Immediate));
        echo.TakeTurn(Support.Sound.Speech(500)).Wait(5_000);
        Assert.Equal(Support.Sound.Speech(500), echo.Audio());
    }

    [Fact]
    public void From_LetsCodeAnswer_AndNoFileCanHoldIt()
    {
        Scenario scenario = Scenario.From(new FixedModel(new ModelAnswer(new ModelOutput.Text("code")))).When(Cue.UserSays("x")).Write("cue");

        Assert.Equal("code", Answer(new SimulatedServer(scenario.ToOptions(ResponsePace.Immediate)), Create));
        Assert.Throws<InvalidOperationException>(scenario.ToJson);
    }

    [Fact]
    public void WhichTurnAnswered_IsReported_WithoutWords()
    {
        Scenario scenario = Scenario.When(Cue.UserSays("a secret").And(Cue.HasMetadata("topic", "another secret"))).Write("x").Next.Write("y");
        var simulator = new RealtimeServerSimulator(scenario.ToOptions(ResponsePace.Immediate));
        simulator.Connect(0);
        List<string> reports = [];
        for (int i = 0; i < 3; i++)
        {
            simulator.Receive("""{"type":"response.create"}"""u8, i * 1_000);
            simulator.Elapse((i * 1_000) + 900);
            while (simulator.TryTakeEffect(out SimulatorEffect effect))
            {
                if (effect.Kind == SimulatorEffectKind.Report)
                {
                    reports.Add(effect.Report);
                }

                Assert.Equal(effect.Kind == SimulatorEffectKind.Report, effect.Report.Length > 0);
            }

            simulator.Receive("""{"type":"conversation.item.create","item":{"type":"message","role":"user","content":[{"type":"input_text","text":"It is a secret."}]}}"""u8, (i * 1_000) + 950);
            if (i == 0)
            {
                simulator.Receive("""{"type":"response.create","response":{"metadata":{"topic":"another secret"}}}"""u8, 960);
                simulator.Elapse(990);
            }
        }

        Assert.Equal(["turns[1]", "turns[0] (user, metadata topic)", "otherwise (echo)", "otherwise (echo)"], reports.Select(static report => report[(report.IndexOf('←', StringComparison.Ordinal) + 2)..]));
        Assert.All(reports, static report => Assert.StartsWith("resp_", report, StringComparison.Ordinal));
    }

    private static SimulatorOptions Options(Cue cue) => Scenario.When(cue).Write("cue").Otherwise.Write("rest").ToOptions(ResponsePace.Immediate);

    private static SimulatedServer Serve(Cue cue) => new(Options(cue));

    private static string Answer(SimulatedServer server, string create)
    {
        int before = server.All("response.output_text.done").Count();
        server.Say(create).Wait(1_000);
        return (string)server.All("response.output_text.done").Skip(before).Single()["text"]!;
    }

    private static string Text(SimulatedServer server) => (string)server.The("response.output_text.done")["text"]!;
}
