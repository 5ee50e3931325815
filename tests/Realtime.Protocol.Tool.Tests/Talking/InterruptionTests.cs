using System.Text.Json;
using Realtime.Protocol.CommandLine.Tests.Support;

namespace Realtime.Protocol.CommandLine.Tests.Talking;

public sealed class InterruptionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task WhatWasHeard_IsWhereTheAnswerIsCut()
    {
        string log = _folder.File("log.jsonl");

        ToolRun run = await TalkAsync("--interrupt-after", "500", "--log", log);

        Assert.Equal(("", ExitCode.Done), (run.Error, run.ExitCode));
        JsonElement cancel = Assert.Single(LogFile.Sent(log, "response.cancel"));
        JsonElement truncate = Assert.Single(LogFile.Sent(log, "conversation.item.truncate"));
        Assert.Equal(500, truncate.GetProperty("audio_end_ms").GetInt64());
        long receivedMs = LogFile.Received(log, "response.output_audio.delta").Sum(static delta => delta.GetProperty("delta_bytes").GetInt64()) / 48;
        Assert.InRange(500, 1, receivedMs);
        JsonElement done = Assert.Single(LogFile.Received(log, "response.done")).GetProperty("response");
        Assert.Equal("cancelled", done.GetProperty("status").GetString());
        Assert.Equal(done.GetProperty("id").GetString(), cancel.GetProperty("response_id").GetString());
        Assert.Equal(500, Assert.Single(LogFile.Received(log, "conversation.item.truncated")).GetProperty("audio_end_ms").GetInt64());
        Assert.Empty(LogFile.Sent(log, "conversation.item.delete"));
        Assert.Single(LogFile.Sent(log, "response.create"));
        byte[] answer = Support.Speech.SamplesOf(_folder.File("out.wav"));
        Assert.InRange(answer.Length, 500 * 48, receivedMs * 48);
    }

    [Fact]
    public async Task WhatWasNotHeardAtAll_IsDeleted()
    {
        string log = _folder.File("log.jsonl");

        ToolRun run = await TalkAsync("--interrupt-after", "0", "--log", log);

        Assert.Equal(("", ExitCode.Done), (run.Error, run.ExitCode));
        Assert.Single(LogFile.Sent(log, "response.cancel"));
        JsonElement delete = Assert.Single(LogFile.Sent(log, "conversation.item.delete"));
        Assert.Equal(delete.GetProperty("item_id").GetString(), Assert.Single(LogFile.Received(log, "conversation.item.deleted")).GetProperty("item_id").GetString());
        Assert.Empty(LogFile.Sent(log, "conversation.item.truncate"));
    }

    [Fact]
    public async Task ShortAnswer_IsOverBeforeItsInterruption()
    {
        string log = _folder.File("log.jsonl");

        ToolRun run = await TalkAsync(500, "--interrupt-after", "60000", "--log", log);

        Assert.Equal(ExitCode.Done, run.ExitCode);
        Assert.Contains("outcome      completed", run.Output, StringComparison.Ordinal);
        Assert.Empty(LogFile.Sent(log, "response.cancel"));
    }

    [Fact]
    public async Task Json_TellsOfTheInterruption()
    {
        ToolRun run = await TalkAsync("--interrupt-after", "500", "--json");

        using JsonDocument summary = JsonDocument.Parse(run.Output);
        Assert.Equal("interrupted", summary.RootElement.GetProperty("outcome").GetString());
        JsonElement interruption = summary.RootElement.GetProperty("interruption");
        Assert.Equal(1, interruption.GetProperty("cancellations").GetInt32());
        Assert.Equal([500L], interruption.GetProperty("truncations_ms").EnumerateArray().Select(static value => value.GetInt64()));
        Assert.Equal(0, interruption.GetProperty("deletions").GetInt32());
        Assert.Equal(500, summary.RootElement.GetProperty("answer").GetProperty("played_ms").GetDouble());
    }

    // Long enough that the answer is still coming when it is interrupted, however slow the machine.
    private Task<ToolRun> TalkAsync(params string[] more) => TalkAsync(10_000, more);

    private Task<ToolRun> TalkAsync(int milliseconds, params string[] more) => ToolRun.OfAsync([
        "talk", "--fast", "--in", _folder.File("in.wav", Support.Speech.Wav(Support.Speech.Samples(milliseconds))), "--out", _folder.File("out.wav"), .. more]);
}
