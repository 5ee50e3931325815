using System.Runtime.CompilerServices;

namespace Realtime.Protocol.Transport.Tests.Sessions;

/// <summary>How a session's updates reach the application: in order, to any number of readers, and without keeping what nobody reads.</summary>
public sealed class ProblemTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Problems_AreReadInTheOrderInWhichTheyHappened_ByEveryReader()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        Task<List<SessionProblem>> first = session.ProblemsAsync();
        Task<List<SessionProblem>> second = session.ProblemsAsync();

        await server.SendAsync("""{"type":"error","error":{"type":"server_error","code":"x","message":"y","param":null,"event_id":null}}""");
        await server.SendRawAsync("not json");
        await server.CloseAsync(1000, "");

        foreach (List<SessionProblem> problems in new[] { await first, await second })
        {
            Assert.Collection(problems, error => Assert.Equal("x", Assert.IsType<SessionProblem.Reported>(error).Error.Code), malformed => Assert.IsType<SessionProblem.MalformedEvent>(malformed));
        }

        await server.EndAsync(session);
    }

    [Fact]
    public async Task TheFirstReader_IsToldOfTurnsSpeechAndItems_SinceConnecting()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        Turn turn = session.SendMessage("Hello?");
        await server.ItemAsync((await server.ExpectAsync("conversation.item.create"))["item"]!);
        await server.SendAsync("""{"type":"input_audio_buffer.speech_started","audio_start_ms":0,"item_id":"item_u"}""");
        await server.SendAsync("""{"type":"input_audio_buffer.speech_stopped","audio_end_ms":900,"item_id":"item_u"}""");
        await server.CloseAsync(1000, "");

        List<VoiceSessionUpdate> updates = await session.ReadUpdatesAsync().ToListAsync().AsTask().WaitAsync(Patience);

        Assert.Collection(
            updates.Where(update => update is not VoiceSessionUpdate.Problem),
            began => Assert.Same(turn, Assert.IsType<VoiceSessionUpdate.TurnBegan>(began).Turn),
            added => Assert.IsType<VoiceSessionUpdate.ItemAdded>(added),
            done => Assert.IsType<VoiceSessionUpdate.ItemChanged>(done),
            started => Assert.Equal("item_u", Assert.IsType<VoiceSessionUpdate.SpeechStarted>(started).Utterance.ItemId),
            stopped => Assert.Equal("item_u", Assert.IsType<VoiceSessionUpdate.SpeechStopped>(stopped).Utterance.ItemId));
        await server.EndAsync(session);
    }

    [Fact]
    public async Task ATurnThatNobodyKeeps_IsNotKeptForAReaderWhoMayNeverCome()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        WeakReference turn = await BeginAndForgetAsync(session);

        // Enough turns that the session itself has no use for the first.
        for (int i = 0; i < 5; i++)
        {
            session.SendMessage("And?").Cancel();
        }

        for (int i = 0; i < 50 && turn.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await Task.Delay(1);
        }

        Assert.False(turn.IsAlive);
        await server.EndAsync(session);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> BeginAndForgetAsync(VoiceSession session)
    {
        Turn turn = session.SendMessage("Hello?");
        turn.Cancel();
        return new(turn);
    }
}
