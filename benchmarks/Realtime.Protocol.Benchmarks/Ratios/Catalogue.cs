using Realtime.Protocol.Benchmarks.Comparisons;
using Realtime.Protocol.Benchmarks.Timing;

namespace Realtime.Protocol.Benchmarks.Ratios;

/// <summary>The comparisons that the goals and the chart refer to, by name. Each is made when it is needed.</summary>
public static class Catalogue
{
    private const int Usual = 19_200;
    private const int Small = 960;

    private static readonly Func<Comparison>[] Makers =
    [
        () => AudioDeltas.Usual(Usual),
        () => AudioDeltas.Usual(Small),
        () => AudioDeltas.AnyOrder(Usual),
        () => AudioDeltas.AnyOrder(Small),
        () => AudioDeltas.Segmented(Usual, 4_096),
        () => AudioDeltas.Segmented(Usual, 16_384),
        OtherEvents.TranscriptDelta,
        OtherEvents.ResponseDone,
        OtherEvents.Session,
        () => AudioAppends.Of(Usual),
        () => AudioAppends.Of(Small),
    ];

    public static IReadOnlyList<Comparison> Named(IEnumerable<string> names) =>
        [.. Makers.Select(static make => make()).Where(comparison => names.Contains(comparison.Name))];
}
