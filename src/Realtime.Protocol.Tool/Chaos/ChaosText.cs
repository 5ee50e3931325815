using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Realtime.Protocol.CommandLine.Chaos;

/// <summary>What a run came to, for people and for programs. Members of the JSON object are only ever added.</summary>
internal static class ChaosText
{
    /// <summary>One line of a deed.</summary>
    public static string Line(DeedReport report)
    {
        var line = new StringBuilder();
        line.Append(CultureInfo.InvariantCulture, $"{report.Deed.ToString().ToLowerInvariant(),-6} {report.Calls} calls");
        if (Spread.Of(report.Resumed) is { } resumed)
        {
            line.Append(CultureInfo.InvariantCulture, $", {report.Resumed.Count} resumed in p50 {resumed.P50:0} ms, p95 {resumed.P95:0}, max {resumed.Max:0}");
        }

        if (Spread.Of(report.FirstSound) is { } sound)
        {
            line.Append(CultureInfo.InvariantCulture, $"; first sound {sound.P50:0} ms later, max {sound.Max:0}");
        }

        if (report.SaidAgain > 0)
        {
            line.Append(CultureInfo.InvariantCulture, $"; {report.SaidAgain} said their question again");
        }

        return line.Append(report.Note.Length > 0 ? "; " : "").Append(report.Note).ToString();
    }

    public static string Json(string journal, ChaosSettings settings, IReadOnlyList<DeedReport> deeds, int questions, int answers, IReadOnlyList<string> faults)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("journal", journal);
            json.WriteNumber("calls", settings.Calls);
            json.WriteNumber("seed", settings.Seed);
            json.WriteStartArray("deeds");
            foreach (DeedReport deed in deeds)
            {
                json.WriteStartObject();
                json.WriteString("kind", deed.Deed.ToString().ToLowerInvariant());
                json.WriteNumber("calls", deed.Calls);
                json.WriteNumber("resumed", deed.Resumed.Count);
                Write(json, "resume_ms", deed.Resumed);
                Write(json, "first_sound_ms", deed.FirstSound);
                json.WriteNumber("said_again", deed.SaidAgain);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteNumber("questions", questions);
            json.WriteNumber("answered_once", answers);
            json.WriteStartArray("faults");
            foreach (string fault in faults)
            {
                json.WriteStringValue(fault);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static void Write(Utf8JsonWriter json, string name, IReadOnlyList<TimeSpan> times)
    {
        if (Spread.Of(times) is not { } spread)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        json.WriteNumber("p50", Math.Round(spread.P50, 1));
        json.WriteNumber("p95", Math.Round(spread.P95, 1));
        json.WriteNumber("max", Math.Round(spread.Max, 1));
        json.WriteEndObject();
    }
}
