using System.Text.Json;
using Realtime.Protocol.CommandLine.Chaos;
using Realtime.Protocol.CommandLine.Tests.Support;

namespace Realtime.Protocol.CommandLine.Tests.Chaos;

public sealed class ChaosTests
{
    private const int HangsAfterMs = 300_000;

    [Fact(Timeout = HangsAfterMs)]
    public async Task GatewaysThatAreKilledAndDrained_LoseNothing()
    {
        ToolRun run = await ToolRun.OfAsync("chaos", "--calls", "2", "--turns", "1", "--kinds", "kill,drain", "--json");

        Assert.Equal(("", ExitCode.Done), (run.Error, run.ExitCode));
        JsonElement said = JsonDocument.Parse(run.Output).RootElement;
        Assert.Equal(("files", 4, 4, 0), (said.GetProperty("journal").GetString(), said.GetProperty("questions").GetInt32(), said.GetProperty("answered_once").GetInt32(), said.GetProperty("faults").GetArrayLength()));
        Assert.All(said.GetProperty("deeds").EnumerateArray(), static deed => Assert.Equal(2, deed.GetProperty("resumed").GetInt32()));
        Assert.All(said.GetProperty("deeds").EnumerateArray(), static deed => Assert.True(deed.GetProperty("resume_ms").GetProperty("p50").GetDouble() > 0));
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task GatewaysWithoutAJournal_FailIt()
    {
        ToolRun run = await ToolRun.OfAsync("chaos", "--calls", "2", "--turns", "2", "--kinds", "kill,kill", "--journal", "none");

        Assert.Equal(ExitCode.DoneWithProblems, run.ExitCode);
        Assert.Contains(run.ErrorLines, static line => line.Contains("items had been said and 0 were restored", StringComparison.Ordinal) || line.Contains("was lost, though its answer had sounded", StringComparison.Ordinal));
        Assert.Contains(run.ErrorLines, static line => line.Contains("the journal holds nothing of it", StringComparison.Ordinal));
    }

    [Theory(Timeout = HangsAfterMs)]
    [InlineData("--kinds takes kill, stop, drain, store, with commas between them, not \"fire\". See realtime chaos --help.", "--kinds", "kill,fire")]
    [InlineData("--calls takes a number of calls from 1 to 1000, not \"0\". See realtime chaos --help.", "--calls", "0")]
    [InlineData("A store that is given is not taken away: leave store out of --kinds, or let --journal be file, postgresql or redis.", "--journal", "none", "--kinds", "store")]
    [InlineData("The environment variable that --journal-variable names is not set, or empty.", "--journal-variable", "NOWHERE")]
    public async Task WhatCannotBe_IsOneLine(string expected, params string[] args)
    {
        ToolRun run = await ToolRun.OfAsync(["chaos", .. args]);

        Assert.Equal(("", ExitCode.UnusableInput), (run.Output, run.ExitCode));
        Assert.Equal(expected, Assert.Single(run.ErrorLines));
    }

    [Theory]
    [InlineData("Answer 3.", 3)]
    [InlineData("Answer 12.", 12)]
    [InlineData("Answer 1", 0)]
    [InlineData("Answer", 0)]
    [InlineData("Answer three.", 0)]
    [InlineData("", 0)]
    public void AnAnswer_SaysWhichQuestionItAnswers(string words, int question) => Assert.Equal(question, CountingModel.QuestionOf(words));

    [Fact]
    public void ASpread_IsOfTimesThatWereMeasured()
    {
        TimeSpan[] times = [.. Enumerable.Range(1, 20).Reverse().Select(static ms => TimeSpan.FromMilliseconds(ms))];

        Assert.Equal(new Spread(10, 19, 20), Spread.Of(times));
        Assert.Equal(new Spread(7, 7, 7), Spread.Of([TimeSpan.FromMilliseconds(7)]));
        Assert.Null(Spread.Of([]));
    }
}
