using System.ClientModel;
using System.Diagnostics;
using OpenAI.Realtime;
using Realtime.Protocol.Benchmarks.Comparisons;

namespace Realtime.Protocol.Benchmarks.Hearing;

/// <summary>The official SDK 2.15 as applications use it: its session client, enumerated. The time is taken when the enumerator has moved to a piece, whose bytes are decoded by then.</summary>
public sealed class OpenAISdkListener : IListeningSession
{
    private readonly RealtimeSessionClient _session;
    private readonly IAsyncEnumerator<RealtimeServerUpdate> _updates;
    private readonly StampedSpeech _speech;
    private int _heard;

    private OpenAISdkListener(RealtimeSessionClient session, StampedSpeech speech) => (_session, _updates, _speech) = (session, session.ReceiveUpdatesAsync().GetAsyncEnumerator(), speech);

    public static async Task<OpenAISdkListener> ConnectAsync(int port, StampedSpeech speech)
    {
        var client = new RealtimeClient(new ApiKeyCredential("none"), new RealtimeClientOptions { Endpoint = new Uri($"http://127.0.0.1:{port}/{Ways.OpenAISdk}/v1") });
        var listener = new OpenAISdkListener(await client.StartConversationSessionAsync("gpt-realtime"), speech);
        await listener._session.StartResponseAsync();
        while (await listener.NextAsync() is not RealtimeServerUpdateConversationItemAdded)
        {
        }

        return listener;
    }

    public async ValueTask HearAsync(int pieces, Memory<long> ticks)
    {
        for (int piece = 0; piece < pieces; piece++)
        {
            RealtimeServerUpdate update = await NextAsync().ConfigureAwait(false);
            long now = Stopwatch.GetTimestamp();
            long sentAt = _speech.SentAt(Ways.OpenAISdk, ((RealtimeServerUpdateResponseOutputAudioDelta)update).Delta.ToMemory().Span, _heard++);
            if (!ticks.IsEmpty)
            {
                ticks.Span[piece] = now - sentAt;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _updates.DisposeAsync();
        _session.Dispose();
    }

    private async ValueTask<RealtimeServerUpdate> NextAsync() =>
        await _updates.MoveNextAsync().ConfigureAwait(false) ? _updates.Current : throw new InvalidDataException("The connection ended.");
}
