using System.IO.Pipelines;
using System.Text.Json.Nodes;
using static Realtime.Protocol.Transport.Tests.Sessions.VoiceSessionTests;

namespace Realtime.Protocol.Transport.Tests.Sessions;

/// <summary>Silencing the model: what is cancelled, where the conversation is cut, and what the listener still gets.</summary>
public sealed class InterruptionTests
{
    [Fact]
    public async Task AnInterruption_CancelsAndCutsAtWhatWasReportedAsPlayed()
    {
        (VoiceSession session, ScriptedServer server, Turn turn) = await SpeakingAsync(96_000);
        await ReadAsync(turn.Audio, 60_000);
        turn.ReportPlayed(48_023);

        session.Interrupt();

        Assert.Equal("resp_1", (string?)(await server.ExpectAsync("response.cancel"))["response_id"]);
        JsonObject truncate = await server.ExpectAsync("conversation.item.truncate");
        Assert.Equal(("item_1", 0, 1_000), ((string?)truncate["item_id"], (int)truncate["content_index"]!, (int)truncate["audio_end_ms"]!));
        await server.EndItemAsync("resp_1", "item_1", "incomplete");
        await server.DoneAsync("resp_1", "cancelled", """{"type":"cancelled","reason":"client_cancelled"}""");
        TurnOutcome outcome = (await turn.EndAsync()).Outcome;
        Assert.Equal(InterruptionReason.Application, Assert.IsType<TurnOutcome.Interrupted>(outcome).Reason);
        await server.EndAsync(session);
    }

    [Fact]
    public async Task ALongItemIdWithEscapes_IsCutUnderItsOwnName()
    {
        // Longer than fits on the stack, and written with an escape, since this server escapes what is not ASCII.
        string item = $"item_{new string('x', 300)}\u00e9";
        (VoiceSession session, ScriptedServer server, Turn turn) = await SpeakingAsync(96_000, item: item);
        turn.ReportPlayed(48_000);

        session.Interrupt();

        await server.ExpectAsync("response.cancel");
        Assert.Equal(item, (string?)(await server.ExpectAsync("conversation.item.truncate"))["item_id"]);
        await server.EndAsync(session);
    }

    [Fact]
    public async Task AnInterruption_EndsTheAudioWhereItsReaderStands()
    {
        (VoiceSession session, ScriptedServer server, Turn turn) = await SpeakingAsync(96_000);
        await ReadAsync(turn.Audio, 10_000);
        Task<byte[]> rest = ReadAllAsync(turn.Audio);

        // The rest of what was received is read at once; then the reader waits for more, and is told that nothing more is to be heard.
        session.Interrupt();
        await server.ExpectAsync("response.cancel");
        await server.AudioAsync("resp_1", "item_1", Pcm(4_800, seed: 99));

        Assert.InRange((await rest).Length, 0, 86_000);
        Assert.True(turn.Silenced.WaitHandle.WaitOne(TimeSpan.FromSeconds(10)));
        await server.EndAsync(session);
    }

    [Fact]
    public async Task UnreadAudio_IsGoneAfterAnInterruption()
    {
        (VoiceSession session, ScriptedServer server, Turn turn) = await SpeakingAsync(96_000);

        session.Interrupt();

        Assert.Empty(await ReadAllAsync(turn.Audio));
        await server.EndAsync(session);
    }

    [Fact]
    public async Task WhatWasReportedAsUnheard_IsDeleted_AfterItsResponse()
    {
        (VoiceSession session, ScriptedServer server, Turn turn) = await SpeakingAsync(96_000);
        turn.ReportPlayed(0);
        await ReadAsync(turn.Audio, 96_000);

        session.Interrupt();
        await server.ExpectAsync("response.cancel");
        await server.EndItemAsync("resp_1", "item_1", "incomplete");
        await server.DoneAsync("resp_1", "cancelled", """{"type":"cancelled","reason":"client_cancelled"}""");

        Assert.Equal("item_1", (string?)(await server.ExpectAsync("conversation.item.delete"))["item_id"]);
        await server.EndAsync(session);
    }

    [Fact]
    public async Task WhenNothingIsKnown_NothingIsCut()
    {
        (VoiceSession session, ScriptedServer server, Turn turn) = await SpeakingAsync(96_000);

        session.Interrupt();
        await server.ExpectAsync("response.cancel");
        await server.EndItemAsync("resp_1", "item_1", "incomplete");
        await server.DoneAsync("resp_1", "cancelled", """{"type":"cancelled","reason":"client_cancelled"}""");
        await turn.EndAsync();
        session.SendMessage("Go on.");

        await server.ExpectAsync("conversation.item.create");
        await server.EndAsync(session);
    }

    [Fact]
    public async Task BufferedAudio_CanBeSilencedAfterTheTurnHasEnded()
    {
        (VoiceSession session, ScriptedServer server, Turn turn) = await SpeakingAsync(96_000);
        await server.EndItemAsync("resp_1", "item_1");
        await server.DoneAsync("resp_1");
        await turn.EndAsync();
        turn.ReportPlayed(24_000);

        session.Interrupt();

        JsonObject truncate = await server.ExpectAsync("conversation.item.truncate");
        Assert.Equal(500, (int)truncate["audio_end_ms"]!);
        Assert.True(turn.Silenced.WaitHandle.WaitOne(TimeSpan.FromSeconds(10)));
        Assert.Empty(await ReadAllAsync(turn.Audio));
        await server.EndAsync(session);
    }

    [Fact]
    public async Task ThePositionInTheStream_IsTurnedIntoPositionsInItems()
    {
        (VoiceSession session, ScriptedServer server, Turn turn) = await SpeakingAsync(48_000);
        await server.EndItemAsync("resp_1", "item_1");
        await server.BeginItemAsync("resp_1", "item_2");
        await server.AudioAsync("resp_1", "item_2", Pcm(19_200, seed: 2));
        await server.AudioAsync("resp_1", "item_2", Pcm(19_200, seed: 3));
        await ReadAsync(turn.Audio, 48_000 + 38_400);
        turn.ReportPlayed(48_000 + 20_000);

        session.Interrupt();
        await server.ExpectAsync("response.cancel");

        // 20,000 of the second item's own bytes; the first was heard to its end and stays whole.
        JsonObject truncate = await server.ExpectAsync("conversation.item.truncate");
        Assert.Equal(("item_2", 416), ((string?)truncate["item_id"], (int)truncate["audio_end_ms"]!));
        await server.EndAsync(session);
    }

    [Fact]
    public async Task ACancel_OvertakesQueuedAudio_AndACommitDoesNot()
    {
        (VoiceSession session, ScriptedServer server, Turn _) = await SpeakingAsync(9_600);

        // More audio than the connection takes in at once, so that most of it waits when the cancel is asked for.
        await session.Input.WriteAsync(Pcm(900_000, seed: 4)).AsTask().WaitAsync(TimeSpan.FromSeconds(10));
        session.Interrupt();
        var types = new List<string>();
        int audio = 0;
        while (audio < 900_000)
        {
            JsonObject next = await server.NextAsync();
            types.Add((string)next["type"]!);
            audio += next["audio"] is { } encoded ? Convert.FromBase64String((string)encoded!).Length : 0;
        }

        int cancelled = types.IndexOf("response.cancel");
        Assert.InRange(cancelled, 0, types.Count - 10);
        await server.EndAsync(session);
    }

    [Fact]
    public async Task ATurnThatWaits_IsWithdrawnByAnInterruption()
    {
        VoiceSessionOptions options = ScriptedServer.Manual();
        options.WhenBusy = WhenBusy.Queue;
        (VoiceSession session, ScriptedServer server, Turn _) = await SpeakingAsync(9_600, options);
        Turn waiting = session.SendMessage("And then?");

        session.Interrupt();

        Assert.IsType<TurnOutcome.Withdrawn>((await waiting.EndAsync()).Outcome);
        await server.EndAsync(session);
    }

    [Fact]
    public async Task ANewTurn_SilencesTheOldOne_ByDefault()
    {
        (VoiceSession session, ScriptedServer server, Turn old) = await SpeakingAsync(96_000);
        await ReadAsync(old.Audio, 96_000);
        old.ReportPlayed(96_000);

        Turn next = session.SendMessage("Something else.");
        await server.ExpectAsync("response.cancel");
        Assert.Equal(2_000, (int)(await server.ExpectAsync("conversation.item.truncate"))["audio_end_ms"]!);
        await server.EndItemAsync("resp_1", "item_1", "incomplete");
        await server.DoneAsync("resp_1", "cancelled", """{"type":"cancelled","reason":"client_cancelled"}""");
        await server.ItemAsync((await server.ExpectAsync("conversation.item.create"))["item"]!);
        await AnswerAsync(server, await server.ExpectAsync("response.create"), "resp_2", "item_2", Pcm(960, seed: 5));

        Assert.IsType<TurnOutcome.Interrupted>((await old.EndAsync()).Outcome);
        Assert.IsType<TurnOutcome.Completed>((await next.EndAsync()).Outcome);
        await server.EndAsync(session);
    }

    // A session whose model has spoken so many bytes and goes on.
    private static async Task<(VoiceSession Session, ScriptedServer Server, Turn Turn)> SpeakingAsync(
        int bytes, VoiceSessionOptions? options = null, string item = "item_1")
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(options);
        Turn turn = session.SendMessage("Tell me everything.");
        await server.ItemAsync((await server.ExpectAsync("conversation.item.create"))["item"]!);
        await server.CreatedAsync("resp_1", await server.ExpectAsync("response.create"));
        await server.BeginItemAsync("resp_1", item);
        await server.AudioAsync("resp_1", item, Pcm(bytes, seed: 1));

        // What the turn says of its first audio proves that the session has taken it in.
        await foreach (TurnUpdate update in turn.ReadUpdatesAsync())
        {
            if (update is TurnUpdate.AudioStarted)
            {
                break;
            }
        }

        return (session, server, turn);
    }

    private static async Task ReadAsync(PipeReader reader, int bytes)
    {
        ReadResult read = await reader.ReadAtLeastAsync(bytes).AsTask().WaitAsync(TimeSpan.FromSeconds(10));
        reader.AdvanceTo(read.Buffer.GetPosition(bytes));
    }
}
