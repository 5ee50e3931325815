using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Realtime.Protocol.Testing.Hosting;
using Realtime.Protocol.Testing.Scenarios;

namespace Realtime.Protocol.CommandLine.Serving;

/// <summary><c>realtime serve</c>: the simulator for anyone's client, on loopback unless told otherwise, until it is asked to end or the program that it was started for has ended.</summary>
internal sealed class Serve(ServeSettings settings, Surroundings world)
{
    private static readonly TimeSpan LeavingTakes = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    // Standard output belongs to the program that is run, if there is one.
    private TextOutput Log => settings.Command.Count > 0 ? world.Error : world.Output;

    public async Task<ExitCode> RunAsync(CancellationToken cancellationToken)
    {
        if (settings.PrintsSchema)
        {
            world.Output.Write(Scenario.JsonSchema);
            return ExitCode.Done;
        }

        // Whatever cannot be used is told before anything listens.
        using X509Certificate2? own = settings.Certificate is { } file ? OwnCertificate.Load(file) : null;
        var lines = new ServedLines(Log, world.Time, settings.FailOn);
        RealtimeSimulatorHostOptions options = new ServedHost(settings, world, lines.Changed).Options(own) with { OnViolation = lines.Broke, OnReport = lines.Answered, Connections = lines };
        var scenarios = options.Choice as ScenarioFolder;
        RealtimeSimulatorHost host = await StartAsync(options, cancellationToken);

        // Whoever saves a broken file learns it before the next client does.
        await using ITimer? looking = scenarios is not null && settings.Watches ? world.Time.CreateTimer(static folder => ((ScenarioFolder)folder!).Refresh(), scenarios, LookEvery, LookEvery) : null;
        ExitCode ending;
        try
        {
            ending = await ServeAsync(host, scenarios, cancellationToken);
        }
        finally
        {
            await host.DisposeAsync();
        }

        ExitCode concluded = lines.Conclude(ending, settings.LogFolder, host.LogFailure is null);
        if (host.LogFailure is { } failure)
        {
            world.Error.WriteLine($"A log can't be written to its end: {Timeline.Printable.Line(failure.Message)}");
        }

        return concluded;
    }

    private static async Task<RealtimeSimulatorHost> StartAsync(RealtimeSimulatorHostOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return await RealtimeSimulatorHost.StartAsync(options, cancellationToken);
        }
        catch (Exception failure) when (failure is SocketException || failure is IOException { InnerException: SocketException } and not PortInUseException)
        {
            throw new ToolException(ExitCode.NotConnected, $"serve can't listen on {options}: {failure.Message.TrimEnd('.')}. Name an address of this machine and a port that you may use, with --listen and --port.", failure);
        }
    }

    private async Task<ExitCode> ServeAsync(RealtimeSimulatorHost host, ScenarioFolder? scenarios, CancellationToken cancellationToken)
    {
        string? certificate = await WriteCertificateAsync(host, cancellationToken);
        if (settings.Ready is { } ready)
        {
            await WriteReadyAsync(ready, host, certificate, cancellationToken);
        }

        // Scripts wait for this line: it says that clients may connect, and where.
        Log.WriteLine($"listening on {host.Endpoint}{(certificate is null ? "" : $" · certificate {certificate}")}{(scenarios is null ? "" : $" · {Names(scenarios)}")}");
        Log.Flush();
        if (settings.Command.Count > 0)
        {
            ExitCode ended = await new ServedProgram(settings.Command, host.Endpoint, settings.Key, certificate).RunAsync(cancellationToken);

            // What it said last, and how it left, is on its way, and counts; whoever it left running is told goodbye.
            await host.WhenEverybodyHasGoneAsync().WaitAsync(LeavingTakes, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return ended;
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

        return ExitCode.Done;
    }

    private async Task<string?> WriteCertificateAsync(RealtimeSimulatorHost host, CancellationToken cancellationToken)
    {
        if (settings.Certificate is { } own)
        {
            return own;
        }

        if (host.CertificatePem is not { } pem)
        {
            return null;
        }

        string path = settings.CertificateOut ?? string.Create(CultureInfo.InvariantCulture, $"realtime-{host.Endpoint.Port}.pem");
        await WholeFile.WriteAsync(path, pem + "\n", cancellationToken);
        return path;
    }

    private static Task WriteReadyAsync(string path, RealtimeSimulatorHost host, string? certificate, CancellationToken cancellationToken)
    {
        var ready = new JsonObject { ["url"] = host.Endpoint.ToString(), ["http"] = host.HttpEndpoint.ToString().TrimEnd('/'), ["certificate"] = certificate is null ? null : Path.GetFullPath(certificate) };
        return WholeFile.WriteAsync(path, ready.ToJsonString() + "\n", cancellationToken);
    }

    private static string Names(ScenarioFolder scenarios) => scenarios.Scenarios is { Count: 1 } only
        ? $"scenario {only.Keys.Single()} ({only.Values.Single().TurnCount} {(only.Values.Single().TurnCount == 1 ? "turn" : "turns")})"
        : $"{scenarios.Scenarios.Count} scenarios: {string.Join(", ", scenarios.Scenarios.Keys)}";
}
