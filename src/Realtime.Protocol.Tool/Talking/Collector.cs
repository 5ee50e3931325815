using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Realtime.Protocol.CommandLine.Talking;

/// <summary>
/// Where <c>--otlp</c> sends spans and metrics: to a collector, as OTLP over HTTP. What is told goes out at the end, within a few seconds; a collector that does not take it costs one line and nothing else.
/// </summary>
internal sealed class Collector : IDisposable
{
    private const int PatienceMs = 3_000;

    private readonly string _url;
    private readonly TracerProvider _traces;
    private readonly MeterProvider _meters;
    private int _refused;

    private Collector(Uri url, string name)
    {
        _url = url.GetLeftPart(UriPartial.Path);
        ResourceBuilder who = ResourceBuilder.CreateDefault().AddService(name);
        _traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(who).AddSource(RealtimeTelemetry.Name)
            .AddProcessor(new BatchActivityExportProcessor(new Traces(this, OptionsFor(url, "traces")))).Build();
        _meters = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(who).AddMeter(RealtimeTelemetry.Name)
            .AddReader(new PeriodicExportingMetricReader(new Metrics(this, OptionsFor(url, "metrics")))).Build();
    }

    /// <summary>Begins to listen; null when nobody asked for it.</summary>
    /// <param name="url">As on the command line.</param>
    /// <param name="name">Of the program, as the collector shows it.</param>
    /// <exception cref="ToolException">It is no address of a collector.</exception>
    public static Collector? Open(string? url, string name)
    {
        if (url is null)
        {
            return null;
        }

        return Uri.TryCreate(url, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https"
            ? new(address, name)
            : throw new ToolException(ExitCode.UnusableInput, "--otlp is the address of a collector, such as http://localhost:4318.");
    }

    /// <summary>Sends what was told, within a few seconds; a line when it could not.</summary>
    public async Task<string?> EndAsync()
    {
        Task<bool> traces = Task.Run(() => _traces.Shutdown(PatienceMs));
        Task<bool> metrics = Task.Run(() => _meters.Shutdown(PatienceMs));
        bool isTaken;
        try
        {
            bool[] both = await Task.WhenAll(traces, metrics).WaitAsync(TimeSpan.FromMilliseconds(3 * PatienceMs));
            isTaken = both[0] && both[1] && Volatile.Read(ref _refused) == 0;
        }
        catch (TimeoutException)
        {
            isTaken = false;
        }

        return isTaken ? null : $"warning: the collector at {_url} did not take all traces and metrics.";
    }

    public void Dispose()
    {
        _traces.Dispose();
        _meters.Dispose();
    }

    private static OtlpExporterOptions OptionsFor(Uri url, string signal) => new()
    {
        Endpoint = new UriBuilder(url) { Path = $"{url.AbsolutePath.TrimEnd('/')}/v1/{signal}" }.Uri,
        Protocol = OtlpExportProtocol.HttpProtobuf,
        TimeoutMilliseconds = PatienceMs,
    };

    private ExportResult Watch(ExportResult result)
    {
        if (result is not ExportResult.Success)
        {
            Volatile.Write(ref _refused, 1);
        }

        return result;
    }

    // The SDK tells whether it tried; these say whether it was taken.
    private sealed class Traces(Collector collector, OtlpExporterOptions options) : OtlpTraceExporter(options)
    {
        public override ExportResult Export(in Batch<Activity> activityBatch) => collector.Watch(base.Export(activityBatch));
    }

    private sealed class Metrics(Collector collector, OtlpExporterOptions options) : OtlpMetricExporter(options)
    {
        public override ExportResult Export(in Batch<Metric> metrics) => collector.Watch(base.Export(metrics));
    }
}
