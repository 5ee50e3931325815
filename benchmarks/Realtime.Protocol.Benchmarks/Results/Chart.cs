using System.Globalization;
using System.Text;
using Realtime.Protocol.Benchmarks.Comparisons;
using Realtime.Protocol.Benchmarks.Hearing;
using Realtime.Protocol.Benchmarks.Ratios;
using Realtime.Protocol.Benchmarks.Sessions;

namespace Realtime.Protocol.Benchmarks.Results;

/// <summary>
/// The README's bar chart, from a run: what reading one event costs, in time and in garbage, and what a session costs, in delay and
/// in memory, ours and the others. Plain SVG on a card of its own colour, light or dark as the reader's screen is, so that it can be read on any page.
/// </summary>
public static class Chart
{
    private const int Width = 860;
    private const int BarsFrom = 250;
    private const int BarsTo = 640;
    private const int RowHeight = 24;
    private const int TitleHeight = 44;
    private const int FooterLine = 18;
    private const int Margin = 20;

    // A bar that would be so many times as long as the longest ordinary one is broken off.
    private const double Ordinary = 4;

    private static readonly (string Way, string Label)[] Sessions =
    [
        (Ways.RealtimeProtocol, "Realtime.Protocol"),
        (Ways.OpenAISdk, "OpenAI SDK 2.15"),
    ];

    private static readonly (string Title, string Comparison, (string Way, string Label)[] Bars)[] Panels =
    [
        ("One audio event: 19,200 bytes of sound", "audio 19200",
        [
            (Ways.RealtimeProtocol, "Realtime.Protocol"),
            (Ways.BareBase64, "base64 alone, no event read"),
            (Ways.Utf8JsonReader, "Utf8JsonReader, by hand"),
            (Ways.SourceGeneration, "System.Text.Json, generated"),
            (Ways.OpenAISdk, "OpenAI SDK 2.15"),
            (Ways.JsonDocument, "JsonDocument"),
            (Ways.Newtonsoft, "Newtonsoft.Json"),
        ]),
        ("One transcript delta: 250 bytes of JSON", "transcript delta",
        [
            (Ways.RealtimeProtocol, "Realtime.Protocol"),
            (Ways.SourceGeneration, "System.Text.Json, generated"),
            (Ways.JsonDocument, "JsonDocument"),
            (Ways.OpenAISdk, "OpenAI SDK 2.15"),
            (Ways.Newtonsoft, "Newtonsoft.Json"),
        ]),
        ("The end of a response, every field", "response.done",
        [
            (Ways.RealtimeProtocol, "Realtime.Protocol"),
            (Ways.SourceGeneration, "System.Text.Json, generated"),
            (Ways.JsonDocument, "JsonDocument"),
            (Ways.OpenAISdk, "OpenAI SDK 2.15"),
            (Ways.Newtonsoft, "Newtonsoft.Json"),
        ]),
        ("A paced session: 19,200 bytes of sound, from the server to the application", LatencyRounds.Usual, [.. Sessions, (Ways.ReceiveOnly, "the socket alone")]),
        ("What a session at rest holds of the heap", RestingSessions.Comparison, Sessions),
    ];

    public static string Draw(MeasuredRun run)
    {
        int height = Panels.Sum(static panel => TitleHeight + (panel.Bars.Length * RowHeight)) + (2 * Margin) + RowHeight + FooterLine;
        var svg = new StringBuilder();
        Add(svg, $"""<svg xmlns="http://www.w3.org/2000/svg" width="{Width}" height="{height}" viewBox="0 0 {Width} {height}" font-family="system-ui, 'Segoe UI', Helvetica, Arial, sans-serif" font-size="14" role="img">""");
        Add(svg, $"<title>What reading one event costs, in time and bytes allocated, and what a session costs, in delay and memory</title>");
        svg.Append("""
            <style>
              .card { fill: #ffffff; stroke: #d0d7de } text { fill: #1f2328 } .small { fill: #59636e; font-size: 12px } .bar { fill: #afb8c1 } .ours { fill: #1a7f37 } .break { stroke: #ffffff }
              @media (prefers-color-scheme: dark) {
                .card { fill: #0d1117; stroke: #3d444d } text { fill: #f0f6fc } .small { fill: #9198a1 } .bar { fill: #656c76 } .ours { fill: #3fb950 } .break { stroke: #0d1117 }
              }
            </style>

            """);
        Add(svg, $"""<rect class="card" x="0.5" y="0.5" width="{Width - 1}" height="{height - 1}" rx="8"/>""");
        int y = Margin;
        foreach ((string title, string comparison, (string Way, string Label)[] bars) in Panels)
        {
            Add(svg, $"""<text x="{Margin}" y="{y + 24}" font-weight="600">{title}</text>""");
            y += TitleHeight;
            double longest = Longest(bars.Select(bar => Median(run, comparison, bar.Way)));
            foreach ((string way, string label) in bars)
            {
                Row(svg, y, label, way == Ways.RealtimeProtocol, run.Find(comparison, way), longest);
                y += RowHeight;
            }
        }

        Add(svg, $"""<text class="small" x="{Margin}" y="{y + 24}">Medians; beside the time of an event the bytes that are allocated for it.</text>""");
        Add(svg, $"""<text class="small" x="{Margin}" y="{y + 24 + FooterLine}">{run.Date:yyyy-MM-dd}, {run.Machine.Processor}, {run.Machine.Vectors} (goals: row {run.Machine.Row.Name()})</text>""");
        return svg.Append("</svg>\n").ToString();
    }

    private static void Row(StringBuilder svg, int y, string label, bool isOurs, Series series, double longest)
    {
        double value = Spread.Of(series.Values).Median;
        bool isBroken = value > longest;
        double length = Math.Max(2, (BarsTo - BarsFrom) * Math.Min(1, value / longest));
        string weight = isOurs ? " font-weight=\"600\"" : "";
        Add(svg, $"""<text x="{BarsFrom - 10}" y="{y + 13}" text-anchor="end"{weight}>{label}</text>""");
        Add(svg, $"""<rect class="{(isOurs ? "ours" : "bar")}" x="{BarsFrom}" y="{y}" width="{length:F1}" height="17" rx="2"/>""");
        if (isBroken)
        {
            Add(svg, $"""<path class="break" d="M{BarsTo - 40} {y + 20} l8 -23 M{BarsTo - 32} {y + 20} l8 -23" stroke-width="3"/>""");
        }

        string allocated = series.BytesAllocated is { } bytes ? $""" <tspan class="small" dx="4">{Figures.Bytes(bytes)}</tspan>""" : "";
        Add(svg, $"""<text x="{BarsFrom + length + 8:F1}" y="{y + 13}"{weight}>{Figures.Of(series.Unit, value)}{allocated}</text>""");
    }

    // The longest bar that is not far longer than the next one.
    private static double Longest(IEnumerable<double> values)
    {
        double[] ordered = [.. values.Order()];
        int last = ordered.Length - 1;
        while (last > 0 && ordered[last] > Ordinary * ordered[last - 1])
        {
            last--;
        }

        return ordered[last];
    }

    private static double Median(MeasuredRun run, string comparison, string way) => Spread.Of(run.Find(comparison, way).Values).Median;

    private static void Add(StringBuilder svg, FormattableString line) => svg.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
