using System.Globalization;
using Realtime.Protocol.CommandLine.Linting;
using Realtime.Protocol.Testing.Grammar;
using Realtime.Protocol.Testing.Hosting;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Responses;

namespace Realtime.Protocol.CommandLine.Serving;

/// <summary>What <c>realtime serve</c> was asked for.</summary>
internal sealed record ServeSettings
{
    public required int Port { get; init; }

    public string? Key { get; init; }

    public bool Fast { get; init; }

    /// <summary>From which level on a rule that a client broke is a failure; null for never.</summary>
    public ViolationLevel? FailOn { get; init; }

    /// <summary>A program to run against the simulator, and its arguments; empty for none.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];
}

/// <summary><c>realtime serve</c>: the simulator for anyone's client, on loopback, until it is asked to end or the program that it was started for has ended.</summary>
internal sealed class Serve(ServeSettings settings, Surroundings world)
{
    private readonly long _start = world.Time.GetTimestamp();

    // Standard output belongs to the program that is run, if there is one.
    private TextOutput Log => settings.Command.Count > 0 ? world.Error : world.Output;

    public async Task<ExitCode> RunAsync(CancellationToken cancellationToken)
    {
        await using RealtimeSimulatorHost host = await RealtimeSimulatorHost.StartAsync(Options(), cancellationToken);

        // Scripts wait for this line: it says that clients may connect, and where.
        Log.WriteLine($"listening on {host.Endpoint}");
        Log.Flush();
        if (settings.Command.Count > 0)
        {
            ExitCode own = await new ServedProgram(settings.Command, host.Endpoint, settings.Key).RunAsync(cancellationToken);
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

    private void Tell(Violation violation)
    {
        string seconds = world.Time.GetElapsedTime(_start).TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture);
        Log.WriteLine($"{seconds} #{violation.Connection.ToString(CultureInfo.InvariantCulture)} {violation}");
        Log.Flush();
    }

    private RealtimeSimulatorHostOptions Options() => new()
    {
        Port = settings.Port,
        ApiKey = settings.Key,
        Time = world.Time,
        OnViolation = Tell,
        Simulator = new SimulatorOptions
        {
            Pace = settings.Fast ? ResponsePace.Immediate : ResponsePace.Default,
            UnixSecondsAtConnect = world.Time.GetUtcNow().ToUnixTimeSeconds(),
        },
    };
}
