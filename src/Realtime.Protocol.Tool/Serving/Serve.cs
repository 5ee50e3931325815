using Realtime.Protocol.Testing.Hosting;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Responses;

namespace Realtime.Protocol.CommandLine.Serving;

/// <summary><c>realtime serve</c>: the simulator for anyone's client, on loopback, until it is asked to end.</summary>
internal sealed class Serve(int port, string? key, bool isFast, Surroundings world)
{
    public async Task<ExitCode> RunAsync(CancellationToken cancellationToken)
    {
        await using RealtimeSimulatorHost host = await RealtimeSimulatorHost.StartAsync(Options(), cancellationToken);

        // Scripts wait for this line: it says that clients may connect, and where.
        world.Output.WriteLine($"listening on {host.Endpoint}");
        world.Output.Flush();
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

    private RealtimeSimulatorHostOptions Options() => new()
    {
        Port = port,
        ApiKey = key,
        Time = world.Time,
        Simulator = new SimulatorOptions
        {
            Pace = isFast ? ResponsePace.Immediate : ResponsePace.Default,
            UnixSecondsAtConnect = world.Time.GetUtcNow().ToUnixTimeSeconds(),
        },
    };
}
