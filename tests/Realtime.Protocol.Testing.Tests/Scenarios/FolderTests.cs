using System.Net;
using System.Text.Json.Nodes;
using Realtime.Protocol.Testing.Hosting;
using Realtime.Protocol.Testing.Scenarios;
using Realtime.Protocol.Testing.Simulation;

namespace Realtime.Protocol.Testing.Tests.Scenarios;

/// <summary>A connection picks a scenario of a folder; a file that was changed is read again, and a broken one leaves the one before in use.</summary>
public sealed class FolderTests : IDisposable
{
    private const int HangsAfterMs = 60_000;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("realtime-folder-");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void AName_IsTheScenarios_OrItsFiles()
    {
        Write("a.json", """{ "name": "shop", "turns": [] }""");
        Write("bakery.json", "{}");
        Write("scenario.schema.json", Scenario.JsonSchema);
        Write("notes.txt", "no scenario");
        Write(".#bakery.json", "what an editor leaves while it is open");
        Write("._bakery.json", "what another system leaves beside a file");
        ScenarioFolder folder = ScenarioFolder.Load(_folder.FullName);

        Assert.Equal(["bakery", "shop"], folder.Scenarios.Keys);
        Assert.True(folder.TryChoose("shop", "bakery", out _, out _));
        Assert.True(folder.TryChoose(null, "bakery", out _, out _));
        Assert.False(folder.TryChoose("shpo", "bakery", out _, out string why));
        Assert.Equal("There is no scenario of this name. Did you mean \"shop\"? There are bakery, shop.", why);
        Assert.False(folder.TryChoose(null, null, out _, out why));
        Assert.Equal("Name a scenario with ?scenario= or as the model. There are bakery, shop.", why);
        Assert.False(folder.TryChoose(null, "gpt-realtime", out _, out why));
        Assert.Equal("There is no scenario of this name. There are bakery, shop.", why);
    }

    [Fact]
    public void TheOnlyScenario_IsForWhoeverNamesNone()
    {
        Write("shop.json", "{}");
        ScenarioFolder folder = ScenarioFolder.Load(Path.Combine(_folder.FullName, "shop.json"));

        Assert.True(folder.TryChoose(null, "gpt-realtime", out _, out _));
        Assert.True(folder.TryChoose("shop", null, out _, out _));
        Assert.False(folder.TryChoose("other", null, out _, out string why));
        Assert.Equal("There is no scenario of this name. There is shop.", why);
    }

    [Fact]
    public void WhatCannotBeUsed_IsOneLine()
    {
        Assert.Equal($"{_folder.FullName}: There is no scenario (*.json) in this folder.", Assert.Throws<ScenarioException>(() => ScenarioFolder.Load(_folder.FullName)).Message);
        Write("a.json", """{ "name": "shop" }""");
        Write("shop.json", "{}");
        Assert.Equal($"{PathOf("shop.json")}: The name \"shop\" is taken by {PathOf("a.json")}.", Assert.Throws<ScenarioException>(() => ScenarioFolder.Load(_folder.FullName)).Message);
        Write("a.json", """{ "nam": "shop" }""");
        Assert.Equal($"{PathOf("a.json")}:1:3: There is no member \"nam\" in a scenario. Did you mean \"name\"?", Assert.Throws<ScenarioException>(() => ScenarioFolder.Load(_folder.FullName)).Message);
        Assert.Equal("/nowhere: There is no such file.", Assert.Throws<ScenarioException>(static () => ScenarioFolder.Load("/nowhere")).Message);
    }

    [Fact]
    public void AChangedFile_IsReadAgain_AndABrokenOneLeavesTheOneBefore()
    {
        Write("shop.json", """{ "seed": 1 }""");
        List<string> told = [];
        ScenarioFolder folder = ScenarioFolder.Load(_folder.FullName, looksEachTime: true, onChange: told.Add);
        Assert.Equal(1UL, Seed(folder, "shop"));

        Write("shop.json", """{ "seed": 22, "turns": [ { "do": [] } ] }""");
        Assert.Equal(22UL, Seed(folder, "shop"));
        Assert.Equal($"{PathOf("shop.json")} was read again: scenario shop: 1 turn, 0 heard", Assert.Single(told));

        told.Clear();
        Write("shop.json", "{\n  \"sed\": 333\n}");
        Assert.Equal(22UL, Seed(folder, "shop"));
        Assert.Equal(22UL, Seed(folder, "shop"));
        Assert.Equal($"{PathOf("shop.json")}:2:3: There is no member \"sed\" in a scenario. Did you mean \"seed\"? The scenario before stays in use.", Assert.Single(told));

        told.Clear();
        Write("bakery.json", """{ "name": "shop" }""");
        Write("shop.json", """{ "seed": 4444 }""");
        Assert.Equal(4444UL, Seed(folder, "shop"));
        Assert.Contains(told, line => line == $"{PathOf("bakery.json")}: The name \"shop\" is taken by {PathOf("shop.json")}.");

        told.Clear();
        Write("bakery.json", """{ "seed": 5 }""");
        Assert.Equal(5UL, Seed(folder, "bakery"));
        int before = told.Count;
        File.Move(PathOf("bakery.json"), PathOf("bakery.json.bak")); // as sed -i.bak does: for a moment there is none
        Assert.Equal(5UL, Seed(folder, "bakery"));
        Assert.Equal(before, told.Count);
        Write("bakery.json", """{ "seed": 66 }""");
        Assert.Equal(66UL, Seed(folder, "bakery"));
        File.Delete(PathOf("bakery.json"));
        Assert.Equal((66UL, 66UL), (Seed(folder, "bakery"), Seed(folder, "bakery")));
        Assert.EndsWith("There is no such file. The scenario before stays in use.", told[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void ASoundThatWasMissing_IsNoticedWhenItIsThere()
    {
        Write("shop.json", """{ "seed": 1 }""");
        List<string> told = [];
        ScenarioFolder folder = ScenarioFolder.Load(_folder.FullName, looksEachTime: true, onChange: told.Add);
        Write("shop.json", """{ "seed": 22, "turns": [ { "do": [ { "say": "a", "audio": { "wav": "a.wav" } }, { "say": "b", "audio": { "wav": "b.wav" } } ] } ] }""");
        Assert.Equal((1UL, 1UL), (Seed(folder, "shop"), Seed(folder, "shop")));
        Assert.Contains("There is no such file", Assert.Single(told), StringComparison.Ordinal);

        File.WriteAllBytes(PathOf("a.wav"), WavTests.Wav(new byte[480], 24_000));
        Assert.Equal(1UL, Seed(folder, "shop"));
        Assert.Equal(2, told.Count);

        File.WriteAllBytes(PathOf("b.wav"), WavTests.Wav(new byte[480], 24_000));
        Assert.Equal(22UL, Seed(folder, "shop"));
    }

    [Fact]
    public void WithoutLooking_NothingChanges_UntilItIsRefreshed()
    {
        Write("shop.json", """{ "seed": 1 }""");
        ScenarioFolder folder = ScenarioFolder.Load(_folder.FullName);
        Write("shop.json", """{ "seed": 22 }""");
        Assert.Equal(1UL, Seed(folder, "shop"));

        folder.Refresh();

        Assert.Equal(22UL, Seed(folder, "shop"));
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task OnAHost_AConnectionPicksByItsUrl_AndWhoeverAsksForMoreIsRefused()
    {
        Write("shop.json", """{ "name": "shop", "turns": [ { "do": [ { "write": "shoes" } ] } ] }""");
        Write("bakery.json", """{ "turns": [ { "do": [ { "write": "bread" } ] } ] }""");
        List<string> reports = [];
        await using RealtimeSimulatorHost host = await RealtimeSimulatorHost.StartAsync(new() { Choice = ScenarioFolder.Load(_folder.FullName), OnReport = (number, report) => reports.Add($"#{number} {report[(report.IndexOf('←', StringComparison.Ordinal) + 2)..]}") }, Stop);

        Assert.Equal("shoes", await AnswerAsync(host, "?scenario=shop&model=bakery"));
        Assert.Equal("bread", await AnswerAsync(host, "?model=bakery"));
        Assert.Equal(["#1 turns[0]", "#2 turns[0]"], reports);
        Assert.Equal(["shop", "bakery"], host.Connections.Select(static connection => connection.Scenario));
        Assert.Equal(
            (HttpStatusCode.NotFound, "scenario_not_found", "There is no scenario of this name. Did you mean \"shop\"? There are bakery, shop."),
            await RefusedAsync(host, "?scenario=shpo"));
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task WithoutScenarios_NobodyCanNameOne()
    {
        await using RealtimeSimulatorHost host = await RealtimeSimulatorHost.StartAsync(cancellationToken: Stop);

        Assert.Equal(
            (HttpStatusCode.NotFound, "scenario_not_found", "This simulator has no scenarios to choose from: leave the parameter 'scenario' out."),
            await RefusedAsync(host, "?scenario=shop"));
    }

    private static ulong Seed(ScenarioFolder folder, string name)
    {
        Assert.True(folder.TryChoose(name, null, out SimulatorOptions? options, out string why), why);
        return options.Seed;
    }

    private static async Task<string?> AnswerAsync(RealtimeSimulatorHost host, string query)
    {
        await using VoiceSession session = await VoiceSession.ConnectAsync(new() { Endpoint = new Uri(host.Endpoint + query), Session = SessionConfiguration.PushToTalk }, Stop);
        return (await session.Respond().Completion.WaitAsync(Stop)).Transcript;
    }

    private static async Task<(HttpStatusCode Status, string Code, string Message)> RefusedAsync(RealtimeSimulatorHost host, string query)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(host.HttpEndpoint, RealtimeSimulatorHost.Path + query));
        foreach ((string name, string value) in (ReadOnlySpan<(string, string)>)[("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"), ("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA==")])
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using HttpResponseMessage response = await http.SendAsync(request, Stop);
        JsonNode error = JsonNode.Parse(await response.Content.ReadAsStringAsync(Stop))!["error"]!;
        return (response.StatusCode, (string)error["code"]!, (string)error["message"]!);
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private void Write(string name, string content) => File.WriteAllText(PathOf(name), content);
}
