using System.Text.Json.Nodes;
using static Realtime.Protocol.Transport.Tests.Sessions.VoiceSessionTests;

namespace Realtime.Protocol.Transport.Tests.Sessions;

/// <summary>A bad argument harms the call that brought it and nothing else: the exception names the member, nothing is sent, and the session goes on.</summary>
public sealed class ArgumentTests
{
    private const string Half = "x \ud83d";

    private static readonly (ResponseRequest Request, string Member)[] BadRequests =
    [
        (new() { MaxOutputTokens = -1 }, "request.MaxOutputTokens"),
        (new() { Instructions = Half }, "request.Instructions"),
        (new() { Voice = Half }, "request.Voice"),
        (new() { Modality = (OutputModality)7 }, "request.Modality"),
        (new() { Metadata = new Dictionary<string, string> { ["k"] = Half } }, "request.Metadata"),
        (new() { Metadata = new Dictionary<string, string> { [Half] = "v" } }, "request.Metadata"),
        (new() { Metadata = new Dictionary<string, string> { ["k"] = null! } }, "request.Metadata"),
    ];

    [Fact]
    public async Task F01_ABadArgument_HarmsOnlyItsCall()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        Turn running = session.SendMessage("hello");
        await session.Input.WriteAsync(Pcm(9_600, seed: 1));
        foreach ((ResponseRequest request, string member) in BadRequests)
        {
            Assert.Equal(member, Assert.ThrowsAny<ArgumentException>(() => session.Respond(request)).ParamName);
            Assert.Equal(member, Assert.ThrowsAny<ArgumentException>(() => session.SendMessage("hello", request)).ParamName);
            Assert.Equal(member, Assert.ThrowsAny<ArgumentException>(() => session.EndTurn(request)).ParamName);
        }

        Assert.Equal("text", Assert.ThrowsAny<ArgumentException>(() => session.SendMessage(Half)).ParamName);

        await server.ExpectAsync("conversation.item.create");
        await AnswerAsync(server, await server.ExpectAsync("response.create"), "resp_1", "item_1", []);
        Assert.IsType<TurnOutcome.Completed>((await running.EndAsync()).Outcome);
        Turn next = session.EndTurn(new() { Instructions = "Be brief.", Modality = OutputModality.Text, MaxOutputTokens = 5, Voice = "cedar", Metadata = new Dictionary<string, string> { ["k"] = "v" } });
        await server.ExpectAsync("input_audio_buffer.append");
        await server.ExpectAsync("input_audio_buffer.commit");
        JsonNode create = (await server.ExpectAsync("response.create"))["response"]!;
        Assert.Equal(
            """{"output_modalities":["text"],"instructions":"Be brief.","max_output_tokens":5,"audio":{"output":{"voice":"cedar"}},"metadata":{"k":"v"}}""",
            WithoutToken(create).ToJsonString());
        next.Cancel();
        Assert.Null(session.CloseReason);
        await server.EndAsync(session);
    }

    [Fact]
    public async Task ARequestThatStatesNothing_SendsNothingOfItsOwn()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        session.Respond(new() { Metadata = new Dictionary<string, string>() });
        Assert.Equal("{}", WithoutToken((await server.ExpectAsync("response.create"))["response"]!).ToJsonString());
        await server.EndAsync(session);
    }

    [Fact]
    public void AnOptionThatCannotBe_IsRefusedWhereItIsSet()
    {
        var options = new VoiceSessionOptions();
        Assert.Throws<ArgumentNullException>(() => options.Session = null!);
        Assert.Throws<ArgumentNullException>(() => options.TimeProvider = null!);
        Assert.Throws<ArgumentNullException>(() => options.LoggerFactory = null!);
        foreach (TimeSpan time in new[] { TimeSpan.Zero, TimeSpan.FromTicks(-1), TimeSpan.FromDays(24) + TimeSpan.FromTicks(1), TimeSpan.MaxValue })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => options.ConnectTimeout = time);
            Assert.Throws<ArgumentOutOfRangeException>(() => options.KeepAliveInterval = time);
            Assert.Throws<ArgumentOutOfRangeException>(() => options.KeepAliveTimeout = time);
        }
    }

    public static TheoryData<string, string> BadOptions => new()
    {
        { "instructions", "options.Session.Instructions" },
        { "voice", "options.Session.Voice" },
        { "threshold", "options.Session.TurnTaking.Threshold" },
        { "infinite threshold", "options.Session.TurnTaking.Threshold" },
        { "silence", "options.Session.TurnTaking.Silence" },
        { "padding", "options.Session.TurnTaking.PrefixPadding" },
        { "idle", "options.Session.TurnTaking.IdleTimeout" },
        { "modality", "options.Session.Modality" },
        { "when busy", "options.WhenBusy" },
        { "eagerness", "options.Session.TurnTaking.Eagerness" },
        { "speed", "options.Session.Customize" },
        { "tool of the hook", "options.Session.Customize" },
    };

    [Theory]
    [MemberData(nameof(BadOptions))]
    public async Task F01_ABadOption_IsAnErrorOfConnecting_ThatNamesIt_BeforeAnythingIsConnected(string what, string member)
    {
        VoiceSessionOptions options = ScriptedServer.Manual();
        switch (what)
        {
            case "instructions":
                options.Session = options.Session with { Instructions = Half };
                break;
            case "voice":
                options.Session = options.Session with { Voice = Half };
                break;
            case "threshold":
                options.Session = options.Session with { TurnTaking = new TurnTaking.ServerVad { Threshold = double.NaN } };
                break;
            case "infinite threshold":
                options.Session = options.Session with { TurnTaking = new TurnTaking.ServerVad { Threshold = double.NegativeInfinity } };
                break;
            case "silence":
                options.Session = options.Session with { TurnTaking = new TurnTaking.ServerVad { Silence = TimeSpan.FromMilliseconds(-1) } };
                break;
            case "padding":
                options.Session = options.Session with { TurnTaking = new TurnTaking.ServerVad { PrefixPadding = Timeout.InfiniteTimeSpan } };
                break;
            case "idle":
                options.Session = options.Session with { TurnTaking = new TurnTaking.ServerVad { IdleTimeout = TimeSpan.MinValue } };
                break;
            case "modality":
                options.Session = options.Session with { Modality = (OutputModality)99 };
                break;
            case "when busy":
                options.WhenBusy = (WhenBusy)99;
                break;
            case "eagerness":
                options.Session = options.Session with { TurnTaking = new TurnTaking.SemanticVad { Eagerness = Half } };
                break;
            case "speed":
                options.Session = options.Session with { Customize = static session => session.Audio.Output.Speed = double.NaN };
                break;
            default:
                options.Session = options.Session with { Customize = static session => session.Tools = [new FunctionTool { Name = "clock", Description = Half }] };
                break;
        }

        options.Transport = static (_, _) => throw new InvalidOperationException("Nothing was to be connected.");
        ArgumentException refusal = await Assert.ThrowsAnyAsync<ArgumentException>(() => VoiceSession.ConnectAsync(options));
        Assert.Equal(member, refusal.ParamName);
        Assert.Contains($"(Parameter '{member}')", refusal.Message);
        Assert.DoesNotContain("'configuration'", refusal.Message);
    }

    [Fact]
    public async Task AnMcpServerForOneResponse_IsRefused_AndTheReasonSaysWhatToDoInstead()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        var shop = new VoiceTool.McpServer { Label = "shop", Url = new("https://mcp.example.com"), Approval = McpApprovalPolicy.Never };
        VoiceTool clock = VoiceTool.Create("clock", "", "{}", static _ => "noon");
        foreach (ResponseRequest request in (ResponseRequest[])[new() { Tools = [clock, shop] }, ResponseRequest.OutOfBand with { Tools = [shop] }])
        {
            ArgumentException refusal = Assert.Throws<ArgumentException>(() => session.Respond(request));
            Assert.Equal("request.Tools", refusal.ParamName);
            Assert.StartsWith("The remote MCP server \"shop\" cannot be given to one response: its tools have to be listed before a model can call them", refusal.Message);
            Assert.Contains("UpdateAsync", refusal.Message);
        }

        session.Respond(new() { Tools = [clock] });
        await server.ExpectAsync("response.create");
        await server.EndAsync(session);
    }

    [Fact]
    public async Task F01_ABadOption_IsSeenBeforeTheServerIs()
    {
        var options = new VoiceSessionOptions { Endpoint = new Uri("ws://127.0.0.1:1/"), Session = new() { Instructions = Half } };
        Assert.Equal("options.Session.Instructions", (await Assert.ThrowsAnyAsync<ArgumentException>(() => VoiceSession.ConnectAsync(options))).ParamName);
    }

    [Fact]
    public void F01_ATimeThatNoTimerCanHold_IsRefusedWhereItIsSet()
    {
        var options = new VoiceSessionOptions();
        Action<TimeSpan>[] times = [time => options.ConnectTimeout = time, time => options.KeepAliveInterval = time, time => options.KeepAliveTimeout = time];
        foreach (Action<TimeSpan> set in times)
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => set(TimeSpan.Zero));
            Assert.Throws<ArgumentOutOfRangeException>(() => set(TimeSpan.MaxValue));
            Assert.Throws<ArgumentOutOfRangeException>(() => set(TimeSpan.FromDays(24) + TimeSpan.FromTicks(1)));
            set(TimeSpan.FromDays(24));
            set(Timeout.InfiniteTimeSpan);
        }
    }

    // Not data of a theory: an attribute cannot hold half a character.
    [Fact]
    public void F01_ABadTool_IsAnErrorOfAddingIt()
    {
        (string Name, string Description, string Schema, string Argument)[] bad =
        [
            ("clock\n", "", "{}", "name"),
            ("clock", Half, "{}", "description"),
            ("clock", "", "{\"a\":\"x \ud83d\"}", "parameters"),
            ("clock", "", """{"a":1}}""", "parameters"),
        ];
        foreach ((string name, string description, string schema, string argument) in bad)
        {
            Assert.Equal(argument, Assert.ThrowsAny<ArgumentException>(() => VoiceTool.Create(name, description, schema, static _ => "")).ParamName);
        }
    }

    private static JsonObject WithoutToken(JsonNode response)
    {
        JsonObject copy = response.DeepClone().AsObject();
        JsonObject metadata = copy["metadata"]!.AsObject();
        Assert.True(metadata.Remove("realtime.token"));
        if (metadata.Count == 0)
        {
            copy.Remove("metadata");
        }

        return copy;
    }
}
