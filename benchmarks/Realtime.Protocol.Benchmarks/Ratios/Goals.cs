using Realtime.Protocol.Benchmarks.Comparisons;
using static Realtime.Protocol.Benchmarks.Ratios.Bound;

namespace Realtime.Protocol.Benchmarks.Ratios;

/// <summary>
/// The goals, P1 to P10. None is loosened when it is missed: it prints <c>short</c>. They are ratios inside one run, since
/// times move with the machine and its mood.
/// </summary>
public static class Goals
{
    public static IReadOnlyList<Goal> All { get; } =
    [
        new("P1", "19,200 B of audio / bare base64", CostAtMost, 0.70, 1.05, "audio 19200", Ways.BareBase64, Ways.RealtimeProtocol),
        new("P2", "960 B of audio / bare base64", CostAtMost, 1.0, 1.25, "audio 960", Ways.BareBase64, Ways.RealtimeProtocol),
        new("P3", "19,200 B, any order and spacing / bare base64", CostAtMost, 0.85, null, "audio 19200, any order", Ways.BareBase64, Ways.RealtimeProtocol),
        new("P3", "960 B, any order and spacing / bare base64", CostAtMost, 2.0, null, "audio 960, any order", Ways.BareBase64, Ways.RealtimeProtocol),
        new("P4", "19,200 B in 4 KB segments / bare base64", CostAtMost, 1.10, null, "audio 19200, segments 4096", Ways.BareBase64, Ways.RealtimeProtocol),
        new("P4", "19,200 B in 16 KB segments / bare base64", CostAtMost, 0.85, null, "audio 19200, segments 16384", Ways.BareBase64, Ways.RealtimeProtocol),
        new("P5", "times as fast as the OpenAI SDK, 19,200 B of audio", TimesAsFast, 9, null, "audio 19200", Ways.OpenAISdk, Ways.RealtimeProtocol),
        new("P5", "times as fast as the OpenAI SDK, 960 B of audio", TimesAsFast, 20, null, "audio 960", Ways.OpenAISdk, Ways.RealtimeProtocol),
        new("P6", "times as fast as source generation, 19,200 B of audio", TimesAsFast, 8, null, "audio 19200", Ways.SourceGeneration, Ways.RealtimeProtocol),
        new("P6", "times as fast as source generation, 960 B of audio", TimesAsFast, 15, null, "audio 960", Ways.SourceGeneration, Ways.RealtimeProtocol),
    ];
}
