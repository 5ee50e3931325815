using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Realtime.Protocol.Testing.Hosting;
using Realtime.Protocol.Testing.Scenarios;
using Realtime.Protocol.Testing.Simulation.Responses;

namespace Realtime.Protocol.Testing.Tests.Support;

/// <summary>A program that hosts a simulator and does nothing else, as a process of its own: it is this assembly, started with a variable that says so.</summary>
internal static class HostProgram
{
    private const string Variable = "REALTIME_TESTS_RUN_AS_HOST";

    /// <summary>Starts the program; its first line of output is where it listens.</summary>
    /// <param name="scenario">What it plays, all at once; the echo where nothing is said.</param>
    /// <param name="heapBytes">With more on its managed heap it dies; 0 for what the machine has.</param>
    public static Process Start(string scenario = "{}", long heapBytes = 0)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(HostProgram).Assembly.Location]) { RedirectStandardOutput = true };
        start.Environment[Variable] = scenario;
        if (heapBytes > 0)
        {
            start.Environment["DOTNET_GCHeapHardLimit"] = string.Create(CultureInfo.InvariantCulture, $"0x{heapBytes:X}");
        }

        return Process.Start(start)!;
    }

    [ModuleInitializer]
    internal static void BeTheProgram()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { } scenario)
        {
            RealtimeSimulatorHost host = RealtimeSimulatorHost.StartAsync(new() { Simulator = Scenario.Parse(scenario).ToOptions(ResponsePace.Immediate) }).GetAwaiter().GetResult();
            Console.WriteLine(host.Endpoint);
            Thread.Sleep(Timeout.Infinite);
        }
    }
}
