using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Realtime.Protocol.CommandLine.Tests.Support;

namespace Realtime.Protocol.CommandLine.Tests.Viewing;

/// <summary>A log, written line by line, and what <c>realtime view --json</c> makes of it.</summary>
internal sealed class Drawn
{
    private readonly StringBuilder _log = new();

    public string Log => _log.ToString();

    public static Drawn Session(string session = """{"id":"sess_1","model":"gpt-realtime","audio":{"input":{"turn_detection":null}}}""") =>
        new Drawn().Server(0, $$"""{"type":"session.created","session":{{session}}}""");

    /// <summary>A session in which the server listens for speech.</summary>
    public static Drawn Listening() => Session("""{"id":"sess_1","model":"gpt-realtime","audio":{"input":{"turn_detection":{"type":"server_vad"}}}}""");

    public Drawn Client(double at, string json) => Line($$"""{"t_ms":{{Number(at)}},"dir":"client","event":{{json}}}""");

    public Drawn Server(double at, string json) => Line($$"""{"t_ms":{{Number(at)}},"dir":"server","event":{{json}}}""");

    public Drawn Line(string line)
    {
        _log.Append(line).Append('\n');
        return this;
    }

    /// <summary>The user's sound, without the sound.</summary>
    public Drawn Append(double at, int milliseconds) => Client(at, $$"""{"type":"input_audio_buffer.append","audio":"","audio_bytes":{{milliseconds * 48}}}""");

    public Drawn Text(double at, string text) => Client(at, $$"""{"type":"conversation.item.create","item":{"type":"message","role":"user","content":[{"type":"input_text","text":"{{text}}"}]} }""");

    public Drawn Created(double at, string id) => Server(at, $$"""{"type":"response.created","response":{"id":"{{id}}","status":"in_progress"} }""");

    /// <summary>The model's sound, without the sound.</summary>
    public Drawn Delta(double at, string response, string item, int milliseconds) => Server(at, $$"""{"type":"response.output_audio.delta","response_id":"{{response}}","item_id":"{{item}}","delta":"","delta_bytes":{{milliseconds * 48}}}""");

    public Drawn Done(double at, string id, string status = "completed", string details = "null", string usage = "null") =>
        Server(at, $$"""{"type":"response.done","response":{"id":"{{id}}","status":"{{status}}","status_details":{{details}},"usage":{{usage}}} }""");

    public Task<ToolRun> RunAsync(params string[] args) => ToolRun.OfAsync(["view", .. args], new() { AudioIn = Encoding.UTF8.GetBytes(Log) });

    /// <summary>The one lane of the picture.</summary>
    public async Task<JsonNode> LaneAsync(params string[] args)
    {
        ToolRun run = await RunAsync(["--json", .. args]);
        Assert.Equal(("", ExitCode.Done), (run.Error, run.ExitCode));
        return Assert.Single(JsonNode.Parse(run.AudioOut)!["lanes"]!.AsArray())!;
    }

    private static string Number(double at) => at.ToString(CultureInfo.InvariantCulture);
}
