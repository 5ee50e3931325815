using System.Buffers;
using System.IO.Pipelines;
using Realtime.Protocol.Testing.Hosting;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Responses;
using Realtime.Protocol.Testing.Tests.Support;

namespace Realtime.Protocol.Testing.Tests;

/// <summary>A translation with both sides of the protocol, each written without looking at the other, in memory and over a socket.</summary>
public class TranslationOverSimulatorTests
{
    private const int HangsAfterMs = 30_000;

    private static readonly SimulatorOptions Quick = new() { Kind = SimulatedSessionKind.Translation, Pace = ResponsePace.Immediate, Transcripts = [new("Dear neighbour, the ferry leaves.")] };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory(Timeout = HangsAfterMs)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhatIsSaid_ComesBackAsSoundAndAsTextOfBothSides_AndDrainingKeepsItsEnd(bool overSocket)
    {
        await using RealtimeSimulatorHost host = await RealtimeSimulatorHost.StartAsync(new() { Simulator = Quick with { Kind = SimulatedSessionKind.Realtime } }, Stop);
        var options = new TranslationSessionOptions { Language = "de", TranscriptionModel = "gpt-realtime-whisper", NoiseReduction = InputNoiseReduction.NearField };
        TranslationSession session;
        if (overSocket)
        {
            options.Endpoint = host.TranslationEndpoint;
            session = await TranslationSession.ConnectAsync(options, Stop);
        }
        else
        {
            session = await TranslationSession.ConnectAsync(options.Over(new InMemoryTransport(Quick, new VirtualTime())), Stop);
        }

        await using TranslationSession disposing = session;
        byte[] german = Sound.Speech(400);
        byte[] french = Sound.Speech(450, seed: 2);
        await session.Input.WriteAsync(german, Stop);
        ReadResult heard = await session.Audio.ReadAtLeastAsync(german.Length, Stop);
        byte[] first = heard.Buffer.ToArray();
        session.Audio.AdvanceTo(heard.Buffer.End);
        await session.ChangeLanguageAsync("fr", Stop);
        RealtimeRejectedException unknown = await Assert.ThrowsAsync<RealtimeRejectedException>(() => session.ChangeLanguageAsync("xx", Stop));
        await session.Input.WriteAsync(french, Stop);
        await session.DrainAsync(Stop);

        Assert.Equal(("invalid_value", "session.audio.output.language"), (unknown.Error.Code, unknown.Error.Parameter));
        Assert.Equal(german, first);
        Assert.Equal(french, await ReadAsync(session.Audio));
        TranslationText[] texts = await session.ReadTextAsync(Stop).ToArrayAsync(Stop);
        Assert.Equal("Dear neighbour, the ferry leaves.", Said(texts, TranslationSide.Source));
        Assert.Equal("In de: Dear neighbour, In fr: the ferry leaves.", Said(texts, TranslationSide.Translation));
        Assert.Equal(TimeSpan.FromMilliseconds(1_000), texts[^1].At);
        Assert.Equal(RealtimeCloseKind.ByUs, (await session.Ended).Kind);
        Assert.Equal((0, 0), (session.MalformedEvents, session.OddEvents));
    }

    [Fact]
    public async Task Draining_WaitsForWhatTheServerStillTranslates()
    {
        var time = new VirtualTime();
        var transport = new InMemoryTransport(Quick with { Pace = ResponsePace.Default }, time);
        await using TranslationSession session = await TranslationSession.ConnectAsync(new() { Language = "de", TimeProvider = time, Transport = (_, _) => new(transport) }, Stop);
        byte[] speech = Sound.Speech(1_000);
        await session.Input.WriteAsync(speech, Stop);
        Task draining = session.DrainAsync(Stop);
        while (!transport.Transcript.ClientTypes.Contains("session.close"))
        {
            await Task.Yield();
        }

        Assert.False(draining.IsCompleted);
        Assert.DoesNotContain("session.closed", transport.Transcript.ServerTypes);
        time.Advance(TimeSpan.FromSeconds(1));
        await draining;

        Assert.Equal(speech, await ReadAsync(session.Audio));
        Assert.Equal("session.closed", transport.Transcript.ServerTypes[^1]);
    }

    [Fact]
    public async Task Closing_LosesWhatWasNotTranslatedYet()
    {
        var time = new VirtualTime();
        var transport = new InMemoryTransport(Quick with { Pace = ResponsePace.Default }, time);
        await using TranslationSession session = await TranslationSession.ConnectAsync(new() { Language = "de", TimeProvider = time, Transport = (_, _) => new(transport) }, Stop);
        await session.Input.WriteAsync(Sound.Speech(1_000), Stop);

        await session.CloseAsync(Stop);

        Assert.Equal(RealtimeCloseKind.ByUs, (await session.Ended).Kind);
        Assert.Empty(await ReadAsync(session.Audio));
        Assert.Empty(await session.ReadTextAsync(Stop).ToArrayAsync(Stop));
        await Assert.ThrowsAsync<RealtimeClosedException>(() => session.DrainAsync(Stop));
    }

    [Fact]
    public async Task ALanguageThatDoesNotExist_IsAnErrorOfConnecting()
    {
        RealtimeConnectException failed = await Assert.ThrowsAsync<RealtimeConnectException>(
            () => TranslationSession.ConnectAsync(new() { Language = "xx", Transport = (_, _) => new(new InMemoryTransport(Quick, new VirtualTime())) }, Stop));

        Assert.Equal((RealtimeConnectFailure.ConfigurationRejected, "session.audio.output.language"), (failed.Failure, failed.Error!.Parameter));
    }

    [Fact]
    public async Task AConversation_IsNoTranslation_AndATranslationNoConversation()
    {
        RealtimeConnectException failed = await Assert.ThrowsAsync<RealtimeConnectException>(
            () => TranslationSession.ConnectAsync(new() { Transport = (_, _) => new(new InMemoryTransport(Quick with { Kind = SimulatedSessionKind.Realtime }, new VirtualTime())) }, Stop));
        Assert.Equal(RealtimeConnectFailure.OtherSession, failed.Failure);

        failed = await Assert.ThrowsAsync<RealtimeConnectException>(() => VoiceSession.ConnectAsync(new() { Transport = (_, _) => new(new InMemoryTransport(Quick, new VirtualTime())) }, Stop));
        Assert.Equal(RealtimeConnectFailure.OtherSession, failed.Failure);
    }

    private static string Said(TranslationText[] texts, TranslationSide side) => string.Concat(texts.Where(text => text.Side == side).Select(static text => text.Text));

    private static async Task<byte[]> ReadAsync(PipeReader audio)
    {
        using var all = new MemoryStream();
        await audio.CopyToAsync(all, Stop);
        return all.ToArray();
    }
}
