using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Realtime.Protocol;
using Realtime.Protocol.Hosting;

/// <summary>A host with two kinds of calls, each with a section of its own, one call of the first kind, and what a listener is told of its one turn.</summary>
internal static class Hosted
{
    public static async Task<string> TalkAsync(string endpoint)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Sales:Endpoint"] = endpoint,
            ["Sales:ConnectTimeout"] = "10s",
            ["Sales:Session:Voice"] = "cedar",
            ["Sales:Session:TurnTaking"] = "manual",
            ["Sales:Session:Truncation:Type"] = "retain",
            ["Sales:Session:Truncation:Ratio"] = "0.5",
            ["Night:Endpoint"] = endpoint,
            ["Night:Session:Modality"] = "text",
        });
        builder.Services.AddVoiceSessions("sales", builder.Configuration.GetSection("Sales"));
        builder.Services.AddVoiceSessions("night", builder.Configuration.GetSection("Night"));
        builder.Services.AddHealthChecks().AddVoiceSessions();
        using IHost host = builder.Build();
        await host.StartAsync();

        var told = new ConcurrentDictionary<string, int>();
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously); // listeners are told beside the session, and of its end last
        using var spans = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == RealtimeTelemetry.Name,
            Sample = static (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span => told[span.OperationName] = 1,
        };
        ActivitySource.AddActivityListener(spans);
        using var measurements = new MeterListener { InstrumentPublished = static (instrument, listener) => { if (instrument.Meter.Name == RealtimeTelemetry.Name) { listener.EnableMeasurementEvents(instrument); } } };
        measurements.SetMeasurementEventCallback<double>((instrument, _, _, _) =>
        {
            told[instrument.Name] = 1;
            if (instrument.Name == "realtime.session.duration")
            {
                ended.TrySetResult();
            }
        });
        measurements.SetMeasurementEventCallback<long>((instrument, _, _, _) => told[instrument.Name] = 1);
        measurements.Start();

        VoiceSessionFactory calls = host.Services.GetRequiredService<VoiceSessionFactory>();
        string said;
        await using (VoiceSession call = await calls.ConnectAsync("sales", static o => o.CallId = "call-42"))
        {
            TurnResult turn = await call.SendMessage("Hello").Completion;
            said = $"{call.Configuration.Voice} of {calls.Active} call said \"{turn.Transcript}\"";
        }

        await ended.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await host.StopAsync();
        return $"hosted: {said}; told of {string.Join(", ", told.Keys.Order(StringComparer.Ordinal))}";
    }
}
