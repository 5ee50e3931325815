using System.Globalization;
using Realtime.Protocol.Testing.Hosting;
using Realtime.Protocol.Testing.Simulation;

namespace Realtime.Protocol.Benchmarks.Simulator;

/// <summary>
/// The simulator on a port, in a process of its own. Its first line is the address; then each line that it hears is answered with the bytes of its heap
/// after a collection, those that the system counts for it, and the milliseconds of processor time until then, <c>held</c>, or with the last of them only, <c>processor</c>.
/// </summary>
public static class SimulatorServer
{
    public static async Task ServeAsync(SimulatorOptions options, TextReader input, TextWriter output)
    {
        await using RealtimeSimulatorHost host = await RealtimeSimulatorHost.StartAsync(new() { Simulator = options });
        await output.WriteLineAsync(host.Endpoint.ToString());
        await output.FlushAsync();
        while (await input.ReadLineAsync() is { } line)
        {
            double processor = Environment.CpuUsage.TotalTime.TotalMilliseconds;
            await output.WriteLineAsync(line == "held"
                ? string.Create(CultureInfo.InvariantCulture, $"{GC.GetTotalMemory(forceFullCollection: true)} {Environment.WorkingSet} {processor}")
                : processor.ToString(CultureInfo.InvariantCulture));
            await output.FlushAsync();
        }
    }
}
