using Realtime.Protocol.Benchmarks.Comparisons;
using Realtime.Protocol.Benchmarks.EndToEnd;
using Realtime.Protocol.Benchmarks.FirstEvents;
using Realtime.Protocol.Benchmarks.Hearing;
using Realtime.Protocol.Benchmarks.NativeStart;
using Realtime.Protocol.Benchmarks.Sessions;
using Realtime.Protocol.Benchmarks.Timing;

namespace Realtime.Protocol.Benchmarks.Ratios;

/// <summary>
/// Everything that the goals and the chart refer to, by name. What can be is measured in this process; receiving over a
/// socket, whole sessions, and the first moments of a process cannot.
/// </summary>
public static class Catalogue
{
    private const int Usual = 19_200;
    private const int Small = 960;

    private static readonly Func<Comparison>[] InProcess =
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
        () => AudioAppends.WithEventId(Small),
    ];

    private static readonly (string[] Names, IReadOnlyList<string> Ways, Func<Measured> Measure)[] InChildren =
    [
        ([EndToEndRounds.Elapsed, EndToEndRounds.Processor], EventClients.Names, static () => new(EndToEndRounds.Measure())),
        ([FirstEventRounds.Comparison], FirstEventChild.Names, static () => new(FirstEventRounds.Measure())),
        ([RestingSessions.Comparison], RestingSessions.Names, static () => new(RestingSessions.Measure())),
        ([LatencyRounds.Usual], ListeningSessions.Names, static () => new(LatencyRounds.MeasureUsual())),
        ([LatencyRounds.Small], ListeningSessions.Names, static () => new(LatencyRounds.MeasureSmall())),
        ([LatencyRounds.Tail], ListeningSessions.Names, static () => new(LatencyRounds.MeasureTail())),
        ([TalkingPaceRounds.Processor, TalkingPaceRounds.Memory], ListeningSessions.Names, static () => new(TalkingPaceRounds.Measure())),
        ([NativeStartRounds.Comparison], [Ways.RealtimeProtocol], NativeStartRounds.Measure),
    ];

    /// <summary>Everything that can be measured: comparisons and their ways, by name. Making it makes every comparison.</summary>
    public static IReadOnlyCollection<(string Comparison, string Way)> Everything =>
    [
        .. InProcess.Select(static make => make()).SelectMany(static comparison => comparison.Ways.Select(way => (comparison.Name, way.Name))),
        .. InChildren.SelectMany(static one => one.Names.SelectMany(name => one.Ways.Select(way => (name, way)))),
    ];

    /// <summary>Checks every way that is named, then measures.</summary>
    /// <param name="names">Names of comparisons.</param>
    /// <param name="rounds">How those in this process are measured.</param>
    /// <exception cref="Answers.WrongAnswerException">A way answers wrongly; nothing was measured in this process.</exception>
    public static Measured Measure(IReadOnlyCollection<string> names, InterleavedRounds rounds)
    {
        Comparison[] comparisons = [.. InProcess.Select(static make => make()).Where(comparison => names.Contains(comparison.Name))];
        foreach (Comparison comparison in comparisons)
        {
            comparison.RequireRightAnswers();
        }

        Measured[] measured = [new(rounds.Measure(comparisons)), .. InChildren.Where(one => one.Names.Any(names.Contains)).Select(static one => one.Measure())];
        return new([.. measured.SelectMany(static part => part.Series)], [.. measured.SelectMany(static part => part.Skips)]);
    }
}
