using Realtime.Protocol.Benchmarks.Comparisons;

namespace Realtime.Protocol.Benchmarks.Hearing;

/// <summary>The sessions by the names of their ways.</summary>
public static class ListeningSessions
{
    public static IReadOnlyList<string> Names { get; } = [Ways.ReceiveOnly, Ways.RealtimeProtocol, Ways.OpenAISdk];

    /// <summary>Connects to a <see cref="SpeakingServer"/>, and asks it for a response.</summary>
    public static async Task<IListeningSession> ConnectAsync(string way, int port, StampedSpeech speech) => way switch
    {
        Ways.ReceiveOnly => await ReceivingListener.ConnectAsync(port, speech),
        Ways.RealtimeProtocol => await SessionListener.ConnectAsync(port, speech),
        Ways.OpenAISdk => await OpenAISdkListener.ConnectAsync(port, speech),
        _ => throw new ArgumentOutOfRangeException(nameof(way), way, "There is no such session."),
    };
}
