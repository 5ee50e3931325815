using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Realtime.Protocol.CommandLine.Audio;
using Realtime.Protocol.CommandLine.Timeline;

namespace Realtime.Protocol.CommandLine.Talking;

/// <summary>The report as one JSON object on one line, for <c>--json</c>. Members are only ever added.</summary>
internal static class SummaryJson
{
    public static string Write(TalkReport report)
    {
        var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("outcome", report.Verdict.Outcome);
            json.WriteNumber("exit_code", (int)report.Verdict.ExitCode);
            json.WriteString("endpoint", report.Endpoint);
            WriteAudio(json, "spoken", report.Figures.SpokenBytes);
            WriteStrings(json, "spoken_transcripts", report.UserWords);
            json.WriteStartObject("answer");
            json.WriteString("file", report.AnswerFile);
            json.WriteNumber("bytes", report.AnswerBytes);
            json.WriteNumber("ms", Milliseconds(Pcm.Duration(report.AnswerBytes)));
            json.WriteNumber("received_bytes", report.Figures.ReceivedBytes);
            json.WriteNumber("played_bytes", report.PlayedBytes);
            json.WriteNumber("played_ms", Milliseconds(Pcm.Duration(report.PlayedBytes)));
            json.WriteString("transcript", report.Transcript);
            json.WriteEndObject();
            WriteTime(json, "time_to_first_audio_ms", report.Figures.TimeToFirstAudio);
            json.WriteNumber("response_creates", report.Figures.ResponseRequests);
            json.WriteNumber("responses", report.Figures.ResponsesDone);
            WriteStrings(json, "tool_calls", report.Figures.ToolCalls);
            WriteInterruption(json, report);
            WriteUsage(json, report);
            WriteTimings(json, report.Figures);
            json.WriteNumber("malformed_events", report.Figures.MalformedEvents.Count);
            WriteStrings(json, "unknown_events", report.Figures.UnknownEvents);
            json.WriteString("log", report.LogFile);
            if (report.Call is not null)
            {
                json.WriteString("call", report.Call);
                json.WriteNumber("resumed_items", report.ResumedItems ?? 0);
            }

            WriteStrings(json, "problems", report.Complaints);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static void WriteInterruption(Utf8JsonWriter json, TalkReport report)
    {
        if (!report.WasInterrupted)
        {
            json.WriteNull("interruption");
            return;
        }

        json.WriteStartObject("interruption");
        json.WriteNumber("cancellations", report.Figures.Cancellations);
        json.WriteStartArray("truncations_ms");
        foreach (long milliseconds in report.Figures.Truncations)
        {
            json.WriteNumberValue(milliseconds);
        }

        json.WriteEndArray();
        json.WriteNumber("deletions", report.Figures.Deletions);
        json.WriteEndObject();
    }

    private static void WriteUsage(Utf8JsonWriter json, TalkReport report)
    {
        if (report.Usage is not { } usage)
        {
            json.WriteNull("usage");
            return;
        }

        json.WriteStartObject("usage");
        WriteTokens(json, "input", usage.Responses.Input);
        WriteTokens(json, "cached_input", usage.Responses.CachedInput);
        WriteTokens(json, "output", usage.Responses.Output);
        json.WriteNumber("reasoning_output", usage.Responses.ReasoningOutput);
        json.WriteNumber("responses_without_usage", usage.ResponsesWithoutUsage);
        WriteTokens(json, "transcription_input", usage.Transcription.Input);
        json.WriteNumber("transcription_output", usage.Transcription.Output.Total);
        json.WriteNumber("transcribed_ms", Milliseconds(usage.TranscribedAudio));
        if (report.Cost is decimal cost)
        {
            json.WriteNumber("cost", cost);
        }

        json.WriteEndObject();
    }

    private static void WriteTimings(Utf8JsonWriter json, TalkFigures figures)
    {
        json.WriteStartObject("timings");
        WriteTime(json, "open_ms", figures.OpenAt);
        WriteTime(json, "turn_ended_ms", figures.TurnEndedAt);
        WriteTime(json, "first_audio_ms", figures.FirstAudioAt);
        json.WriteStartArray("responses_ms");
        figures.ResponseTimes.ForEach(time => json.WriteNumberValue(Milliseconds(time)));
        json.WriteEndArray();
        json.WriteStartArray("tools");
        foreach ((string name, TimeSpan time) in figures.ToolTimes)
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteNumber("ms", Milliseconds(time));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteTokens(Utf8JsonWriter json, string name, ModalityTokens tokens)
    {
        json.WriteStartObject(name);
        json.WriteNumber("text", tokens.Text);
        json.WriteNumber("audio", tokens.Audio);
        json.WriteNumber("image", tokens.Image);
        json.WriteEndObject();
    }

    private static void WriteAudio(Utf8JsonWriter json, string name, long bytes)
    {
        json.WriteStartObject(name);
        json.WriteNumber("bytes", bytes);
        json.WriteNumber("ms", Milliseconds(Pcm.Duration(bytes)));
        json.WriteEndObject();
    }

    private static void WriteTime(Utf8JsonWriter json, string name, TimeSpan? time)
    {
        if (time is TimeSpan known)
        {
            json.WriteNumber(name, Milliseconds(known));
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void WriteStrings(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    private static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 1);
}
