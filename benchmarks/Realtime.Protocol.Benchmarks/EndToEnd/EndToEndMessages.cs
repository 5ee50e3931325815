using Realtime.Protocol.Benchmarks.Payloads;

namespace Realtime.Protocol.Benchmarks.EndToEnd;

/// <summary>
/// What server and clients know of each other: a client asks for so many messages, the server sends them from the first
/// on, round and round, and both can say what their touches add up to.
/// </summary>
public static class EndToEndMessages
{
    private const int AudioBytes = 19_200;
    private const int Different = 16;

    public static Message[] All { get; } = AudioDeltaMessages.Usual(AudioBytes, Different);

    /// <summary>Asks the server for messages.</summary>
    public static string Request(int count) => $$"""{"type":"more","count":{{count}}}""";

    /// <summary>What a reader's touches of the first messages add up to.</summary>
    public static long Touches(int count) => Enumerable.Range(0, count).Sum(static index => All[index % Different].Says.Touch());

    /// <summary>How long the first messages are together.</summary>
    public static long Bytes(int count) => Enumerable.Range(0, count).Sum(static index => (long)All[index % Different].Length);
}
