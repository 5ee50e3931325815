using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Realtime.Protocol.Benchmarks.Ratios;

namespace Realtime.Protocol.Benchmarks.Results;

/// <summary>Where something was measured, as far as times depend on it.</summary>
public sealed record Machine(string Processor, int Cores, string Architecture, string OperatingSystem, string Runtime, string Vectors, GoalRow Row)
{
    public static Machine OfThisProcess() => new(
        ProcessorName(),
        Environment.ProcessorCount,
        RuntimeInformation.ProcessArchitecture.ToString(),
        RuntimeInformation.OSDescription,
        RuntimeInformation.FrameworkDescription,
        VectorsInUse(),
        GoalRows.OfThisProcess());

    // The vectors that the runtime uses, which settings such as DOTNET_EnableAVX512=0 can make fewer than the processor has.
    private static string VectorsInUse() => 0 switch
    {
        _ when Avx512Vbmi.IsSupported => "AVX-512 with VBMI",
        _ when Avx512F.IsSupported => "AVX-512 without VBMI",
        _ when Avx2.IsSupported => "AVX2",
        _ when System.Runtime.Intrinsics.Vector128.IsHardwareAccelerated => "128-bit vectors",
        _ => "no vectors",
    };

    private static string ProcessorName()
    {
        const string linux = "/proc/cpuinfo";
        string? name = File.Exists(linux)
            ? File.ReadLines(linux).FirstOrDefault(static line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim()
            : Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER");
        return name ?? "unknown processor";
    }
}
