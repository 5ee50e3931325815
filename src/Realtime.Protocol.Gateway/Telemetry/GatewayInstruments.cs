using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Realtime.Protocol.Gateway;

/// <summary>
/// What calls tell of themselves, under the name of the sessions' meter: a call at its beginning, when it is ready and at its end, and whoever is not let in. Nothing is told of a frame. Every attribute has a few values that stand in the code:
/// no id, no ticket, no address. What a listener throws ends no call.
/// </summary>
internal static class GatewayInstruments
{
    public const string ActiveName = "realtime.call.active";
    public const string DurationName = "realtime.call.duration";
    public const string TimeToReadyName = "realtime.call.time_to_ready";
    public const string RefusedName = "realtime.call.refused";

    public const string Protocol = "realtime.call.protocol";
    public const string End = "realtime.call.end";
    public const string Resumed = "realtime.call.resumed";
    public const string Status = "http.response.status_code";

    private static readonly InstrumentAdvice<double> DurationBounds = new() { HistogramBucketBoundaries = [1, 5, 15, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600, 7_200] };
    private static readonly InstrumentAdvice<double> ReadyBounds = new() { HistogramBucketBoundaries = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48] };

    private static readonly Meter Meter = new(RealtimeTelemetry.Name, typeof(GatewayInstruments).Assembly.GetName().Version?.ToString(3));

    private static readonly UpDownCounter<long> Active = Meter.CreateUpDownCounter<long>(ActiveName, "{call}", "Calls whose line is open.");
    private static readonly Histogram<double> Duration = Meter.CreateHistogram(DurationName, "s", "One call, from the open line to its end.", tags: null, DurationBounds);
    private static readonly Histogram<double> TimeToReady = Meter.CreateHistogram(TimeToReadyName, "s", "From the open line to the session that answers.", tags: null, ReadyBounds);
    private static readonly Counter<long> Refused = Meter.CreateCounter<long>(RefusedName, "{call}", "Calls that were not let in.");

    /// <summary>A line is open.</summary>
    /// <returns>Whether it was told: who was not told that a call began is not told that there is one less.</returns>
    public static bool Began(string protocol)
    {
        bool isTold = Active.Enabled;
        if (isTold)
        {
            Guard(protocol, static protocol => Active.Add(1, new KeyValuePair<string, object?>(Protocol, protocol)));
        }

        return isTold;
    }

    /// <summary>The caller can be heard.</summary>
    /// <param name="isResumed">The conversation goes on with what was said before.</param>
    public static void Ready(string protocol, TimeSpan sinceOpen, bool isResumed)
    {
        if (TimeToReady.Enabled)
        {
            Guard((protocol, sinceOpen, isResumed), static ready => TimeToReady.Record(ready.sinceOpen.TotalSeconds, new TagList { { Protocol, ready.protocol }, { Resumed, ready.isResumed } }));
        }
    }

    /// <summary>The call is over, and everything of it given back.</summary>
    /// <param name="isCounted">What <see cref="Began"/> gave.</param>
    public static void Ended(string protocol, TimeSpan sinceOpen, CallEndKind kind, bool isCounted)
    {
        if (Duration.Enabled)
        {
            Guard((protocol, sinceOpen, kind), static ended => Duration.Record(ended.sinceOpen.TotalSeconds, new TagList { { Protocol, ended.protocol }, { End, CallWords.Of(ended.kind) } }));
        }

        if (isCounted)
        {
            Guard(protocol, static protocol => Active.Add(-1, new KeyValuePair<string, object?>(Protocol, protocol)));
        }
    }

    /// <summary>The door stayed closed.</summary>
    /// <param name="status">As HTTP has it, also where nobody is told.</param>
    public static void NotLetIn(string protocol, int status)
    {
        if (Refused.Enabled)
        {
            Guard((protocol, status), static refused => Refused.Add(1, new TagList { { Protocol, refused.protocol }, { Status, refused.status } }));
        }
    }

    // Who listens is code of the application.
    private static void Guard<T>(T told, Action<T> tell)
    {
        try
        {
            tell(told);
        }
        catch (Exception)
        {
            // A call whose observer is broken goes on, and there is nowhere left to say so.
        }
    }
}
