using System.Diagnostics;
using System.Globalization;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Realtime.Protocol.Transport.Tests.Telemetry;

/// <summary>An application that reads spans and metrics with OpenTelemetry's own SDK, into memory.</summary>
internal sealed class Observer : IDisposable
{
    private readonly List<Activity> _spans = [];
    private readonly List<MetricSnapshot> _metrics = [];
    private readonly TracerProvider _traces;
    private readonly MeterProvider _meters;

    public Observer(params string[] alsoSources)
    {
        _traces = Sdk.CreateTracerProviderBuilder().AddSource(RealtimeTelemetry.Name).AddSource(alsoSources).AddInMemoryExporter(_spans).Build();
        _meters = Sdk.CreateMeterProviderBuilder().AddMeter(RealtimeTelemetry.Name).AddInMemoryExporter(_metrics).Build();
    }

    /// <summary>What has ended, the oldest first.</summary>
    public Activity[] Spans
    {
        get
        {
            _traces.ForceFlush();
            lock (_spans)
            {
                return [.. _spans];
            }
        }
    }

    /// <summary>The spans of one name, or that begin with it.</summary>
    public Activity[] Named(string name) => [.. Spans.Where(span => span.DisplayName == name || span.DisplayName.StartsWith(name + " ", StringComparison.Ordinal))];

    /// <summary>All points, one line each: <c>name{attributes} count×sum</c> of a histogram, <c>name{attributes} value</c> else.</summary>
    public string[] Points()
    {
        _metrics.Clear();
        _meters.ForceFlush();
        return [.. _metrics.SelectMany(PointsOf).Order(StringComparer.Ordinal)];
    }

    public void Dispose()
    {
        _traces.Dispose();
        _meters.Dispose();
    }

    /// <summary>One line with everything that is told of a span.</summary>
    public static string Describe(Activity span) => $"{span.DisplayName} {span.Kind} {span.Status}{{{Tags(span.TagObjects)}}}";

    private static IEnumerable<string> PointsOf(MetricSnapshot metric) => metric.MetricPoints.Select(point => $"{metric.Name}{{{TagsOf(point)}}} {Value(metric, point)}");

    private static string TagsOf(MetricPoint point)
    {
        List<KeyValuePair<string, object?>> tags = [];
        foreach (KeyValuePair<string, object?> tag in point.Tags)
        {
            tags.Add(tag);
        }

        return Tags(tags);
    }

    private static string Tags(IEnumerable<KeyValuePair<string, object?>> tags) =>
        string.Join(' ', tags.OrderBy(static tag => tag.Key, StringComparer.Ordinal).Select(static tag => string.Create(CultureInfo.InvariantCulture, $"{tag.Key}={tag.Value}")));

    private static string Value(MetricSnapshot metric, MetricPoint point) => metric.MetricType switch
    {
        MetricType.Histogram => string.Create(CultureInfo.InvariantCulture, $"{point.GetHistogramCount()}×{point.GetHistogramSum():0.######}"),
        MetricType.LongGauge => point.GetGaugeLastValueLong().ToString(CultureInfo.InvariantCulture),
        _ => point.GetSumLong().ToString(CultureInfo.InvariantCulture),
    };
}
