using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Transport.Tests.Connecting;

public sealed class RealtimeEndpointTests
{
    [Theory]
    [InlineData(null, null, "wss://api.openai.com/v1/realtime?model=gpt-realtime")]
    [InlineData(null, "my model", "wss://api.openai.com/v1/realtime?model=my%20model")]
    [InlineData("ws://127.0.0.1:5000/v1/realtime", null, "ws://127.0.0.1:5000/v1/realtime")]
    [InlineData("http://127.0.0.1:5000/v1/realtime", null, "ws://127.0.0.1:5000/v1/realtime")]
    [InlineData("https://example.org/v1/realtime", "m", "wss://example.org/v1/realtime?model=m")]
    [InlineData("https://example.org:8443/v1/realtime?x=1", "m", "wss://example.org:8443/v1/realtime?x=1&model=m")]
    [InlineData("wss://example.org/v1/realtime?model=given", "other", "wss://example.org/v1/realtime?model=given")]
    [InlineData("wss://example.org/v1/realtime?supermodel=1", "m", "wss://example.org/v1/realtime?supermodel=1&model=m")]
    public void AnAddress_LeadsTo(string? endpoint, string? model, string expected)
    {
        var options = new RealtimeConnectionOptions { Endpoint = endpoint is null ? null : new(endpoint), Model = model };

        Assert.Equal(expected, RealtimeEndpoint.Resolve(options).AbsoluteUri);
    }

    [Fact]
    public void AnAzureResource_LeadsToItsDeployment() => Assert.Equal(
        "wss://name.openai.azure.com/openai/v1/realtime?model=my-deployment",
        RealtimeEndpoint.Azure(new("https://name.openai.azure.com/"), "my-deployment").AbsoluteUri);

    [Theory]
    [InlineData(null, Knowledge.Yes)]
    [InlineData("wss://api.openai.com/v1/realtime?model=gpt-realtime", Knowledge.Yes)]
    [InlineData("https://eu.api.openai.com/v1/realtime", Knowledge.Yes)]
    [InlineData("wss://name.openai.azure.com/openai/v1/realtime?model=d", Knowledge.Yes)]
    [InlineData("wss://name.openai.azure.us/openai/v1/realtime?model=d", Knowledge.Yes)]
    [InlineData("wss://name.cognitiveservices.azure.com/voice-live/realtime", Knowledge.Unknown)]
    [InlineData("wss://gateway.example.org/openai/v1/realtime?model=d", Knowledge.Unknown)]
    [InlineData("wss://notapi.openai.com.example.org/v1/realtime", Knowledge.Unknown)]
    [InlineData("ws://127.0.0.1:5000/v1/realtime", Knowledge.Unknown)]
    public void OnlyTheServicesThatWeKnow_AreKnownToRepeatMetadataAndToStateTheConversation(string? endpoint, Knowledge known)
    {
        var options = new VoiceSessionOptions { Endpoint = endpoint is null ? null : new(endpoint) };
        Capabilities capabilities = RealtimeEndpoint.CapabilitiesOf(RealtimeEndpoint.Resolve(options));

        ConfigurationWriting.ForConnecting(options, out Session asked);
        MachineSettings settings = ConfigurationWriting.ForMachine(options, asked, capabilities, "p", new());

        Assert.Equal(new Capabilities { EchoesMetadata = known, StatesConversation = known }, settings.Capabilities);
    }

    [Fact]
    public void BothPresets_LeadToAServiceThatWeKnow()
    {
        Assert.Equal(Knowledge.Yes, RealtimeEndpoint.CapabilitiesOf(RealtimeEndpoint.OpenAI()).EchoesMetadata);
        Assert.Equal(Knowledge.Yes, RealtimeEndpoint.CapabilitiesOf(RealtimeEndpoint.Azure(new("https://name.openai.azure.com/"), "d")).EchoesMetadata);
    }

    [Theory]
    [InlineData("ftp://example.org/", "ftp:")]
    [InlineData("v1/realtime", "whole address")]
    [InlineData("wss://user:hunter2@example.org/", "user name or password")]
    [InlineData("//user:hunter2@example.org/", "whole address")]
    [InlineData("example.org/v1/realtime?api-key=hunter2", "whole address")]
    public void AnUnusableAddress_IsRefusedWithTheReason(string endpoint, string reason)
    {
        var options = new RealtimeConnectionOptions { Endpoint = new(endpoint, UriKind.RelativeOrAbsolute) };

        ArgumentException refusal = Assert.Throws<ArgumentException>(() => RealtimeEndpoint.Resolve(options));

        Assert.Contains(reason, refusal.Message);
        Assert.DoesNotContain("hunter2", refusal.ToString());
    }

    [Theory]
    [InlineData("ws://127.0.0.1:5000/", true)]
    [InlineData("ws://localhost:5000/", true)]
    [InlineData("ws://[::1]:5000/", true)]
    [InlineData("wss://example.org/", true)]
    [InlineData("ws://example.org/", false)]
    [InlineData("ws://10.0.0.1/", false)]
    public void ACredential_TravelsUnencryptedOnlyWithinThisMachine(string address, bool allowed)
    {
        var options = new RealtimeConnectionOptions { Credential = "sk-canary" };

        Exception? refusal = Record.Exception(() => RealtimeEndpoint.ThrowIfCredentialWouldBeReadable(new(address), options));

        Assert.Equal(allowed, refusal is null);
        Assert.DoesNotContain("sk-canary", refusal?.ToString() ?? "");
    }

    [Fact]
    public void ACredentialAmongTheHeaders_CountsAsOne()
    {
        var options = new RealtimeConnectionOptions { Headers = { ["API-KEY"] = "sk-canary" } };

        Assert.Throws<ArgumentException>(() => RealtimeEndpoint.ThrowIfCredentialWouldBeReadable(new("ws://example.org/"), options));
    }

    [Fact]
    public void APlainTextWay_IsOpenWithoutACredential_AndWithPermission()
    {
        RealtimeEndpoint.ThrowIfCredentialWouldBeReadable(new("ws://example.org/"), new());
        RealtimeEndpoint.ThrowIfCredentialWouldBeReadable(new("ws://example.org/"), new() { Credential = "k", AllowCredentialOverPlainText = true });
    }
}
