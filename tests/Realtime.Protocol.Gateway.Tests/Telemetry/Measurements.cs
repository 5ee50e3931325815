using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace Realtime.Protocol.Gateway.Tests;

/// <summary>Every measurement of calls, one line each: <c>name{attributes} value</c>. It hears the whole process, so whoever has one runs alone.</summary>
internal sealed class Measurements : IDisposable
{
    private readonly ConcurrentQueue<(string Name, double Value, KeyValuePair<string, object?>[] Tags)> _all = new();
    private readonly SortedSet<string> _instruments = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();

    public Measurements()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == RealtimeTelemetry.Name && instrument.Name.StartsWith("realtime.call.", StringComparison.Ordinal))
            {
                _instruments.Add(instrument.Name);
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => _all.Enqueue((instrument.Name, value, tags.ToArray())));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => _all.Enqueue((instrument.Name, value, tags.ToArray())));
        _listener.Start();
    }

    /// <summary>In the order in which they came.</summary>
    public string[] Lines =>
        [.. _all.Select(static one => string.Create(CultureInfo.InvariantCulture, $"{one.Name}{{{string.Join(' ', one.Tags.OrderBy(static tag => tag.Key, StringComparer.Ordinal).Select(static tag => $"{tag.Key}={tag.Value}"))}}} {one.Value:0.###}"))];

    /// <summary>What there is to be heard.</summary>
    public IReadOnlyCollection<string> Instruments => _instruments;

    public IEnumerable<KeyValuePair<string, object?>> Tags => _all.SelectMany(static one => one.Tags);

    public void Dispose() => _listener.Dispose();
}

/// <summary>What looks at the whole process runs when nothing else does.</summary>
[CollectionDefinition(nameof(WholeProcess), DisableParallelization = true)]
public sealed class WholeProcess;
