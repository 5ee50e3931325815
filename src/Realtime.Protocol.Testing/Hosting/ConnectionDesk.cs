using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Realtime.Protocol.Testing.Hosting;

/// <summary>Tells who came: all connections as a list, and what was said in one of them as lines of JSON.</summary>
internal sealed class ConnectionDesk(Registry registry)
{
    private const string LogSuffix = "/log";

    public Task ListAsync(HttpContext context)
    {
        var list = new JsonArray();
        foreach (HostedConnection connection in registry.Seen)
        {
            list.Add((JsonNode)new JsonObject
            {
                ["number"] = connection.Number,
                ["kind"] = HostedConnection.Name(connection.Kind),
                ["call_id"] = connection.CallId,
                ["connected_ms"] = (long)connection.ConnectedAt.TotalMilliseconds,
                ["ended_ms"] = connection.End == ConnectionEnd.None ? null : (long)connection.EndedAt.TotalMilliseconds,
                ["end"] = connection.End switch { ConnectionEnd.None => null, ConnectionEnd.Client => "client", ConnectionEnd.Server => "server", _ => "lost" },
                ["close_status"] = connection.CloseStatus,
                ["close_reason"] = connection.CloseReason,
            });
        }

        return DoorAnswer.SayAsync(context, StatusCodes.Status200OK, new JsonObject { ["connections"] = list });
    }

    /// <summary>Answers <c>/connections/N/log</c>.</summary>
    public async Task LogAsync(HttpContext context)
    {
        string rest = context.Request.Path.Value![(Routes.Connections.Length + 1)..];
        HostedConnection? connection = rest.EndsWith(LogSuffix, StringComparison.Ordinal) && int.TryParse(rest[..^LogSuffix.Length], NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? Array.Find(registry.Seen, one => one.Number == number)
            : null;
        if (connection is null)
        {
            await DoorAnswer.RefuseAsync(context, StatusCodes.Status404NotFound, "not_found", $"There is no such connection: {Routes.Connections} lists those that came, and {Routes.Connections}/N/log is what was said in one.").ConfigureAwait(false);
            return;
        }

        if (connection.Transcript is not { } transcript)
        {
            await DoorAnswer.RefuseAsync(context, StatusCodes.Status404NotFound, "not_found", "This host keeps no transcripts: it has to be started so that it does.").ConfigureAwait(false);
            return;
        }

        context.Response.ContentType = "application/jsonl; charset=utf-8";
        foreach (TranscriptLine line in transcript.Lines)
        {
            await context.Response.WriteAsync(TextOf(line) + "\n", context.RequestAborted).ConfigureAwait(false);
        }
    }

    private static string TextOf(TranscriptLine line)
    {
        string time = line.At.ToString(CultureInfo.InvariantCulture);
        string speaker = line.Speaker == Speaker.Client ? "client" : "server";
        return IsOneLine(line.Json)
            ? $$"""{"t_ms":{{time}},"dir":"{{speaker}}","event":{{line.Json}}}"""
            : new JsonObject { ["t_ms"] = line.At, ["dir"] = speaker, ["not_json"] = line.Json }.ToJsonString();
    }

    // An event is shown as it was on the wire, unless that would break the line or is no JSON.
    private static bool IsOneLine(string json)
    {
        try
        {
            using var parsed = System.Text.Json.JsonDocument.Parse(json);
            return !json.Contains('\n', StringComparison.Ordinal) && !json.Contains('\r', StringComparison.Ordinal);
        }
        catch (System.Text.Json.JsonException)
        {
            return false;
        }
    }
}
