using System.ClientModel;
using System.ClientModel.Primitives;
using OpenAI.Realtime;
using Realtime.Protocol.Benchmarks.Answers;
using Realtime.Protocol.Benchmarks.Peers.Members;

namespace Realtime.Protocol.Benchmarks.EndToEnd;

/// <summary>The official SDK 2.15 as applications use it: its session client, enumerated.</summary>
public sealed class OpenAISdkClient : IEventClient
{
    private readonly RealtimeSessionClient _session;
    private readonly IAsyncEnumerator<RealtimeServerUpdate> _updates;

    private OpenAISdkClient(RealtimeSessionClient session)
    {
        _session = session;
        _updates = session.ReceiveUpdatesAsync().GetAsyncEnumerator();
    }

    public static async Task<OpenAISdkClient> ConnectAsync(int port)
    {
        var client = new RealtimeClient(new ApiKeyCredential("none"), new RealtimeClientOptions { Endpoint = new Uri($"http://127.0.0.1:{port}/v1") });
        return new(await client.StartConversationSessionAsync("gpt-realtime"));
    }

    public async ValueTask AskAsync(int count) => await _session.SendCommandAsync(BinaryData.FromString(EndToEndMessages.Request(count)), new RequestOptions());

    public async ValueTask<long> TakeAsync(int count)
    {
        long sum = 0;
        for (; count > 0; count--)
        {
            if (!await _updates.MoveNextAsync().ConfigureAwait(false))
            {
                throw new InvalidDataException("The connection ended.");
            }

            var touch = new AnswerTouch();
            default(AudioDeltaMembers.OfUpdate).HandOver(_updates.Current, ref touch);
            sum += touch.Value;
        }

        return sum;
    }

    public async ValueTask DisposeAsync()
    {
        await _updates.DisposeAsync();
        _session.Dispose();
    }
}
