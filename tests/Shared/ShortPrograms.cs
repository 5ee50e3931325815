using System.Runtime.CompilerServices;

namespace Realtime.Protocol.Tests.Shared;

/// <summary>
/// Programs that a test starts end before optimised code pays, like most test processes: they take no profile, and wait a second without new methods before they optimise. An eighth of the processor
/// time of the tool's tests.
/// </summary>
internal static class ShortPrograms
{
#pragma warning disable CA2255 // a test project is a program; this comes before all that it starts
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void SpareThemTheOptimising()
    {
        Environment.SetEnvironmentVariable("DOTNET_TieredPGO", "0");
        Environment.SetEnvironmentVariable("DOTNET_TC_CallCountingDelayMs", "3E8"); // hexadecimal
    }
}
