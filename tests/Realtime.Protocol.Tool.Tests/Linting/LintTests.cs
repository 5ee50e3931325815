using System.Text;
using System.Text.Json.Nodes;
using Realtime.Protocol.CommandLine.Tests.Support;

namespace Realtime.Protocol.CommandLine.Tests.Linting;

public sealed class LintTests
{
    private const string Clean = """
        {"t_ms":0.5,"dir":"server","event":{"type":"session.created","event_id":"event_1","session":{"type":"realtime"}}}
        {"t_ms":10,"dir":"client","event":{"type":"response.create","event_id":"e1"}}
        {"t_ms":20,"dir":"server","event":{"type":"response.created","event_id":"event_2","response":{"id":"resp_1","status":"in_progress","conversation_id":"conv_1"}}}

        """;

    private const string Refused = """
        {"t_ms":900,"dir":"client","event":{"type":"response.create","event_id":"e2"}}
        {"t_ms":910,"dir":"server","event":{"type":"error","event_id":"event_3","error":{"type":"invalid_request_error","code":"conversation_already_has_active_response","message":"No.","param":null,"event_id":"e2"}}}

        """;

    [Fact]
    public async Task CleanLog_IsSaidToBeClean()
    {
        ToolRun run = await LintAsync(Clean);

        Assert.Equal(("No rule is broken in 3 events.\n", "", ExitCode.Done), (run.Output, run.Error, run.ExitCode));
    }

    [Fact]
    public async Task BrokenRule_IsNamedWithItsLine()
    {
        ToolRun run = await LintAsync(Clean + Refused);

        Assert.Equal(ExitCode.DoneWithProblems, run.ExitCode);
        Assert.Equal(
            "line 4 (0.900 s): response.create (e2) while resp_1 is active. Wait for its response.done. [create-while-active, refused]\n"
            + "1 rule is broken in 5 events: 0 harmful, 1 refused, 0 wasteful.\n",
            run.Output);
    }

    [Fact]
    public async Task Json_IsOneObjectALine()
    {
        ToolRun run = await LintAsync(Clean + Refused, "--json");

        JsonNode entry = JsonNode.Parse(run.Output)!;
        Assert.Equal(["rule", "level", "connection", "t_ms", "event", "type", "event_id", "says", "instead", "times"], entry.AsObject().Select(static member => member.Key));
        Assert.Equal(("create-while-active", "refused", 4, "e2", 900.0), ((string?)entry["rule"], (string?)entry["level"], (int)entry["event"]!, (string?)entry["event_id"], (double)entry["t_ms"]!));
    }

    [Theory]
    [InlineData("harmful", 0)]
    [InlineData("refused", 1)]
    [InlineData("wasteful", 1)]
    [InlineData("never", 0)]
    public async Task FailOn_DecidesTheExitCode(string level, int expected)
    {
        ToolRun run = await LintAsync(Clean + Refused, "--fail-on", level);

        Assert.Equal(expected, (int)run.ExitCode);
    }

    [Fact]
    public async Task LogWithoutTimes_IsJudgedByOrder()
    {
        string log = System.Text.RegularExpressions.Regex.Replace(Clean + Refused, "\"t_ms\":[0-9.]+,", "");

        ToolRun run = await LintAsync(log);

        Assert.StartsWith("line 4: response.create (e2) while resp_1 is active.", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LineThatIsNoEvent_MakesTheVerdictIncomplete()
    {
        ToolRun run = await LintAsync(Clean + "oops\n" + Refused);

        Assert.Equal(ExitCode.UnusableInput, run.ExitCode);
        Assert.StartsWith("line 4: ", run.ErrorLines[0], StringComparison.Ordinal);
        Assert.Equal("1 line is no event, so what the client did is known in part only.", run.ErrorLines[1]);
        Assert.StartsWith("line 5 (0.900 s): ", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("{\"dir\":\"server\",\"close\":{\"code\":1000}}\n")]
    public async Task LogWithoutAnEvent_IsUnusable(string log)
    {
        ToolRun run = await LintAsync(log);

        Assert.Equal(ExitCode.UnusableInput, run.ExitCode);
        Assert.StartsWith("There is no event in it.", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task FileThatIsNotThere_IsUnusable()
    {
        ToolRun run = await ToolRun.OfAsync("lint", "nowhere.jsonl");

        Assert.Equal(ExitCode.UnusableInput, run.ExitCode);
        Assert.StartsWith("There is no file nowhere.jsonl.", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatWasNotJson_IsJudgedAsItWasOnTheWire()
    {
        ToolRun run = await LintAsync(Clean + """{"t_ms":30,"dir":"client","not_json":"{\"type\":"}""" + "\n");

        Assert.Contains("this is not JSON. Send each event as one JSON object in one text message. [message-not-json, refused]", run.Output, StringComparison.Ordinal);
    }

    private static Task<ToolRun> LintAsync(string log, params string[] options) => ToolRun.OfAsync(["lint", .. options], new() { AudioIn = Encoding.UTF8.GetBytes(log) });
}
