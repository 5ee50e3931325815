using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Realtime.Protocol.Testing.Hosting.Logs;

namespace Realtime.Protocol.Testing.Hosting;

/// <summary>Tells who came: all connections as a list, and what was said in one of them as lines of JSON.</summary>
internal sealed class ConnectionDesk(Registry registry, HostLogs? logs)
{
    private const string LogSuffix = "/log";
    private const string JsonLines = "application/jsonl; charset=utf-8";

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
                ["end"] = NameOf(connection.End),
                ["close_status"] = connection.CloseStatus,
                ["close_reason"] = connection.CloseReason,
            });
        }

        return DoorAnswer.SayAsync(context, StatusCodes.Status200OK, new JsonObject { ["connections"] = list });
    }

    /// <summary>How a connection ended, as it is written; null while it has not.</summary>
    public static string? NameOf(ConnectionEnd end) => end switch { ConnectionEnd.None => null, ConnectionEnd.Client => "client", ConnectionEnd.Server => "server", _ => "lost" };

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

        if (logs is not null)
        {
            await logs.FlushAsync().ConfigureAwait(false);
        }

        if (connection.LogFile is { } path && File.Exists(path))
        {
            context.Response.ContentType = JsonLines;
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, useAsync: true);
            await using (file.ConfigureAwait(false))
            {
                await file.CopyToAsync(context.Response.Body, context.RequestAborted).ConfigureAwait(false);
                return;
            }
        }

        if (connection.Transcript is not { } transcript)
        {
            await DoorAnswer.RefuseAsync(context, StatusCodes.Status404NotFound, "not_found", "This host keeps neither logs nor transcripts: it has to be started so that it does.").ConfigureAwait(false);
            return;
        }

        context.Response.ContentType = JsonLines;
        var lines = new ArrayBufferWriter<byte>();
        lines.Write(connection.Recipe);
        lines.Write("\n"u8);
        foreach (TranscriptLine line in transcript.Lines)
        {
            EventLogLine.Write(lines, TimeSpan.FromMilliseconds(line.At), line.Speaker, Encoding.UTF8.GetBytes(line.Json), withAudio: true);
            await context.Response.Body.WriteAsync(lines.WrittenMemory, context.RequestAborted).ConfigureAwait(false);
            lines.ResetWrittenCount();
        }
    }
}
