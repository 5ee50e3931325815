using System.Text.Json;
using System.Text.Json.Nodes;
using Realtime.Protocol.Events;
using Realtime.Protocol.Testing.Simulation.Responses;

namespace Realtime.Protocol.AI.Tests.Clients;

/// <summary>What is sent: each message becomes its verb, and what none fits is refused by its name.</summary>
public sealed class ClientMessageTests
{
    /// <summary>Kinds of messages that there are in this version, each of which the table of <see cref="ClientMessages"/> has.</summary>
    private static readonly Type[] Kinds =
    [
        typeof(SessionUpdateRealtimeClientMessage), typeof(InputAudioBufferAppendRealtimeClientMessage), typeof(InputAudioBufferCommitRealtimeClientMessage),
        typeof(CreateConversationItemRealtimeClientMessage), typeof(CreateResponseRealtimeClientMessage),
    ];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void TheTable_HasEveryKindThatThereIs() =>
        Assert.Equal(Kinds.OrderBy(static kind => kind.Name), typeof(RealtimeClientMessage).Assembly.GetExportedTypes().Where(static type => type.IsSubclassOf(typeof(RealtimeClientMessage))).OrderBy(static kind => kind.Name));

    [Fact]
    public async Task Speech_IsBytesInAndBytesOut()
    {
        await using Talk talk = await Talk.BeginAsync(new() { OutputModalities = ["audio"], VoiceActivityDetection = new() { Enabled = false }, Voice = "marin", MaxOutputTokens = 500 });
        byte[] speech = new byte[48_000];
        new Random(1).NextBytes(speech);

        await talk.SendAsync(new InputAudioBufferAppendRealtimeClientMessage(new DataContent(speech.AsMemory(0, 24_000), "audio/pcm")));
        await talk.SendAsync(new InputAudioBufferAppendRealtimeClientMessage(new DataContent(speech.AsMemory(24_000), "audio/pcm;rate=24000")));
        await talk.SendAsync(new InputAudioBufferCommitRealtimeClientMessage());
        await talk.AskAsync();
        ResponseCreatedRealtimeServerMessage begun = await talk.UntilAsync<ResponseCreatedRealtimeServerMessage>(RealtimeServerMessageType.ResponseCreated);
        ResponseCreatedRealtimeServerMessage done = await talk.UntilDoneAsync();

        byte[] answer = [.. talk.Read.OfType<OutputTextAudioRealtimeServerMessage>().Where(static message => message.Type == RealtimeServerMessageType.OutputAudioDelta).SelectMany(static message => Convert.FromBase64String(message.Audio!))];
        Assert.True(answer.Length > 10_000);
        Assert.Contains(talk.Read, static message => message is OutputTextAudioRealtimeServerMessage { Text.Length: > 0 } && message.Type == RealtimeServerMessageType.OutputAudioTranscriptionDone);
        Assert.Equal((begun.ResponseId, RealtimeResponseStatus.Completed, "marin"), (done.ResponseId, done.Status, done.OutputVoice));
        Assert.True(done.Usage!.OutputAudioTokenCount > 0);
        Assert.Empty(talk.Server.Violations);
    }

    [Fact]
    public async Task TwoRequestsThatStateNothing_WhileOneRuns_BecomeOne_AndNoneIsSentEarly()
    {
        await using Talk talk = await Talk.BeginAsync(simulated: new() { Pace = ResponsePace.Immediate with { TextDelta = 20, Closers = 60 } });
        await talk.SayAsync("one");
        await talk.AskAsync();
        await talk.UntilAsync<ResponseCreatedRealtimeServerMessage>(RealtimeServerMessageType.ResponseCreated);
        await talk.SayAsync("two");
        await talk.AskAsync();
        await talk.AskAsync();
        await talk.UntilDoneAsync();
        await talk.UntilDoneAsync();

        await talk.Session.DisposeAsync();
        Assert.Equal(2, talk.Server.Transcript.ClientTypes.Count(static type => type == "response.create"));
        Assert.Empty(talk.Server.Violations);
    }

    [Fact]
    public async Task WhatAResponseStates_GoesAlong()
    {
        await using Talk talk = await Talk.BeginAsync();
        await talk.SendAsync(new CreateResponseRealtimeClientMessage
        {
            Instructions = "Be brief.",
            MaxOutputTokens = 60,
            OutputModalities = ["text"],
            ToolMode = ChatToolMode.None,
            ExcludeFromConversation = true,
            Items = [new([new TextContent("Hello.")], role: ChatRole.User)],
            AdditionalProperties = new() { ["topic"] = "mood", ["round"] = 2 },
            Tools = Kitchen.Tools,
        });
        ResponseCreatedRealtimeServerMessage done = await talk.UntilDoneAsync();

        JsonNode response = JsonNode.Parse(talk.Server.Transcript.Lines.Last(static line => line.Type == "response.create").Json)!["response"]!;
        Assert.Equal(("Be brief.", 60, "none", "none", 1, 2), ((string)response["instructions"]!, (int)response["max_output_tokens"]!, (string)response["conversation"]!, (string)response["tool_choice"]!, response["input"]!.AsArray().Count, response["tools"]!.AsArray().Count));
        Assert.Equal(("mood", "2"), ((string)response["metadata"]!["topic"]!, (string)response["metadata"]!["round"]!));
        Assert.Equal("mood", done.AdditionalProperties!["topic"]);
        Assert.Empty(talk.Server.Violations);
    }

    [Fact]
    public async Task AnUpdate_IsAcknowledged_AndKeepsTheFunctionsOfBefore()
    {
        await using Talk talk = await Talk.BeginAsync(Kitchen.Asked);

        await talk.SendAsync(new SessionUpdateRealtimeClientMessage(new() { Instructions = "Be brief." }));

        Assert.Equal(("Be brief.", 2), (talk.Session.Options!.Instructions, talk.Session.Options.Tools!.Count));
        Assert.Equal("Be brief.", talk.Session.GetService<VoiceSession>()!.Configuration.Instructions);
    }

    [Fact]
    public async Task WhatTheServerRefuses_IsAnErrorMessage_ThatNamesItsMessage()
    {
        await using Talk talk = await Talk.BeginAsync();
        await talk.SendAsync(new() { MessageId = "mine", RawRepresentation = """{"type":"vendor.ping"}""" });
        ErrorRealtimeServerMessage error = await talk.UntilAsync<ErrorRealtimeServerMessage>(RealtimeServerMessageType.Error);
        Assert.Equal("mine", error.OriginatingMessageId);
        Assert.NotNull(error.Error!.ErrorCode);

        await talk.SendAsync(new CreateResponseRealtimeClientMessage { MessageId = "second", OutputVoice = "nobody" });
        error = await talk.UntilAsync<ErrorRealtimeServerMessage>(RealtimeServerMessageType.Error);
        Assert.Equal("second", error.OriginatingMessageId);
    }

    [Fact]
    public async Task AMessageOfAKindFromTheFuture_IsRefusedByItsName_AndSentWhereItBringsItsEvent()
    {
        await using Talk talk = await Talk.BeginAsync();

        NotSupportedException refused = await Assert.ThrowsAsync<NotSupportedException>(() => talk.SendAsync(new DanceRealtimeClientMessage()));
        await talk.SendAsync(new DanceRealtimeClientMessage { RawRepresentation = JsonNode.Parse("""{"type":"output_audio_buffer.clear"}""") });
        await talk.SendAsync(new DanceRealtimeClientMessage { RawRepresentation = JsonElement.Parse("""{"type":"vendor.dance"}""") });
        await talk.UntilAsync<ErrorRealtimeServerMessage>(RealtimeServerMessageType.Error);

        Assert.Contains(nameof(DanceRealtimeClientMessage), refused.Message, StringComparison.Ordinal);
        Assert.Contains("vendor.dance", talk.Server.Transcript.ClientTypes);
    }

    [Theory]
    [InlineData("""{"type":"response.create"}""", typeof(RealtimeRefusedException))]
    [InlineData("""{"type":"input_audio_buffer.append","audio":""}""", typeof(RealtimeRefusedException))]
    [InlineData("""{"no":"type"}""", typeof(ArgumentException))]
    [InlineData("""{""", typeof(ArgumentException))]
    [InlineData("", typeof(ArgumentException))]
    [InlineData(3, typeof(NotSupportedException))]
    [InlineData(null, typeof(NotSupportedException))]
    public async Task AnEventThatIsNotTheApplicationsToSend_IsRefused(object? raw, Type refusal)
    {
        await using Talk talk = await Talk.BeginAsync();

        Exception refused = await Assert.ThrowsAnyAsync<Exception>(() => talk.SendAsync(new() { RawRepresentation = raw }));
        Assert.IsType(refusal, refused);
        refused = await Assert.ThrowsAnyAsync<Exception>(() => talk.SendAsync(new() { RawRepresentation = raw, MessageId = "mine" }));
        Assert.IsType(refusal, refused);
    }

    public static TheoryData<string, RealtimeClientMessage> Refused => new()
    {
        { "audio/wav", new InputAudioBufferAppendRealtimeClientMessage(new DataContent(new byte[10], "audio/wav")) },
        { "text/plain", new InputAudioBufferAppendRealtimeClientMessage(new DataContent(new byte[10], "text/plain")) },
        { "audio/pcmu", new InputAudioBufferAppendRealtimeClientMessage(new DataContent(new byte[10], "audio/pcmu")) },
        { "rate=16000", new InputAudioBufferAppendRealtimeClientMessage(new DataContent(new byte[10], "audio/pcm;rate=16000")) },
        { "channels=2", new InputAudioBufferAppendRealtimeClientMessage(new DataContent(new byte[10], "audio/pcm;rate=24000;channels=2")) },
        { "Rate=16000", Item(new DataContent(new byte[10], "audio/pcm;Rate=16000")) },
        { "RawRepresentation", new InputAudioBufferCommitRealtimeClientMessage { RawRepresentation = "{}" } },
        { "RawRepresentation", new CreateResponseRealtimeClientMessage { RawRepresentation = "{}" } },
        { "audio/mpeg", Item(new DataContent(new byte[10], "audio/mpeg")) },
        { "application/pdf", Item(new DataContent(new byte[10], "application/pdf")) },
        { "UriContent", Item(new UriContent("https://example.com/a.png", "image/png")) },
        { "TextContent", Item(new FunctionResultContent("call_1", 1), new TextContent("and")) },
        { "FunctionCallContent", Item(new TextContent("and"), new FunctionCallContent("call_1", "f")) },
        { "tool", new CreateConversationItemRealtimeClientMessage(new([new TextContent("a")], role: ChatRole.Tool)) },
        { "text and audio", new CreateResponseRealtimeClientMessage { OutputModalities = ["text", "audio"] } },
        { "HostedWebSearchTool", new CreateResponseRealtimeClientMessage { Tools = [new HostedWebSearchTool()] } },
        { "OutputAudioOptions", new CreateResponseRealtimeClientMessage { OutputAudioOptions = new("audio/pcmu", 8_000) } },
        { "topic", new CreateResponseRealtimeClientMessage { AdditionalProperties = new() { ["topic"] = new object() } } },
        { "Model", new SessionUpdateRealtimeClientMessage(new() { Model = "another" }) },
        { "InputAudioFormat", new SessionUpdateRealtimeClientMessage(new() { InputAudioFormat = new("audio/pcma", 8_000) }) },
        { "transcription", new SessionUpdateRealtimeClientMessage(new() { SessionKind = RealtimeSessionKind.Transcription }) },
        { "RawRepresentationFactory", new SessionUpdateRealtimeClientMessage(new() { RawRepresentationFactory = static () => new Session() }) },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task WhatAVoiceSessionDoesNotHave_IsRefusedByItsName(string name, RealtimeClientMessage message)
    {
        await using Talk talk = await Talk.BeginAsync();
        int sent = talk.Server.Transcript.ClientTypes.Count;

        Assert.Contains(name, (await Assert.ThrowsAsync<NotSupportedException>(() => talk.SendAsync(message))).Message, StringComparison.Ordinal);
        Assert.Equal(sent, talk.Server.Transcript.ClientTypes.Count);
    }

    [Fact]
    public async Task WhatIsMissing_IsNamed()
    {
        await using Talk talk = await Talk.BeginAsync();

        await Assert.ThrowsAsync<ArgumentNullException>(() => talk.SendAsync(null!));
        await Assert.ThrowsAsync<ArgumentException>(() => talk.SendAsync(new CreateConversationItemRealtimeClientMessage(new([]))));
        await Assert.ThrowsAsync<ArgumentException>(() => talk.SendAsync(new SessionUpdateRealtimeClientMessage(new() { TranscriptionOptions = new() })));
        Assert.Equal("FC-03", (await Assert.ThrowsAsync<RealtimeRefusedException>(() => talk.SendAsync(Item(new FunctionResultContent("call_nobody_made", 1))))).Rule);
        Assert.Equal("TD-03", (await Assert.ThrowsAsync<RealtimeRefusedException>(() => talk.SendAsync(new InputAudioBufferCommitRealtimeClientMessage()))).Rule);
    }

    private static CreateConversationItemRealtimeClientMessage Item(params AIContent[] contents) => new(new(contents));

    private sealed class DanceRealtimeClientMessage : RealtimeClientMessage;
}
