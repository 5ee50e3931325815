using System.Reflection;
using System.Text;
using Realtime.Protocol.Events;
using Realtime.Protocol.Testing;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Faults;
using Realtime.Protocol.Testing.Simulation.Responses;

namespace Realtime.Protocol.AI.Tests.Clients;

/// <summary>A client and its session: what they are asked for, what they give, and how they end.</summary>
public sealed class SessionTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void TheTableOfMessages_ReachesEveryKindThatThereIs()
    {
        HashSet<RealtimeServerMessageType> reached = [.. Enum.GetValues<ServerEventKind>().Select(ServerMessages.TypeOf)];
        RealtimeServerMessageType[] known = [.. typeof(RealtimeServerMessageType).GetProperties(BindingFlags.Public | BindingFlags.Static).Select(static property => (RealtimeServerMessageType)property.GetValue(null)!)];

        Assert.True(known.Length >= 17);
        Assert.Equal([], known.Except(reached));
    }

    [Fact]
    public async Task WhatIsAsked_IsInForce()
    {
        await using Talk talk = await Talk.BeginAsync(
            new()
            {
                Instructions = "Be brief.",
                Voice = "marin",
                MaxOutputTokens = 700,
                OutputModalities = ["audio"],
                ToolMode = ChatToolMode.RequireSpecific("heat"),
                Tools = [.. Kitchen.Tools, new HostedMcpServerTool("shop", "https://mcp.example.com") { ApprovalMode = HostedMcpServerToolApprovalMode.NeverRequire }],
                TranscriptionOptions = new() { ModelId = "gpt-4o-transcribe", SpeechLanguage = "de" },
                VoiceActivityDetection = new() { AllowInterruption = false },
                InputAudioFormat = new("audio/pcmu", 8_000),
                OutputAudioFormat = new("audio/pcma", 8_000),
                RawRepresentationFactory = static () => new SessionConfiguration { NoiseReduction = InputNoiseReduction.NearField, Instructions = "Be long." },
            },
            options => options.Session = new() { TurnTaking = new TurnTaking.ServerVad { Silence = TimeSpan.FromMilliseconds(300) } });
        SessionConfiguration inForce = talk.Session.GetService<VoiceSession>()!.Configuration;

        Assert.Equal(("Be brief.", "marin", 700, OutputModality.Audio, 3), (inForce.Instructions, inForce.Voice!.Value.Name, inForce.MaxOutputTokens, inForce.Modality, inForce.Tools!.Count));
        Assert.Equal(("gpt-4o-transcribe", "de"), (inForce.Transcription!.Model, inForce.Transcription.Language));
        Assert.Equal(InputNoiseReduction.NearField, inForce.NoiseReduction);
        TurnTaking.ServerVad detection = Assert.IsType<TurnTaking.ServerVad>(inForce.TurnTaking);
        Assert.Equal((false, TimeSpan.FromMilliseconds(300)), (detection.InterruptsResponse, detection.Silence));
        Assert.Equal(AudioEncoding.G711MuLaw, talk.Session.GetService<VoiceSession>()!.Input.Encoding);
    }

    [Theory]
    [InlineData("audio/wav", 24_000)]
    [InlineData("audio/pcm", 1)]
    [InlineData("audio/pcmu", 16_000)]
    public async Task AnEncodingThatASessionDoesNotHave_IsRefusedByItsName(string type, int rate) =>
        Assert.Contains(type, (await Assert.ThrowsAsync<NotSupportedException>(() => Talk.BeginAsync(new() { OutputAudioFormat = new(type, rate) }))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task FunctionsOfOneName_AreRefused() =>
        Assert.Contains("heat", (await Assert.ThrowsAsync<ArgumentException>(() => Talk.BeginAsync(new() { Tools = [.. Kitchen.Tools, .. Kitchen.Tools] }))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task AnMcpServerWithoutAWordOnApproval_IsRefused() =>
        Assert.Contains("shop", (await Assert.ThrowsAsync<NotSupportedException>(() => Talk.BeginAsync(new() { Tools = [new HostedMcpServerTool("shop", "https://mcp.example.com")] }))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task GetService_GivesTheSessionAndItsModel()
    {
        await using Talk talk = await Talk.BeginAsync(new() { Model = "gpt-realtime-2" });

        Assert.NotNull(talk.Session.GetService<VoiceSession>());
        Assert.Equal("gpt-realtime-2", talk.Session.GetService<ChatClientMetadata>()!.DefaultModelId);
        Assert.Null(talk.Session.GetService<VoiceSession>("key"));
        Assert.Null(talk.Session.GetService<HttpClient>());
        using IRealtimeClient client = VoiceSessionOptions.OpenAI("secret", "gpt-realtime").AsRealtimeClient();
        Assert.Equal(("openai", "gpt-realtime"), (client.GetService<ChatClientMetadata>()!.ProviderName, client.GetService<ChatClientMetadata>()!.DefaultModelId));
        Assert.Null(client.GetService<VoiceSessionOptions>());
    }

    [Fact]
    public async Task OneReaderAtATime_AndTheNextGoesOnWhereItStopped()
    {
        await using Talk talk = await Talk.BeginAsync();
        await talk.SayAsync("Hello.");
        await talk.AskAsync();
        await talk.UntilAsync<ResponseCreatedRealtimeServerMessage>(RealtimeServerMessageType.ResponseCreated);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await talk.Session.GetStreamingResponseAsync(Stop).FirstAsync(Stop));

        await talk.ChangeReaderAsync();
        await talk.UntilDoneAsync();

        string[] read = [.. talk.Read.Select(static message => message.RawRepresentation).OfType<OwnedServerEvent>().Select(static e => Encoding.UTF8.GetString(e.View.Json))];
        Assert.Equal(talk.Server.Transcript.Lines.Where(static line => line.Speaker is Speaker.Server).Select(static line => line.Json).Take(read.Length), read);
    }

    [Fact]
    public async Task TheMessagesEndWithTheSession()
    {
        Talk talk = await Talk.BeginAsync();
        await talk.Session.DisposeAsync();
        await talk.Session.DisposeAsync();

        await talk.ToTheEndAsync();

        Assert.Empty(talk.Read.OfType<ErrorRealtimeServerMessage>());
        await Assert.ThrowsAsync<RealtimeClosedException>(talk.AskAsync);
    }

    [Fact]
    public async Task ALostConnection_IsTheLastMessage()
    {
        FaultPlan breaks = FaultPlan.None.CloseAt("response.created", 1, SimulatorEffect.BrokenConnection);
        await using Talk talk = await Talk.BeginAsync(simulated: new() { Pace = ResponsePace.Immediate, Faults = breaks });
        await talk.SayAsync("Hello.");
        await talk.AskAsync();

        await talk.ToTheEndAsync();

        RealtimeCloseReason reason = await talk.Session.GetService<VoiceSession>()!.Ended;
        Assert.Equal(RealtimeCloseKind.ConnectionLost, reason.Kind);
        Assert.False(reason.IsOrderly);
        ErrorRealtimeServerMessage last = Assert.IsType<ErrorRealtimeServerMessage>(talk.Read[^1]);
        Assert.Equal(ErrorMessages.ClosedCode, last.Error!.ErrorCode);
    }

    [Fact]
    public async Task AClientThatIsDisposed_MakesNoSession()
    {
        IRealtimeClient client = new VoiceSessionOptions().AsRealtimeClient();
        client.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.CreateSessionAsync(null, Stop));
        Assert.Throws<ArgumentNullException>(() => ((VoiceSessionOptions)null!).AsRealtimeClient());
    }
}
