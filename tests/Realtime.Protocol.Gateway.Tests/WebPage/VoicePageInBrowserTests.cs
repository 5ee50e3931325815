using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Realtime.Protocol.OutlivingTalk;

namespace Realtime.Protocol.Gateway.Tests;

/// <summary>The page in a browser, whose microphone is somebody who says the same again and again: it asks, is answered, and talks over the next answer.</summary>
public sealed partial class VoicePageInBrowserTests
{
    private const int HangsAfterMs = 120_000;

    // 200 ms from one report to the next, and what the loudspeaker takes until it is heard.
    private const int MostUnreportedBytes = 48 * 500;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = HangsAfterMs)]
    public async Task ThePage_Asks_IsAnswered_Interrupts_AndGoesOnAtTheSecondGateway_WhenTheFirstIsKilled()
    {
        using var folder = new JournalFolder();
        string key = Convert.ToHexString(RandomNumberGenerator.GetBytes(VoiceGatewayOptions.LeastTicketKeyBytes));
        VoiceCallsOptions? taken = null;
        var goesOn = new TaskCompletionSource<VoiceCall>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TestGateway second = await TestGateway.StartAsync(
            app => app.MapVoiceCalls("/call/{id}", options =>
            {
                taken = options;
                options.OnAnswered = (call, _) =>
                {
                    goesOn.TrySetResult(call);
                    return Task.CompletedTask;
                };
            }),
            session: options => CallableGateway.Configure(options, folder.Path, "B"),
            gateway: options => options.TicketKey = Convert.FromHexString(key));
        using TalkProcess first = TalkProcess.Start("gateway", folder.Path, key, second.Http.AbsoluteUri);
        Uri address = await first.ServiceAsync();
        taken!.AllowedOrigins.Add(address.GetLeftPart(UriPartial.Authority));
        await using BrowserPage page = await BrowserPage.OpenAsync(address, Question());
        Assert.Equal("idle", (string)(await page.CallAsync("call.state === 'idle'"))["state"]!);

        await page.PressEnterAsync(); // the button has the focus
        JsonNode answered = await page.CallAsync("call.turns.some(turn => turn.isWhole && turn.played > 0)");
        JsonNode interrupted = await page.CallAsync("call.turns.some(turn => turn.isCleared && turn.played > 0)");

        // What the first gateway knows of it.
        JsonNode whole = Turn(answered, static turn => (bool)turn["isWhole"]!);
        JsonNode cut = Turn(interrupted, static turn => (bool)turn["isCleared"]! && (long)turn["played"]! > 0);
        var told = new GatewayWords(first);
        Told cutThere = await told.OfAsync((int)cut["turn"]!, static turn => turn.Outcome == "Interrupted");
        Assert.InRange(cutThere.Heard, 1, cutThere.Sent - 1);
        Assert.InRange((long)cut["played"]! - cutThere.Heard, 0, MostUnreportedBytes);
        Told wholeThere = await told.OfAsync((int)whole["turn"]!, static turn => turn.Heard == turn.Sent);
        Assert.Equal(("Completed", "Reported", "Reported"), (wholeThere.Outcome, wholeThere.Basis, cutThere.Basis));
        Assert.Equal((wholeThere.Sent, wholeThere.Sent), ((long)whole["bytes"]!, (long)whole["played"]!));
        Assert.InRange((int)whole["firstSoundMs"]!, 100, 10_000);

        // What people see of it.
        string[] said = [.. (await page.EvaluateAsync("[...document.querySelectorAll('#said li')].map(row => `${row.className}: ${row.querySelector('p').textContent}`)"))!.AsArray().Select(static row => (string)row!)];
        Assert.Equal("caller final: Do you have the touring bicycle in blue?", said[0]);
        Assert.Equal("model final: Yes, seven are left.", said[1]);
        Assert.Contains("interrupted after ", (string)(await page.EvaluateAsync("document.querySelector('#said li.cut small').textContent"))!, StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("REALTIME_PAGE_PICTURE") is { Length: > 0 } picture)
        {
            await File.WriteAllBytesAsync(picture, await page.PictureAsync(), Stop);
        }

        await first.KillAsync();

        JsonNode back = await page.CallAsync("call.state === 'talking' && call.lines === 2");
        Assert.Equal((string)answered["id"]!, (string)back["id"]!);
        Assert.StartsWith(second.Address("/call/").AbsoluteUri, (string)back["gateway"]!, StringComparison.Ordinal);
        Assert.InRange((int)back["items"]!, 2, 100);
        await page.CallAsync("call.turns.some(turn => turn.line === 2 && turn.isWhole && turn.played > 0)");

        await page.PressEnterAsync();
        Assert.Equal("You hung up.", (string)(await page.CallAsync("call.state === 'over'"))["says"]!);
        VoiceCall call = await goesOn.Task.WaitAsync(Stop);
        Assert.Equal((string)back["id"]!, call.Id);
        Assert.Equal(CallEndKind.HungUp, (await call.Ended.WaitAsync(Stop)).Kind);
        Assert.Empty(page.Complaints);
    }

    /// <summary>Three quarters of a second of speech, and more than two of silence.</summary>
    internal static byte[] Question()
    {
        byte[] speech = File.ReadAllBytes(RepositoryFolder.PathOf("src", "Realtime.Protocol.Tool", "Speech", "question.wav")).AsSpan(44, 48 * 750).ToArray();
        return [.. new byte[48 * 250], .. speech, .. new byte[48 * 2_000]];
    }

    private static JsonNode Turn(JsonNode call, Func<JsonNode, bool> which) => call["turns"]!.AsArray().First(turn => which(turn!))!;

    private sealed record Told(string Outcome, long Heard, long Sent, string Basis);

    /// <summary>What the first gateway says of its turns: of all of them, whenever one ends.</summary>
    private sealed class GatewayWords(TalkProcess gateway)
    {
        private readonly Dictionary<int, Told> _turns = [];

        public async Task<Told> OfAsync(int turn, Func<Told, bool> known)
        {
            Told? told;
            while (!_turns.TryGetValue(turn, out told) || !known(told))
            {
                Match line = TurnLine().Match(await gateway.ReadLineAsync() ?? throw new InvalidOperationException("The gateway has ended."));
                Assert.True(line.Success, line.Value);
                _turns[(int)Number(line.Groups[1])] = new(line.Groups[2].Value, Number(line.Groups[3]), Number(line.Groups[4]), line.Groups[5].Value);
            }

            return told;
        }

        private static long Number(Group group) => long.Parse(group.ValueSpan, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"^turn (\d+): (\w+), (\d+) of (\d+) heard, (\w+)$")]
    private static partial Regex TurnLine();

    private sealed class JournalFolder : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("realtime-page-");

        public string Path => _folder.FullName;

        public void Dispose() => _folder.Delete(recursive: true);
    }
}
