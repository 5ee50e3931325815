using System.Security.Cryptography.X509Certificates;
using Realtime.Protocol.Testing.Hosting;
using Realtime.Protocol.Testing.Hosting.Logs;
using Realtime.Protocol.Testing.Scenarios;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Responses;

namespace Realtime.Protocol.CommandLine.Serving;

/// <summary>
/// From the words of the command line to a host: a scenario, or the recipe of a log, and what is said beside it, which wins: the scenario beside a log, and the command line over both. What cannot be used is one line, before anything listens.
/// </summary>
/// <param name="told">Is told a line when a scenario was read again, or could not be.</param>
internal sealed class ServedHost(ServeSettings settings, Surroundings world, Action<string> told)
{
    /// <summary>How the host is to be.</summary>
    /// <param name="own">A certificate of the user's own; null for none.</param>
    public RealtimeSimulatorHostOptions Options(X509Certificate2? own)
    {
        PrepareLogs();
        ScenarioFolder? scenarios = settings is { Scenarios: { } path, Like: null } ? ScenarioFolder.Load(path, Played, settings.Watches, told) : null;
        RealtimeSimulatorHostOptions basis = settings.Like is { } log
            ? RealtimeSimulatorHostOptions.Like(log, settings.Scenarios is { } file ? Scenario.Load(file) : null, settings.TurnDetection)
            : new() { Simulator = Played(Scenario.Empty), Choice = scenarios };
        foreach (string note in scenarios?.Scenarios.Values.SelectMany(static scenario => scenario.Notes) ?? (basis.Simulator.Speaker as ScriptedModel)?.Scenario.Notes ?? [])
        {
            world.Error.WriteLine(note);
        }

        SimulatorHostLimits limits = basis.Limits;
        return basis with
        {
            Address = settings.Listen,
            Port = settings.Port,
            Tls = settings.Tls || own is not null,
            Certificate = own,
            ApiKey = settings.Key,
            Time = world.Time,
            LogFolder = settings.LogFolder,
            LogsAudio = settings.LogsAudio,
            Limits = limits with
            {
                MaxConnections = settings.MaxConnections ?? limits.MaxConnections,
                MaxMessageBytes = settings.MaxMessageBytes ?? limits.MaxMessageBytes,
                MaxQueuedBytes = settings.MaxQueuedBytes ?? limits.MaxQueuedBytes,
            },
            Simulator = settings.Like is null ? basis.Simulator : Simulator(basis.Simulator),
        };
    }

    private SimulatorOptions Played(Scenario scenario) => Simulator(scenario.ToOptions(settings.Fast ? ResponsePace.Immediate : ResponsePace.Default));

    private SimulatorOptions Simulator(SimulatorOptions basis)
    {
        SimulatorOptions options = basis with
        {
            Seed = settings.Seed ?? basis.Seed,
            SessionLifetime = settings.Lifetime ?? basis.SessionLifetime,
            TurnDetection = settings.TurnDetection ?? basis.TurnDetection,
            UnixSecondsAtConnect = world.Time.GetUtcNow().ToUnixTimeSeconds(),
        };
        options = settings is { Fast: true, Like: not null } ? options with { Pace = ResponsePace.Immediate } : options;
        return settings.Faults.Aggregate(options, static (options, wish) => options.WithFault(wish));
    }

    private void PrepareLogs()
    {
        if (settings.LogFolder is not { } folder)
        {
            return;
        }

        if (settings.Like is { } log && Path.GetDirectoryName(Path.GetFullPath(log)) == Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)))
        {
            throw new ToolException(ExitCode.UnusableInput, $"{log} is in {folder}, where the new log would take its place. Name another folder with --log.");
        }

        try
        {
            LogWriter.Prepare(folder);
        }
        catch (IOException failure)
        {
            throw new ToolException(ExitCode.UnusableInput, failure.Message, failure);
        }
    }
}
