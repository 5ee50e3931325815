using static Realtime.Protocol.Transport.Tests.Sessions.VoiceSessionTests;

namespace Realtime.Protocol.Transport.Tests.Sessions;

/// <summary>
/// What a session holds of the heap while nothing happens: what its tables and queues are made of, and no block for messages. A service has
/// thousands of sessions, and at any moment nearly all of them wait.
/// </summary>
public sealed class IdleHeapTests
{
    private const int Sessions = 200;
    private const int MaxBytes = 40 * 1024;
    private const int Attempts = 5;

    [Fact]
    public async Task ASessionThatHasTalkedAndRests_HoldsLessThanFortyKilobytes()
    {
        // Other tests run beside this one, so what they take and leave counts as well; the least of several attempts is nearest to what is asked.
        long least = long.MaxValue;
        for (int attempt = 0; attempt < Attempts && least > MaxBytes; attempt++)
        {
            var resting = new (VoiceSession Session, Task Server)[Sessions];
            long before = HeldBytes();
            for (int i = 0; i < Sessions; i++)
            {
                resting[i] = await TalkAsync();
            }

            least = Math.Min(least, (HeldBytes() - before) / Sessions);
            foreach ((VoiceSession session, Task server) in resting)
            {
                await session.DisposeAsync();
                await server;
            }
        }

        Assert.InRange(least, 1, MaxBytes);
    }

    /// <summary>A session that has spoken and heard an answer, and both sides of whose connection wait for a message.</summary>
    private static async Task<(VoiceSession Session, Task Server)> TalkAsync()
    {
        (PipeTransport near, PipeTransport far) = PipeTransport.CreatePair();
        var server = new ScriptedServer(far);
        Task<VoiceSession> connecting = VoiceSession.ConnectAsync(ScriptedServer.Manual(), near);
        await server.AcceptAsync();
        VoiceSession session = await connecting;
        await session.Input.WriteAsync(Pcm(9_600, seed: 1));
        Turn turn = await session.EndTurnAsync();
        await server.ExpectAsync("input_audio_buffer.append");
        await server.ExpectAsync("input_audio_buffer.commit");
        await AnswerAsync(server, await server.ExpectAsync("response.create"), "resp_1", "item_1", Pcm(48_000, seed: 2));
        Assert.Equal(48_000, (await ReadAllAsync(turn.Audio)).Length);
        await turn.Completion;
        return (session, EndAsync(far));
    }

    private static async Task EndAsync(IRealtimeTransport server)
    {
        while (!(await server.ReceiveAsync()).IsEnd)
        {
        }

        await server.DisposeAsync();
    }

    private static long HeldBytes()
    {
        for (int pass = 0; pass < 2; pass++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
