using System.Text.Json.Nodes;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Model;
using Realtime.Protocol.Testing.Tests.Support;

namespace Realtime.Protocol.Testing.Tests.Simulation;

/// <summary>Remote MCP servers: their tools are listed after the session declares them, calls outlive their response, and approvals are asked for.</summary>
public class McpTests
{
    private static readonly SimulatedMcpServer Docs = new("docs",
        new SimulatedMcpTool("search", "Thirty days.") { InputSchema = """{"type":"object","required":["q"]}""" }, new SimulatedMcpTool("broken") { Error = "The index is gone." });

    [Fact]
    public void DeclaredServer_IsListed_AsAnItemOfTheConversation()
    {
        SimulatedServer server = Start();
        server.Say(Declare("docs", "never"));
        Assert.Equal(["session.updated", "mcp_list_tools.in_progress"], server.Types);

        server.Wait(1_000);

        Assert.Equal(["conversation.item.added", "conversation.item.done", "mcp_list_tools.completed"], server.Types.Skip(2));
        JsonNode item = server.The("conversation.item.done")["item"]!;
        Assert.Equal(("mcp_list_tools", "docs", "search"), ((string)item["type"]!, (string)item["server_label"]!, (string)item["tools"]![0]!["name"]!));
        Assert.Equal((string)item["id"]!, (string)server.The("mcp_list_tools.completed")["item_id"]!);
        Assert.Equal("q", (string)item["tools"]![0]!["input_schema"]!["required"]![0]!);

        // The same declaration once more lists nothing.
        Assert.Single(server.Ask(Declare("docs", "never")));
    }

    [Theory]
    [InlineData("mail")]
    [InlineData("nowhere")]
    public void ServerThatCannotBeListed_SaysSo_AndTheSessionGoesOn(string label)
    {
        SimulatedServer server = Start();
        server.Say(Declare(label, "never")).Wait(1_000);

        Assert.Equal(["session.updated", "mcp_list_tools.in_progress", "mcp_list_tools.failed"], server.Types);
        server.Say(Write("hello")).Say("""{"type":"response.create"}""").Wait(60_000);
        Assert.Equal("completed", (string)server.The("response.done")["response"]!["status"]!);
    }

    [Fact]
    public void Call_EndsAfterItsResponse_AndTheNextResponseSpeaksOfIt()
    {
        SimulatedServer server = Listed("never");
        server.Say(Write("tool: docs.search {\"q\":\"refund\"}")).Say("""{"type":"response.create"}""").Wait(60_000);

        string[] types = [.. server.Types.Skip(2).Where(static type => !type.EndsWith(".delta", StringComparison.Ordinal))];
        Assert.Equal(
            ["response.created", "response.output_item.added", "conversation.item.added", "response.mcp_call_arguments.done", "response.output_item.done", "response.done",
                "rate_limits.updated", "response.mcp_call.in_progress", "conversation.item.done", "response.mcp_call.completed"], types);
        JsonNode call = server.All("conversation.item.done").Last()["item"]!;
        Assert.Equal(("mcp_call", "search", "{\"q\":\"refund\"}", "Thirty days."), ((string)call["type"]!, (string)call["name"]!, (string)call["arguments"]!, (string)call["output"]!));
        Assert.Equal("{\"q\":\"refund\"}", string.Concat(server.All("response.mcp_call_arguments.delta").Select(static delta => (string)delta["delta"]!)));

        server.Said.Clear();
        server.Say("""{"type":"response.create"}""").Wait(60_000);
        Assert.Equal("The tool returned: Thirty days.", (string)server.The("response.output_audio_transcript.done")["transcript"]!);
    }

    [Fact]
    public void CallThatFails_SaysWhy()
    {
        SimulatedServer server = Listed("never");
        server.Say(Write("tool: docs.broken {}")).Say("""{"type":"response.create"}""").Wait(60_000);

        Assert.Equal("response.mcp_call.failed", (string)server.Last["type"]!);
        JsonNode call = server.All("conversation.item.done").Last()["item"]!;
        Assert.Equal(("tool_execution_error", "The index is gone.", null), ((string)call["error"]!["type"]!, (string)call["error"]!["message"]!, (string?)call["output"]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void CallThatNeedsAnApproval_AsksForIt_AndIsMadeByTheNextResponseOrNot(bool approve)
    {
        SimulatedServer server = Listed("always");
        server.Say(Write("tool: docs.search {\"q\":\"refund\"}")).Say("""{"type":"response.create"}""").Wait(60_000);
        JsonNode request = server.All("conversation.item.done").Last()["item"]!;
        Assert.Equal(("mcp_approval_request", "docs", "search", "{\"q\":\"refund\"}"),
            ((string)request["type"]!, (string)request["server_label"]!, (string)request["name"]!, (string)request["arguments"]!));
        Assert.DoesNotContain("response.mcp_call.in_progress", server.Types);

        string id = (string)request["id"]!;
        server.Said.Clear();
        server.Say(Answer(id, approve));
        Assert.Equal(["conversation.item.added", "conversation.item.done"], server.Types);
        server.Say("""{"type":"response.create"}""").Wait(60_000);

        if (approve)
        {
            JsonNode call = server.All("conversation.item.done").Last()["item"]!;
            Assert.Equal((id, "Thirty days."), ((string)call["approval_request_id"]!, (string)call["output"]!));
            Assert.Equal("response.mcp_call.completed", (string)server.Last["type"]!);
        }
        else
        {
            Assert.Equal("The tool was not allowed.", (string)server.The("response.output_audio_transcript.done")["transcript"]!);
        }

        // An answer is given once.
        Assert.Equal("item.approval_request_id", (string)server.Refusal(Answer(id, approve))["param"]!);
    }

    [Theory]
    [InlineData("""{"never":{"tool_names":["search"]}}""", false)]
    [InlineData("""{"always":{"tool_names":["search"]}}""", true)]
    [InlineData("""{"never":{"tool_names":["broken"]}}""", true)]
    [InlineData("null", true)]
    public void Filters_DecideWhichCallsWait(string filter, bool waits)
    {
        SimulatedServer server = Start();
        server.Say(Declare("docs", filter, quoted: false)).Wait(1_000).Say(Write("tool: docs.search {}")).Say("""{"type":"response.create"}""").Wait(60_000);

        Assert.Equal(waits, !server.Types.Contains("response.mcp_call.completed"));
    }

    [Theory]
    [InlineData("""{"type":"mcp","server_url":"https://x.example"}""", "session.tools[0].server_label")]
    [InlineData("""{"type":"mcp","server_label":"docs"}""", "session.tools[0].server_url")]
    [InlineData("""{"type":"mcp","server_label":"docs","server_url":"https://x.example","require_approval":"sometimes"}""", "session.tools[0].require_approval")]
    public void IncompleteDeclaration_IsRefused(string tool, string path) =>
        Assert.Equal(path, (string)Start().Refusal("{\"type\":\"session.update\",\"session\":{\"type\":\"realtime\",\"tools\":[" + tool + "]}}")["param"]!);

    [Fact]
    public void AnswerToNoRequest_IsRefused() => Assert.Equal("item.approval_request_id", (string)Start().Refusal(Answer("yo", true))["param"]!);

    /// <summary>No conversation holds what was asked beside it, so the next request brings the question and its answer along, as the published schema of <c>response.input</c> allows.</summary>
    [Fact]
    public void ApprovalBesideTheConversation_IsGivenInTheNextInput_AndItsCallIsMade()
    {
        SimulatedServer server = Listed("always");
        const string Ask = """{"role":"user","type":"message","content":[{"type":"input_text","text":"tool: docs.search {}"}]}""";
        server.Say("{\"type\":\"response.create\",\"response\":{\"conversation\":\"none\",\"input\":[" + Ask + "]}}").Wait(60_000);
        JsonNode request = server.The("response.done")["response"]!["output"]![0]!;
        Assert.Equal("mcp_approval_request", (string)request["type"]!);
        string answer = "{\"type\":\"mcp_approval_response\",\"approval_request_id\":\"" + (string)request["id"]! + "\",\"approve\":true}";

        server.Said.Clear();
        server.Say("{\"type\":\"response.create\",\"response\":{\"conversation\":\"none\",\"input\":[" + Ask + "," + request.ToJsonString() + "," + answer + "]}}").Wait(60_000);

        Assert.Equal("response.mcp_call.completed", (string)server.Last["type"]!);
        Assert.DoesNotContain("conversation.item.added", server.Types);

        // Alone, it answers nothing.
        Assert.Equal("response.input[0].approval_request_id", (string)server.Refusal("{\"type\":\"response.create\",\"response\":{\"conversation\":\"none\",\"input\":[" + answer + "]}}")["param"]!);
    }

    private static SimulatedServer Start() => new(new SimulatorOptions { McpServers = [Docs, new SimulatedMcpServer("mail") { ListFails = true }] });

    private static SimulatedServer Listed(string approval)
    {
        SimulatedServer server = Start();
        server.Say(Declare("docs", approval)).Wait(1_000).Said.Clear();
        return server;
    }

    private static string Declare(string label, string approval, bool quoted = true) =>
        "{\"type\":\"session.update\",\"session\":{\"type\":\"realtime\",\"tools\":[{\"type\":\"mcp\",\"server_label\":\"" + label
        + "\",\"server_url\":\"https://mcp.example\",\"require_approval\":" + (quoted ? $"\"{approval}\"" : approval) + "}]}}";

    private static string Write(string text) =>
        new JsonObject
        {
            ["type"] = "conversation.item.create",
            ["item"] = new JsonObject { ["type"] = "message", ["role"] = "user", ["content"] = new JsonArray(new JsonObject { ["type"] = "input_text", ["text"] = text }) },
        }.ToJsonString();

    private static string Answer(string request, bool approve) =>
        "{\"type\":\"conversation.item.create\",\"item\":{\"type\":\"mcp_approval_response\",\"approval_request_id\":\"" + request + "\",\"approve\":" + (approve ? "true" : "false") + "}}";
}
