namespace Realtime.Protocol.Transport.Tests.Sessions;

/// <summary>What a session receives: it is read where the transport put it.</summary>
public sealed class ReceivingTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData(10)]
    [InlineData(300_000)]
    public async Task AnEvent_ReachesTheHandlerInTheTransportsOwnBlock(int characters)
    {
        (IRealtimeTransport client, ScriptedServer server) = ScriptedServer.Create();
        var witness = new WitnessTransport(client);
        var inPlace = new List<bool>();
        VoiceSessionOptions options = ScriptedServer.Manual();

        // Spans are equal when they lie at the same place.
        options.OnServerEvent = (in ServerEvent e) => inPlace.Add(e.Json == witness.Received.Span);
        Task<VoiceSession> connecting = VoiceSession.ConnectAsync(options.Over(witness));
        await server.AcceptAsync();
        VoiceSession session = await connecting.WaitAsync(Patience);

        await server.SendAsync($$"""{"type":"session.mood","mood":"{{new string('x', characters)}}"}""");
        await server.CloseAsync(1000, "done");
        await session.Ended.WaitAsync(Patience);

        Assert.Equal([true, true, true], inPlace);
        await server.EndAsync(session);
    }
}
