using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Realtime.Protocol.Testing.Grammar;

namespace Realtime.Protocol.Testing.Hosting.Logs;

/// <summary>
/// The lines of a log that are no events: a rule that was broken, a defect of the simulator, the end, who was refused at the door. They have no <c>dir</c> and no <c>type</c>, so that who reads events passes them over.
/// </summary>
internal static class LogNote
{
    private const int MostPathCharacters = 200;

    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary><c>{"t_ms":2150,"rule":"create-while-active","level":"refused","number":14,"says":"…","instead":"…"}</c>.</summary>
    public static byte[] Of(Violation violation) => Line(violation.At, json =>
    {
        json.WriteString("rule", violation.Rule);
        json.WriteString("level", violation.LevelName);
        json.WriteNumber("connection", violation.Connection);
        json.WriteNumber("number", violation.Event);
        json.WriteString("event_id", violation.EventId);
        json.WriteString("says", violation.Says);
        json.WriteString("instead", violation.Instead);
    });

    /// <summary><c>{"t_ms":2150,"defect":"System.NullReferenceException","trace":"…"}</c>: not its message, which may quote what was said, but where it is about the order of events.</summary>
    public static byte[] Of(Exception defect, long at) => Line(at, json =>
    {
        json.WriteString("defect", defect.GetType().FullName);
        json.WriteString("trace", defect.StackTrace);
        if (defect is BrokenOrderException)
        {
            json.WriteString("says", defect.Message);
        }
    });

    /// <summary><c>{"t_ms":12.3,"refused":401,"code":"invalid_api_key","path":"/v1/realtime","says":"…"}</c>.</summary>
    public static byte[] Of(DoorRefusal refusal, string? path, TimeSpan at) => Line(at.TotalMilliseconds, json =>
    {
        json.WriteNumber("refused", refusal.Status);
        json.WriteString("code", refusal.Code);
        json.WriteString("path", EventLogLine.Masked(path is { Length: > MostPathCharacters } ? path[..MostPathCharacters] : path ?? ""));
        json.WriteString("says", EventLogLine.Masked(refusal.Sentence));
    });

    /// <summary><c>{"t_ms":6900,"end":"client","close_status":1000,"close_reason":"","lost":0}</c>.</summary>
    /// <param name="lost">How many lines are not in the log.</param>
    public static byte[] Of(HostedConnection ended, double at, long lost) => Line(at, json =>
    {
        json.WriteString("end", ConnectionDesk.NameOf(ended.End));
        if (ended.CloseStatus is { } status)
        {
            json.WriteNumber("close_status", status);
        }
        else
        {
            json.WriteNull("close_status");
        }

        json.WriteString("close_reason", ended.CloseReason);
        json.WriteNumber("lost", lost);
    });

    /// <summary>One object on one line, without a line feed.</summary>
    public static byte[] Line(Action<Utf8JsonWriter> write)
    {
        var line = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(line, Readable))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return line.WrittenSpan.ToArray();
    }

    private static byte[] Line(double? at, Action<Utf8JsonWriter> write) => Line(json =>
    {
        if (at is { } milliseconds)
        {
            json.WriteNumber("t_ms", Math.Round(milliseconds, 1));
        }
        else
        {
            json.WriteNull("t_ms");
        }

        write(json);
    });
}
