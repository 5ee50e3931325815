using System.IO.Pipelines;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using static Realtime.Protocol.Transport.Tests.Sessions.VoiceSessionTests;

namespace Realtime.Protocol.Transport.Tests.Sessions;

/// <summary>What a session sends: one message at a time, in the order of asking, whoever asks; and nobody waits for a server that takes nothing any more.</summary>
public sealed class SendingTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task OneMessageIsUnderWayAtATime_WhoeverAsks()
    {
        const int Callers = 4;
        const int Each = 100;
        (IRealtimeTransport client, ScriptedServer server) = ScriptedServer.Create();
        var witness = new WitnessTransport(client);
        Task<VoiceSession> connecting = VoiceSession.ConnectAsync(ScriptedServer.Manual().Over(witness));
        await server.AcceptAsync();
        VoiceSession session = await connecting.WaitAsync(Patience);
        byte[] spoken = Pcm(400_000, seed: 5);

        Task speaking = Task.Run(async () =>
        {
            foreach (byte[] piece in spoken.Chunk(1_000))
            {
                await session.Input.WriteAsync(piece);
            }
        });
        Task[] clearing = [.. Enumerable.Range(0, Callers).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < Each; i++)
            {
                session.Input.Clear();
            }
        }))];

        using var heard = new MemoryStream();
        int clears = 0;
        while (heard.Length < spoken.Length || clears < Callers * Each)
        {
            JsonObject message = await server.NextAsync();
            if ((string?)message["type"] == "input_audio_buffer.clear")
            {
                clears++;
            }
            else
            {
                Assert.Equal("input_audio_buffer.append", (string?)message["type"]);
                heard.Write(Convert.FromBase64String((string)message["audio"]!));
            }
        }

        await Task.WhenAll([speaking, .. clearing]);
        Assert.Equal(spoken, heard.ToArray());
        Assert.Equal(Callers * Each, clears);
        Assert.Equal(1, witness.MostAtOnce);
        await server.EndAsync(session);
    }

    [Fact]
    public async Task ALargeText_KeepsItsPlaceBetweenTheAudioBeforeAndAfterIt()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        byte[] before = Pcm(300_000, seed: 6);
        byte[] after = Pcm(300_000, seed: 7);
        string text = new('x', 5_000_000);

        await session.Input.WriteAsync(before);
        session.SendMessage(text);
        await session.Input.WriteAsync(after);

        Assert.Equal(before, await ReadAppendsAsync(server, before.Length));
        JsonObject item = await server.ExpectAsync("conversation.item.create");
        Assert.Equal(text, (string?)item["item"]!["content"]![0]!["text"]);
        await server.ExpectAsync("response.create");
        Assert.Equal(after, await ReadAppendsAsync(server, after.Length));
        await server.EndAsync(session);
    }

    [Fact]
    public async Task AServerThatSaysGoodbyeAndReadsNoMore_ReleasesTheWriterOfAudio()
    {
        var time = new ManualTime();
        (VoiceSession session, ScriptedServer server) = await ConnectAndSendMoreThanIsTakenAsync(time);
        Task writing = WriteUntilNobodyReadsAsync(session.Input);

        await server.CloseAsync(1009, "too much");
        Assert.Equal((RealtimeCloseKind.ByPeer, 1009), ((await session.Ended.WaitAsync(Patience)).Kind, session.CloseReason!.StatusCode));
        time.Advance(TimeSpan.FromSeconds(2));

        await writing.WaitAsync(Patience);
        await server.EndAsync(session);
    }

    [Fact]
    public async Task DisposingASessionWhoseServerReadsNothing_TakesTwoSeconds_AndReleasesTheWriterOfAudio()
    {
        var time = new ManualTime();
        (VoiceSession session, ScriptedServer server) = await ConnectAndSendMoreThanIsTakenAsync(time);
        Task writing = WriteUntilNobodyReadsAsync(session.Input);

        Task disposing = session.DisposeAsync().AsTask();
        time.Advance(TimeSpan.FromSeconds(2));

        await disposing.WaitAsync(Patience);
        await writing.WaitAsync(Patience);
        Assert.Equal(RealtimeCloseKind.ByUs, session.CloseReason?.Kind);
        await server.DisposeAsync();
    }

    [Fact]
    public async Task AudioWrittenWithACancelledToken_IsNotLost_AndIsNotCountedTwice()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        byte[] spoken = Pcm(9_600, seed: 8);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => session.Input.WriteAsync(spoken.AsMemory(0, 4_800), new CancellationToken(canceled: true)).AsTask());
        await session.Input.WriteAsync(spoken.AsMemory(4_800));
        session.EndTurn();

        Assert.Equal(spoken, await ReadAppendsAsync(server, spoken.Length));
        await server.ExpectAsync("input_audio_buffer.commit");
        await server.EndAsync(session);
    }

    /// <summary>A session whose server has stopped receiving in the middle of a large message.</summary>
    private static async Task<(VoiceSession Session, ScriptedServer Server)> ConnectAndSendMoreThanIsTakenAsync(ManualTime time)
    {
        (WebSocket near, WebSocket far) = LoopbackSockets.Connect();
        var server = new ScriptedServer(new WebSocketTransport(far, timeProvider: time));
        var client = new WitnessTransport(new WebSocketTransport(near, timeProvider: time));
        Task<VoiceSession> connecting = VoiceSession.ConnectAsync(ScriptedServer.Manual(time).Over(client));
        await server.AcceptAsync();
        VoiceSession session = await connecting.WaitAsync(Patience);
        session.SendMessage(new string('x', 8_000_000));
        Assert.True(await client.Begun.WaitAsync(Patience) && await client.Begun.WaitAsync(Patience));
        return (session, server);
    }

    private static Task WriteUntilNobodyReadsAsync(PipeWriter input) => Task.Run(async () =>
    {
        byte[] piece = new byte[100_000];
        while (!(await input.WriteAsync(piece)).IsCompleted)
        {
        }
    });
}
