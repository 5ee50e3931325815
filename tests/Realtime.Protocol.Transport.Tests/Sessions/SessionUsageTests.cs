namespace Realtime.Protocol.Transport.Tests.Sessions;

/// <summary>What a session has used: of every response once, of the user's transcripts apart, and what was not reported counted.</summary>
public sealed class SessionUsageTests
{
    private const string Ten = """{"input_tokens":7,"output_tokens":3,"input_token_details":{"text_tokens":5,"audio_tokens":2,"cached_tokens":4},"output_token_details":{"text_tokens":1,"audio_tokens":2,"reasoning_tokens":1}}""";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly TokenUsage TenTokens = new(new(5, 2), new(4, 0), new(1, 2), 1);

    [Fact]
    public async Task EveryResponseCountsOnce_WhoeverBeganIt_AndHoweverItEnded()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        Assert.Equal(new SessionUsage(default, default, default, 0), session.Usage);
        Turn turn = session.Respond();
        await server.CreatedAsync("A", await server.ExpectAsync("response.create"));
        await server.DoneAsync("A", usage: Ten);
        await server.DoneAsync("A", usage: Ten);
        await server.CreatedAsync("B"); // the server's own
        await server.DoneAsync("B", status: "incomplete", usage: Ten);
        await server.SendAsync("""{"type":"response.created","response":{"id":"C","status":"in_progress","conversation_id":null,"metadata":{"of":"somebody else"}}}""");
        await server.DoneAsync("C", status: "cancelled", usage: Ten); // beside the conversation
        Assert.Equal(TenTokens, (await turn.Completion.WaitAsync(Patience)).Usage);
        await server.EndAsync(session);
        await session.Ended.WaitAsync(Patience);

        Assert.Equal(new SessionUsage(TenTokens + TenTokens + TenTokens, default, default, 0), session.Usage);
    }

    [Fact]
    public async Task WhatWasNotReported_IsCounted_UntilItComesLate()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        Turn turn = session.Respond();
        await server.CreatedAsync("A", await server.ExpectAsync("response.create"));
        await server.DoneAsync("A");
        Assert.Null((await turn.Completion.WaitAsync(Patience)).Usage);
        Assert.Equal(new SessionUsage(default, default, default, 1), session.Usage);

        await server.DoneAsync("A", usage: Ten);
        await server.EndAsync(session);
        await session.Ended.WaitAsync(Patience);
        Assert.Equal(new SessionUsage(TenTokens, default, default, 0), session.Usage);
    }

    [Fact]
    public async Task TranscriptsOfTheUser_AreCountedApart_ByTokensOrTime()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        await TranscribedAsync("a", 0, """{"type":"tokens","total_tokens":35,"input_tokens":26,"output_tokens":9,"input_token_details":{"audio_tokens":20}}""");
        await TranscribedAsync("a", 0, """{"type":"tokens","total_tokens":35,"input_tokens":26,"output_tokens":9}"""); // again
        await TranscribedAsync("a", 1, """{"type":"duration","seconds":2.5}""");
        await TranscribedAsync("b", 0, """{"type":"duration","seconds":3}""");
        await server.EndAsync(session);
        await session.Ended.WaitAsync(Patience);

        Assert.Equal(new SessionUsage(default, new(new(6, 20), default, new(9, 0)), TimeSpan.FromSeconds(5.5), 0), session.Usage);

        Task TranscribedAsync(string item, int part, string usage) => server.SendAsync(
            $$$"""{"type":"conversation.item.input_audio_transcription.completed","item_id":"{{{item}}}","content_index":{{{part}}},"transcript":"x","usage":{{{usage}}}}""");
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"type":"duration","seconds":-1}""")]
    [InlineData("""{"type":"duration","seconds":1e300}""")]
    [InlineData("""{"type":"duration","seconds":"NaN"}""")]
    [InlineData("""{"type":"duration"}""")]
    [InlineData("""{"type":"tokens","input_tokens":-4,"output_tokens":9}""")]
    [InlineData("""{"type":"tokens","total_tokens":9}""")]
    [InlineData("""{"type":"letters","letters":9}""")]
    public async Task ATranscriptWithoutAReport_IsCountedAsSuch(string usage)
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        await server.SendAsync($$$"""{"type":"conversation.item.input_audio_transcription.completed","item_id":"a","content_index":0,"transcript":"x","usage":{{{usage}}}}""");
        await server.EndAsync(session);
        await session.Ended.WaitAsync(Patience);

        Assert.Equal(new SessionUsage(default, default, default, 0) { TranscriptsWithoutUsage = 1 }, session.Usage);
    }

    [Fact]
    public async Task TranscriptsAreRememberedInPart()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        for (int i = 0; i <= UsageBook.Remembered; i++)
        {
            await server.SendAsync($$$"""{"type":"conversation.item.input_audio_transcription.completed","item_id":"item_{{{i}}}","content_index":0,"transcript":"x","usage":{"type":"duration","seconds":1}}""");
        }

        await server.SendAsync($$$"""{"type":"conversation.item.input_audio_transcription.completed","item_id":"item_{{{UsageBook.Remembered}}}","content_index":0,"transcript":"x","usage":{"type":"duration","seconds":1}}""");
        await server.EndAsync(session);
        await session.Ended.WaitAsync(Patience);

        Assert.Equal(TimeSpan.FromSeconds(UsageBook.Remembered + 1), session.Usage.TranscribedAudio);
    }
}
