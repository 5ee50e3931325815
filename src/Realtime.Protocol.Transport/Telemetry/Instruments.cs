using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Realtime.Protocol.Transport;

/// <summary>
/// The one source of spans, the one meter and its instruments. What they are told has few values: no id, no name that a peer made up. No member of a session calls them under a lock or on a loop, since who
/// listens is code of the application (<see cref="SignalQueue"/>); the one exception is <see cref="HandlerDuration"/>, which is recorded where the application's own handler has just run.
/// </summary>
internal static class Instruments
{
    public const string OperationDurationName = "gen_ai.client.operation.duration";
    public const string TimeToFirstChunkName = "gen_ai.client.operation.time_to_first_chunk";
    public const string TokenUsageName = "gen_ai.client.token.usage";
    public const string ToolDurationName = "gen_ai.execute_tool.duration";
    public const string TurnFirstAudioName = "realtime.turn.first_audio";
    public const string TurnDurationName = "realtime.turn.duration";
    public const string SessionsActiveName = "realtime.session.active";
    public const string SessionDurationName = "realtime.session.duration";
    public const string ReconnectsName = "realtime.session.reconnects";
    public const string InterruptionsName = "realtime.interruptions";
    public const string ProblemsName = "realtime.problems";
    public const string EventsMissedName = "realtime.events.missed";
    public const string InputBacklogName = "realtime.input.backlog";
    public const string HandlerDurationName = "realtime.handler.duration";

    private const string Seconds = "s";

    private static readonly string? Version = typeof(Instruments).Assembly.GetName().Version?.ToString(3);

    // The bounds that the conventions advise.
    private static readonly InstrumentAdvice<double> OperationBounds = new() { HistogramBucketBoundaries = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92] };
    private static readonly InstrumentAdvice<double> SessionBounds = new() { HistogramBucketBoundaries = [1, 5, 15, 30, 60, 120, 300, 600, 1_200, 1_800, 2_700, 3_600] };
    private static readonly InstrumentAdvice<double> HandlerBounds = new() { HistogramBucketBoundaries = [0.000_01, 0.000_1, 0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5, 15] };
    private static readonly InstrumentAdvice<long> TokenBounds =
        new() { HistogramBucketBoundaries = [1, 4, 16, 64, 256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864] };

    private static readonly Meter Meter = new(RealtimeTelemetry.Name, Version);

    public static readonly ActivitySource Source = new(RealtimeTelemetry.Name, Version);

    public static readonly Histogram<double> OperationDuration = Meter.CreateHistogram(OperationDurationName, Seconds, "One response, from our request or the server's commit to its end.", tags: null, OperationBounds);
    public static readonly Histogram<double> TimeToFirstChunk = Meter.CreateHistogram(TimeToFirstChunkName, Seconds, "From our request or the server's commit to the first piece of the response.", tags: null, OperationBounds);
    public static readonly Histogram<long> TokenUsage = Meter.CreateHistogram(TokenUsageName, "{token}", "The tokens of one response, by direction, modality and cache.", tags: null, TokenBounds);
    public static readonly Histogram<double> ToolDuration = Meter.CreateHistogram(ToolDurationName, Seconds, "One call of a tool, from where it was to run to its output.", tags: null, OperationBounds);
    public static readonly Histogram<double> TurnFirstAudio = Meter.CreateHistogram(TurnFirstAudioName, Seconds, "From where the user was done to the first audio.", tags: null, OperationBounds);
    public static readonly Histogram<double> TurnDuration = Meter.CreateHistogram(TurnDurationName, Seconds, "From where the user was done to the end of the turn.", tags: null, OperationBounds);
    public static readonly UpDownCounter<long> SessionsActive = Meter.CreateUpDownCounter<long>(SessionsActiveName, "{session}", "Sessions that are open.");
    public static readonly Histogram<double> SessionDuration = Meter.CreateHistogram(SessionDurationName, Seconds, "One session, over all its connections.", tags: null, SessionBounds);
    public static readonly Counter<long> Reconnects = Meter.CreateCounter<long>(ReconnectsName, "{reconnect}", "Connections that took the place of one that was lost.");
    public static readonly Counter<long> Interruptions = Meter.CreateCounter<long>(InterruptionsName, "{turn}", "Turns that were silenced.");
    public static readonly Counter<long> Problems = Meter.CreateCounter<long>(ProblemsName, "{problem}", "What went wrong and the session survived.");
    public static readonly Counter<long> EventsMissed = Meter.CreateCounter<long>(EventsMissedName, "{event}", "What was left out for a reader who was too slow.");
    public static readonly Histogram<double> HandlerDuration = Meter.CreateHistogram(HandlerDurationName, Seconds, "One call of a handler of the application.", tags: null, HandlerBounds);

    public static readonly ObservableGauge<long> InputBacklog = Meter.CreateObservableGauge(InputBacklogName, LiveSessions.Backlog, "By", "The user's audio that was flushed and not sent, in all sessions together.");

    /// <summary>Whether a turn or a response would be told to anybody.</summary>
    public static bool AreTurnsObserved => Source.HasListeners() || TurnDuration.Enabled || TurnFirstAudio.Enabled || OperationDuration.Enabled || TimeToFirstChunk.Enabled;
}
