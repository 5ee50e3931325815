using System.Text.Json.Nodes;
using static Realtime.Protocol.Transport.Tests.TranslationTalk;

namespace Realtime.Protocol.Transport.Tests.Sessions;

/// <summary>A translation connects with the options that it was given, or it is an error that says whose.</summary>
public sealed class TranslationConnectingTests
{
    [Fact]
    public async Task TheOptions_AreWhatTheServerIsTold()
    {
        (TranslationSession session, ScriptedServer server) = await ConnectAsync(new() { Language = "fr", TranscriptionModel = "whisper", NoiseReduction = InputNoiseReduction.FarField });
        Assert.Equal(
            """{"audio":{"input":{"transcription":{"model":"whisper"},"noise_reduction":{"type":"far_field"}},"output":{"language":"fr"}}}""",
            server.Received[0]["session"]!.ToJsonString());
        await EndAsync(session, server);

        (session, server) = await ConnectAsync(new() { NoiseReduction = InputNoiseReduction.Off });
        Assert.Equal("""{"audio":{"input":{"noise_reduction":null},"output":{"language":"en"}}}""", server.Received[0]["session"]!.ToJsonString());
        await EndAsync(session, server);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    public async Task ALanguageThatIsNone_IsRefusedWhereItIsGiven(string? language)
    {
        Assert.ThrowsAny<ArgumentException>(() => new TranslationSessionOptions { Language = language! });
        (TranslationSession session, ScriptedServer server) = await ConnectAsync();
        await Assert.ThrowsAnyAsync<ArgumentException>(() => session.ChangeLanguageAsync(language!));
        await Assert.ThrowsAsync<ArgumentException>(() => session.ChangeLanguageAsync("\ud800"));
        await EndAsync(session, server);
        Assert.ThrowsAny<ArgumentException>(() => new TranslationSessionOptions { TranscriptionModel = "" });
    }

    [Fact]
    public async Task OptionsThatCannotBeWritten_AreRefusedByTheirName_BeforeAnythingIsConnected()
    {
        var options = new TranslationSessionOptions { Language = "\ud800", Transport = static (_, _) => throw new InvalidOperationException("Nothing was to be connected.") };
        Assert.Equal("options.Language", (await Assert.ThrowsAsync<ArgumentException>(() => TranslationSession.ConnectAsync(options))).ParamName);
    }

    [Fact]
    public async Task ALanguageThatTheServerDoesNotKnow_IsAnErrorOfConnecting()
    {
        (IRealtimeTransport client, ScriptedServer server) = ScriptedServer.Create();
        Task<TranslationSession> connecting = TranslationSession.ConnectAsync(new() { Language = "xx", Transport = (_, _) => new(client) });
        await server.SendAsync(Created);
        JsonObject update = await server.ExpectAsync("session.update");
        await server.SendAsync(Unknown(update));
        Task<RealtimeCloseReason> goodbye = server.ReadToEndAsync();
        RealtimeConnectException failed = await Assert.ThrowsAsync<RealtimeConnectException>(() => connecting.WaitAsync(Patience));
        Assert.Equal((RealtimeConnectFailure.ConfigurationRejected, "session.audio.output.language", false), (failed.Failure, failed.Error!.Parameter, failed.IsTransient));
        await goodbye;
        await server.DisposeAsync();
    }

    [Theory]
    [InlineData("realtime")]
    [InlineData("transcription")]
    public async Task ASessionOfAnotherKind_IsAnErrorOfConnecting(string kind)
    {
        (IRealtimeTransport client, ScriptedServer server) = ScriptedServer.Create();
        Task<TranslationSession> connecting = TranslationSession.ConnectAsync(new() { Transport = (_, _) => new(client) });
        await server.SendAsync($$$$"""{"type":"session.created","session":{"type":"{{{{kind}}}}","id":"sess_1","object":"realtime.session","audio":{"input":{"turn_detection":{"type":"server_vad"} } } } }""");
        Task<RealtimeCloseReason> goodbye = server.ReadToEndAsync();
        RealtimeConnectException failed = await Assert.ThrowsAsync<RealtimeConnectException>(() => connecting.WaitAsync(Patience));
        Assert.Equal((RealtimeConnectFailure.OtherSession, false), (failed.Failure, failed.IsTransient));
        Assert.Contains($"\"{kind}\"", failed.Message, StringComparison.Ordinal);
        await goodbye;
        Assert.Empty(server.Received);
    }

    [Fact]
    public async Task AServerThatNeverAnswers_IsATimeoutOfConnecting()
    {
        var time = new ManualTime();
        (IRealtimeTransport client, ScriptedServer server) = ScriptedServer.Create();
        Task<TranslationSession> connecting = TranslationSession.ConnectAsync(new() { TimeProvider = time, ConnectTimeout = TimeSpan.FromSeconds(3), Transport = (_, _) => new(client) });
        await server.SendAsync(Created);
        await server.ExpectAsync("session.update");
        time.Advance(TimeSpan.FromSeconds(3));
        await server.ReadToEndAsync();
        Assert.Equal(RealtimeConnectFailure.Timeout, (await Assert.ThrowsAsync<RealtimeConnectException>(() => connecting.WaitAsync(Patience))).Failure);
    }

    [Fact]
    public async Task AServerThatClosesBeforeItOpened_IsAnErrorOfConnecting()
    {
        (IRealtimeTransport client, ScriptedServer server) = ScriptedServer.Create();
        Task<TranslationSession> connecting = TranslationSession.ConnectAsync(new() { Transport = (_, _) => new(client) });
        await server.SendAsync("""{"type":"error","error":{"type":"invalid_request_error","code":"model_not_found","message":"secret"}}""");
        await server.CloseAsync(1000, "secret");
        RealtimeConnectException failed = await Assert.ThrowsAsync<RealtimeConnectException>(() => connecting.WaitAsync(Patience));
        Assert.Equal((RealtimeConnectFailure.ClosedEarly, "model_not_found"), (failed.Failure, failed.Error!.Code));
        Assert.DoesNotContain("secret", failed.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null, "wss://api.openai.com/v1/realtime/translations?model=gpt-realtime-translate")]
    [InlineData(null, "mine", "wss://api.openai.com/v1/realtime/translations?model=mine")]
    [InlineData("ws://127.0.0.1:5000/v1/realtime/translations", null, "ws://127.0.0.1:5000/v1/realtime/translations")]
    [InlineData("ws://127.0.0.1:5000/v1/realtime/translations", "mine", "ws://127.0.0.1:5000/v1/realtime/translations?model=mine")]
    public void TheAddress_IsThatOfTranslations(string? endpoint, string? model, string expected) =>
        Assert.Equal(new Uri(expected), RealtimeEndpoint.Resolve(new TranslationSessionOptions { Endpoint = endpoint is null ? null : new(endpoint), Model = model }));
}
