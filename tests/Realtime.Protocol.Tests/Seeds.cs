using System.Globalization;

namespace Realtime.Protocol.Tests;

/// <summary>The seed of a random test: fixed, unless the environment variable REALTIME_TEST_SEED gives another one. A failure prints it.</summary>
internal static class Seeds
{
    public static int Next() =>
        int.TryParse(Environment.GetEnvironmentVariable("REALTIME_TEST_SEED"), CultureInfo.InvariantCulture, out int seed) ? seed : 20_260_801;
}
