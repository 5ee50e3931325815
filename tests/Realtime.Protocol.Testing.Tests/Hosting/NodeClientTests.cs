using System.Text.Json;
using Realtime.Protocol.Testing.Hosting;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Tests.Support;

namespace Realtime.Protocol.Testing.Tests.Hosting;

/// <summary>The clients of <c>tests/ForeignClients</c>, each talk against a host of its own over TLS: nobody here wrote them, so what they understand is what the simulator really says.</summary>
public class NodeClientTests
{
    private const int HangsAfterMs = 60_000;

    public static TheoryData<string, string, string> Talks => new()
    {
        { "openai", "spoken-turn", """{"bytes":59232}""" },
        { "openai", "parallel-calls", """{"calls":["stock","price"],"answer":"Two are left, at forty euros."}""" },
        { "openai", "barge-in", """{"truncatedAt":100}""" },
        { "openai", "second-create", """{"refused":"conversation_already_has_active_response"}""" },
        { "openai", "transcription", """{"transcript":"Do you have the blue ones?"}""" },
        { "agents", "spoken-turn", """{"bytes":59232}""" },
        { "agents", "parallel-calls", """{"calls":["price","stock"],"answer":"Two are left, at forty euros."}""" },
        { "agents", "barge-in", """{"interrupted":1}""" },
        { "agents", "second-create", """{"statuses":["completed","completed"],"errors":[]}""" },
        { "agents", "transcription", """{"transcript":"Do you have the blue ones?"}""" },
    };

    /// <summary>Each talk of each client, what it has to report, and the rules that it breaks.</summary>
    [Theory(Timeout = HangsAfterMs)]
    [MemberData(nameof(Talks))]
    public async Task ClientForNode_HasThisTalk(string client, string talk, string expected)
    {
        string folder = NodePrograms.FolderOrSkip();
        CancellationToken stop = TestContext.Current.CancellationToken;
        var ends = new ConnectionEnds();
        await using RealtimeSimulatorHost host = await RealtimeSimulatorHost.StartAsync(
            new()
            {
                Tls = true,
                Connections = ends,
                Simulator = new SimulatorOptions { Speaker = new ShopModel(), Transcripts = [new("Do you have the blue ones?")] },
            },
            stop);

        JsonElement result = await NodePrograms.RunAsync(folder, client, talk, host, stop);

        foreach (JsonProperty member in JsonDocument.Parse(expected).RootElement.EnumerateObject())
        {
            Assert.Equal(member.Value.GetRawText(), result.GetProperty(member.Name).GetRawText());
        }

        await ForeignViolations.CheckAsync(client, talk, host, ends, stop);
    }
}
