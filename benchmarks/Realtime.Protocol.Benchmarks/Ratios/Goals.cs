using Realtime.Protocol.Benchmarks.Comparisons;
using Realtime.Protocol.Benchmarks.EndToEnd;
using Realtime.Protocol.Benchmarks.FirstEvents;
using Realtime.Protocol.Benchmarks.Hearing;
using Realtime.Protocol.Benchmarks.NativeStart;
using Realtime.Protocol.Benchmarks.Sessions;
using static Realtime.Protocol.Benchmarks.Ratios.Bound;
using static Realtime.Protocol.Benchmarks.Ratios.Targets;

namespace Realtime.Protocol.Benchmarks.Ratios;

/// <summary>
/// The goals, P1 to P14, as one table. None is loosened when it is missed: it prints <c>short</c>. Nearly all are ratios inside one run,
/// since times move with the machine and its mood. What vectors decide has a goal for each <see cref="GoalRow"/>; the row with neither
/// AVX-512 nor AVX2 has none of those, since nobody has measured ARM64, for which it stands.
/// </summary>
public static class Goals
{
    private const string Audio = "audio 19200";
    private const string SmallAudio = "audio 960";
    private const string Words = "transcript delta";
    private const string Done = "response.done";
    private const string Session = "session";
    private const string Append = "append 19200";
    private const string SmallAppend = "append 960";

    /// <summary>Id and words; which side is good; what AVX-512, AVX2 and neither of them have to reach; where it is measured, and beside whom.</summary>
    public static IReadOnlyList<Goal> All { get; } =
    [
        new("P1", "19,200 B of audio / bare base64", CostAtMost, new(0.70, 0.80, null), Audio, Ways.BareBase64),
        new("P2", "960 B of audio / bare base64", CostAtMost, new(1.00, 1.10, null), SmallAudio, Ways.BareBase64),
        new("P3", "19,200 B, any order and spacing / bare base64", CostAtMost, new(0.85, 0.88, null), "audio 19200, any order", Ways.BareBase64),
        new("P3", "960 B, any order and spacing / bare base64", CostAtMost, new(2.00, 2.10, null), "audio 960, any order", Ways.BareBase64),
        new("P4", "19,200 B in 4 KB segments / bare base64", CostAtMost, new(1.10, 1.10, null), "audio 19200, segments 4096", Ways.BareBase64),
        new("P4", "19,200 B in 16 KB segments / bare base64", CostAtMost, new(0.85, 0.92, null), "audio 19200, segments 16384", Ways.BareBase64),
        new("P5", "times as fast as the OpenAI SDK, 19,200 B of audio", TimesAsFast, new(9, 4.4, null), Audio, Ways.OpenAISdk),
        new("P5", "times as fast as the OpenAI SDK, 960 B of audio", TimesAsFast, new(20, 12, null), SmallAudio, Ways.OpenAISdk),
        new("P5", "times as fast as the OpenAI SDK, transcript delta", TimesAsFast, new(60, 36, null), Words, Ways.OpenAISdk),
        new("P5", "times as fast as the OpenAI SDK, response.done", TimesAsFast, new(10, 7.5, null), Done, Ways.OpenAISdk),
        new("P5", "times as fast as the OpenAI SDK, whole session", TimesAsFast, new(8, 5.9, null), Session, Ways.OpenAISdk),
        new("P6", "times as fast as source generation, 19,200 B of audio", TimesAsFast, new(8, 4.2, null), Audio, Ways.SourceGeneration),
        new("P6", "times as fast as source generation, 960 B of audio", TimesAsFast, new(15, 8, null), SmallAudio, Ways.SourceGeneration),
        new("P6", "times as fast as source generation, transcript delta", TimesAsFast, new(25, 15, null), Words, Ways.SourceGeneration),
        new("P6", "times as fast as source generation, response.done", TimesAsFast, new(7, 5.2, null), Done, Ways.SourceGeneration),
        new("P6", "times as fast as source generation, whole session", TimesAsFast, new(7, 5.4, null), Session, Ways.SourceGeneration),
        new("P7", "whole session / bare base64 of its audio", CostAtMost, new(1.00, 0.92, null), Session, Ways.BareBase64),
        new("P8", "append 19,200 B / bare base64", CostAtMost, new(0.85, 0.72, null), Append, Ways.BareBase64),
        new("P8", "append 960 B / bare base64", CostAtMost, new(0.85, 0.75, null), SmallAppend, Ways.BareBase64),
        new("P8", "append 960 B with an event id / bare base64", CostAtMost, new(1.10, 1.10, null), "append 960, event id", Ways.BareBase64),
        new("P8", "times as fast as the OpenAI SDK, append 19,200 B", TimesAsFast, new(5, 5, null), Append, Ways.OpenAISdk),
        new("P8", "times as fast as the OpenAI SDK, append 960 B", TimesAsFast, new(10, 10, null), SmallAppend, Ways.OpenAISdk),
        new("P8", "times as fast as Utf8JsonWriter, append 19,200 B", TimesAsFast, new(1.5, 1.5, null), Append, Ways.Utf8JsonWriter),
        new("P8", "times as fast as Utf8JsonWriter, append 960 B", TimesAsFast, new(1.5, 1.5, null), SmallAppend, Ways.Utf8JsonWriter),
        new("P9", "times the throughput of receiving only", TimesAsFast, Everywhere(0.97), EndToEndRounds.Elapsed, Ways.ReceiveOnly),
        new("P9", "times the throughput of the OpenAI SDK's session client", TimesAsFast, Everywhere(1.7), EndToEndRounds.Elapsed, Ways.OpenAISdk),
        new("P9", "client CPU / the OpenAI SDK's session client", CostAtMost, Everywhere(0.5), EndToEndRounds.Processor, Ways.OpenAISdk),
        new("P10", "first event of a cold process / source generation", CostAtMost, Everywhere(0.35), FirstEventRounds.Comparison, Ways.SourceGeneration),
        new("P10", "first event of a cold process / the OpenAI SDK", CostAtMost, Everywhere(0.10), FirstEventRounds.Comparison, Ways.OpenAISdk),
        new("P11", "heap of a resting session", CostAtMost, Everywhere(RestingSessions.Most), RestingSessions.Comparison, Peer: null, Unit: Unit.Bytes),
        new("P11", "heap of a resting session / the OpenAI SDK's session client", CostAtMost, Everywhere(0.75), RestingSessions.Comparison, Ways.OpenAISdk),
        new("P12", "latency added to the socket's / by the OpenAI SDK's session client, 19,200 B", CostAtMost, Everywhere(0.45), LatencyRounds.Usual, Ways.OpenAISdk, Floor: Ways.ReceiveOnly),
        new("P12", "latency added to the socket's / by the OpenAI SDK's session client, 960 B", CostAtMost, Everywhere(0.45), LatencyRounds.Small, Ways.OpenAISdk, Floor: Ways.ReceiveOnly),
        new("P12", "the same of 19,200 B at the 99th percentile", CostAtMost, Everywhere(0.45), LatencyRounds.Tail, Ways.OpenAISdk, Floor: Ways.ReceiveOnly) { TakesPatience = true },
        new("P13", "client CPU for a message of 100 talking sessions / receiving only", CostAtMost, Everywhere(1.05), TalkingPaceRounds.Processor, Ways.ReceiveOnly),
        new("P13", "working set of 100 talking sessions / the OpenAI SDK's session client", CostAtMost, Everywhere(0.5), TalkingPaceRounds.Memory, Ways.OpenAISdk),
        new("P14", "session ready after the start of a native program", CostAtMost, Everywhere(40e6), NativeStartRounds.Comparison, Peer: null, Unit: Unit.Nanoseconds),
    ];
}
