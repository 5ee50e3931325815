using System.Runtime.Intrinsics.X86;

namespace Realtime.Protocol.Benchmarks.Ratios;

/// <summary>
/// The rows of the goals: what a processor can be held to depends on its vectors, for ours and for whatever ours is held against.
/// It is the runtime that says which it uses, so a setting such as DOTNET_EnableAVX512=0 chooses another row on the same machine.
/// </summary>
public enum GoalRow
{
    /// <summary>Bytes and words in vectors of 512 bits, with the permutation of VBMI or without it.</summary>
    Avx512,

    /// <summary>Vectors of 256 bits.</summary>
    Avx2,

    /// <summary>ARM64, and x64 from before AVX2: vectors of 128 bits, or none.</summary>
    Neither,
}

public static class GoalRows
{
    public static IReadOnlyList<GoalRow> All { get; } = Enum.GetValues<GoalRow>();

    public static GoalRow OfThisProcess() => For(Avx512BW.IsSupported, Avx2.IsSupported);

    public static GoalRow For(bool hasAvx512, bool hasAvx2) => (hasAvx512, hasAvx2) switch
    {
        (true, _) => GoalRow.Avx512,
        (false, true) => GoalRow.Avx2,
        (false, false) => GoalRow.Neither,
    };

    /// <summary>As it stands in lines, tables and the page's markers.</summary>
    public static string Name(this GoalRow row) => row switch
    {
        GoalRow.Avx512 => "AVX-512",
        GoalRow.Avx2 => "AVX2",
        _ => "neither AVX-512 nor AVX2",
    };
}
