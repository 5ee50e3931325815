using System.ComponentModel;
using System.Net.WebSockets;
using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;

namespace Realtime.Protocol.Transport.Tests.Sessions;

/// <summary>Options that are copied, made for a service, read from one word; and a session beside a call.</summary>
public sealed class OptionsTests
{
    // Of each type of option two values that are not its default. An option of a new type fails until it is here.
    private static readonly Dictionary<Type, (object First, object Second)> Values = new()
    {
        [typeof(Uri)] = (new Uri("wss://one.example/"), new Uri("wss://two.example/")),
        [typeof(int)] = (3, 4),
        [typeof(ISessionJournal)] = (new MemoryJournal(), new MemoryJournal()),
        [typeof(ReconnectPolicy)] = (ReconnectPolicy.Standard, ReconnectPolicy.Standard with { MaxAttempts = 2 }),
        [typeof(SessionCheckpoint)] = (CheckpointOf("one"), CheckpointOf("two")),
        [typeof(string)] = ("one", "two"),
        [typeof(bool)] = (true, false),
        [typeof(TimeSpan)] = (TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(8)),
        [typeof(RealtimeCredential)] = (new RealtimeCredential("one"), new RealtimeCredential("two")),
        [typeof(CredentialHeader)] = (CredentialHeader.ApiKey, CredentialHeader.AuthorizationBearer),
        [typeof(MessageLimits)] = (new MessageLimits { MaxFragments = 7 }, new MessageLimits { MaxFragments = 8 }),
        [typeof(Action<ClientWebSocketOptions>)] = ((Action<ClientWebSocketOptions>)(static _ => { }), (Action<ClientWebSocketOptions>)(static socket => socket.KeepAliveInterval = default)),
        [typeof(Func<RealtimeConnectionOptions, CancellationToken, ValueTask<IRealtimeTransport>>)] = (NoTransport(), NoTransport()),
        [typeof(ILoggerFactory)] = (new Factory(), new Factory()),
        [typeof(TimeProvider)] = (new ManualTime(), new ManualTime()),
        [typeof(SessionConfiguration)] = (SessionConfiguration.PushToTalk, SessionConfiguration.TextChat),
        [typeof(IReadOnlyList<ConversationItem>)] = (new List<ConversationItem> { ConversationItem.System("one") }, new List<ConversationItem> { ConversationItem.System("two") }),
        [typeof(AudioEncoding)] = (AudioEncoding.G711MuLaw, AudioEncoding.G711ALaw),
        [typeof(WhenBusy)] = (WhenBusy.Queue, WhenBusy.CancelThenCreate),
        [typeof(ServerEventHandler)] = ((ServerEventHandler)(static (in _) => { }), (ServerEventHandler)(static (in e) => e.ToOwned())),
        [typeof(ClientEventHandler)] = ((ClientEventHandler)(static (in _) => { }), (ClientEventHandler)(static (in e) => e.ToOwned())),
        [typeof(TranslationServerEventHandler)] = ((TranslationServerEventHandler)(static (in _) => { }), (TranslationServerEventHandler)(static (in e) => e.ToOwned())),
        [typeof(TranslationClientEventHandler)] = ((TranslationClientEventHandler)(static (in _) => { }), (TranslationClientEventHandler)(static (in e) => e.ToOwned())),
        [typeof(InputTranscription)] = (new InputTranscription("one"), new InputTranscription("two")),
        [typeof(TurnTaking)] = (TurnTaking.Manual, new TurnTaking.SemanticVad()),
        [typeof(InputNoiseReduction)] = (InputNoiseReduction.NearField, InputNoiseReduction.Off),
    };

    public static TheoryData<Type> OptionTypes => [.. typeof(RealtimeConnectionOptions).Assembly.GetExportedTypes().Where(typeof(RealtimeConnectionOptions).IsAssignableFrom)];

    [Theory]
    [MemberData(nameof(OptionTypes))]
    public void AClone_SaysTheSame_AndNothingThatChangesInItChangesTheOriginal(Type type)
    {
        RealtimeConnectionOptions original = Filled(type);
        RealtimeConnectionOptions clone = original.Clone();
        Assert.IsType(type, clone);
        Assert.All(Settable(type), property => Assert.Equal(Values[property.PropertyType].First, property.GetValue(clone)));
        Assert.Equal("1", clone.Headers["X-ONE"]);

        foreach (PropertyInfo property in Settable(type))
        {
            property.SetValue(clone, Values[property.PropertyType].Second);
        }

        clone.Headers["x-one"] = "2";
        clone.Headers["x-two"] = "2";
        Assert.All(Settable(type), property => Assert.Equal(Values[property.PropertyType].First, property.GetValue(original)));
        Assert.Equal([new("x-one", "1")], original.Headers);
        original.Headers.Clear();
        Assert.Equal(2, clone.Headers.Count);
    }

    [Theory]
    [MemberData(nameof(OptionTypes))]
    public void WhatAnOptionHolds_CannotChange_OrIsCopied(Type type)
    {
        RealtimeConnectionOptions original = Filled(type);
        RealtimeConnectionOptions clone = original.Clone();
        foreach (PropertyInfo property in type.GetProperties())
        {
            if (property.SetMethod is not { IsPublic: true })
            {
                Assert.NotSame(property.GetValue(original), property.GetValue(clone));
            }
            else if (property.PropertyType.Assembly == type.Assembly && !typeof(Delegate).IsAssignableFrom(property.PropertyType))
            {
                Assert.All(property.PropertyType.GetProperties(), member => Assert.True(IsFixed(member), $"{property.PropertyType.Name}.{member.Name} can be changed, so {property.Name} has to be copied."));
            }
            else
            {
                // A list that the caller still holds was copied when it was set.
                Assert.False(
                    property.PropertyType != typeof(string) && typeof(System.Collections.IEnumerable).IsAssignableFrom(property.PropertyType)
                    && ReferenceEquals(Values[property.PropertyType].First, property.GetValue(original)), property.Name);
            }
        }

        static bool IsFixed(PropertyInfo member) => member.SetMethod is not { IsPublic: true } set
            || set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(System.Runtime.CompilerServices.IsExternalInit));
    }

    [Fact]
    public void ATranscription_TakesAllItsOptionsAlong()
    {
        var original = (TranscriptionSessionOptions)Filled(typeof(TranscriptionSessionOptions));
        VoiceSessionOptions voice = original.ToVoice();
        foreach (PropertyInfo property in Settable(typeof(TranscriptionSessionOptions)))
        {
            object? taken = typeof(VoiceSessionOptions).GetProperty(property.Name) is { } same
                ? same.GetValue(voice)
                : typeof(SessionConfiguration).GetProperty(property.Name)!.GetValue(voice.Session);
            Assert.Equal(Values[property.PropertyType].First, taken);
        }

        Assert.Equal(original.Headers, voice.Headers);
    }

    [Fact]
    public void Presets_GiveNewOptionsOnEachCall()
    {
        VoiceSessionOptions openAI = VoiceSessionOptions.OpenAI("key", "gpt-realtime-2");
        Assert.NotSame(openAI, VoiceSessionOptions.OpenAI("key", "gpt-realtime-2"));
        Assert.Equal("wss://api.openai.com/v1/realtime?model=gpt-realtime-2", RealtimeEndpoint.Resolve(openAI).ToString());
        Assert.Equal($"wss://api.openai.com/v1/realtime?model={RealtimeEndpoint.DefaultModel}", RealtimeEndpoint.Resolve(VoiceSessionOptions.OpenAI(null)).ToString());
        VoiceSessionOptions azure = VoiceSessionOptions.Azure(new("https://name.openai.azure.com"), "mine", RealtimeCredential.ApiKey("key"));
        Assert.Equal("wss://name.openai.azure.com/openai/v1/realtime?model=mine", RealtimeEndpoint.Resolve(azure).ToString());
        Assert.Equal(CredentialHeader.ApiKey, azure.Credential!.Header);
        Assert.Null(openAI.Credential!.Header);
        Assert.Throws<ArgumentException>(() => VoiceSessionOptions.Azure(new("https://name.openai.azure.com"), "", null));
    }

    [Fact]
    public void ACall_IsInTheAddress_AndNoModel()
    {
        Assert.Equal("wss://api.openai.com/v1/realtime?call_id=rtc_1%262", RealtimeEndpoint.Resolve(VoiceSessionOptions.Attach("rtc_1&2", "key")).AbsoluteUri);
        Assert.Throws<ArgumentException>(() => VoiceSessionOptions.Attach(" ", "key"));
        Assert.ThrowsAny<ArgumentException>(() => VoiceSessionOptions.Attach(null!, "key"));
        Assert.True(VoiceSessionOptions.Attach("rtc_1", null).Clone().IsBesideACall);
    }

    [Fact]
    public async Task BesideACall_NothingIsConfigured_AndNoAudioIsSent()
    {
        (IRealtimeTransport client, ScriptedServer server) = ScriptedServer.Create();
        Task<VoiceSession> connecting = VoiceSession.ConnectAsync(VoiceSessionOptions.Attach("rtc_1", "key").Over(client));
        await server.SendAsync("""{"type":"session.created","session":{"type":"realtime","id":"sess_1","instructions":"Be brief."}}""");
        VoiceSession session = await connecting.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal("Be brief.", session.Configuration.Instructions);

        Assert.Equal("CX-08", (await Assert.ThrowsAsync<RealtimeRefusedException>(async () => await session.Input.WriteAsync(new byte[9_600]))).Rule);
        Assert.Equal("CX-08", Assert.Throws<RealtimeRefusedException>(() => session.Input.GetMemory(1)).Rule);
        Assert.Equal("CX-08", Assert.Throws<RealtimeRefusedException>(session.Input.Clear).Rule);
        Assert.Equal("CX-08", Assert.Throws<RealtimeRefusedException>(() => session.EndTurn()).Rule);
        session.Interrupt();
        await server.ExpectAsync("output_audio_buffer.clear");
        session.Respond();
        await server.ExpectAsync("response.create");
        await server.EndAsync(session);
    }

    [Fact]
    public async Task BesideACall_WhatIsStatedIsSent_WithoutFormats()
    {
        (IRealtimeTransport client, ScriptedServer server) = ScriptedServer.Create();
        VoiceSessionOptions options = VoiceSessionOptions.Attach("rtc_1", "key");
        options.Session = new() { Instructions = "Be brief." };
        Task<VoiceSession> connecting = VoiceSession.ConnectAsync(options.Over(client));
        JsonObject update = await server.AcceptAsync();
        Assert.Equal("""{"type":"realtime","instructions":"Be brief."}""", update["session"]!.ToJsonString());
        await server.EndAsync(await connecting.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public void OneWord_SaysWhoTakesTheTurns()
    {
        TypeConverter converter = TypeDescriptor.GetConverter(typeof(TurnTaking));
        Assert.Same(TurnTaking.Manual, converter.ConvertFromInvariantString("manual"));
        Assert.Equal(new TurnTaking.ServerVad(), converter.ConvertFromInvariantString("server_vad"));
        Assert.Equal(new TurnTaking.SemanticVad(), converter.ConvertFromInvariantString("semantic_vad"));
        Assert.Contains("server_vad", Assert.Throws<FormatException>(() => converter.ConvertFromInvariantString("sometimes")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ACredential_IsReadFromAText_AndNeverWritten()
    {
        TypeConverter converter = TypeDescriptor.GetConverter(typeof(RealtimeCredential));
        Assert.IsType<RealtimeCredential>(converter.ConvertFromInvariantString("sk-canary"));
        Assert.DoesNotContain("canary", converter.ConvertToInvariantString(new RealtimeCredential("sk-canary")), StringComparison.Ordinal);
    }

    [Fact]
    public void BothDetections_SayWhetherTheServerAnswersAndIsSilenced() =>
        Assert.All(new TurnTaking.Detection[] { new TurnTaking.ServerVad(), new TurnTaking.SemanticVad() }, static detection => Assert.True(detection is { CreatesResponse: true, InterruptsResponse: true }));

    private static SessionCheckpoint CheckpointOf(string prefix) => new Realtime.Protocol.Lifecycle.SessionMachine(new() { IdPrefix = $"{prefix}_id" }).Checkpoint(0);

    private static PropertyInfo[] Settable(Type type) => [.. type.GetProperties().Where(static property => property.SetMethod is { IsPublic: true })];

    private static RealtimeConnectionOptions Filled(Type type)
    {
        var options = (RealtimeConnectionOptions)Activator.CreateInstance(type)!;
        foreach (PropertyInfo property in Settable(type))
        {
            Assert.True(Values.TryGetValue(property.PropertyType, out (object First, object Second) values), $"Give {property.Name} two values to be copied.");
            Assert.NotEqual(values.First, property.GetValue(options));
            property.SetValue(options, values.First);
        }

        options.Headers["x-one"] = "1";
        return options;
    }

    private static Func<RealtimeConnectionOptions, CancellationToken, ValueTask<IRealtimeTransport>> NoTransport()
    {
        var mine = new InvalidOperationException();
        return (_, _) => throw mine;
    }

    private sealed class Factory : ILoggerFactory
    {
        public void AddProvider(ILoggerProvider provider)
        {
        }

        public ILogger CreateLogger(string categoryName) => Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

        public void Dispose()
        {
        }
    }
}
