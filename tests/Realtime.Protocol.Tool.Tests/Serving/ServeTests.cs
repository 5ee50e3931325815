using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Realtime.Protocol.CommandLine.Tests.Support;
using Realtime.Protocol.Testing.Hosting;

namespace Realtime.Protocol.CommandLine.Tests.Serving;

public sealed class ServeTests
{
    [Fact]
    public async Task Listening_IsTold_AndEndsCleanlyWhenAsked()
    {
        ToolRun run = await ToolRun.OfAsync(["serve", "--port", "0"], new() { EndAt = "listening" });

        Assert.Matches(@"^listening on ws://127\.0\.0\.1:\d+/v1/realtime\n$", run.Output);
        Assert.Equal(("", ExitCode.Done), (run.Error, run.ExitCode));
    }

    [Fact]
    public async Task Tls_WritesItsCertificate_AndTheReadyFileSaysWhere()
    {
        string folder = Directory.CreateTempSubdirectory("realtime-serve-").FullName;
        try
        {
            string pem = Path.Combine(folder, "here.pem");
            string ready = Path.Combine(folder, "ready.json");

            ToolRun run = await ToolRun.OfAsync(["serve", "--port", "0", "--tls", "--certificate", pem, "--ready", ready], new() { EndAt = "listening" });

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

    [Fact]
    public async Task TakenPort_IsOneLine()
    {
        await using RealtimeSimulatorHost other = await RealtimeSimulatorHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);

        ToolRun run = await ToolRun.OfAsync("serve", "--port", $"{other.Endpoint.Port}");

        Assert.Equal(ExitCode.NotConnected, run.ExitCode);
        Assert.Equal("", run.Output);
        Assert.StartsWith($"Port {other.Endpoint.Port} is in use", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task BrokenScenario_IsOneLineAtItsPlace_BeforeAnythingListens()
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("shop.json", System.Text.Encoding.UTF8.GetBytes("{ \"turns\": [\n  { \"do\": [ { \"sya\": \"Hello.\" } ] } ] }"));

        ToolRun run = await ToolRun.OfAsync("serve", "--port", "0", "--scenario", file);

        Assert.Equal((ExitCode.UnusableInput, ""), (run.ExitCode, run.Output));
        Assert.Equal($"{file}:2:15: There is no member \"sya\" in a step. Did you mean \"say\"?", Assert.Single(run.ErrorLines));
    }

    [Fact]
    public async Task SchemaOfScenarios_IsPrinted_WithoutAPort()
    {
        ToolRun run = await ToolRun.OfAsync("serve", "--scenario-schema");

        Assert.Equal((ExitCode.Done, ""), (run.ExitCode, run.Error));
        Assert.Contains("\"otherwise\"", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--fault lat:5s@error: There is no fault lat. Did you mean late?", "serve", "--fault", "lat:5s@error")]
    [InlineData("--fault drop@errors: errors is no event of the server. Did you mean error?", "serve", "--fault", "swap@error", "--fault", "drop@errors")]
    [InlineData("--listen takes an address such as 127.0.0.1, not \"here\"", "serve", "--listen", "here")]
    [InlineData("--certificate names where the certificate of --tls goes, and --tls is not there", "serve", "--certificate", "a.pem")]
    [InlineData("--max-connections takes a number of connections from 1 to 2147483647, not \"0\"", "serve", "--max-connections", "0")]
    [InlineData("--max-message takes a number of bytes from 1 to 536870912, not \"1e9\"", "serve", "--max-message", "1e9")]
    [InlineData("/no/such/folder/ready.json cant be written", "serve", "--port", "0", "--ready", "/no/such/folder/ready.json")]
    [InlineData("--port takes a port number from 0 to 65535, not \"65536\". See realtime serve --help.", "serve", "--port", "65536")]
    [InlineData("--key is empty", "serve", "--port", "0", "--key", "")]
    public async Task WrongUsage_IsOneLine(string expected, params string[] args)
    {
        ToolRun run = await ToolRun.OfAsync(args);

        Assert.Equal(ExitCode.UnusableInput, run.ExitCode);
        Assert.Contains(expected, Assert.Single(run.ErrorLines).Replace("'", "", StringComparison.Ordinal).Replace("Option ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }
}
