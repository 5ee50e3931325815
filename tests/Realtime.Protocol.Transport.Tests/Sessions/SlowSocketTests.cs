using System.Text.Json.Nodes;

namespace Realtime.Protocol.Transport.Tests.Sessions;

/// <summary>A socket slower than the microphone: what waits meanwhile leaves together, in order, and in pieces that a cancel can overtake.</summary>
public sealed class SlowSocketTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PerMessage = TimeSpan.FromMilliseconds(500);

    [Fact]
    public async Task PiecesThatWaitForTheSocket_LeaveAsOneAppend_UpToTheLimit()
    {
        const int PieceBytes = 960;
        var time = new ManualTime();
        (IRealtimeTransport client, ScriptedServer server) = ScriptedServer.Create();
        var slow = new SlowTransport(client, time);
        Task<VoiceSession> connecting = VoiceSession.ConnectAsync(ScriptedServer.Manual(time).Over(slow));
        await server.AcceptAsync();
        VoiceSession session = await connecting.WaitAsync(Patience);
        byte[] spoken = VoiceSessionTests.Pcm(31 * PieceBytes, seed: 4);
        slow.PerMessage = PerMessage;

        // The first piece is on its way when the other thirty come: 28,800 bytes, which is one append and a half.
        await session.Input.WriteAsync(spoken.AsMemory(0, PieceBytes));
        Assert.True(await slow.Begun.WaitAsync(Patience));
        for (int piece = 1; piece <= 30; piece++)
        {
            await session.Input.WriteAsync(spoken.AsMemory(piece * PieceBytes, PieceBytes));
        }

        var sizes = new List<int>();
        var sent = new List<byte>();
        while (sent.Count < spoken.Length)
        {
            time.Advance(PerMessage);
            JsonObject append = await server.ExpectAsync("input_audio_buffer.append");
            byte[] audio = Convert.FromBase64String((string)append["audio"]!);
            sizes.Add(audio.Length);
            sent.AddRange(audio);
            Assert.True(sent.Count == spoken.Length || await slow.Begun.WaitAsync(Patience));
        }

        Assert.Equal([PieceBytes, SendQueue.MaxAudioBytes, (30 * PieceBytes) - SendQueue.MaxAudioBytes], sizes);
        Assert.Equal(spoken, sent);
        await server.EndAsync(session);
    }
}
