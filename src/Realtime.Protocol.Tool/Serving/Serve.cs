using System.Globalization;
using System.Text.Json.Nodes;
using Realtime.Protocol.CommandLine.Linting;
using Realtime.Protocol.Testing.Grammar;
using Realtime.Protocol.Testing.Hosting;
using Realtime.Protocol.Testing.Scenarios;
using Realtime.Protocol.Testing.Simulation.Responses;

namespace Realtime.Protocol.CommandLine.Serving;

/// <summary><c>realtime serve</c>: the simulator for anyone's client, on loopback unless told otherwise, until it is asked to end or the program that it was started for has ended.</summary>
internal sealed class Serve(ServeSettings settings, Surroundings world)
{
    private readonly long _start = world.Time.GetTimestamp();

    // Standard output belongs to the program that is run, if there is one.
    private TextOutput Log => settings.Command.Count > 0 ? world.Error : world.Output;

    public async Task<ExitCode> RunAsync(CancellationToken cancellationToken)
    {
        if (settings.PrintsSchema)
        {
            world.Output.Write(Scenario.JsonSchema);
            return ExitCode.Done;
        }

        Scenario? played = settings.ScenarioFile is { } file ? Scenario.Load(file) : null;
        played = settings.Seed is { } seed ? (played ?? Scenario.Empty).Seeded(seed) : played;
        foreach (string note in played?.Notes ?? [])
        {
            world.Error.WriteLine(note);
        }

        await using RealtimeSimulatorHost host = await RealtimeSimulatorHost.StartAsync(Options(played), cancellationToken);
        string? certificate = await WriteCertificateAsync(host, cancellationToken);
        if (settings.Ready is { } ready)
        {
            await WriteReadyAsync(ready, host, certificate, cancellationToken);
        }

        // Scripts wait for this line: it says that clients may connect, and where.
        Log.WriteLine($"listening on {host.Endpoint}{(certificate is null ? "" : $" · certificate {certificate}")}");
        Log.Flush();
        if (settings.Command.Count > 0)
        {
            ExitCode own = await new ServedProgram(settings.Command, host.Endpoint, settings.Key, certificate).RunAsync(cancellationToken);
            return own == ExitCode.Done ? Verdict(host) : own;
        }

        if (world.Output.Failure is not null)
        {
            // Nobody will ever learn where it listens.
            return ExitCode.Done;
        }

        var ending = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (cancellationToken.Register(() => ending.TrySetResult()))
        {
            await ending.Task;
        }

        return Verdict(host);
    }

    private ExitCode Verdict(RealtimeSimulatorHost host) => settings.FailOn.IsReached(host.Violations) ? ExitCode.DoneWithProblems : ExitCode.Done;

    private void Tell(Violation violation) => Tell($"#{violation.Connection.ToString(CultureInfo.InvariantCulture)} {violation}");

    private void Tell(string line)
    {
        string seconds = world.Time.GetElapsedTime(_start).TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture);
        Log.WriteLine($"{seconds} {line}");
        Log.Flush();
    }

    private async Task<string?> WriteCertificateAsync(RealtimeSimulatorHost host, CancellationToken cancellationToken)
    {
        if (host.CertificatePem is not { } pem)
        {
            return null;
        }

        string path = settings.Certificate ?? string.Create(CultureInfo.InvariantCulture, $"realtime-{host.Endpoint.Port}.pem");
        await WriteAsync(path, pem + "\n", cancellationToken);
        return path;
    }

    private static Task WriteReadyAsync(string path, RealtimeSimulatorHost host, string? certificate, CancellationToken cancellationToken)
    {
        var ready = new JsonObject { ["url"] = host.Endpoint.ToString(), ["http"] = host.HttpEndpoint.ToString().TrimEnd('/'), ["certificate"] = certificate is null ? null : Path.GetFullPath(certificate) };
        return WriteAsync(path, ready.ToJsonString() + "\n", cancellationToken);
    }

    // Whoever waits for the file must not find half of it.
    private static async Task WriteAsync(string path, string text, CancellationToken cancellationToken)
    {
        string beside = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            await File.WriteAllTextAsync(beside, text, cancellationToken);
            File.Move(beside, path, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            if (File.Exists(beside))
            {
                File.Delete(beside);
            }

            throw new ToolException(ExitCode.UnusableInput, $"{path} can't be written: {failure.Message}", failure);
        }
    }

    private RealtimeSimulatorHostOptions Options(Scenario? played)
    {
        var limits = new SimulatorHostLimits();
        return new()
        {
            Address = settings.Listen,
            Port = settings.Port,
            Tls = settings.Tls,
            ApiKey = settings.Key,
            Time = world.Time,
            OnViolation = Tell,
            Connections = new ConnectionLines(this),
            Limits = limits with
            {
                MaxConnections = settings.MaxConnections ?? limits.MaxConnections,
                MaxMessageBytes = settings.MaxMessageBytes ?? limits.MaxMessageBytes,
                MaxQueuedBytes = settings.MaxQueuedBytes ?? limits.MaxQueuedBytes,
            },
            Simulator = settings.Faults.Aggregate(
                (played ?? Scenario.Empty).ToOptions(settings.Fast ? ResponsePace.Immediate : ResponsePace.Default) with
                {
                    UnixSecondsAtConnect = world.Time.GetUtcNow().ToUnixTimeSeconds(),
                },
                static (options, wish) => options.WithFault(wish)),
        };
    }

    /// <summary>One line when a client comes, and one when it has gone.</summary>
    private sealed class ConnectionLines(Serve serve) : IProgress<HostedConnection>
    {
        public void Report(HostedConnection value) => serve.Tell(Timeline.Printable.Line(value.ToString()));
    }
}
