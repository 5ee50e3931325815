using System.ComponentModel;
using System.Reflection;
using System.Text.Json.Nodes;

namespace Realtime.Protocol.Transport.Tests.Sessions;

/// <summary>Options that are copied, made for a service, read from one word; and a session beside a call.</summary>
public sealed class OptionsTests
{
    [Theory]
    [InlineData(typeof(RealtimeConnectionOptions))]
    [InlineData(typeof(VoiceSessionOptions))]
    [InlineData(typeof(TranslationSessionOptions))]
    [InlineData(typeof(TranscriptionSessionOptions))]
    public void AClone_SaysTheSame_AndSharesNothingThatCanChange(Type type)
    {
        var original = (RealtimeConnectionOptions)Activator.CreateInstance(type)!;
        original.Headers["x"] = "1";
        RealtimeConnectionOptions clone = original.Clone();
        Assert.IsType(type, clone);
        Assert.Equal("1", clone.Headers["X"]);
        foreach (PropertyInfo property in type.GetProperties())
        {
            object? value = property.GetValue(original);
            Assert.Equal(value, property.GetValue(clone));
            if (property.SetMethod is { IsPublic: true })
            {
                // A property that can be set holds a value, a delegate or a service, none of which a copy could change.
                Assert.False(typeof(System.Collections.IEnumerable).IsAssignableFrom(property.PropertyType) && property.PropertyType != typeof(string), property.Name);
                continue;
            }

            Assert.NotSame(value, property.GetValue(clone));
        }

        clone.Headers["x"] = "2";
        clone.Model = "other";
        Assert.Equal(("1", null), (original.Headers["x"], original.Model));
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
        Task<VoiceSession> connecting = VoiceSession.ConnectAsync(VoiceSessionOptions.Attach("rtc_1", "key"), client);
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
        Task<VoiceSession> connecting = VoiceSession.ConnectAsync(options, client);
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
}
