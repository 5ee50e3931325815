using Realtime.Protocol.Benchmarks.Comparisons;
using Realtime.Protocol.Benchmarks.EndToEnd;
using Realtime.Protocol.Benchmarks.FirstEvents;
using static Realtime.Protocol.Benchmarks.Ratios.Bound;

namespace Realtime.Protocol.Benchmarks.Ratios;

/// <summary>
/// The goals, P1 to P10. None is loosened when it is missed: it prints <c>short</c>. They are ratios inside one run, since
/// times move with the machine and its mood.
/// </summary>
public static class Goals
{
    private const string Ours = Ways.RealtimeProtocol;
    private const string Audio = "audio 19200";
    private const string SmallAudio = "audio 960";
    private const string Words = "transcript delta";
    private const string Done = "response.done";
    private const string Session = "session";
    private const string Append = "append 19200";
    private const string SmallAppend = "append 960";

    public static IReadOnlyList<Goal> All { get; } =
    [
        new("P1", "19,200 B of audio / bare base64", CostAtMost, 0.70, 1.05, Audio, Ways.BareBase64, Ours),
        new("P2", "960 B of audio / bare base64", CostAtMost, 1.0, 1.25, SmallAudio, Ways.BareBase64, Ours),
        new("P3", "19,200 B, any order and spacing / bare base64", CostAtMost, 0.85, null, "audio 19200, any order", Ways.BareBase64, Ours),
        new("P3", "960 B, any order and spacing / bare base64", CostAtMost, 2.0, null, "audio 960, any order", Ways.BareBase64, Ours),
        new("P4", "19,200 B in 4 KB segments / bare base64", CostAtMost, 1.10, null, "audio 19200, segments 4096", Ways.BareBase64, Ours),
        new("P4", "19,200 B in 16 KB segments / bare base64", CostAtMost, 0.85, null, "audio 19200, segments 16384", Ways.BareBase64, Ours),
        new("P5", "times as fast as the OpenAI SDK, 19,200 B of audio", TimesAsFast, 9, null, Audio, Ways.OpenAISdk, Ours),
        new("P5", "times as fast as the OpenAI SDK, 960 B of audio", TimesAsFast, 20, null, SmallAudio, Ways.OpenAISdk, Ours),
        new("P5", "times as fast as the OpenAI SDK, transcript delta", TimesAsFast, 60, null, Words, Ways.OpenAISdk, Ours),
        new("P5", "times as fast as the OpenAI SDK, response.done", TimesAsFast, 10, null, Done, Ways.OpenAISdk, Ours),
        new("P5", "times as fast as the OpenAI SDK, whole session", TimesAsFast, 8, null, Session, Ways.OpenAISdk, Ours),
        new("P6", "times as fast as source generation, 19,200 B of audio", TimesAsFast, 8, null, Audio, Ways.SourceGeneration, Ours),
        new("P6", "times as fast as source generation, 960 B of audio", TimesAsFast, 15, null, SmallAudio, Ways.SourceGeneration, Ours),
        new("P6", "times as fast as source generation, transcript delta", TimesAsFast, 25, null, Words, Ways.SourceGeneration, Ours),
        new("P6", "times as fast as source generation, response.done", TimesAsFast, 7, null, Done, Ways.SourceGeneration, Ours),
        new("P6", "times as fast as source generation, whole session", TimesAsFast, 7, null, Session, Ways.SourceGeneration, Ours),
        new("P7", "whole session / bare base64 of its audio", CostAtMost, 1.0, null, Session, Ways.BareBase64, Ours),
        new("P8", "append 19,200 B / bare base64", CostAtMost, 0.85, null, Append, Ways.BareBase64, Ours),
        new("P8", "append 960 B / bare base64", CostAtMost, 0.85, null, SmallAppend, Ways.BareBase64, Ours),
        new("P8", "times as fast as the OpenAI SDK, append 19,200 B", TimesAsFast, 5, null, Append, Ways.OpenAISdk, Ours),
        new("P8", "times as fast as the OpenAI SDK, append 960 B", TimesAsFast, 10, null, SmallAppend, Ways.OpenAISdk, Ours),
        new("P8", "times as fast as Utf8JsonWriter, append 19,200 B", TimesAsFast, 1.5, null, Append, Ways.Utf8JsonWriter, Ours),
        new("P8", "times as fast as Utf8JsonWriter, append 960 B", TimesAsFast, 1.5, null, SmallAppend, Ways.Utf8JsonWriter, Ours),
        new("P9", "times the throughput of receiving only", TimesAsFast, 0.97, null, EndToEndRounds.Elapsed, Ways.ReceiveOnly, Ours),
        new("P9", "times the throughput of the OpenAI SDK's session client", TimesAsFast, 1.7, null, EndToEndRounds.Elapsed, Ways.OpenAISdk, Ours),
        new("P9", "client CPU / the OpenAI SDK's session client", CostAtMost, 0.5, null, EndToEndRounds.Processor, Ways.OpenAISdk, Ours),
        new("P10", "first event of a cold process / source generation", CostAtMost, 0.35, null, FirstEventRounds.Comparison, Ways.SourceGeneration, Ours),
        new("P10", "first event of a cold process / the OpenAI SDK", CostAtMost, 0.10, null, FirstEventRounds.Comparison, Ways.OpenAISdk, Ours),
    ];
}
