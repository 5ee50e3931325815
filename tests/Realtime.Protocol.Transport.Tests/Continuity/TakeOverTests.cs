using System.Text.Json.Nodes;
using static Realtime.Protocol.Transport.Tests.HandOverScript;

namespace Realtime.Protocol.Transport.Tests.Continuity;

/// <summary>What comes in the moment in which one connection takes another's place, or from the one that was left: it reaches the one that the session has.</summary>
public sealed class TakeOverTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task AConnectionThatWasLeft_TakesNoNewsOfTheAudio_AndADrainEndsWhenAllWasRead()
    {
        var time = new ManualTime();
        var row = new ServerRow();
        (VoiceSession session, ScriptedServer first) = await row.ConnectAsync(row.Options(time));
        MachineGate left = session.Gate;
        await first.DisposeAsync();
        (ScriptedServer second, _) = await row.AcceptNextAsync(0);
        await row.UpdateAsync<VoiceSessionUpdate.Resumed>();
        Turn turn = session.SendMessage("Speak.");
        await second.AnswerTextAsync("r1", "one two", milliseconds: 1_000);
        await turn.EndAsync();
        Stream audio = turn.Audio.AsStream(leaveOpen: true);
        await audio.ReadExactlyAsync(new byte[24_000]);
        session.Checkpoint(); // the present connection knows of the first half
        await audio.ReadExactlyAsync(new byte[24_000]);
        Assert.Equal(0, await audio.ReadAsync(new byte[1]));
        Assert.True(left.IsQuiet); // whoever left it may still ask it
        Task<RealtimeCloseReason> goodbye = second.ReadToEndAsync();
        Task<SessionCheckpoint> draining = session.DrainAsync();
        await time.AdvanceUntilAsync(draining);
        await goodbye;
        await session.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AnOutputThatComesWhileTheNextConnectionIsFilled_IsToldToItBehindItsCall(bool isDeclared)
    {
        var row = new ServerRow();
        var answer = new TaskCompletionSource<ToolCallOutput>(TaskCreationOptions.RunContinuationsAsynchronously);
        VoiceTool.Function tool = isDeclared
            ? VoiceTool.Declare("order", "Looks an order up.", """{"type":"object"}""")
            : VoiceTool.Create("order", "Looks an order up.", """{"type":"object"}""", async (_, _) => await answer.Task);
        VoiceSessionOptions options = row.Options();
        options.Session = options.Session with { Tools = [tool] };
        (VoiceSession session, ScriptedServer first) = await row.ConnectAsync(options);
        Turn turn = session.SendMessage("Where is it?");
        await first.TakeItemsAsync(1);
        await first.CreatedAsync("r1", await first.ExpectAsync("response.create"));
        await first.CallAsync("r1", "item_call", "call_1", "order", "{}");
        await first.DoneAsync("r1");
        await row.UpdateAsync<VoiceSessionUpdate.ItemChanged>(static changed => changed.Item.Id == "item_call");
        await first.DisposeAsync();
        await turn.EndAsync();

        ScriptedServer second = await row.NextAsync();
        await second.AcceptAsync("sess_2");
        await second.TakeItemsAsync(2);
        JsonNode last = (await second.ExpectAsync("conversation.item.create"))["item"]!;
        Assert.Contains("not run again", (string?)last["output"]);
        if (isDeclared)
        {
            session.SubmitToolOutput("call_1", "Shipped on Monday.");
        }
        else
        {
            answer.SetResult("Shipped on Monday.");
            await row.UpdateAsync<VoiceSessionUpdate.Problem>(static problem => problem.Details is SessionProblem.ToolOutputDropped);
        }

        await second.ItemAsync(last);
        Assert.Equal((string?)last["id"], await AnswerDeleteAsync(second));
        JsonObject told = Assert.Single(await second.TakeItemsAsync(1));
        Assert.Equal(("call_1", "Shipped on Monday."), ((string?)told["call_id"], (string?)told["output"]));
        Assert.Empty((await row.UpdateAsync<VoiceSessionUpdate.Resumed>()).LeftOut);
        await second.EndAsync(session);
    }

    [Fact]
    public async Task ACancelThatMeetsTheTakeOver_ReachesTheNextConnection()
    {
        var row = new ServerRow();
        (VoiceSession session, ScriptedServer first) = await row.ConnectAsync(row.Options());
        MachineGate left = session.Gate;
        await first.DisposeAsync();
        ScriptedServer second = await row.NextAsync();
        Turn turn = session.SendMessage("Where is it?");
        await second.AcceptAsync("sess_2");
        await second.TakeItemsAsync(1);
        await second.CreatedAsync("r1", await second.ExpectAsync("response.create"));
        left.Cancel(turn); // as a thread does that waited for the session's lock meanwhile
        await second.ExpectAsync("response.cancel");
        await second.DoneAsync("r1", "cancelled");
        Assert.IsNotType<TurnOutcome.Completed>((await turn.EndAsync()).Outcome);
        await second.EndAsync(session);
    }

    [Fact]
    public async Task AReportThatMeetsTheTakeOver_ReachesTheNextConnection()
    {
        var row = new ServerRow();
        VoiceSessionOptions options = row.Options(new ManualTime());
        options.Session = new() { TurnTaking = new TurnTaking.ServerVad() };
        (VoiceSession session, ScriptedServer first) = await row.ConnectAsync(options);
        Turn turn = session.SendMessage("Speak.");
        await first.AnswerTextAsync("r1", "one two three four", milliseconds: 2_000);
        await turn.EndAsync();
        turn.ReportPlayed(24_000);
        MachineGate left = session.Gate;
        await first.DisposeAsync();
        (ScriptedServer second, _) = await row.AcceptNextAsync(2);
        await row.UpdateAsync<VoiceSessionUpdate.Resumed>();
        left.ReportPlayed(turn, 72_000);
        var silenced = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration told = turn.Silenced.Register(silenced.SetResult);
        await second.SendAsync("""{"type":"input_audio_buffer.speech_started","audio_start_ms":0,"item_id":"item_1"}""");
        await silenced.Task.WaitAsync(Patience);
        Assert.Equal(new HeardAudio(72_000, HeardBasis.Reported), turn.Heard);
        await second.EndAsync(session);
    }

    [Fact]
    public async Task AConnectionThatSaysItsEndBehindTheSessions_LeavesTheQuestionsThatWaitedInTheCheckpoint()
    {
        var row = new ServerRow();
        (VoiceSession session, ScriptedServer first) = await row.ConnectAsync(row.Options());
        await first.DisposeAsync();
        await row.NextAsync(); // it answers nothing
        session.SendMessage("Where is it?");
        SessionCheckpoint left = await session.DrainAsync().WaitAsync(Patience);
        session.Gate.Close(new(RealtimeCloseKind.ConnectionLost, null, "Late."));
        Assert.Single(session.Checkpoint().Questions);
        Assert.Equal(left.ToUtf8Json(), session.Checkpoint().ToUtf8Json(), static (one, other) => one.Span.SequenceEqual(other.Span));
        await session.DisposeAsync();
    }

    [Fact]
    public async Task ATakeOverThatBreaksWhileItAsks_EndsTheSession_AndTheTurnThatWaited()
    {
        var time = new ManualTime();
        var row = new ServerRow();
        (VoiceSession session, ScriptedServer first) = await row.ConnectAsync(row.Options(time));
        await first.DisposeAsync();
        ScriptedServer second = await row.NextAsync();
        Turn waits = session.Respond();
        Turn behind = session.Respond();
        BreakAsking(time, waits, "sess_2");
        await second.AcceptAsync("sess_2");
        Assert.Contains("Connecting anew failed: InvalidOperationException.", (await session.Ended.WaitAsync(Patience)).Description, StringComparison.Ordinal);
        Assert.All(await Task.WhenAll(waits.EndAsync(), behind.EndAsync()), static result => Assert.IsType<TurnOutcome.Disconnected>(result.Outcome));
        await second.ReadToEndAsync();
        await session.DisposeAsync();
        await second.DisposeAsync();
    }

    // If it did, the server after the next would hear again what was taken, or not hear what was not.
    [Theory]
    [InlineData("started", 5)] // nobody speaks, so a second is sent again
    [InlineData("stopped", 3)] // what was taken ended before that
    [InlineData("committed", 1)] // nothing was taken, and the server hears speech from where it was looked for
    public async Task WhatAConnectionThatWasLeftSaysOfSpeech_ConcernsNoSpeechOfTheNext(string late, int seconds)
    {
        (ManualTime time, ServerRow row, VoiceSession session, ScriptedServer first) = await ConnectAsync(configure: static options =>
            options.Session = new() { TurnTaking = new TurnTaking.ServerVad { CreatesResponse = false }, Transcription = "whisper-1" });
        byte[] sound = UserSound.Of(6 * 48_000);
        time.Advance(TimeSpan.FromMinutes(50));
        ScriptedServer second = await row.NextAsync();
        await session.Input.WriteAsync(sound.AsMemory(0, 48_000));
        await UserSound.HeardAsync(first, 48_000);
        await SpeechAsync(first, "item_1", 500, "started", "stopped", "committed"); // its words are due, so the first stays
        await row.TakenInAsync(first);
        await AcceptAsync(second, "sess_2");
        await row.UpdateAsync<VoiceSessionUpdate.Resumed>();
        Assert.Equal("sess_2", session.Id);
        await session.Input.WriteAsync(sound.AsMemory(48_000, 48_000));
        await UserSound.HeardAsync(second, 24_000 + 48_000); // with what the first had not taken
        await SpeechAsync(second, "item_2", 0, "started");
        await row.TakenInAsync(second);
        await session.Input.WriteAsync(sound.AsMemory(2 * 48_000, 2 * 48_000));
        await UserSound.HeardAsync(second, 2 * 48_000);
        await SpeechAsync(second, "item_2", 2_000, "stopped");
        if (late == "started")
        {
            await SpeechAsync(second, "item_2", 0, "committed");
        }

        await row.TakenInAsync(second);
        await SpeechAsync(first, "item_late", 100_000, late);
        await row.TakenInAsync(first);
        if (late == "started")
        {
            await session.Input.WriteAsync(sound.AsMemory(4 * 48_000));
            await UserSound.HeardAsync(second, 2 * 48_000);
        }
        else if (late == "stopped")
        {
            await SpeechAsync(second, "item_2", 0, "committed");
            await row.TakenInAsync(second);
        }

        await second.DisposeAsync();
        ScriptedServer third = await AcceptAsync(row, "sess_3");
        byte[] again = sound[(seconds * 48_000)..(late == "started" ? sound.Length : 4 * 48_000)];
        Assert.Equal(again, await UserSound.HeardAsync(third, again.Length));
        await third.EndAsync(session);
        await first.DisposeAsync();
    }

    // What a server says of the speech that it hears from its beginning to this place.
    private static async Task SpeechAsync(ScriptedServer server, string item, int milliseconds, params string[] events)
    {
        foreach (string happens in events)
        {
            await server.SendAsync(happens switch
            {
                "started" => $$"""{"type":"input_audio_buffer.speech_started","audio_start_ms":0,"item_id":"{{item}}"}""",
                "stopped" => $$"""{"type":"input_audio_buffer.speech_stopped","audio_end_ms":{{milliseconds}},"item_id":"{{item}}"}""",
                _ => $$"""{"type":"input_audio_buffer.committed","item_id":"{{item}}","previous_item_id":null}""",
            });
        }
    }

    [Fact]
    public async Task SpeechWhoseWordsAreTold_IsNotSentAgain_AndWhatIsSentIsCountedOn()
    {
        var row = new ServerRow();
        VoiceSessionOptions options = row.Options();
        options.WhenBusy = WhenBusy.Queue;
        options.Session = options.Session with { Transcription = "whisper-1" };
        (VoiceSession session, ScriptedServer first) = await row.ConnectAsync(options);
        session.Respond();
        await first.CreatedAsync("r1", await first.ExpectAsync("response.create"));
        await session.Input.WriteAsync(new byte[9_600]);
        Turn spoken = session.EndTurn();
        await first.ExpectAsync("input_audio_buffer.append");
        await first.ExpectAsync("input_audio_buffer.commit");
        await first.SendAsync("""{"type":"input_audio_buffer.committed","item_id":"item_said","previous_item_id":null}""");
        const string Item = """{"id":"item_said","type":"message","status":"completed","role":"user","content":[{"type":"input_audio"}]}""";
        await first.SendAsync($$"""{"type":"conversation.item.added","previous_item_id":null,"item":{{Item}}}""");
        await first.SendAsync($$"""{"type":"conversation.item.done","previous_item_id":null,"item":{{Item}}}""");
        await first.SendAsync("""{"type":"conversation.item.input_audio_transcription.completed","item_id":"item_said","content_index":0,"transcript":"Where is it?"}""");
        await spoken.Utterance!.Completion.WaitAsync(Patience);
        await ServerRow.UntilAsync(() => session.Input.Sent == TimeSpan.FromSeconds(0.2));
        await first.DisposeAsync();

        (ScriptedServer second, JsonObject[] items) = await row.AcceptNextAsync(1);
        Assert.Equal("Where is it?", (string?)items[0]["content"]![0]!["text"]);
        await second.ExpectAsync("response.create");
        await session.Input.WriteAsync(new byte[9_600]);
        await second.ExpectAsync("input_audio_buffer.append");
        await ServerRow.UntilAsync(() => session.Input.Sent == TimeSpan.FromSeconds(0.4));
        await second.EndAsync(session);
    }
}
