namespace Realtime.Protocol.Benchmarks.Payloads;

/// <summary>
/// Ids as the service makes them: a prefix that names the kind, then 21 characters of the 62 that are letters and
/// digits. The same random source gives the same ids.
/// </summary>
public static class SeededIds
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private const int Length = 21;

    public static string EventId(Random random) => Next(random, "event_");

    public static string ResponseId(Random random) => Next(random, "resp_");

    public static string ItemId(Random random) => Next(random, "item_");

    /// <summary>As many letters and digits as are asked for.</summary>
    public static string Letters(Random random, int count) => random.GetString(Alphabet, count);

    /// <summary>An id with the prefix of its kind.</summary>
    public static string Next(Random random, string prefix) => prefix + random.GetString(Alphabet, Length);
}
