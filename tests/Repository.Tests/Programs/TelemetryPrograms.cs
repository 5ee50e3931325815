using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Realtime.Protocol;

namespace Repository.Tests.Programs;

/// <summary>The program of the README of the session that is observed. What stands in a region is shown there, word for word; what stands around it makes the program run against a simulator, and keeps what it tells.</summary>
internal static class TelemetryPrograms
{
    public static async Task TellAsync(string key, Uri simulator, ICollection<Activity> spans, ICollection<MetricSnapshot> metrics, TextWriter output, CancellationToken ct)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        #region Program 16
        builder.Services.AddOpenTelemetry()
            .WithTracing(t => t.AddSource(RealtimeTelemetry.Name))
            .WithMetrics(m => m.AddMeter(RealtimeTelemetry.Name));
        #endregion
        builder.Services.ConfigureOpenTelemetryTracerProvider(t => t.AddInMemoryExporter(spans));
        builder.Services.ConfigureOpenTelemetryMeterProvider(m => m.AddInMemoryExporter(metrics));
        using IHost app = builder.Build();
        await app.StartAsync(ct);
        await TalkAsync(key, simulator, app.Services.GetRequiredService<ILoggerFactory>(), output, ct);
        app.Services.GetRequiredService<MeterProvider>().ForceFlush();
        await app.StopAsync(ct);
    }

    private static async Task TalkAsync(string key, Uri simulator, ILoggerFactory loggers, TextWriter output, CancellationToken ct)
    {
        #region Program 16
        var options = new VoiceSessionOptions { Credential = key, CallId = "call-42", LoggerFactory = loggers };
        #endregion
        (options.Endpoint, options.Model) = (simulator, "gpt-realtime");
        #region Program 16
        await using var session = await VoiceSession.ConnectAsync(options, ct);
        var turn = session.SendMessage("Hello");                                   // one trace: realtime turn → realtime gpt-realtime → execute_tool clock
        output.WriteLine((await turn.Completion).Timings.FirstAudio);              // the same number as realtime.turn.first_audio
        #endregion
    }
}
