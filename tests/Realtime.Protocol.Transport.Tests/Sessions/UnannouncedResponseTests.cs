using static Realtime.Protocol.Transport.Tests.Sessions.VoiceSessionTests;

namespace Realtime.Protocol.Transport.Tests.Sessions;

/// <summary>A response whose <c>response.created</c> never came (RC-26): what brings the first news of it brings its first words as well, and none are lost.</summary>
public sealed class UnannouncedResponseTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RC26_TheFirstDelta_IsInItsTurn_BehindTheBeginningOfItsResponse(bool isAsked)
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        Turn? asked = isAsked ? session.SendMessage("Hello?") : null;
        byte[] answer = Pcm(1_920, seed: 1);

        await server.AudioAsync("resp_1", "item_1", answer[..960]);
        await server.TranscriptAsync("resp_1", "item_1", "Hello");
        await server.AudioAsync("resp_1", "item_1", answer[960..]);
        await server.DoneAsync("resp_1");

        Turn turn = asked ?? await session.ReadServerTurnsAsync().FirstAsync().AsTask().WaitAsync(Patience);
        Assert.Equal(answer, await ReadAllAsync(turn.Audio));
        TurnResult result = await turn.EndAsync();
        Assert.Equal((1, (long)answer.Length, "Hello"), (result.Responses, result.AudioBytes, result.Transcript));
        List<TurnUpdate> updates = await turn.ReadUpdatesAsync().ToListAsync().AsTask().WaitAsync(Patience);
        Assert.Equal([typeof(TurnUpdate.ResponseStarted), typeof(TurnUpdate.AudioStarted), typeof(TurnUpdate.TranscriptDelta)], updates.Select(update => update.GetType()));
        await server.EndAsync(session);
    }
}
