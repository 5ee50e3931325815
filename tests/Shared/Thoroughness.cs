using System.Globalization;

namespace Realtime.Protocol.Tests.Shared;

/// <summary>
/// How many of the inputs that a test could try are tried in this run, where they are many: a twenty-fifth; with <c>REALTIME_THOROUGH=1</c>, as in .ci/run, as many as the test says; with 10 ten times as many.
/// </summary>
internal static class Thoroughness
{
    private static readonly double Share =
        double.TryParse(Environment.GetEnvironmentVariable("REALTIME_THOROUGH"), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double share) ? share : 0.04;

    /// <summary>True when nothing is left out: what can only be tried whole or not.</summary>
    public static bool IsWhole => Share >= 1;

    /// <summary>One in how many of the inputs is tried, where they have an order and there are no more of them: all of them in a run that is ten times as thorough, too.</summary>
    public static int Step => Math.Max(1, (int)(1 / Share));

    /// <summary>This run's part of the inputs, at least one.</summary>
    public static int Of(int all) => Math.Max(1, (int)(all * Share));
}
