using System.Reflection;
using System.Text;
using System.Text.Json;
using Realtime.Protocol.CommandLine.Talking;
using Realtime.Protocol.CommandLine.Tests.Support;

namespace Realtime.Protocol.CommandLine.Tests.Talking;

/// <summary><c>talk --session FILE.json</c>: a session as the protocol writes it goes to the service as it stands.</summary>
public sealed class SessionFileTests : IDisposable
{
    private const string Whole = """
        {
            "type": "realtime", "instructions": "Be kind.", "output_modalities": ["audio"], "tool_choice": "auto", "parallel_tool_calls": true, "max_output_tokens": 300, "truncation": "auto",
            "tracing": "auto", "prompt": { "id": "pmpt_1" }, "reasoning": { "effort": "low" }, "include": ["item.input_audio_transcription.logprobs"],
            "audio": {
                "input": { "format": { "type": "audio/pcm", "rate": 24000 }, "noise_reduction": { "type": "near_field" }, "transcription": { "model": "whisper-1" }, "turn_detection": null, "vendor": 1 },
                "output": { "voice": "cedar", "speed": 1.2, "vendor": 2 }, "vendor": 3
            },
            "tools": [{ "type": "function", "name": "clock", "description": "Tells the time.", "parameters": { "type": "object", "properties": {} } }, { "type": "mcp", "server_label": "shop", "server_url": "https://mcp.example.com" }],
            "vendor": { "a": [1] }
        }
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("{0}")]
    [InlineData("\ufeff{0}")]
    [InlineData("""{{"type":"session.update","event_id":"mine","session":{0}}}""")]
    public async Task WhatTheFileSays_GoesToTheService(string form)
    {
        Session wire = await AskedAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, form, Whole));

        using JsonDocument said = JsonDocument.Parse(Whole);
        Assert.Equal(Lines(said.RootElement), Lines(Written(wire)));
    }

    [Fact]
    public async Task EveryMemberOfASession_IsKnownHere()
    {
        // Those that a service states and does not take, and those of the beta, which are refused.
        string[] others = ["Id", "Object", "ExpiresAt", "Model", "Type", "InputAudioFormat", "OutputAudioFormat", "TurnDetection", "UnknownMembers"];
        Session wire = await AskedAsync(Whole.Replace("\"type\": \"realtime\",", "\"type\": \"realtime\", \"voice\": \"ash\", \"modalities\": [\"text\"],", StringComparison.Ordinal));
        JsonElement written = Written(wire);

        foreach (PropertyInfo member in typeof(Session).GetProperties().Where(member => !others.Contains(member.Name)))
        {
            Assert.True(written.TryGetProperty(JsonNamingPolicy.SnakeCaseLower.ConvertName(member.Name), out _), $"{member.Name} is lost");
        }
    }

    [Fact]
    public async Task TheCommandLineWins()
    {
        string session = _folder.File("session.json", """{"audio":{"input":{"transcription":{"model":"whisper-1"},"turn_detection":{"type":"semantic_vad"}}}}"""u8.ToArray());
        string log = _folder.File("log.jsonl");

        ToolRun run = await ToolRun.OfAsync("talk", "--fast", "--vad", "--transcribe", "--session", session, "--in", _folder.File("in.wav", Support.Speech.Wav(Support.Speech.Samples(500))), "--out", _folder.File("out.wav"), "--log", log);

        Assert.Equal(("", ExitCode.Done), (run.Error, run.ExitCode));
        JsonElement input = LogFile.Sent(log, "session.update")[0].GetProperty("session").GetProperty("audio").GetProperty("input");
        Assert.Equal(("gpt-4o-transcribe", "server_vad"), (input.GetProperty("transcription").GetProperty("model").GetString(), input.GetProperty("turn_detection").GetProperty("type").GetString()));
    }

    [Fact]
    public async Task AFunctionOfTheFile_IsAnsweredByItsProgram_AsTheFileDeclaresIt()
    {
        string session = _folder.File("session.json", """{"model":"gpt-realtime-2","tools":[{"type":"function","name":"clock","description":"Tells the time.","parameters":{"type":"object"}}]}"""u8.ToArray());
        string log = _folder.File("log.jsonl");

        ToolRun run = await ToolRun.OfAsync("talk", "--fast", "--session", session, "--tool", "clock=echo noon", "--tool", "other=date", "--text", "tool: clock", "--out", _folder.File("out.wav"), "--log", log);

        Assert.Equal(("", ExitCode.Done), (run.Error, run.ExitCode));
        JsonElement update = LogFile.Sent(log, "session.update")[0].GetProperty("session");
        Assert.Equal(["Tells the time.", "Runs the program other of the user's computer."], update.GetProperty("tools").EnumerateArray().Select(static tool => tool.GetProperty("description").GetString()!));
        Assert.False(update.TryGetProperty("model", out _), "the model is chosen when connecting");
        Assert.Contains("  session  open, with the model gpt-realtime-2\n", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "is not a session of the protocol; at byte 0: ")]
    [InlineData("[]", "is not a session of the protocol; at byte 0: wrong type of value: expected an object, found an array in session")]
    [InlineData("""{"instructions":"a",}""", "is not a session of the protocol; at byte 20: ")]
    [InlineData("""{"instructions":5}""", "is not a session of the protocol; at byte 16: wrong type of value: expected a string, found a number in session.instructions")]
    [InlineData("""{"type":"session.update","session":{"audio":{"output":{"speed":"fast"}}}}""", "is not a session of the protocol; at byte 63: wrong type of value: expected a number, found a string in session.audio.output.speed")]
    [InlineData("""{"type":"response.create"}""", "holds another event than session.update")]
    [InlineData("""{"type":"transcription"}""", "is a session that only writes down, and this program wants an answer; set type to realtime")]
    [InlineData("""{"audio":{"input":{"format":{"type":"audio/pcmu"}}}}""", "asks for other audio than this program has, in audio.input.format; it is audio/pcm at 24000 Hz, or leave it out")]
    [InlineData("""{"audio":{"output":{"format":{"type":"audio/pcm","rate":16000}}}}""", "asks for other audio than this program has, in audio.output.format; it is audio/pcm at 24000 Hz, or leave it out")]
    [InlineData("""{"input_audio_format":"pcm16"}""", "is in the form of the beta, which states input_audio_format, output_audio_format and turn_detection at the top; move them into audio.input and audio.output")]
    [InlineData("""{"audio":{"input":{"turn_detection":{"type":"semantic_vad","create_response":false}}}}""", "sets create_response to false: the server would hear the end of your turn, and nobody would ask for the answer; leave it out")]
    [InlineData("""{"tools":[{"type":"function","name":"clock"}]}""", "declares the function clock, which nobody answers; add --tool 'clock=COMMAND'")]
    public async Task WhatThisProgramCannotHave_IsRefusedBeforeAnythingHappens(string file, string complaint)
    {
        string path = _folder.File("session.json", Encoding.UTF8.GetBytes(file));

        ToolRun run = await ToolRun.OfAsync("talk", "--fast", "--session", path, "--out", _folder.File("out.wav"));

        Assert.Equal(ExitCode.UnusableInput, run.ExitCode);
        Assert.StartsWith($"{path} (--session) {complaint}", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFileThatIsNotThere_AndOneThatIsMuchTooLong_AreRefused()
    {
        ToolRun missing = await ToolRun.OfAsync("talk", "--session", _folder.File("none.json"));
        ToolRun recording = await ToolRun.OfAsync("talk", "--session", _folder.File("long.json", new byte[2_000_000]));

        Assert.Equal((ExitCode.UnusableInput, $"There is no file {_folder.File("none.json")} (--session). Check its name."), (missing.ExitCode, Assert.Single(missing.ErrorLines)));
        Assert.Equal((ExitCode.UnusableInput, $"{_folder.File("long.json")} (--session) holds more than 1,048,576 bytes."), (recording.ExitCode, Assert.Single(recording.ErrorLines)));
    }

    private async Task<Session> AskedAsync(string file)
    {
        string path = _folder.File("session.json", Encoding.UTF8.GetBytes(file));
        await using FileStream stream = File.OpenRead(path);
        SessionFile read = SessionFile.Read(path, stream);
        VoiceTool clock = Assert.Single(read.Tools([new("clock", "date")], new Programs(static _ => { })));
        var wire = new Session { Type = SessionType.Realtime, Tools = new Tool[] { new FunctionTool { Name = ((VoiceTool.Function)clock).Name, Description = ((VoiceTool.Function)clock).Description, Parameters = ((VoiceTool.Function)clock).Parameters } } };
        wire.Audio.Input.Format = new() { Type = AudioFormatType.AudioPcm, Rate = 24_000 };
        read.AddTo(wire);
        return wire;
    }

    private static JsonElement Written(Session session)
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        EventWriter.Write(output, new SessionUpdate { Session = session });
        return JsonDocument.Parse(output.WrittenMemory).RootElement.GetProperty("session");
    }

    // Members of an object have no order.
    private static IEnumerable<string> Lines(JsonElement json, string path = "") => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().SelectMany(member => Lines(member.Value, $"{path}.{member.Name}")).Order(StringComparer.Ordinal),
        JsonValueKind.Array => json.EnumerateArray().SelectMany((item, index) => Lines(item, $"{path}[{index}]")),
        _ => [$"{path} = {json.GetRawText()}"],
    };
}
