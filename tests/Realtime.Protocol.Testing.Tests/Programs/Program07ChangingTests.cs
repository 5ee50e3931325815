using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Responses;

namespace Realtime.Protocol.Testing.Tests.Programs;

/// <summary>Program 7: a session is changed while it runs; a refusal names the rule, a rejection the parameter.</summary>
public sealed class Program07ChangingTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhatIsInForce_IsWhatTheServerAcknowledged()
    {
        VoiceTool booking = VoiceTool.Create("book", "Books a table.", """{"type":"object"}""", static _ => "booked");
        var transport = new InMemoryTransport(new SimulatorOptions { Pace = ResponsePace.Immediate }, new VirtualTime());
        await using VoiceSession session = await VoiceSession.ConnectAsync(new() { Session = SessionConfiguration.PushToTalk with { Voice = "marin" }, Transport = (_, _) => new(transport) }, Stop);

        SessionConfiguration inForce = await session.UpdateAsync(new() { Instructions = "Now speak French.", TurnTaking = TurnTaking.Manual, Tools = [booking] }, Stop);
        Assert.Equal(("Now speak French.", "book"), (inForce.Instructions, Assert.IsType<VoiceTool.Function>(Assert.Single(inForce.Tools!)).Name));
        inForce = await session.UpdateAsync(new() { Transcription = InputTranscription.Off, MaxOutputTokens = SessionConfiguration.Unlimited }, Stop);
        Assert.Equal((InputTranscription.Off, SessionConfiguration.Unlimited), (inForce.Transcription, inForce.MaxOutputTokens));

        await session.SendMessage("Bonjour.").Completion;
        Assert.Equal("SE-05", (await Assert.ThrowsAsync<RealtimeRefusedException>(() => session.UpdateAsync(new() { Voice = "cedar" }, Stop))).Rule);
        Assert.Equal("session.audio.output.speed", (await Assert.ThrowsAsync<RealtimeRejectedException>(() => session.UpdateAsync(new() { Speed = 9 }, Stop))).Error.Parameter);
    }

    [Fact]
    public async Task SE06_ASpeedThatIsChangedWhileTheModelSpeaks_IsTakenAtTheEndOfItsAnswer()
    {
        var time = new VirtualTime();
        var server = new InMemoryTransport(new SimulatorOptions(), time);
        await using VoiceSession session = await VoiceSession.ConnectAsync(new() { Session = SessionConfiguration.PushToTalk, Transport = (_, _) => new(server) }, Stop);
        Turn turn = session.SendMessage("Tell me a story.");
        Task<SessionConfiguration> update = session.UpdateAsync(new() { Speed = 1.25 }, Stop);

        // The session's own clock is the system's, so its deadlines do not run while the server's turns by itself.
        while (!update.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(20));
            await Task.Delay(1, Stop);
        }

        Assert.Equal(1.25, (await update).Speed);
        Assert.IsType<TurnOutcome.Completed>((await turn.Completion).Outcome);
        Assert.Equal(["response.create", "session.update"], server.Transcript.ClientTypes.TakeLast(2));
    }
}
