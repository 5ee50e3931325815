using static Realtime.Protocol.Transport.Tests.Sessions.VoiceSessionTests;

namespace Realtime.Protocol.Transport.Tests.Sessions;

/// <summary>The user's voice on its way to the server: whole samples, whatever is thrown away in between.</summary>
public sealed class InputTests
{
    [Fact]
    public async Task HalfASampleBeforeAClear_DoesNotShiftWhatIsSpokenAfterIt()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        byte[] spoken = Pcm(4_800, seed: 4);

        await session.Input.WriteAsync(Pcm(3, seed: 3));
        session.Input.Clear();
        await session.Input.WriteAsync(spoken);
        session.EndTurn();

        Assert.Equal(Pcm(3, seed: 3)[..2], await ReadAppendsAsync(server, 2));
        await server.ExpectAsync("input_audio_buffer.clear");
        Assert.Equal(spoken, await ReadAppendsAsync(server, spoken.Length));
        await server.ExpectAsync("input_audio_buffer.commit");
        await server.EndAsync(session);
    }
}
