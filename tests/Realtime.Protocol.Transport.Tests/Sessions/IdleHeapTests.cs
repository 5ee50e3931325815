using static Realtime.Protocol.Transport.Tests.Sessions.VoiceSessionTests;

namespace Realtime.Protocol.Transport.Tests.Sessions;

/// <summary>
/// What a session holds of the heap while nothing happens: what its tables and queues are made of, and no block for messages. A service has
/// thousands of sessions, and at any moment nearly all of them wait.
/// </summary>
[Collection(nameof(WholeProcess))]
public sealed class IdleHeapTests
{
    private const int MaxBytes = 40 * 1024;
    private const int Slack = 64 * 1024;
    private const int MostAttempts = 20;
    private static readonly int Sessions = Thoroughness.IsWhole ? 200 : 100;
    private static readonly int Attempts = Thoroughness.IsWhole ? 5 : 3;

    [Fact]
    public async Task ASessionThatHasTalkedAndRests_HoldsLessThanFortyKilobytes()
    {
        // Nothing runs beside it, but pools give up what earlier tests needed, now and then and much at once. So it is asked several times.
        var held = new List<long>();
        for (int attempt = 0; attempt < MostAttempts && held.Count < Attempts; attempt++)
        {
            var resting = new (VoiceSession Session, Task Server)[Sessions];
            long before = HeldBytes();
            for (int i = 0; i < Sessions; i++)
            {
                resting[i] = await TalkAsync();
            }

            if ((HeldBytes() - before) / Sessions is > 0 and var each)
            {
                held.Add(each); // otherwise more was given up meanwhile than they hold
            }

            foreach ((VoiceSession session, Task server) in resting)
            {
                await session.DisposeAsync();
                await server;
            }
        }

        Assert.Equal(Attempts, held.Count);
        held.Sort();
        Assert.InRange(held[Attempts / 2], 1, MaxBytes);
    }

    /// <summary>A session that has spoken and heard an answer, and both sides of whose connection wait for a message.</summary>
    private static async Task<(VoiceSession Session, Task Server)> TalkAsync()
    {
        (PipeTransport near, PipeTransport far) = PipeTransport.CreatePair();
        var server = new ScriptedServer(far);
        Task<VoiceSession> connecting = VoiceSession.ConnectAsync(ScriptedServer.Manual().Over(near));
        await server.AcceptAsync();
        VoiceSession session = await connecting;
        await session.Input.WriteAsync(Pcm(9_600, seed: 1));
        Turn turn = session.EndTurn();
        await server.ExpectAsync("input_audio_buffer.append");
        await server.ExpectAsync("input_audio_buffer.commit");
        await AnswerAsync(server, await server.ExpectAsync("response.create"), "resp_1", "item_1", Pcm(48_000, seed: 2));
        Assert.Equal(48_000, (await ReadAllAsync(turn.Audio)).Length);
        await turn.EndAsync();
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
        long held = long.MaxValue;
        while (GC.GetTotalMemory(forceFullCollection: true) is var now && now < held - Slack)
        {
            GC.WaitForPendingFinalizers();
            held = now;
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
