using System.Diagnostics;
using System.Runtime.CompilerServices;
using Realtime.Protocol.Testing.Hosting;

namespace Realtime.Protocol.Testing.Tests.Support;

/// <summary>A program that hosts a simulator and does nothing else, as a process of its own: it is this assembly, started with a variable that says so.</summary>
internal static class HostProgram
{
    private const string Variable = "REALTIME_TESTS_RUN_AS_HOST";

    /// <summary>Starts the program; its first line of output is where it listens.</summary>
    public static Process Start()
    {
        var start = new ProcessStartInfo("dotnet", [typeof(HostProgram).Assembly.Location]) { RedirectStandardOutput = true };
        start.Environment[Variable] = "1";
        return Process.Start(start)!;
    }

    [ModuleInitializer]
    internal static void BeTheProgram()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not null)
        {
            RealtimeSimulatorHost host = RealtimeSimulatorHost.StartAsync().GetAwaiter().GetResult();
            Console.WriteLine(host.Endpoint);
            Thread.Sleep(Timeout.Infinite);
        }
    }
}
