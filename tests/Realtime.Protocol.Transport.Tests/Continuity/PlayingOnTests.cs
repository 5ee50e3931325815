using System.Text.Json.Nodes;

namespace Realtime.Protocol.Transport.Tests.Continuity;

/// <summary>An answer that still plays when its connection is lost: it plays on, the next server is told of it to its end, and whoever plays it is silenced by the same door as ever.</summary>
public sealed class PlayingOnTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task WhatStillPlays_IsToldToItsEnd_AndABargeInOnTheNextConnectionSilencesIt()
    {
        var row = new ServerRow();
        VoiceSessionOptions options = row.Options(new ManualTime());
        options.Session = new() { TurnTaking = new TurnTaking.ServerVad() };
        (VoiceSession session, ScriptedServer first) = await row.ConnectAsync(options);
        Turn turn = await SpokenAsync(session, first);
        turn.ReportPlayed(48_000);
        await first.DisposeAsync();
        ScriptedServer second = await row.NextAsync();
        Assert.False(turn.Silenced.IsCancellationRequested);
        turn.ReportPlayed(60_000);
        await second.AcceptAsync("sess_2");
        JsonObject[] items = await second.TakeItemsAsync(2);
        Assert.Equal("one two three four", (string?)items[1]["content"]![0]!["text"]);
        await row.UpdateAsync<VoiceSessionUpdate.Resumed>();
        Assert.False(turn.Silenced.IsCancellationRequested);
        turn.ReportPlayed(72_000);
        await second.SendAsync("""{"type":"input_audio_buffer.speech_started","audio_start_ms":0,"item_id":"item_1"}""");
        await SilencedAsync(turn);
        Assert.Equal(new HeardAudio(72_000, HeardBasis.Reported), turn.Heard);
        await second.EndAsync(session);
    }

    [Fact]
    public async Task InterruptBetweenTwoConnections_SilencesIt_AndTheNextServerIsToldWhatWasHeard()
    {
        var row = new ServerRow();
        (VoiceSession session, ScriptedServer first) = await row.ConnectAsync(row.Options(new ManualTime()));
        Turn turn = await SpokenAsync(session, first);
        turn.ReportPlayed(48_000);
        await first.DisposeAsync();
        ScriptedServer second = await row.NextAsync();
        session.Interrupt();
        await SilencedAsync(turn);
        turn.ReportPlayed(96_000);
        Assert.Equal(new HeardAudio(48_000, HeardBasis.Reported), turn.Heard);
        await second.AcceptAsync("sess_2");
        JsonObject[] items = await second.TakeItemsAsync(2);
        Assert.Equal("one two", (string?)items[1]["content"]![0]!["text"]);
        Assert.Equal([new ReplayOmission((string)items[1]["id"]!, OmissionReason.HeardInPart)], (await row.UpdateAsync<VoiceSessionUpdate.Resumed>()).LeftOut);
        await second.EndAsync(session);
    }

    [Fact]
    public async Task ATurnThatIsAskedForMeanwhile_MakesWayOnTheNextConnection()
    {
        var row = new ServerRow();
        (VoiceSession session, ScriptedServer first) = await row.ConnectAsync(row.Options(new ManualTime()));
        Turn turn = await SpokenAsync(session, first);
        turn.ReportPlayed(48_000);
        await first.DisposeAsync();
        ScriptedServer second = await row.NextAsync();
        Turn next = session.SendMessage("Stop. Something else.");
        await second.AcceptAsync("sess_2");
        await second.TakeItemsAsync(2);
        await second.AnswerTextAsync("r2", "Yes?");
        await next.EndAsync();
        await SilencedAsync(turn);
        await second.EndAsync(session);
    }

    [Fact]
    public async Task ADrainOnTheNextConnection_WaitsUntilItHasBeenHeard()
    {
        var time = new ManualTime();
        var row = new ServerRow();
        (VoiceSession session, ScriptedServer first) = await row.ConnectAsync(row.Options(time));
        Turn turn = await SpokenAsync(session, first);
        turn.ReportPlayed(0);
        await first.DisposeAsync();
        ScriptedServer second = await row.NextAsync();
        await second.AcceptAsync("sess_2");
        await second.TakeItemsAsync(2);
        await row.UpdateAsync<VoiceSessionUpdate.Resumed>();
        Task<SessionCheckpoint> draining = session.DrainAsync();
        await ServerRow.UntilAsync(() => time.ArmedTimers > 0);
        await time.LookAsync(TimeSpan.FromSeconds(10));
        Assert.False(draining.IsCompleted);
        turn.ReportPlayed(96_000);
        Task<RealtimeCloseReason> goodbye = second.ReadToEndAsync();
        await time.AdvanceUntilAsync(draining);
        await goodbye.WaitAsync(Patience);
        Assert.False(turn.Silenced.IsCancellationRequested);
        await session.DisposeAsync();
    }

    // Two seconds of four words, whose turn has ended.
    private static async Task<Turn> SpokenAsync(VoiceSession session, ScriptedServer server)
    {
        Turn turn = session.SendMessage("Speak.");
        await server.AnswerTextAsync("r1", "one two three four", milliseconds: 2_000);
        await turn.EndAsync();
        return turn;
    }

    private static async Task SilencedAsync(Turn turn)
    {
        var silenced = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration told = turn.Silenced.Register(silenced.SetResult);
        await silenced.Task.WaitAsync(Patience);
    }
}
