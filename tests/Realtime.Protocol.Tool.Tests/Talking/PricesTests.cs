using System.Globalization;
using System.Text;
using System.Text.Json;
using Realtime.Protocol.CommandLine.Talking;
using Realtime.Protocol.CommandLine.Tests.Support;

namespace Realtime.Protocol.CommandLine.Tests.Talking;

/// <summary>What a conversation took and what that cost.</summary>
public sealed class PricesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task TokensOfTheLog_AtThePricesOfTheFile_AreTheCost()
    {
        string log = _folder.File("log.jsonl");
        ToolRun run = await ToolRun.OfAsync("talk", "--fast", "--json", "--text", "tool: clock", "--prices", Prices("""{"textInput":4,"textOutput":16,"audioOutput":64}"""), "--out", _folder.File("out.wav"), "--log", log);

        Assert.Equal(("", ExitCode.Done), (run.Error, run.ExitCode));
        using JsonDocument summary = JsonDocument.Parse(run.Output);
        JsonElement usage = summary.RootElement.GetProperty("usage");
        JsonElement[] reported = [.. LogFile.Received(log, "response.done").Select(static done => done.GetProperty("response").GetProperty("usage"))];
        Assert.Equal(2, reported.Length);
        long audio = reported.Sum(static one => one.GetProperty("output_token_details").GetProperty("audio_tokens").GetInt64());
        long written = reported.Sum(static one => one.GetProperty("output_token_details").GetProperty("text_tokens").GetInt64());
        long read = reported.Sum(static one => one.GetProperty("input_tokens").GetInt64());
        Assert.Equal((written, audio), (usage.GetProperty("output").GetProperty("text").GetInt64(), usage.GetProperty("output").GetProperty("audio").GetInt64()));
        Assert.True(audio > 0 && written > 0 && read > 0);
        Assert.Equal(((read * 4m) + (written * 16m) + (audio * 64m)) / 1_000_000, usage.GetProperty("cost").GetDecimal());
    }

    [Fact]
    public async Task TheSummary_TellsTokensAlways_AndTheCostWhenAsked()
    {
        ToolRun without = await ToolRun.OfAsync("talk", "--fast", "--text", "hello", "--out", _folder.File("out.wav"));
        ToolRun with = await ToolRun.OfAsync("talk", "--fast", "--text", "hello", "--prices", Prices("{}"), "--out", _folder.File("out.wav"));

        Assert.Matches(@"\ntokens       [1-9]\d* in \(0 cached\), [1-9]\d* out\n", without.Output);
        Assert.DoesNotContain("\ncost ", without.Output, StringComparison.Ordinal);
        Assert.Contains("\ncost         0.000000 by your prices\n", with.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "; 1 response did not report its tokens")]
    [InlineData(2, "; 2 responses did not report their tokens")]
    public void TokensThatNobodyReported_AreSaid_AndNotCounted(int missing, string told)
    {
        var report = new TalkReport
        {
            Verdict = new("completed", ExitCode.Done, null),
            Complaints = [],
            Usage = new(new(new(1200, 0), new(5, 0), new(7, 0)), default, default, missing),
            Cost = 0.5m,
        };

        string summary = SummaryText.Write(report);

        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"tokens       1,200 in (5 cached), 7 out{told}\n"), summary, StringComparison.Ordinal);
        Assert.Contains("cost         0.500000 by your prices, as far as it was reported\n", summary, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "The prices are no JSON: line 1, byte 0.")]
    [InlineData("[]", "The prices are an array; expected an object with a number for each price: line 1, byte 0.")]
    [InlineData("""{"audio":1}""", "The price \"audio\" is unknown: line 1, byte 1. Expected textInput, cachedTextInput, textOutput, audioInput, cachedAudioInput, audioOutput, imageInput or cachedImageInput.")]
    [InlineData("""{"textInput":-1}""", "The price \"textInput\" is no number from 0 to 1000000: line 1, byte 13.")]
    [InlineData("""{"textInput":"4"}""", "The price \"textInput\" is a text; expected a number from 0 to 1000000: line 1, byte 13.")]
    public async Task WhatIsNoListOfPrices_IsRefusedBeforeAnythingHappens(string prices, string why)
    {
        string path = Prices(prices);

        ToolRun run = await ToolRun.OfAsync("talk", "--text", "hello", "--prices", path, "--out", _folder.File("out.wav"));

        Assert.Equal((ExitCode.UnusableInput, $"{path} (--prices) can't be used. {why}"), (run.ExitCode, Assert.Single(run.ErrorLines)));
        Assert.False(File.Exists(_folder.File("out.wav")));
    }

    private string Prices(string json) => _folder.File("prices.json", Encoding.UTF8.GetBytes(json));
}
