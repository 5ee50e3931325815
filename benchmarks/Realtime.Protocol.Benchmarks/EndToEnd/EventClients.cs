using Realtime.Protocol.Benchmarks.Comparisons;

namespace Realtime.Protocol.Benchmarks.EndToEnd;

/// <summary>The clients by the names of their ways.</summary>
public static class EventClients
{
    public static IReadOnlyList<string> Names { get; } = [Ways.ReceiveOnly, Ways.RealtimeProtocol, Ways.OpenAISdk];

    public static async Task<IEventClient> ConnectAsync(string way, int port) => way switch
    {
        Ways.ReceiveOnly => await ReceiveOnlyClient.ConnectAsync(port),
        Ways.RealtimeProtocol => await RealtimeProtocolClient.ConnectAsync(port),
        Ways.OpenAISdk => await OpenAISdkClient.ConnectAsync(port),
        _ => throw new ArgumentOutOfRangeException(nameof(way), way, "There is no such client."),
    };
}
