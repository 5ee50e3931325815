using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Realtime.Protocol.Gateway.Tests;

/// <summary>Who is let in by Twilio's signature.</summary>
public class TwilioSignatureTests
{
    private const string Token = "12345";

    // The example that Twilio's own helper libraries are tested with.
    private static readonly KeyValuePair<string, string>[] Form =
    [
        new("Digits", "1234"), new("CallSid", "CA1234567890ABCDE"), new("To", "+18005551212"), new("From", "+14158675309"), new("Caller", "+14158675309"),
    ];

    [Fact]
    public void ThePublishedExample_HasItsPublishedSignature()
    {
        Assert.Equal("RSOYDt4T1cUTdK1PDd93/VVr8B8=", TwilioSignature.Compute(Token, "https://mycompany.com/myapp.php?foo=1&bar=2", Form));
        Assert.True(TwilioSignature.IsValid("RSOYDt4T1cUTdK1PDd93/VVr8B8=", Token, "https://mycompany.com/myapp.php?foo=1&bar=2", Form));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("not base64")]
    [InlineData("RSOYDt4T1cUTdK1PDd93/VVr8B8")]
    [InlineData("RSOYDt4T1cUTdK1PDd93/VVr8Bg=")]
    [InlineData("AAAA")]
    [InlineData("RSOYDt4T1cUTdK1PDd93/VVr8B9SU09ZRHQ0VDFjVVRkSzFQRGQ5My9WVnI4Qjg9")]
    public void AnotherSignature_IsNone(string? signature) => Assert.False(TwilioSignature.IsValid(signature, Token, "https://mycompany.com/myapp.php?foo=1&bar=2", Form));

    [Fact]
    public async Task AStreamThatIsSigned_IsLetIn_AndNoOther()
    {
        await using TestGateway gateway = await TestGateway.StartAsync(static app =>
        {
            app.MapTwilioMediaStreams("/twilio", static options => options.AuthToken = Token);
            app.MapTwilioMediaStreams("/proxied", static options => (options.AuthToken, options.PublicAddress) = (Token, new("https://voice.example.com/base")));
        });
        string here = gateway.Address("/twilio").ToString();

        await using (await TestPhone.DialAsync(gateway.Address("/twilio"), Signed(here)))
        await using (await TestPhone.DialAsync(gateway.Address("/proxied?x=1"), Signed("wss://voice.example.com/base/proxied?x=1")))
        await using (await TestPhone.DialAsync(gateway.Address("/proxied"), Signed("https://voice.example.com/base/proxied")))
        {
            Assert.Equal(403, (await Assert.ThrowsAsync<RefusedException>(() => TestPhone.DialAsync(gateway.Address("/twilio")))).Status);
            Assert.Equal(403, (await Assert.ThrowsAsync<RefusedException>(() => TestPhone.DialAsync(gateway.Address("/twilio?x=1"), Signed(here)))).Status);
            Assert.Equal(403, (await Assert.ThrowsAsync<RefusedException>(() => TestPhone.DialAsync(gateway.Address("/proxied"), Signed(here)))).Status);
        }

        Assert.Equal(3, gateway.Log.Lines.Count(static line => line.Text.Contains("The signature is missing or wrong.", StringComparison.Ordinal)));
        Assert.DoesNotContain(gateway.Log.Lines, static line => line.Text.Contains(Token, StringComparison.Ordinal));
    }

    [Fact]
    public async Task AnAuthTokenThatIsTakenAwayLater_LetsNobodyIn()
    {
        TwilioMediaStreamsOptions? mapped = null;
        await using TestGateway gateway = await TestGateway.StartAsync(app => app.MapTwilioMediaStreams("/twilio", options => (mapped = options).AuthToken = Token));
        mapped!.AuthToken = null;

        Assert.Equal(403, (await Assert.ThrowsAsync<RefusedException>(() => TestPhone.DialAsync(gateway.Address("/twilio")))).Status);
        await using (await TestPhone.DialAsync(gateway.Address("/twilio"), Signed(gateway.Address("/twilio").ToString())))
        {
            // It is the token of the mapping that counts.
        }
    }

    [Fact]
    public async Task AWebhook_IsCheckedWithItsParameters()
    {
        await using TestGateway gateway = await TestGateway.StartAsync(static app => app.Map("/voice", (RequestDelegate)(async context =>
            await context.Response.WriteAsync((await TwilioSignature.IsValidAsync(context.Request, Token)).ToString()))));
        using var http = new HttpClient { BaseAddress = gateway.Http };

        Assert.Equal("True", await PostAsync(TwilioSignature.Compute(Token, $"{gateway.Http}voice?a=b", Form)));
        Assert.Equal("False", await PostAsync(TwilioSignature.Compute(Token, $"{gateway.Http}voice?a=b")));

        async Task<string> PostAsync(string signature)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "voice?a=b") { Content = new FormUrlEncodedContent(Form) };
            request.Headers.Add(TwilioSignature.Header, signature);
            using HttpResponseMessage answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
            return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task WithoutAToken_NothingIsMapped() => await Assert.ThrowsAsync<ArgumentException>(() => TestGateway.StartAsync(static app => app.MapTwilioMediaStreams("/twilio", static _ => { })));

    private static Action<ClientWebSocketOptions> Signed(string address) => options => options.SetRequestHeader(TwilioSignature.Header, TwilioSignature.Compute(Token, address));
}
