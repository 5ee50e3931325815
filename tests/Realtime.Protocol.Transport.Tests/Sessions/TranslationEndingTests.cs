using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Text.Json.Nodes;
using static Realtime.Protocol.Transport.Tests.TranslationTalk;

namespace Realtime.Protocol.Transport.Tests.Sessions;

/// <summary>Every way in which a translation ends has one outcome, and what was flushed before the end was asked for is translated first.</summary>
public sealed class TranslationEndingTests
{
    [Fact]
    public async Task SE10_WhatWasFlushed_IsSentBeforeTheClose_AndNothingAfterIt()
    {
        (TranslationSession session, ScriptedServer server) = await ConnectAsync();
        byte[] speech = Noise(60_000);
        _ = session.Input.WriteAsync(speech).AsTask();
        Task draining = session.DrainAsync();
        FlushResult late = await session.Input.WriteAsync(Noise(9_600));
        Assert.True(late.IsCompleted);
        var written = new MemoryStream();
        JsonObject message = await server.NextAsync();
        for (; (string?)message["type"] == "session.input_audio_buffer.append"; message = await server.NextAsync())
        {
            written.Write(Convert.FromBase64String((string)message["audio"]!));
        }

        Assert.Equal("session.close", (string?)message["type"]);
        Assert.Equal(speech, written.ToArray());
        Assert.Equal("SE-10", (await Assert.ThrowsAsync<RealtimeRefusedException>(() => session.ChangeLanguageAsync("fr"))).Rule);

        // Megabytes that nobody takes hold nobody up.
        for (int i = 0; i < 20; i++)
        {
            Assert.True((await session.Input.WriteAsync(Noise(200_000)).AsTask().WaitAsync(Patience)).IsCompleted);
        }

        await new MemoryStream(Noise(100_000)).CopyToAsync(session.Input).WaitAsync(Patience);
        await server.SendAsync("""{"type":"session.closed"}""");
        await server.ReadToEndAsync();
        await draining.WaitAsync(Patience);
        Assert.DoesNotContain(server.Received, static received => (string?)received["type"] == "session.input_audio_buffer.append" && received["audio"] is null);
        Assert.Equal("session.close", (string?)server.Received[^1]["type"]);
    }

    [Fact]
    public async Task SE10_AServerThatClosesWithoutTheLastWord_MayHaveLostTheEnd()
    {
        (TranslationSession session, ScriptedServer server) = await ConnectAsync();
        Task draining = session.DrainAsync();
        Task again = session.DrainAsync();
        await server.ExpectAsync("session.close");
        await server.CloseAsync(1000, "bye");
        Assert.Equal(RealtimeCloseKind.ByPeer, (await Assert.ThrowsAsync<RealtimeClosedException>(() => draining.WaitAsync(Patience))).Reason.Kind);
        await Assert.ThrowsAsync<RealtimeClosedException>(() => again.WaitAsync(Patience));
        await Assert.ThrowsAsync<RealtimeClosedException>(() => session.DrainAsync());
        Assert.Empty(await ReadAllAsync(session.Audio));
        await session.DisposeAsync();
    }

    [Fact]
    public async Task SE10_AServerThatNeverSaysTheLastWord_IsGivenUpAfterThirtySecondsOfSilence()
    {
        var time = new ManualTime();
        (TranslationSession session, ScriptedServer server) = await ConnectAsync(new() { TimeProvider = time });
        Task draining = session.DrainAsync();
        await server.ExpectAsync("session.close");
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(RealtimeCloseKind.Unresponsive, (await Assert.ThrowsAsync<RealtimeClosedException>(() => draining.WaitAsync(Patience))).Reason.Kind);
        Assert.Equal(RealtimeCloseKind.Unresponsive, (await session.Ended.WaitAsync(Patience)).Kind);
        await EndAsync(session, server);
    }

    [Fact]
    public async Task SE10_AServerThatRefusesToEnd_SaysSo()
    {
        (TranslationSession session, ScriptedServer server) = await ConnectAsync();
        Task draining = session.DrainAsync();
        JsonObject close = await server.ExpectAsync("session.close");
        await server.SendAsync($$$"""{"type":"error","error":{"type":"invalid_request_error","code":"unknown_event","message":"?","event_id":"{{{close["event_id"]}}}"}}""");
        Assert.Equal("unknown_event", (await Assert.ThrowsAsync<RealtimeRejectedException>(() => draining.WaitAsync(Patience))).Error.Code);
        Assert.True((await session.Input.WriteAsync(Noise(960))).IsCompleted);
        await EndAsync(session, server);
    }

    [Fact]
    public async Task SE10_AServerThatEndsByItself_IsThePeersDoing()
    {
        (TranslationSession session, ScriptedServer server) = await ConnectAsync();
        await server.SendAsync("""{"type":"session.closed"}""");
        await server.ReadToEndAsync();
        Assert.Equal(RealtimeCloseKind.ByPeer, (await session.Ended.WaitAsync(Patience)).Kind);
        await Assert.ThrowsAsync<RealtimeClosedException>(() => session.DrainAsync());
        await session.DisposeAsync();
    }

    [Fact]
    public async Task ADrainThatIsGivenUp_GoesOn()
    {
        (TranslationSession session, ScriptedServer server) = await ConnectAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => session.DrainAsync(new CancellationToken(canceled: true)));
        using var giveUp = new CancellationTokenSource();
        Task draining = session.DrainAsync(giveUp.Token);
        await server.ExpectAsync("session.close");
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => draining.WaitAsync(Patience));
        await server.SendAsync("""{"type":"session.closed"}""");
        await server.ReadToEndAsync();
        await session.DrainAsync().WaitAsync(Patience);
        await session.DisposeAsync();
    }

    [Fact]
    public async Task ASessionThatExpires_EndsAsExpired()
    {
        (TranslationSession session, ScriptedServer server) = await ConnectAsync();
        await server.SendAsync("""{"type":"error","error":{"type":"invalid_request_error","code":"session_expired","message":"Your session hit the maximum duration."}}""");
        RealtimeCloseReason reason = await session.Ended.WaitAsync(Patience);
        Assert.Equal((RealtimeCloseKind.Expired, "session_expired"), (reason.Kind, reason.Error?.Code));
        await EndAsync(session, server);
    }

    [Theory]
    [InlineData(false, "insufficient_quota")]
    [InlineData(true, null)]
    public async Task AnErrorThatNoConnectionOutlives_IsWhyItEnded_WhenNothingCameAfterIt(bool goesOn, string? expected)
    {
        (TranslationSession session, ScriptedServer server) = await ConnectAsync();
        await server.SendAsync("""{"type":"error","error":{"type":"insufficient_quota","code":"insufficient_quota","message":"No more."}}""");
        if (goesOn)
        {
            await server.SendAsync("""{"type":"session.output_transcript.delta","delta":"Bonjour","elapsed_ms":200}""");
        }

        await server.CloseAsync(1008, "over");

        Assert.Equal(expected, (await session.Ended.WaitAsync(Patience)).Error?.Code);
        await EndAsync(session, server);
    }

    [Fact]
    public async Task ClosingAndDisposing_Twice_FromSeveralThreads_IsHarmless()
    {
        (TranslationSession session, ScriptedServer server) = await ConnectAsync();
        Task reading = server.ReadToEndAsync();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(async () =>
        {
            if (i % 2 == 0)
            {
                await session.DisposeAsync();
            }
            else
            {
                await session.CloseAsync();
            }
        }))).WaitAsync(Patience);
        await session.DisposeAsync();
        await reading.WaitAsync(Patience);
        Assert.Equal(RealtimeCloseKind.ByUs, session.CloseReason!.Kind);
        Assert.True((await session.Input.WriteAsync(Noise(960))).IsCompleted);
        Assert.Empty(await session.ReadTextAsync().ToArrayAsync());
        Assert.Throws<NotSupportedException>(session.Input.Clear);
    }

    [Fact]
    public async Task LanguagesAndDrain_FromSeveralThreads_EachHaveOneEnd()
    {
        (TranslationSession session, ScriptedServer server) = await ConnectAsync();
        var ends = new ConcurrentBag<string>();
        Task serving = Task.Run(async () =>
        {
            while (true)
            {
                JsonObject message = await server.NextAsync();
                switch ((string?)message["type"])
                {
                    case "session.update":
                        await server.SendAsync(Updated("fr"));
                        break;
                    case "session.close":
                        await server.SendAsync("""{"type":"session.closed"}""");
                        await server.ReadToEndAsync();
                        return;
                }
            }
        });
        await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(async () =>
        {
            try
            {
                await (i == 15 ? session.DrainAsync() : session.ChangeLanguageAsync("fr"));
                ends.Add("done");
            }
            catch (RealtimeException)
            {
                ends.Add("refused");
            }
        }))).WaitAsync(Patience);
        await serving.WaitAsync(Patience);
        Assert.Equal(16, ends.Count);
        await session.DisposeAsync();
    }
}
