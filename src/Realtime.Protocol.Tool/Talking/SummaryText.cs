using System.Globalization;
using System.Text;
using Realtime.Protocol.CommandLine.Audio;

namespace Realtime.Protocol.CommandLine.Talking;

/// <summary>The report as the lines below the timeline. What was wrong is not in it: that goes to standard error.</summary>
internal static class SummaryText
{
    public static string Write(TalkReport report)
    {
        var text = new StringBuilder();
        text.Append('\n');
        Add(text, "outcome", report.Verdict.Outcome);
        if (report.AnswerFile is string file)
        {
            string where = file == TalkSettings.Pipe ? "standard output" : file;
            Add(text, "answer", $"{where}, {Amount(report.AnswerBytes)}, {Seconds(report.PlayedBytes)} of it played");
        }

        if (report.Figures.TimeToFirstAudio is TimeSpan wait)
        {
            Add(text, "first audio", string.Create(CultureInfo.InvariantCulture, $"{wait.TotalMilliseconds:N0} ms after the end of your turn"));
        }

        Add(text, "responses", report.Figures is { ResponseRequests: 0, ResponsesDone: > 0 } byServer
            ? $"{byServer.ResponsesDone}, begun by the server"
            : $"{report.Figures.ResponsesDone} of {report.Figures.ResponseRequests} asked for");
        if (report.Figures.ResponseTimes.Count > 0)
        {
            Add(text, "answered in", string.Join(" + ", report.Figures.ResponseTimes.Select(static time => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:N0} ms"))));
        }

        if (report.UserWords.Count > 0)
        {
            Add(text, "you said", string.Join(' ', report.UserWords.Select(Timeline.Printable.Line)));
        }

        if (report.Figures.ToolCalls.Count > 0)
        {
            Add(text, "tools called", string.Join(", ", report.Figures.ToolCalls.Select(Timeline.Printable.Line)));
            if (report.Figures.ToolTimes.Count > 0)
            {
                Add(text, "tools took", string.Join(", ", report.Figures.ToolTimes.Select(static tool => string.Create(CultureInfo.InvariantCulture, $"{tool.Time.TotalMilliseconds:N0} ms"))));
            }
        }

        if (report.Usage is { } usage)
        {
            TokenUsage tokens = usage.Responses;
            Add(text, "tokens", string.Create(CultureInfo.InvariantCulture, $"{tokens.Input.Total:N0} in ({tokens.CachedInput.Total:N0} cached), {tokens.Output.Total:N0} out{Missing(usage)}"));

            // Sound costs several times as much as text.
            if (tokens.Input.Audio > 0 || tokens.Output.Audio > 0)
            {
                Add(text, "of it sound", string.Create(CultureInfo.InvariantCulture, $"{tokens.Input.Audio:N0} in ({tokens.CachedInput.Audio:N0} cached), {tokens.Output.Audio:N0} out"));
            }
        }

        if (report.Cost is decimal cost)
        {
            Add(text, "cost", string.Create(CultureInfo.InvariantCulture, $"{cost:0.000000} by your prices{(report.Usage is { ResponsesWithoutUsage: > 0 } ? ", as far as it was reported" : "")}"));
        }

        if (report.Call is string call)
        {
            Add(text, "call", $"{Timeline.Printable.Line(call)}{(report.ResumedItems is int items ? $", gone on with after {items} {(items == 1 ? "item" : "items")}" : ", begun")}");
        }

        if (report.LogFile is string log)
        {
            Add(text, "log", log);
        }

        return text.ToString();
    }

    private static string Missing(SessionUsage usage) => usage.ResponsesWithoutUsage switch
    {
        0 => "",
        1 => "; 1 response did not report its tokens",
        int many => $"; {many} responses did not report their tokens",
    };

    private static void Add(StringBuilder text, string name, string value) => text.Append(CultureInfo.InvariantCulture, $"{name,-13}{value}\n");

    private static string Amount(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{Seconds(bytes)} ({bytes:N0} bytes)");

    private static string Seconds(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{Pcm.Duration(bytes).TotalSeconds:0.0} s");
}
