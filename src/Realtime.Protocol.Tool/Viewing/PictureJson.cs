using System.Buffers;
using System.Text.Json;

namespace Realtime.Protocol.CommandLine.Viewing;

/// <summary>
/// The picture as one JSON object: what <c>--json</c> prints, and what the page draws. Members are only ever added. It is written so that it can stand in a page: no character of it
/// could end a script or begin a tag.
/// </summary>
internal static class PictureJson
{
    public static ReadOnlyMemory<byte> Write(CallPicture picture)
    {
        var buffer = new ArrayBufferWriter<byte>(64 * 1024);

        // The encoder that is usual escapes <, >, & and quotes.
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteBoolean("has_content", picture.HasContent);
            WriteAll(json, "lanes", picture.Lanes, WriteLane);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static void WriteLane(Utf8JsonWriter json, CallLane lane)
    {
        json.WriteString("name", lane.Name);
        json.WriteString("clock", lane.HasTimes ? "ms" : "events");
        Write(json, "end", lane.End);
        json.WriteNumber("lines", lane.Lines);
        json.WriteNumber("events", lane.Events);
        json.WriteString("model", lane.Model);
        WriteFigures(json, lane);
        WriteAll(json, "speech", lane.Speech, static (json, span) =>
        {
            json.WriteString("who", span.IsUser ? "user" : "model");
            Write(json, "begin", span.Begin);
            Write(json, "end", span.End);
            Write(json, "heard_until", span.HeardUntil);
            json.WriteNumber("turn", span.Turn);
            Write(json, "sound_ms", span.SoundMs);
            Write(json, "heard_ms", span.HeardMs);
        });
        WriteAll(json, "turns", lane.Turns, (json, turn) => WriteTurn(json, turn, lane));
        WriteAll(json, "tools", lane.Tools, (json, tool) =>
        {
            json.WriteString("name", tool.Name);
            json.WriteString("call_id", PageRoom.Short(tool.CallId));
            json.WriteNumber("turn", tool.Turn);
            Write(json, "begin", tool.Begin);
            Write(json, "end", tool.End);
            Write(json, "duration_ms", lane.HasTimes ? tool.End - tool.Begin : null);
            json.WriteString("outcome", tool.Outcome);
            WriteContent(json, "arguments", tool.Arguments);
            WriteContent(json, "output", tool.Output);
        });
        WriteAll(json, "interruptions", lane.Interruptions, static (json, cut) =>
        {
            Write(json, "at", cut.At);
            json.WriteNumber("turn", cut.Turn);
            json.WriteString("by", cut.By);
            Write(json, "sound_ms", cut.SoundMs);
            Write(json, "heard_ms", cut.HeardMs);
            json.WriteString("heard_from", cut.HeardFrom);
        });
        WriteAll(json, "violations", lane.Violations, static (json, broken) =>
        {
            Write(json, "at", broken.At);
            json.WriteNumber("line", broken.Line);
            json.WriteString("rule", broken.Broken.Rule);
            json.WriteString("level", broken.Broken.Level.ToString().ToLowerInvariant());
            json.WriteString("says", broken.Broken.Says);
            json.WriteString("instead", broken.Broken.Instead);
        });
        WriteAll(json, "problems", lane.Problems, static (json, problem) =>
        {
            Write(json, "at", problem.At);
            json.WriteString("kind", problem.Kind);
            json.WriteNumber("line", problem.Line);
            json.WriteString("name", problem.Name);
            json.WriteString("parameter", problem.Parameter);
            WriteContent(json, "message", problem.Message);
        });
        WriteAll(json, "connections", lane.Connections, static (json, mark) =>
        {
            Write(json, "at", mark.At);
            json.WriteString("kind", mark.Kind);
            json.WriteString("name", mark.Name);
            Write(json, "code", mark.Code);
        });
        WriteAll(json, "rate_limits", lane.RateLimits, static (json, limit) =>
        {
            json.WriteString("name", limit.Name);
            Write(json, "limit", limit.Limit);
            Write(json, "lowest", limit.Lowest);
            Write(json, "lowest_at", limit.LowestAt);
            Write(json, "last", limit.Last);
        });
        WriteStrip(json, "user_sound", lane.UserSound, lane.HasTimes);
        WriteStrip(json, "model_sound", lane.ModelSound, lane.HasTimes);
        json.WriteNumber("left_out", lane.LeftOut);
        json.WriteNumber("strange_times", lane.StrangeTimes);
    }

    private static void WriteFigures(Utf8JsonWriter json, CallLane lane)
    {
        double[] waits = lane.HasTimes ? [.. lane.Turns.Select(static turn => turn.Wait).OfType<double>().Order()] : [];
        json.WriteStartObject("figures");
        Write(json, "first_sound_median_ms", waits.Length == 0 ? null : waits.Length % 2 == 1 ? waits[waits.Length / 2] : (waits[(waits.Length / 2) - 1] + waits[waits.Length / 2]) / 2);
        Write(json, "first_sound_slowest_ms", waits.Length == 0 ? null : waits[^1]);
        Write(json, "user_ms", lane.Shares?.User);
        Write(json, "model_ms", lane.Shares?.Model);
        Write(json, "both_ms", lane.Shares?.Both);
        Write(json, "silence_ms", lane.Shares?.Silence);
        json.WriteEndObject();
        json.WriteStartObject("usage");
        WriteUsage(json, lane.Usage.Responses);
        json.WriteNumber("responses_without_usage", lane.Usage.ResponsesWithoutUsage);
        json.WriteNumber("transcription_tokens", lane.Usage.Transcription.Total);
        Write(json, "transcribed_ms", lane.Usage.TranscribedAudio.TotalMilliseconds);
        json.WriteEndObject();
        WriteMoney(json, "cost", lane.Cost);
    }

    private static void WriteTurn(Utf8JsonWriter json, PicturedTurn turn, CallLane lane)
    {
        json.WriteNumber("number", turn.Number);
        json.WriteString("by", turn.By);
        Write(json, "begin", turn.Begin);
        Write(json, "end", turn.End);
        Write(json, "user_done", turn.UserDone);
        Write(json, "first_sound", turn.FirstSound);
        Write(json, "first_words", turn.FirstWords);
        Write(json, "wait_ms", lane.HasTimes ? turn.Wait : null);
        json.WriteString("outcome", turn.Outcome);
        WriteContent(json, "user_words", turn.UserWords);
        WriteAll(json, "responses", turn.Responses, (json, response) =>
        {
            json.WriteString("id", PageRoom.Short(response.Id));
            Write(json, "created", response.Created);
            Write(json, "done", response.Done);
            Write(json, "duration_ms", lane.HasTimes ? response.Done - response.Created : null);
            json.WriteString("status", response.Status);
            json.WriteString("reason", response.Reason);
            WriteContent(json, "words", response.Words);
            if (response.Usage is { } usage)
            {
                json.WriteStartObject("usage");
                WriteUsage(json, usage);
                json.WriteEndObject();
            }
        });
        Write(json, "tokens_in", turn.Usage?.Input.Total);
        Write(json, "tokens_out", turn.Usage?.Output.Total);
        WriteMoney(json, "cost", lane.Prices is { } prices && turn.Usage is { } spent ? spent.Cost(prices) : null);
    }

    private static void WriteUsage(Utf8JsonWriter json, TokenUsage usage)
    {
        WriteTokens(json, "input", usage.Input);
        WriteTokens(json, "cached_input", usage.CachedInput);
        WriteTokens(json, "output", usage.Output);
        json.WriteNumber("reasoning_output", usage.ReasoningOutput);
    }

    private static void WriteTokens(Utf8JsonWriter json, string name, ModalityTokens tokens)
    {
        json.WriteStartObject(name);
        json.WriteNumber("text", tokens.Text);
        json.WriteNumber("audio", tokens.Audio);
        json.WriteNumber("image", tokens.Image);
        json.WriteEndObject();
    }

    private static void WriteStrip(Utf8JsonWriter json, string name, SoundStrip strip, bool hasTimes)
    {
        json.WriteStartObject(name);
        json.WriteString("kind", strip.IsLevels ? "levels" : "bytes");
        json.WriteNumber("bytes", strip.Bytes);
        json.WriteNumber("bar_ms", strip.Width);

        // Without times there is no place for a bar.
        json.WriteString("bars", hasTimes ? strip.Draw() : "");
        json.WriteEndObject();
    }

    private static void WriteAll<T>(Utf8JsonWriter json, string name, IReadOnlyList<T> all, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray(name);
        foreach (T one in all)
        {
            json.WriteStartObject();
            write(json, one);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    // Content that was not asked for has no member, so that nobody takes it for empty.
    private static void WriteContent(Utf8JsonWriter json, string name, string? words)
    {
        if (words is not null)
        {
            json.WriteString(name, words);
        }
    }

    private static void Write(Utf8JsonWriter json, string name, double? number)
    {
        if (number is { } known)
        {
            json.WriteNumber(name, Math.Round(known, 1));
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void WriteMoney(Utf8JsonWriter json, string name, decimal? number)
    {
        if (number is { } known)
        {
            json.WriteNumber(name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
