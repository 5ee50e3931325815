using System.Text.Json.Nodes;
using Realtime.Protocol.CommandLine.Tests.Support;

namespace Realtime.Protocol.CommandLine.Tests.Viewing;

/// <summary>What the frames of a log become in the picture.</summary>
public sealed class CallPictureTests
{
    private const string Usage = """{"total_tokens":120,"input_tokens":100,"output_tokens":20,"input_token_details":{"text_tokens":60,"audio_tokens":40,"cached_tokens":10,"cached_tokens_details":{"text_tokens":10}},"output_token_details":{"text_tokens":5,"audio_tokens":15}}""";

    [Fact]
    public async Task SpokenTurn_HasItsTimes()
    {
        JsonNode lane = await Drawn.Session()
            .Append(100, 20).Append(600, 20)
            .Client(1_000, """{"type":"input_audio_buffer.commit"}""").Client(1_001, """{"type":"response.create"}""")
            .Created(1_100, "resp_1").Delta(1_400, "resp_1", "item_1", 2_000).Done(1_900, "resp_1", usage: Usage)
            .LaneAsync();

        JsonNode turn = Assert.Single(lane["turns"]!.AsArray())!;
        Assert.Equal(("speech", 100, 1_000, 1_400, 400, "completed"), ((string?)turn["by"], (int)turn["begin"]!, (int)turn["user_done"]!, (int)turn["first_sound"]!, (int)turn["wait_ms"]!, (string?)turn["outcome"]));
        Assert.Equal(800, (int)turn["responses"]![0]!["duration_ms"]!);
        Assert.Equal(["user 100-1000 turn 1", "model 1400-3400 turn 1"], Speech(lane));
        Assert.Equal((900, 2_000, 0, 500), ((int)lane["figures"]!["user_ms"]!, (int)lane["figures"]!["model_ms"]!, (int)lane["figures"]!["both_ms"]!, (int)lane["figures"]!["silence_ms"]!));
        Assert.Equal((400, 400), ((int)lane["figures"]!["first_sound_median_ms"]!, (int)lane["figures"]!["first_sound_slowest_ms"]!));
        Assert.Equal(3_400, (int)lane["end"]!);
    }

    /// <summary>The server names places in the sound; they are drawn where that sound was said, not where the event came.</summary>
    [Fact]
    public async Task SpeechThatTheServerHears_IsWhereItWasSaid()
    {
        Drawn log = Drawn.Listening();
        for (int part = 1; part <= 30; part++)
        {
            // A microphone that was switched on half a second after the connection.
            log.Append(500 + (part * 100), 100);
        }

        JsonNode lane = await log
            .Server(3_510, """{"type":"input_audio_buffer.speech_started","audio_start_ms":750,"item_id":"item_u"}""")
            .Server(3_520, """{"type":"input_audio_buffer.speech_stopped","audio_end_ms":2000,"item_id":"item_u"}""")
            .Created(3_600, "resp_1").Delta(3_900, "resp_1", "item_1", 100).Done(4_000, "resp_1")
            .LaneAsync();

        Assert.Equal(["user 1250-2500 turn 1", "model 3900-4000 turn 1"], Speech(lane));
        Assert.Equal((1_250, 3_520, 380), ((int)lane["turns"]![0]!["begin"]!, (int)lane["turns"]![0]!["user_done"]!, (int)lane["turns"]![0]!["wait_ms"]!));
    }

    [Fact]
    public async Task SoundOfTheModel_SoundsBehindWhatCameBefore()
    {
        JsonNode lane = await Drawn.Session().Text(10, "Hi").Created(20, "resp_1")
            .Delta(100, "resp_1", "item_1", 1_000).Delta(150, "resp_1", "item_1", 1_000).Done(160, "resp_1")
            .Text(170, "And?").Created(180, "resp_2").Delta(200, "resp_2", "item_2", 500).Done(210, "resp_2")
            .LaneAsync();

        Assert.Equal(["model 100-2100 turn 1", "model 2100-2600 turn 2"], Speech(lane));
    }

    [Theory]
    [InlineData("""{"type":"conversation.item.truncate","item_id":"item_1","content_index":0,"audio_end_ms":640}""", 640, "stated")]
    [InlineData("""{"type":"conversation.item.truncate","item_id":"item_1","content_index":0,"audio_end_ms":99999999999}""", 3_000, "stated")]
    [InlineData("""{"type":"conversation.item.truncate","item_id":"item_1","content_index":0,"audio_end_ms":-5}""", 0, "stated")]
    [InlineData("""{"type":"conversation.item.delete","item_id":"item_1"}""", 0, "stated")]
    [InlineData("""{"type":"session.update","session":{}}""", 700, "estimated")]
    public async Task Interruption_SaysWhatWasHeard(string sent, int heard, string from)
    {
        JsonNode lane = await Drawn.Session().Text(10, "Tell me.").Created(20, "resp_1").Delta(100, "resp_1", "item_1", 3_000)
            .Client(800, """{"type":"response.cancel"}""").Client(801, sent)
            .Done(900, "resp_1", "cancelled", """{"type":"cancelled","reason":"client_cancelled"}""")
            .LaneAsync();

        JsonNode cut = Assert.Single(lane["interruptions"]!.AsArray())!;
        Assert.Equal((800, 1, "client", 3_000, heard, from), ((int)cut["at"]!, (int)cut["turn"]!, (string?)cut["by"], (int)cut["sound_ms"]!, (int)cut["heard_ms"]!, (string?)cut["heard_from"]));
        Assert.Equal(100 + heard, (int)lane["speech"]![0]!["heard_until"]!);
        Assert.Equal("cancelled", (string?)lane["turns"]![0]!["outcome"]);
    }

    [Fact]
    public async Task UserWhoSpeaksUp_InterruptsAndBeginsATurn()
    {
        JsonNode lane = await Drawn.Listening().Append(100, 100)
            .Server(150, """{"type":"input_audio_buffer.speech_started","item_id":"item_u1"}""").Server(190, """{"type":"input_audio_buffer.speech_stopped","item_id":"item_u1"}""")
            .Created(200, "resp_1").Delta(300, "resp_1", "item_1", 5_000)
            .Server(1_300, """{"type":"input_audio_buffer.speech_started","item_id":"item_u2"}""")
            .Client(1_320, """{"type":"conversation.item.truncate","item_id":"item_1","content_index":0,"audio_end_ms":1000}""")
            .Done(1_330, "resp_1", "cancelled", """{"type":"cancelled","reason":"turn_detected"}""")
            .Server(1_340, """{"type":"conversation.item.truncated","item_id":"item_1","content_index":0,"audio_end_ms":1000}""")
            .Server(1_800, """{"type":"input_audio_buffer.speech_stopped","item_id":"item_u2"}""")
            .Created(1_900, "resp_2").Delta(2_000, "resp_2", "item_2", 500).Done(2_100, "resp_2")
            .LaneAsync();

        JsonNode cut = Assert.Single(lane["interruptions"]!.AsArray())!;
        Assert.Equal((1, "user_speech", 1_000), ((int)cut["turn"]!, (string?)cut["by"], (int)cut["heard_ms"]!));
        Assert.Equal(["user 150-190 turn 1", "model 300-5300 turn 1 heard until 1300", "user 1300-1800 turn 2", "model 2000-2500 turn 2"], Speech(lane));
        Assert.Equal(["cancelled", "completed"], lane["turns"]!.AsArray().Select(static turn => (string?)turn!["outcome"]));
    }

    [Theory]
    [InlineData("""{\"left\":2}""", "answered")]
    [InlineData("""{\"error\":\"The tool failed.\"}""", "failed")]
    [InlineData("""{\"error\":null}""", "answered")]
    [InlineData("no JSON at all", "answered")]
    public async Task Tool_HasItsDurationAndOutcome(string output, string outcome)
    {
        JsonNode lane = await Drawn.Session().Text(10, "Look.").Created(20, "resp_1")
            .Server(100, """{"type":"response.output_item.done","response_id":"resp_1","item":{"type":"function_call","id":"item_1","call_id":"call_1","name":"stock","arguments":"{}"}}""")
            .Done(110, "resp_1")
            .Client(950, $$"""{"type":"conversation.item.create","item":{"type":"function_call_output","call_id":"call_1","output":"{{output}}"} }""")
            .LaneAsync();

        JsonNode tool = Assert.Single(lane["tools"]!.AsArray())!;
        Assert.Equal(("stock", 1, 100, 950, 850, outcome), ((string?)tool["name"], (int)tool["turn"]!, (int)tool["begin"]!, (int)tool["end"]!, (int)tool["duration_ms"]!, (string?)tool["outcome"]));
    }

    /// <summary>A client may answer when the arguments are there, before the item is done.</summary>
    [Fact]
    public async Task ToolAnsweredEarly_IsAnswered()
    {
        JsonNode lane = await Drawn.Session().Text(10, "Look.").Created(20, "resp_1")
            .Server(30, """{"type":"response.output_item.added","response_id":"resp_1","item":{"type":"function_call","id":"item_1","call_id":"call_1","name":"stock","arguments":""}}""")
            .Server(100, """{"type":"response.function_call_arguments.done","response_id":"resp_1","item_id":"item_1","call_id":"call_1","arguments":"{}"}""")
            .Client(130, """{"type":"conversation.item.create","item":{"type":"function_call_output","call_id":"call_1","output":"2"}}""")
            .Server(140, """{"type":"response.output_item.done","response_id":"resp_1","item":{"type":"function_call","id":"item_1","call_id":"call_1","name":"stock","arguments":"{}"}}""")
            .Server(150, """{"type":"response.output_item.added","response_id":"resp_1","item":{"type":"mcp_call","id":"mcp_1","name":"far","arguments":""}}""")
            .Server(450, """{"type":"response.output_item.done","response_id":"resp_1","item":{"type":"mcp_call","id":"mcp_1","name":"far","arguments":"{}","error":{"code":1}}}""")
            .Server(460, """{"type":"response.output_item.done","response_id":"resp_1","item":{"type":"function_call","id":"item_3","call_id":"call_3","name":"lost","arguments":"{}"}}""")
            .LaneAsync();

        Assert.Equal(["stock answered 30", "far failed 300", "lost open "], lane["tools"]!.AsArray().Select(static tool => $"{tool!["name"]} {tool["outcome"]} {tool["duration_ms"]}"));
    }

    [Fact]
    public async Task BrokenRule_StandsAtEachOfItsPlaces()
    {
        JsonNode lane = await Drawn.Session().Client(10, """{"type":"response.create","event_id":"e1"}""").Created(20, "resp_1")
            .Client(900, """{"type":"response.create","event_id":"e2"}""")
            .Server(910, """{"type":"error","error":{"type":"invalid_request_error","code":"conversation_already_has_active_response","message":"No.","event_id":"e2"}}""")
            .Client(1_900, """{"type":"response.create","event_id":"e3"}""")
            .Server(1_910, """{"type":"error","error":{"type":"invalid_request_error","code":"conversation_already_has_active_response","message":"No.","event_id":"e3"}}""")
            .LaneAsync();

        Assert.Equal(["900 line 4 refused create-while-active", "1900 line 6 refused create-while-active"], lane["violations"]!.AsArray().Select(static rule => $"{rule!["at"]} line {rule["line"]} {rule["level"]} {rule["rule"]}"));
        Assert.Equal("Wait for its response.done.", (string?)lane["violations"]![0]!["instead"]);
        Assert.Equal(["910 error conversation_already_has_active_response", "1910 error conversation_already_has_active_response"], lane["problems"]!.AsArray().Select(static problem => $"{problem!["at"]} {problem["kind"]} {problem["name"]}"));
    }

    [Fact]
    public async Task TokensAndCost_AreThoseOfAllResponses()
    {
        using var folder = new TemporaryFolder();
        string prices = folder.File("prices.json", """{"textInput":4,"cachedTextInput":0.4,"audioInput":32,"textOutput":16,"audioOutput":64}"""u8.ToArray());

        JsonNode lane = await Drawn.Session().Text(10, "Hi").Created(20, "resp_1").Done(30, "resp_1", usage: Usage)
            .Text(40, "And?").Created(50, "resp_2").Done(60, "resp_2", usage: Usage).Created(70, "resp_3").Done(80, "resp_3")
            .LaneAsync("--prices", prices);

        Assert.Equal((120, 80, 20, 10, 30, 1), ((int)lane["usage"]!["input"]!["text"]!, (int)lane["usage"]!["input"]!["audio"]!, (int)lane["usage"]!["cached_input"]!["text"]!, (int)lane["usage"]!["output"]!["text"]!, (int)lane["usage"]!["output"]!["audio"]!, (int)lane["usage"]!["responses_without_usage"]!));

        // 50 x 4 + 10 x 0.4 + 40 x 32 + 5 x 16 + 15 x 64, of a million, and twice that.
        Assert.Equal(0.002524m * 2, (decimal)lane["cost"]!);
        Assert.Equal(0.002524m, (decimal)lane["turns"]![1]!["cost"]!);
        Assert.Equal((100, 20), ((int)lane["turns"]![0]!["tokens_in"]!, (int)lane["turns"]![0]!["tokens_out"]!));
    }

    [Fact]
    public async Task Limits_KeepTheirLowest()
    {
        static string Limits(string remaining) => $$"""{"type":"rate_limits.updated","rate_limits":[{"name":"tokens","limit":1000,"remaining":{{remaining}},"reset_seconds":1}]}""";

        JsonNode lane = await Drawn.Session().Server(10, Limits("800")).Server(20, Limits("120.5")).Server(30, Limits("700")).Server(40, Limits("1e999")).LaneAsync();

        Assert.Equal("""[{"name":"tokens","limit":1000,"lowest":120.5,"lowest_at":20,"last":700}]""", lane["rate_limits"]!.ToJsonString());
    }

    [Fact]
    public async Task ConnectionsInOneLog_AreMarked()
    {
        JsonNode lane = await Drawn.Session()
            .Line("""{"t_ms":500,"dir":"server","close":{"code":1006,"reason":"gone"}}""")
            .Server(900, """{"type":"session.created","session":{"id":"sess_2"}}""")
            .Line("""{"t_ms":1000,"end":"client","close_status":1000,"close_reason":"","lost":0}""")
            .LaneAsync();

        Assert.Equal(["opened sess_1 ", "closed gone 1006", "renewed sess_2 ", "closed client 1000"], lane["connections"]!.AsArray().Select(static mark => $"{mark!["kind"]} {mark["name"]} {mark["code"]}"));
    }

    [Fact]
    public async Task ModelThatSpeaksFirst_HasATurnOfItsOwn()
    {
        JsonNode lane = await Drawn.Session().Client(5, """{"type":"response.create"}""").Created(20, "resp_1").Delta(100, "resp_1", "item_1", 500).Done(150, "resp_1").LaneAsync();

        JsonNode turn = Assert.Single(lane["turns"]!.AsArray())!;
        Assert.Equal(("model", null, null), ((string?)turn["by"], turn["user_done"], turn["wait_ms"]));
    }

    /// <summary>As recorders of other libraries write them, and <c>decode</c> reads them.</summary>
    [Fact]
    public async Task LogWithoutTimes_IsDrawnInItsOrder()
    {
        JsonNode lane = await new Drawn()
            .Line("""{"type":"session.created","session":{"id":"sess_1","model":"m"}}""")
            .Line("""{"type":"conversation.item.create","item":{"type":"message","role":"user","content":[{"type":"input_text","text":"Hi"}]}}""")
            .Line("""{"type":"response.create"}""")
            .Line("""{"type":"response.created","response":{"id":"resp_1"}}""")
            .Line("""{"type":"response.audio.delta","response_id":"resp_1","item_id":"item_1","delta":"AAAA"}""")
            .Line("""{"type":"response.audio.delta","response_id":"resp_1","item_id":"item_1","delta":"AAAA"}""")
            .Line("""{"type":"response.done","response":{"id":"resp_1","status":"completed"}}""")
            .LaneAsync();

        Assert.Equal(("events", 7), ((string?)lane["clock"], (int)lane["end"]!));
        Assert.Equal(["model 5-7 turn 1"], Speech(lane));
        JsonNode turn = Assert.Single(lane["turns"]!.AsArray())!;
        Assert.Equal((2, 5), ((int)turn["user_done"]!, (int)turn["first_sound"]!));
        Assert.All(new[] { turn["wait_ms"], turn["responses"]![0]!["duration_ms"], lane["figures"]!["silence_ms"] }, Assert.Null);
    }

    [Fact]
    public async Task Translation_HasSpeechAndNoTurns()
    {
        JsonNode lane = await new Drawn()
            .Server(0, """{"type":"session.created","session":{"id":"sess_1","type":"translation"}}""")
            .Client(100, """{"type":"session.input_audio_buffer.append","audio":"","audio_bytes":4800}""")
            .Server(150, """{"type":"session.output_audio.delta","delta":"","delta_bytes":4800}""")
            .Client(200, """{"type":"session.input_audio_buffer.append","audio":"","audio_bytes":4800}""")
            .Client(300, """{"type":"session.close"}""")
            .LaneAsync();

        Assert.Empty(lane["turns"]!.AsArray());
        Assert.Equal(["user 100-200 turn 0", "model 150-250 turn 0"], Speech(lane));
    }

    [Fact]
    public async Task Sound_IsDrawnByItsLoudness()
    {
        byte[] loud = new byte[4_800];
        for (int sample = 0; sample < loud.Length; sample += 2)
        {
            loud[sample + 1] = 0x7f;
        }

        string quiet = Convert.ToBase64String(new byte[4_800]);
        JsonNode lane = await Drawn.Session().Client(100, $$"""{"type":"input_audio_buffer.append","audio":"{{quiet}}"}""").Client(200, $$"""{"type":"input_audio_buffer.append","audio":"{{Convert.ToBase64String(loud)}}"}""").LaneAsync();

        Assert.Equal(("levels", "00000zzzzz"), ((string?)lane["user_sound"]!["kind"], (string?)lane["user_sound"]!["bars"]));
    }

    /// <summary>A log may be of any length, and a page may not.</summary>
    [Fact]
    public async Task MoreThanAPageHolds_IsCounted()
    {
        Drawn log = Drawn.Session();
        for (int turn = 1; turn <= 5_010; turn++)
        {
            log.Text(turn, new string('w', 1_000)).Created(turn, $"resp_{turn}");
        }

        ToolRun run = await log.RunAsync("--json", "--content");

        JsonNode lane = JsonNode.Parse(run.AudioOut)!["lanes"]![0]!;
        Assert.Equal(5_000, lane["turns"]!.AsArray().Count);
        Assert.InRange((int)lane["left_out"]!, 10, 5_010);
        Assert.InRange(run.AudioOut.Length, 4_000_000, 7_000_000);
    }

    [Fact]
    public async Task NameWithoutAnEnd_IsCut()
    {
        string name = new('n', 100_000);
        JsonNode lane = await Drawn.Session().Text(10, "Hi").Created(20, name)
            .Server(30, $$"""{"type":"response.output_item.done","response_id":"{{name}}","item":{"type":"function_call","call_id":"{{name}}","name":"{{name}}"} }""")
            .Done(40, name, name)
            .LaneAsync();

        Assert.InRange(lane.ToJsonString().Length, 0, 3_000);
    }

    private static IEnumerable<string> Speech(JsonNode lane) => lane["speech"]!.AsArray().Select(static span =>
        $"{span!["who"]} {span["begin"]}-{span["end"]} turn {span["turn"]}{(span["heard_until"] is { } until ? $" heard until {until}" : "")}");
}
