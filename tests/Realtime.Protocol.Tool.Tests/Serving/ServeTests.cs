using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Realtime.Protocol.CommandLine.Tests.Support;
using Realtime.Protocol.Testing.Hosting;

namespace Realtime.Protocol.CommandLine.Tests.Serving;

public sealed class ServeTests
{
    private const int HangsAfterMs = 60_000;

    [Fact(Timeout = HangsAfterMs)]
    public async Task Listening_IsTold_AndEndsCleanlyWhenAsked()
    {
        ToolRun run = await ToolRun.OfAsync(["serve", "--port", "0"], new() { EndAt = "listening" });

        Assert.Matches(@"^listening on ws://127\.0\.0\.1:\d+/v1/realtime\n$", run.Output);
        Assert.Equal(("", ExitCode.Done), (run.Error, run.ExitCode));
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task Tls_WritesItsCertificate_AndTheReadyFileSaysWhere()
    {
        string folder = Directory.CreateTempSubdirectory("realtime-serve-").FullName;
        try
        {
            string pem = Path.Combine(folder, "here.pem");
            string ready = Path.Combine(folder, "ready.json");

            ToolRun run = await ToolRun.OfAsync(["serve", "--port", "0", "--tls", "--certificate-out", pem, "--ready", ready], new() { EndAt = "listening" });

            Assert.Equal(("", ExitCode.Done), (run.Error, run.ExitCode));
            Assert.Matches(@"^listening on wss://127\.0\.0\.1:\d+/v1/realtime · certificate .*here\.pem\n$", run.Output);
            string url = run.Output.Split(' ')[2];
            using var certificate = X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(pem, TestContext.Current.CancellationToken));
            Assert.True(certificate.MatchesHostname("localhost"));
            Assert.False(certificate.HasPrivateKey);
            JsonNode said = JsonNode.Parse(await File.ReadAllTextAsync(ready, TestContext.Current.CancellationToken))!;
            Assert.Equal((url, url.Replace("wss:", "https:", StringComparison.Ordinal).Replace("/v1/realtime", "", StringComparison.Ordinal), pem), ((string)said["url"]!, (string)said["http"]!, (string)said["certificate"]!));
            Assert.Equal(2, Directory.GetFiles(folder).Length);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory(Timeout = HangsAfterMs)]
    [InlineData("none", "null")]
    [InlineData("semantic", "semantic_vad")]
    [InlineData("server", "server_vad")]
    public async Task TurnDetection_AndLifetime_AreAsTheCommandLineSays(string vad, string expected)
    {
        using ServedRun served = await ServedRun.StartAsync(["--vad", vad, "--lifetime", "60s"]);
        foreach (string query in new[] { "", "?intent=transcription" })
        {
            using ClientWebSocket client = await served.ConnectAsync(query);
            JsonElement session = (await ServedRun.HearAsync(client))!.Value.GetProperty("session");
            Assert.Contains(expected, session.GetProperty("audio").GetProperty("input").GetProperty("turn_detection").GetRawText(), StringComparison.Ordinal);
            Assert.InRange(session.GetProperty("expires_at").GetInt64() - DateTimeOffset.UtcNow.ToUnixTimeSeconds(), 0, 60);
        }

        Assert.Equal(ExitCode.Done, (await served.EndAsync()).ExitCode);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task Lifetime_EndsTheSession_AsTheServiceDoes()
    {
        using ServedRun served = await ServedRun.StartAsync(["--lifetime", "50ms"]);
        using ClientWebSocket client = await served.ConnectAsync();
        await ServedRun.HearAsync(client);

        Assert.Equal("session_expired", (await ServedRun.HearAsync(client))!.Value.GetProperty("error").GetProperty("code").GetString());
        Assert.Null(await ServedRun.HearAsync(client));
        Assert.Equal(1001, (int)client.CloseStatus!);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task OwnCertificate_IsServedWith_AndNothingIsWritten()
    {
        using var folder = new TemporaryFolder();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=mine", key, HashAlgorithmName.SHA256);
        using X509Certificate2 mine = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        string pem = folder.File("mine.pem", Encoding.ASCII.GetBytes(mine.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n"));

        using ServedRun served = await ServedRun.StartAsync(["--certificate", pem]);
        string? shown = null;
        using (await served.ConnectAsync(options: options => options.RemoteCertificateValidationCallback = (_, certificate, _, _) => (shown = certificate?.Subject) is not null))
        {
        }

        ToolRun run = await served.EndAsync();
        Assert.Equal(("CN=mine", "wss"), (shown, served.Url.Scheme));
        Assert.Contains($" · certificate {pem}\n", run.Output, StringComparison.Ordinal);
    }

    [Theory(Timeout = HangsAfterMs)]
    [InlineData("", "it holds no certificate in PEM form.")]
    [InlineData("CERTIFICATE", "it holds no private key. Put both into one file: cat certificate.pem key.pem > both.pem.")]
    [InlineData("CERTIFICATE ENCRYPTED", "its private key has a password. Take it off: openssl pkey -in key.pem -out open.pem.")]
    [InlineData("CERTIFICATE OTHER", "its certificate and its private key do not go together, or one of them can't be read: ")]
    public async Task OwnCertificate_ThatCannotBeUsed_IsOneLine(string holds, string why)
    {
        using var folder = new TemporaryFolder();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 mine = new CertificateRequest("CN=mine", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        string encrypted = key.ExportEncryptedPkcs8PrivateKeyPem("pass", new(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 1));
        string text = (holds.Contains("CERT", StringComparison.Ordinal) ? mine.ExportCertificatePem() : "") + "\n" + (holds.Contains("ENC", StringComparison.Ordinal) ? encrypted : holds.Contains("OTHER", StringComparison.Ordinal) ? other.ExportPkcs8PrivateKeyPem() : "");
        string pem = folder.File("mine.pem", Encoding.ASCII.GetBytes(text));

        ToolRun run = await ToolRun.OfAsync("serve", "--port", "0", "--certificate", pem);

        Assert.Equal((ExitCode.UnusableInput, ""), (run.ExitCode, run.Output));
        Assert.StartsWith($"{pem} can't be served with: {why}", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task TakenPort_IsOneLine()
    {
        await using RealtimeSimulatorHost other = await RealtimeSimulatorHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);

        ToolRun run = await ToolRun.OfAsync("serve", "--port", $"{other.Endpoint.Port}");

        Assert.Equal(ExitCode.NotConnected, run.ExitCode);
        Assert.Equal("", run.Output);
        Assert.StartsWith($"Port {other.Endpoint.Port} is in use", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task AddressOfAnotherMachine_IsOneLine()
    {
        ToolRun run = await ToolRun.OfAsync("serve", "--port", "0", "--listen", "192.0.2.1");

        Assert.Equal((ExitCode.NotConnected, ""), (run.ExitCode, run.Output));
        Assert.StartsWith("serve can't listen on 192.0.2.1:0: ", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task BrokenScenario_IsOneLineAtItsPlace_BeforeAnythingListens()
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("shop.json", Encoding.UTF8.GetBytes("{ \"turns\": [\n  { \"do\": [ { \"sya\": \"Hello.\" } ] } ] }"));

        ToolRun run = await ToolRun.OfAsync("serve", "--port", "0", "--scenario", file);

        Assert.Equal((ExitCode.UnusableInput, ""), (run.ExitCode, run.Output));
        Assert.Equal($"{file}:2:15: There is no member \"sya\" in a step. Did you mean \"say\"?", Assert.Single(run.ErrorLines));
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task SchemaOfScenarios_IsPrinted_WithoutAPort()
    {
        ToolRun run = await ToolRun.OfAsync("serve", "--scenario-schema");

        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Error));
        Assert.Contains("\"otherwise\"", run.Output, StringComparison.Ordinal);
    }

    [Theory(Timeout = HangsAfterMs)]
    [InlineData("--fault lat:5s@error: There is no fault lat. Did you mean late? See realtime serve --help.", "serve", "--fault", "lat:5s@error")]
    [InlineData("--fault drop@errors: errors is no event of the server. Did you mean error?", "serve", "--fault", "swap@error", "--fault", "drop@errors")]
    [InlineData("--watch reads the file of --scenario again, and --scenario is not there", "serve", "--watch")]
    [InlineData("--watch is about scenarios that change, and --like serves what was", "serve", "--watch", "--scenario", "a.json", "--like", "b.jsonl")]
    [InlineData("--listen takes an address such as 127.0.0.1, not \"here\"", "serve", "--listen", "here")]
    [InlineData("--certificate-out names where the certificate of --tls goes, and --tls is not there", "serve", "--certificate-out", "a.pem")]
    [InlineData("--certificate-out names where a certificate goes that is made, and --certificate brings one", "serve", "--tls", "--certificate", "a.pem", "--certificate-out", "b.pem")]
    [InlineData("/no/such.pem cant be served with: there is no such file.", "serve", "--certificate", "/no/such.pem")]
    [InlineData("--lifetime takes a span such as 500ms, 90s or 2m, up to 24 hours, not \"60\"", "serve", "--lifetime", "60")]
    [InlineData("--lifetime takes a span such as 500ms, 90s or 2m, up to 24 hours, not \"0s\"", "serve", "--lifetime", "0s")]
    [InlineData("--lifetime takes a span such as 500ms, 90s or 2m, up to 24 hours, not \"1-2s\"", "serve", "--lifetime", "1-2s")]
    [InlineData("--vad takes server or semantic or none, not \"on\"", "serve", "--vad", "on")]
    [InlineData("--log-audio is about the logs of --log, and --log is not there", "serve", "--log-audio")]
    [InlineData("--log is empty", "serve", "--log", "")]
    [InlineData("--like is empty", "serve", "--like", " ")]
    [InlineData("--max-connections takes a number of connections from 1 to 2147483647, not \"0\"", "serve", "--max-connections", "0")]
    [InlineData("--max-message takes a number of bytes from 1 to 536870912, not \"1e9\"", "serve", "--max-message", "1e9")]
    [InlineData("/no/such/folder/ready.json cant be written", "serve", "--port", "0", "--ready", "/no/such/folder/ready.json")]
    [InlineData("--port takes a port number from 0 to 65535, not \"65536\". See realtime serve --help.", "serve", "--port", "65536")]
    [InlineData("--key is empty", "serve", "--port", "0", "--key", "")]
    [InlineData("Behind -- stands no program to run: name one, or leave -- out. See realtime serve --help.", "serve", "--port", "0", "--fail-on", "harmful", "--")]
    [InlineData("Behind -- stands no program to run: name one, or leave -- out. See realtime serve --help.", "serve", "--port", "0", "--", "")]
    public async Task WrongUsage_IsOneLine(string expected, params string[] args)
    {
        ToolRun run = await ToolRun.OfAsync(args);

        Assert.Equal(ExitCode.UnusableInput, run.ExitCode);
        Assert.Contains(expected, Assert.Single(run.ErrorLines).Replace("'", "", StringComparison.Ordinal).Replace("Option ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }
}
