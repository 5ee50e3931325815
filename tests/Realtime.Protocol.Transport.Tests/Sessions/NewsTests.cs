namespace Realtime.Protocol.Transport.Tests.Sessions;

/// <summary>What decides nothing and is told as it is: limits of the account, keys of the caller's telephone, and whether the session goes on.</summary>
public sealed class NewsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task RateLimits_AreToldAsTheyWereStated()
    {
        RateLimitState[] limits = [.. (await UpdatesAfterAsync("""{"type":"rate_limits.updated","rate_limits":[{"name":"requests","limit":1000,"remaining":999,"reset_seconds":60},{"name":"tokens","limit":40000,"remaining":39850,"reset_seconds":0.225},{"name":"images"}]}"""))
            .OfType<VoiceSessionUpdate.RateLimitsChanged>().Single().Limits];

        Assert.Equal(
            [new("requests", 1000, 999, TimeSpan.FromMinutes(1)), new("tokens", 40_000, 39_850, TimeSpan.FromMilliseconds(225)), new("images", null, null, null)],
            limits);
    }

    [Theory]
    [InlineData("""[{"limit":5}]""", 0)]
    [InlineData("[]", 0)]
    [InlineData("null", 0)]
    [InlineData("""[7,{"name":"tokens","limit":"many","remaining":-3,"reset_seconds":-1},{"name":"tokens","reset_seconds":1e300}]""", 2)]
    public async Task OddRateLimits_AreToldWithoutWhatIsOdd(string limits, int count)
    {
        VoiceSessionUpdate.RateLimitsChanged changed = (await UpdatesAfterAsync($$"""{"type":"rate_limits.updated","rate_limits":{{limits}}}""")).OfType<VoiceSessionUpdate.RateLimitsChanged>().Single();
        Assert.Equal(count, changed.Limits.Count);
        Assert.All(changed.Limits, limit => Assert.Equal((null, null), (limit.Limit, limit.ResetsAfter)));
    }

    [Fact]
    public async Task KeysOfTheTelephone_AreToldInOrder()
    {
        VoiceSessionUpdate.DtmfReceived[] keys = [.. (await UpdatesAfterAsync(
            """{"type":"input_audio_buffer.dtmf_event_received","event":"5","received_at":1795215600}""",
            """{"type":"input_audio_buffer.dtmf_event_received","event":"#"}""",
            """{"type":"input_audio_buffer.dtmf_event_received","event":"12"}""",
            """{"type":"input_audio_buffer.dtmf_event_received","received_at":-1}""")).OfType<VoiceSessionUpdate.DtmfReceived>()];
        Assert.Equal([new('5') { ReceivedAt = DateTimeOffset.FromUnixTimeSeconds(1_795_215_600) }, new('#')], keys);
    }

    [Fact]
    public async Task ASessionIsOpen_UntilItHasEnded()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        Assert.Equal(VoiceSessionState.Open, session.State);
        await server.CloseAsync(1000, "");
        await session.Ended.WaitAsync(Patience);
        Assert.Equal(VoiceSessionState.Ended, session.State);
        await server.EndAsync(session);
        Assert.Equal(VoiceSessionState.Ended, session.State);
    }

    private static async Task<List<VoiceSessionUpdate>> UpdatesAfterAsync(params string[] events)
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        foreach (string e in events)
        {
            await server.SendAsync(e);
        }

        await server.EndAsync(session);
        return await session.ReadUpdatesAsync().ToListAsync().AsTask().WaitAsync(Patience);
    }
}
