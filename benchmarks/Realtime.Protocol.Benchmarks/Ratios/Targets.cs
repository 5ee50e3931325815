namespace Realtime.Protocol.Benchmarks.Ratios;

/// <summary>What a goal asks for, row by row; null where a row only tells its figures.</summary>
public sealed record Targets(double? Avx512, double? Avx2, double? Neither)
{
    /// <summary>For what does not depend on vectors.</summary>
    public static Targets Everywhere(double value) => new(value, value, value);

    public double? On(GoalRow row) => row switch
    {
        GoalRow.Avx512 => Avx512,
        GoalRow.Avx2 => Avx2,
        _ => Neither,
    };
}
