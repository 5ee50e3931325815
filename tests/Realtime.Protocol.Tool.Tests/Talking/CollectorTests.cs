using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Realtime.Protocol.CommandLine.Tests.Support;

namespace Realtime.Protocol.CommandLine.Tests.Talking;

/// <summary>Traces and metrics of a conversation go to a collector, and one that is not there costs a line.</summary>
public sealed class CollectorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ACollector_GetsTheSpansAndTheMetrics_AndNothingThatWasSaid()
    {
        var told = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using WebApplication app = builder.Build();
        app.MapPost("/at/v1/{signal}", async (string signal, HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            told.AddOrUpdate(signal, static (_, text) => text, static (_, before, text) => before + text, $"{request.ContentType} {Encoding.Latin1.GetString(body.ToArray())}");
            return Results.Ok();
        });
        await app.StartAsync(TestContext.Current.CancellationToken);

        ToolRun run = await ToolRun.OfAsync("talk", "--fast", "--text", "tool: a secret wish", "--model", "gpt-realtime", "--otlp", $"{app.Urls.Single()}/at/", "--out", _folder.File("out.wav"));

        Assert.Equal(("", ExitCode.Done), (run.Error, run.ExitCode));
        Assert.StartsWith("application/x-protobuf ", told["traces"], StringComparison.Ordinal);
        Assert.All(["realtime connect", "realtime turn", "realtime gpt-realtime", "execute_tool clock", "realtime talk"], name => Assert.Contains(name, told["traces"], StringComparison.Ordinal));
        Assert.All(["gen_ai.client.operation.duration", "realtime.turn.first_audio", "realtime.session.duration"], name => Assert.Contains(name, told["metrics"], StringComparison.Ordinal));
        Assert.DoesNotContain("secret wish", told["traces"] + told["metrics"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task ACollectorThatIsNotThere_CostsOneLine_AndNotTheExitCode()
    {
        using var nobody = new TcpListener(IPAddress.Loopback, 0);
        nobody.Start();
        int port = ((IPEndPoint)nobody.LocalEndpoint).Port;
        nobody.Stop();

        ToolRun run = await ToolRun.OfAsync("talk", "--fast", "--text", "hello", "--otlp", $"http://127.0.0.1:{port}", "--out", _folder.File("out.wav"));

        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Equal($"warning: the collector at http://127.0.0.1:{port}/ did not take all traces and metrics.", run.Error.TrimEnd());
    }

    [Theory]
    [InlineData("localhost:4318")]
    [InlineData("ftp://localhost")]
    public async Task WhatIsNoAddressOfACollector_IsRefused(string url)
    {
        ToolRun run = await ToolRun.OfAsync("talk", "--fast", "--text", "hello", "--otlp", url, "--out", _folder.File("out.wav"));

        Assert.Equal(ExitCode.UnusableInput, run.ExitCode);
        Assert.Contains("--otlp is the address of a collector", run.Error, StringComparison.Ordinal);
    }
}
