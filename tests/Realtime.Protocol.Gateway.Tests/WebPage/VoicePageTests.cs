using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Realtime.Protocol.Gateway.Tests;

/// <summary>What is served as the page: one document, held to its policy, and nothing in it that is not for everybody.</summary>
public sealed partial class VoicePageTests
{
    private const int HangsAfterMs = 60_000;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = HangsAfterMs)]
    public async Task TheDocument_RunsItsOwnProgram_AndNoOther()
    {
        await using TestGateway gateway = await TestGateway.StartAsync(static app => app.MapVoicePage("/", static options =>
        {
            options.Gateways.Add(new("https://b.example.com"));
            options.Gateways.Add(new("http://10.0.0.5:7002/voice"));
        }));
        using HttpResponseMessage answer = await GetAsync(gateway);
        string html = await answer.Content.ReadAsStringAsync(Stop);

        Assert.Equal("text/html; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal(("nosniff", "no-referrer", "microphone=(self)"), (Header(answer, "X-Content-Type-Options"), Header(answer, "Referrer-Policy"), Header(answer, "Permissions-Policy")));
        Assert.Equal(
            $"default-src 'none'; script-src '{Hash(Script().Match(html))}' blob:; style-src '{Hash(Style().Match(html))}'; img-src data:; connect-src 'self' wss://b.example.com ws://10.0.0.5:7002; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
            Header(answer, "Content-Security-Policy"));
        Assert.Contains("""<script type="application/json" id="config">{"calls":"/call/","tickets":null,"gateways":["wss://b.example.com/call/","ws://10.0.0.5:7002/voice/call/"]}</script>""", html, StringComparison.Ordinal);

        // Nothing of it comes from elsewhere, nothing runs but the program, and every place of the frame was filled.
        Assert.Equal(3, AnyScript().Count(html));
        Assert.DoesNotMatch(ForeignAddress(), html.Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal).Replace("wss://b.example.com", "", StringComparison.Ordinal).Replace("ws://10.0.0.5", "", StringComparison.Ordinal));
        Assert.DoesNotMatch(InlineCode(), html);
        Assert.DoesNotContain("{{", html, StringComparison.Ordinal);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task WhatIsTheSameAsBefore_IsNotSentAgain_AndAHead_HasNoBody()
    {
        await using TestGateway gateway = await TestGateway.StartAsync(static app => app.MapVoicePage("/talk"));
        using HttpResponseMessage whole = await GetAsync(gateway, "/talk");
        EntityTagHeaderValue tag = whole.Headers.ETag!;
        Assert.False(tag.IsWeak);
        Assert.True(whole.Headers.CacheControl!.NoCache);
        byte[] document = await whole.Content.ReadAsByteArrayAsync(Stop);

        using HttpResponseMessage same = await GetAsync(gateway, "/talk", request => request.Headers.IfNoneMatch.Add(tag));
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        Assert.Equal((tag, ""), (same.Headers.ETag, await same.Content.ReadAsStringAsync(Stop)));
        Assert.NotEqual("", Header(same, "Content-Security-Policy"));

        // A proxy that compressed it says so of its tag.
        using HttpResponseMessage weak = await GetAsync(gateway, "/talk", request => request.Headers.IfNoneMatch.Add(new(tag.Tag, isWeak: true)));
        Assert.Equal(HttpStatusCode.NotModified, weak.StatusCode);
        using HttpResponseMessage other = await GetAsync(gateway, "/talk", static request => request.Headers.IfNoneMatch.Add(new("\"another\"")));
        Assert.Equal((HttpStatusCode.OK, document.Length), (other.StatusCode, (await other.Content.ReadAsByteArrayAsync(Stop)).Length));

        using HttpResponseMessage head = await GetAsync(gateway, "/talk", static request => request.Method = HttpMethod.Head);
        Assert.Equal((HttpStatusCode.OK, document.Length, tag), (head.StatusCode, (int)head.Content.Headers.ContentLength!, head.Headers.ETag));
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(Stop));
        using HttpResponseMessage post = await GetAsync(gateway, "/talk", static request => request.Method = HttpMethod.Post);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, post.StatusCode);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task AGatewayWhoseNameIsNotInAscii_IsDialledByTheNameThatTheNetworkKnows()
    {
        await using TestGateway gateway = await TestGateway.StartAsync(static app => app.MapVoicePage("/", static options => options.Gateways.Add(new("https://b\u00fccher.example:7002/h\u00f6ren"))));
        using HttpResponseMessage answer = await GetAsync(gateway);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("connect-src 'self' wss://xn--bcher-kva.example:7002; ", Header(answer, "Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Contains("\"gateways\":[\"wss://xn--bcher-kva.example:7002/h%C3%B6ren/call/\"]", await answer.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task WhatTheApplicationSays_IsText()
    {
        await using TestGateway gateway = await TestGateway.StartAsync(static app => app.MapVoicePage("/", static options =>
        {
            options.Title = "</title><script>alert(1)</script>{{program}}";
            options.CallPath = "/calls/<!--<script>/";
            options.TicketPath = "tickets/</script>/";
        }));
        using HttpResponseMessage answer = await GetAsync(gateway);
        string html = await answer.Content.ReadAsStringAsync(Stop);

        Assert.Equal(3, AnyScript().Count(html));
        Assert.Contains("<title>&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;{{program}}</title>", html, StringComparison.Ordinal);
        Assert.Contains("""{"calls":"/calls/\u003C!--\u003Cscript\u003E/","tickets":"tickets/\u003C/script\u003E/","gateways":[]}""", html, StringComparison.Ordinal);
        Assert.Contains(Hash(Script().Match(html)), Header(answer, "Content-Security-Policy"), StringComparison.Ordinal);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task TheDocument_HoldsNoKeyAndNoTicket_AndIsTheSameForEverybody()
    {
        byte[] key = RandomNumberGenerator.GetBytes(32);
        await using TestGateway gateway = await TestGateway.StartAsync(
            static app =>
            {
                app.MapVoiceCalls("/call/{id}");
                app.MapVoicePage("/", static options => options.TicketPath = "/ticket/");
            },
            session: static options => options.Credential = "sk-of-nobody",
            gateway: options => options.TicketKey = key);
        string ticket = gateway.Services.GetRequiredService<CallTickets>().Create("7");

        using HttpResponseMessage first = await GetAsync(gateway, "/?call=7", request => request.Headers.Add("Cookie", $"ticket={ticket}"));
        using HttpResponseMessage second = await GetAsync(gateway, "/", static request => request.Headers.Host = "other.example.com");
        string html = await first.Content.ReadAsStringAsync(Stop);

        Assert.Equal(html, await second.Content.ReadAsStringAsync(Stop));
        Assert.All([ticket, "sk-of-nobody", Convert.ToBase64String(key), Convert.ToHexString(key)], secret => Assert.DoesNotContain(secret, html, StringComparison.OrdinalIgnoreCase));
        Assert.False(first.Headers.Contains("Set-Cookie"));
        Assert.Equal(Header(first, "Content-Security-Policy"), Header(second, "Content-Security-Policy"));
    }

    [Fact]
    public void WhatCanNotBeDialled_IsRefused_WhereItIsSaid()
    {
        var options = new VoicePageOptions();

        Assert.All(["", "/call", "https://b.example.com/call/", "//b.example.com/call/"], path =>
        {
            Assert.Throws<ArgumentException>(() => options.CallPath = path);
            Assert.Throws<ArgumentException>(() => options.TicketPath = path);
        });
        Assert.Throws<ArgumentException>(() => options.Title = "");
        options.TicketPath = "ticket/";
        options.TicketPath = null;
        Assert.All(["ftp://b.example.com", "/b", "https://key@b.example.com", "https://b.example.com/?key=1", "http://[::1]:7002"], address =>
        {
            options.Gateways.Clear();
            options.Gateways.Add(new(address, UriKind.RelativeOrAbsolute));
            Assert.DoesNotContain("key", Assert.Throws<ArgumentException>(() => new VoicePage(options)).Message, StringComparison.Ordinal);
        });
    }

    /// <summary>The page does what the protocol's page tells clients to do.</summary>
    [Fact]
    public void EveryCloseCode_IsInTheTable_AsTheProtocolSays()
    {
        string protocol = File.ReadAllText(RepositoryFolder.PathOf("src", "Realtime.Protocol.Gateway", "CALLS.md"));
        string table = File.ReadAllText(RepositoryFolder.PathOf("src", "Realtime.Protocol.Gateway", "WebPage", "Page", "closings.js"));
        var due = CodeRow().Matches(protocol).ToDictionary(
            static row => row.Groups[1].Value,
            static row => row.Groups[2].Value switch { "dial again at once" => "now", var what when what.StartsWith("dial again", StringComparison.Ordinal) => "later", _ => "" });
        var done = Closing().Matches(table).ToDictionary(static row => row.Groups[1].Value, static row => row.Groups[2].Value);

        // What is in no row is a line that broke.
        Assert.True(due.Remove("1006", out string? broken));
        Assert.Equal("later", broken);
        Assert.Equal(due, done);
        Assert.True(due.Count > 8);
    }

    private static async Task<HttpResponseMessage> GetAsync(TestGateway gateway, string path = "/", Action<HttpRequestMessage>? change = null)
    {
        using var http = new HttpClient { BaseAddress = gateway.Http };
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        change?.Invoke(request);
        return await http.SendAsync(request, Stop);
    }

    private static string Header(HttpResponseMessage answer, string name) => Assert.Single(answer.Headers.GetValues(name));

    private static string Hash(Match element) => $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(element.Groups[1].Value)))}";

    [GeneratedRegex("<script>(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Script();

    [GeneratedRegex("<style>(.*?)</style>", RegexOptions.Singleline)]
    private static partial Regex Style();

    [GeneratedRegex("<script", RegexOptions.IgnoreCase)]
    private static partial Regex AnyScript();

    [GeneratedRegex("(https?|wss?)://[a-z0-9]", RegexOptions.IgnoreCase)]
    private static partial Regex ForeignAddress();

    [GeneratedRegex(@"<[^>]*\s(on\w+|style)\s*=", RegexOptions.IgnoreCase)]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"^\| (\d{4}) \|.*\| ([^|]+) \|$", RegexOptions.Multiline)]
    private static partial Regex CodeRow();

    [GeneratedRegex(@"^  (\d{4}): \{ says: ""[^""]+""(?:, again: ""(\w+)"")? \},$", RegexOptions.Multiline)]
    private static partial Regex Closing();
}
