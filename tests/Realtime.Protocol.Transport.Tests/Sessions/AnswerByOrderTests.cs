using System.Text.Json.Nodes;
using static Realtime.Protocol.Transport.Tests.Sessions.VoiceSessionTests;

namespace Realtime.Protocol.Transport.Tests.Sessions;

/// <summary>A server that repeats no metadata begins a response of its own just before it refuses ours for it: whoever asked gets the answer, and whoever reads the server's turns gets the other.</summary>
public sealed class AnswerByOrderTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task ATurnWhoseAnswerWasAnothersResponse_GetsItsOwnAnswer_AndNothingElse()
    {
        (VoiceSession session, ScriptedServer server, Turn turn, JsonObject create) = await AskAsync();
        byte[] other = Pcm(9_600, seed: 1);
        byte[] answer = Pcm(19_200, seed: 2);

        await server.CreatedAsync("resp_other");
        await RefuseAsync(server, create);
        await server.BeginItemAsync("resp_other", "item_other");
        await server.AudioAsync("resp_other", "item_other", other);
        await server.EndItemAsync("resp_other", "item_other");
        await server.DoneAsync("resp_other");
        JsonObject again = await server.ExpectAsync("response.create");
        Assert.NotEqual((string?)create["event_id"], (string?)again["event_id"]);
        await AnswerAsync(server, again, "resp_1", "item_1", answer);

        Assert.Equal(answer, await ReadAllAsync(turn.Audio));
        TurnResult result = await turn.Completion.WaitAsync(Patience);
        Assert.IsType<TurnOutcome.Completed>(result.Outcome);
        Assert.Equal((1, "Hello there."), (result.Responses, result.Transcript));
        await using IAsyncEnumerator<Turn> serverTurns = session.ReadServerTurnsAsync().GetAsyncEnumerator();
        Assert.True(await serverTurns.MoveNextAsync().AsTask().WaitAsync(Patience));
        Assert.Equal(other, await ReadAllAsync(serverTurns.Current.Audio));
        Assert.IsType<TurnOutcome.Completed>((await serverTurns.Current.Completion).Outcome);
        await server.EndAsync(session);
    }

    [Fact]
    public async Task ATurnInWhichAnothersResponseHasSpoken_HearsItToItsEnd_AndThenItsAnswer()
    {
        (VoiceSession session, ScriptedServer server, Turn turn, JsonObject create) = await AskAsync();
        byte[] other = Pcm(9_600, seed: 1);
        byte[] answer = Pcm(19_200, seed: 2);

        await server.CreatedAsync("resp_other");
        await server.BeginItemAsync("resp_other", "item_other");
        await server.AudioAsync("resp_other", "item_other", other[..4_800]);
        await RefuseAsync(server, create);
        await server.AudioAsync("resp_other", "item_other", other[4_800..]);
        await server.EndItemAsync("resp_other", "item_other");
        await server.DoneAsync("resp_other");
        await AnswerAsync(server, await server.ExpectAsync("response.create"), "resp_1", "item_1", answer);

        byte[] both = [.. other, .. answer];
        Assert.Equal(both, await ReadAllAsync(turn.Audio));
        TurnResult result = await turn.Completion.WaitAsync(Patience);
        Assert.IsType<TurnOutcome.Completed>(result.Outcome);
        Assert.Equal(2, result.Responses);
        await server.EndAsync(session);
    }

    private static async Task<(VoiceSession Session, ScriptedServer Server, Turn Turn, JsonObject Create)> AskAsync()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        Turn turn = session.SendMessage("Tell me everything.");
        await server.ItemAsync((await server.ExpectAsync("conversation.item.create"))["item"]!);
        return (session, server, turn, await server.ExpectAsync("response.create"));
    }

    private static Task RefuseAsync(ScriptedServer server, JsonObject create) => server.SendAsync(
        $$$"""{"type":"error","error":{"type":"invalid_request_error","code":"conversation_already_has_active_response","message":"Conversation already has an active response in progress: resp_other. Wait.","param":null,"event_id":"{{{create["event_id"]}}}"}}""");
}
