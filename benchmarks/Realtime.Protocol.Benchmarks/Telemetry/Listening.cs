using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Realtime.Protocol.Benchmarks.Telemetry;

/// <summary>Somebody who listens to everything that sessions tell, spans and metrics, until it is disposed. What is told is counted and thrown away, so that nothing is measured but the telling.</summary>
public sealed class Listening : IDisposable
{
    private readonly ActivityListener _spans;
    private readonly MeterListener _metrics = new();
    private long _told;

    public Listening()
    {
        _spans = new()
        {
            ShouldListenTo = static source => source.Name == RealtimeTelemetry.Name,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ => Interlocked.Increment(ref _told),
        };
        _metrics.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == RealtimeTelemetry.Name)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _metrics.SetMeasurementEventCallback<double>(Count);
        _metrics.SetMeasurementEventCallback<long>(Count);
        ActivitySource.AddActivityListener(_spans);
        _metrics.Start();
    }

    /// <summary>How many spans and measurements it was told.</summary>
    public long Told => Interlocked.Read(ref _told);

    public void Dispose()
    {
        _metrics.Dispose();
        _spans.Dispose();
    }

    private void Count<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state) => Interlocked.Increment(ref _told);
}
