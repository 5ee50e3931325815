using System.ClientModel;
using OpenAI.Realtime;

namespace Realtime.Protocol.Benchmarks.Sessions;

/// <summary>The official SDK 2.15 as applications use it: its session client, configured and enumerated.</summary>
public sealed class OpenAISdkTalkingSession : ITalkingSession
{
    private readonly RealtimeSessionClient _session;
    private readonly IAsyncEnumerator<RealtimeServerUpdate> _updates;

    private OpenAISdkTalkingSession(RealtimeSessionClient session)
    {
        _session = session;
        _updates = session.ReceiveUpdatesAsync().GetAsyncEnumerator();
    }

    public static async Task<ITalkingSession> ConnectAsync(Uri address)
    {
        var client = new RealtimeClient(new ApiKeyCredential("none"), new RealtimeClientOptions { Endpoint = address });
        var session = new OpenAISdkTalkingSession(await client.StartConversationSessionAsync("gpt-realtime"));
        await session._session.ConfigureConversationSessionAsync(new RealtimeConversationSessionOptions { Instructions = "You are a benchmark." });
        await session.HearAsync(static update => update is RealtimeServerUpdateSessionUpdated);
        return session;
    }

    public Task BeginAsync() => _session.StartResponseAsync();

    public async ValueTask SpeakAsync(ReadOnlyMemory<byte> piece) => await _session.SendInputAudioAsync(BinaryData.FromBytes(piece)).ConfigureAwait(false);

    public async ValueTask<int> HearAsync() =>
        ((RealtimeServerUpdateResponseOutputAudioDelta)await HearAsync(static update => update is RealtimeServerUpdateResponseOutputAudioDelta).ConfigureAwait(false)).Delta.ToMemory().Length;

    public async Task EndAsync()
    {
        await _session.ClearInputAudioAsync();
        await HearAsync(static update => update is RealtimeServerUpdateResponseDone);
    }

    public async ValueTask DisposeAsync()
    {
        await _updates.DisposeAsync();
        _session.Dispose();
    }

    private async ValueTask<RealtimeServerUpdate> HearAsync(Func<RealtimeServerUpdate, bool> isAwaited)
    {
        do
        {
            if (!await _updates.MoveNextAsync().ConfigureAwait(false))
            {
                throw new InvalidDataException("The connection ended.");
            }
        }
        while (!isAwaited(_updates.Current));

        return _updates.Current;
    }
}
