using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using static Realtime.Protocol.Transport.Tests.Sessions.VoiceSessionTests;

namespace Realtime.Protocol.Transport.Tests.Sessions;

/// <summary>What was heard of a turn, by the best evidence that there is, and what an interruption makes of it.</summary>
public sealed class HeardTests
{
    [Fact]
    public async Task Point6_ABridgeThatReadsFrames_CutsToTheFrame_WithoutOneReport()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        Turn turn = await AnsweredAsync(session, server, "resp_1", "item_1", 96_000);
        Assert.Equal(default, turn.Heard);

        Stream frames = turn.Audio.AsStream(leaveOpen: true);
        byte[] frame = new byte[960]; // 20 ms
        for (int i = 0; i < 37; i++)
        {
            await frames.ReadExactlyAsync(frame);
        }

        Assert.Equal(new HeardAudio(37 * 960, HeardBasis.Read), turn.Heard);
        session.Interrupt();

        JsonObject truncate = await server.ExpectAsync("conversation.item.truncate");
        Assert.Equal(("item_1", 37 * 20), ((string?)truncate["item_id"], (int)truncate["audio_end_ms"]!));
        Assert.Equal(new HeardAudio(37 * 960, HeardBasis.Read), turn.Heard);
        await server.EndAsync(session);
    }

    [Fact]
    public async Task WhatLiesInTheReadersHands_CountsAsHeard_UntilItIsGivenBack()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        Turn turn = await AnsweredAsync(session, server, "resp_1", "item_1", 96_000);

        ReadResult read = await turn.Audio.ReadAtLeastAsync(96_000);
        Assert.Equal(new HeardAudio(96_000, HeardBasis.Read), turn.Heard);
        turn.Audio.AdvanceTo(read.Buffer.GetPosition(4_800));
        Assert.Equal(new HeardAudio(4_800, HeardBasis.Read), turn.Heard);

        session.Interrupt();
        Assert.Equal(100, (int)(await server.ExpectAsync("conversation.item.truncate"))["audio_end_ms"]!);
        await server.EndAsync(session);
    }

    [Fact]
    public async Task WhatWasTakenToTheEnd_IsNotCut_AndItsListenerIsToldAllTheSame()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        Turn turn = await AnsweredAsync(session, server, "resp_1", "item_1", 96_000);
        await ReadAllAsync(turn.Audio);

        session.Interrupt();
        Assert.True(turn.Silenced.WaitHandle.WaitOne(TimeSpan.FromSeconds(10)));
        session.SendMessage("Go on.");
        await server.ExpectAsync("conversation.item.create");
        await server.EndAsync(session);
    }

    [Fact]
    public async Task AReport_CountsForMoreThanWhatWasRead()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        Turn turn = await AnsweredAsync(session, server, "resp_1", "item_1", 96_000);
        await ReadAllAsync(turn.Audio);
        turn.ReportPlayed(0);
        Assert.Equal(new HeardAudio(0, HeardBasis.Reported), turn.Heard);
        turn.ReportPlayed(24_000);
        turn.ReportPlayed(12_000);
        Assert.Equal(new HeardAudio(24_000, HeardBasis.Reported), turn.Heard);
        turn.ReportPlayed(1_000_000);
        Assert.Equal(new HeardAudio(96_000, HeardBasis.Reported), turn.Heard);
        Assert.Throws<ArgumentOutOfRangeException>(() => turn.ReportPlayed(-1));
        await server.EndAsync(session);
    }

    [Fact]
    public async Task AfterTheSilence_WhatWasHeardStaysAsItIs()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        Turn turn = await AnsweredAsync(session, server, "resp_1", "item_1", 96_000);
        turn.ReportPlayed(24_000);
        session.Interrupt();
        turn.ReportPlayed(48_000);
        Assert.Equal(new HeardAudio(24_000, HeardBasis.Reported), turn.Heard);
        await server.EndAsync(session);
    }

    [Fact]
    public async Task B13_SilencedFires_ForEveryAnswerThatStillPlays_HoweverManyTurnsEndedSince()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        Turn playing = await AnsweredAsync(session, server, "resp_1", "item_1", 96_000);
        playing.ReportPlayed(24_000);
        Turn next = await AnsweredAsync(session, server, "resp_2", "item_2", 96_000, WhenBusy.Queue);
        for (int i = 3; i < 8; i++)
        {
            await AnsweredAsync(session, server, $"resp_{i}", $"item_{i}", 0, WhenBusy.Queue);
        }

        session.Interrupt();

        Assert.Equal(500, (int)(await server.ExpectAsync("conversation.item.truncate"))["audio_end_ms"]!);
        Assert.True(playing.Silenced.WaitHandle.WaitOne(TimeSpan.FromSeconds(10)));
        Assert.True(next.Silenced.WaitHandle.WaitOne(TimeSpan.FromSeconds(10)));
        await server.EndAsync(session);
    }

    [Fact]
    public async Task F13_ItemsThatTakeTurnsInTheStream_AreCutWhereEachWasHeard()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        Turn turn = session.SendMessage("hello");
        await server.ItemAsync((await server.ExpectAsync("conversation.item.create"))["item"]!);
        await server.CreatedAsync("resp_1", await server.ExpectAsync("response.create"));
        await server.BeginItemAsync("resp_1", "item_a");
        await server.BeginItemAsync("resp_1", "item_b");
        await server.AudioAsync("resp_1", "item_a", Pcm(24_000, seed: 1));
        await server.AudioAsync("resp_1", "item_b", Pcm(24_000, seed: 2));
        await server.EndItemAsync("resp_1", "item_b");
        await server.AudioAsync("resp_1", "item_a", Pcm(24_000, seed: 3));
        await turn.Audio.ReadAtLeastAsync(72_000);
        turn.ReportPlayed(60_000);

        session.Interrupt();

        await server.ExpectAsync("response.cancel");
        JsonObject truncate = await server.ExpectAsync("conversation.item.truncate");
        Assert.Equal(("item_a", 750), ((string?)truncate["item_id"], (int)truncate["audio_end_ms"]!));
        session.SendMessage("Go on.");
        await server.ExpectAsync("conversation.item.create"); // and not a second truncation
        await server.EndAsync(session);
    }

    [Theory]
    [InlineData("""{"type":"audio/pcm","rate":16000}""", 32_000)]
    [InlineData("""{"type":"audio/pcm","rate":8000}""", 16_000)]
    [InlineData("""{"type":"audio/pcm","rate":48000}""", 96_000)]
    [InlineData("""{"type":"audio/pcma"}""", 8_000)]
    [InlineData("""{"type":"audio/pcm"}""", 48_000)]
    [InlineData("""{"type":"audio/pcm","rate":1}""", 48_000)]
    public async Task F08_BytesMeanWhatTheResponseSays(string format, int bytesOfASecond)
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        Turn turn = await AnsweredAsync(session, server, "resp_1", "item_1", 2 * bytesOfASecond, format: format);
        turn.ReportPlayed(bytesOfASecond);
        Assert.Equal(bytesOfASecond, turn.AudioEncoding.SamplesPerSecond * turn.AudioEncoding.BytesPerSample);

        session.Interrupt();
        Assert.Equal(1_000, (int)(await server.ExpectAsync("conversation.item.truncate"))["audio_end_ms"]!);
        await server.EndAsync(session);
    }

    [Fact]
    public async Task F08_AFormatThatWasNotAskedFor_IsToldOnce()
    {
        VoiceSessionOptions options = ScriptedServer.Manual();
        options.OutputEncoding = AudioEncoding.G711MuLaw;
        (IRealtimeTransport client, ScriptedServer server) = ScriptedServer.Create();
        Task<VoiceSession> connecting = VoiceSession.ConnectAsync(options.Over(client));
        await server.SendAsync("""{"type":"session.created","session":{"type":"realtime","id":"sess_1","audio":{"output":{"format":{"type":"audio/pcm","rate":24000}}}}}""");
        JsonObject update = await server.ExpectAsync("session.update");
        Assert.Equal("audio/pcmu", (string?)update["session"]!["audio"]!["output"]!["format"]!["type"]);
        await server.SendAsync("""{"type":"session.updated","session":{"type":"realtime","audio":{"output":{"format":{"type":"audio/pcm","rate":24000}}}}}""");
        VoiceSession session = await connecting;
        Turn turn = await AnsweredAsync(session, server, "resp_1", "item_1", 96_000, format: """{"type":"audio/pcm","rate":24000}""");
        Assert.Equal(AudioEncoding.Pcm16, turn.AudioEncoding);

        Task<List<SessionProblem>> problems = session.ProblemsAsync();
        await server.EndAsync(session);
        Assert.Equal(new SessionProblem.FormatDiffers(AudioEncoding.G711MuLaw, AudioEncoding.Pcm16), Assert.Single(await problems));
    }

    [Fact]
    public async Task F08_ARateThatTheConfigurationItselfAsksFor_IsTheOneThatCounts()
    {
        VoiceSessionOptions options = ScriptedServer.Manual();
        options.Session = options.Session with { Customize = static session => session.Audio.Output.Format = new Events.AudioFormat { Type = Events.AudioFormatType.AudioPcm, Rate = 16_000 } };
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(options);
        Turn turn = await AnsweredAsync(session, server, "resp_1", "item_1", 64_000, format: """{"type":"audio/pcm","rate":16000}""");
        turn.ReportPlayed(32_000);

        session.Interrupt();
        Assert.Equal(1_000, (int)(await server.ExpectAsync("conversation.item.truncate"))["audio_end_ms"]!);
        Task<List<SessionProblem>> problems = session.ProblemsAsync();
        await server.EndAsync(session);
        Assert.Empty(await problems);
    }

    [Fact]
    public async Task EncodingsThatAreAskedFor_GoToTheServer()
    {
        VoiceSessionOptions options = ScriptedServer.Manual();
        options.InputEncoding = AudioEncoding.Pcm(16_000);
        options.OutputEncoding = AudioEncoding.G711ALaw;
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(options);
        JsonNode audio = server.Received[0]["session"]!["audio"]!;
        Assert.Equal("""{"type":"audio/pcm","rate":16000}""", audio["input"]!["format"]!.ToJsonString());
        Assert.Equal("""{"type":"audio/pcma"}""", audio["output"]!["format"]!.ToJsonString());
        await server.EndAsync(session);
    }

    [Fact]
    public async Task ATurnThatNobodyHolds_IsNotKept_AndOneWhoseTokenIsHeard_StillFiresIt()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        var fired = new TaskCompletionSource();
        WeakReference turn = await UnheldAsync(session, server, fired);
        for (int i = 0; turn.IsAlive && i < 50; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await Task.Yield();
        }

        Assert.False(turn.IsAlive, "the session keeps a turn, with its audio, that has ended and that nobody holds");
        session.Interrupt();
        await fired.Task.WaitAsync(TimeSpan.FromSeconds(10));
        await server.EndAsync(session);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> UnheldAsync(VoiceSession session, ScriptedServer server, TaskCompletionSource fired)
    {
        Turn turn = await AnsweredAsync(session, server, "resp_1", "item_1", 96_000);
        turn.Silenced.Register(fired.SetResult);
        return new(turn);
    }

    // A turn whose answer is one item, and whole.
    private static async Task<Turn> AnsweredAsync(
        VoiceSession session, ScriptedServer server, string response, string item, int bytes, WhenBusy whenBusy = WhenBusy.CancelThenCreate, string format = "{}")
    {
        Turn turn;
        if (whenBusy is WhenBusy.Queue)
        {
            turn = session.Respond();
        }
        else
        {
            turn = session.SendMessage("hello");
            await server.ItemAsync((await server.ExpectAsync("conversation.item.create"))["item"]!);
        }

        await server.CreatedAsync(response, await server.ExpectAsync("response.create"), format);
        await server.BeginItemAsync(response, item);
        for (int sent = 0; sent < bytes; sent += 16_000)
        {
            await server.AudioAsync(response, item, Pcm(Math.Min(16_000, bytes - sent), seed: sent));
        }

        await server.EndItemAsync(response, item);
        await server.DoneAsync(response);
        await turn.EndAsync();
        return turn;
    }
}
