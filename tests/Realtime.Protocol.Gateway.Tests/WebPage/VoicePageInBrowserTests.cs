using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Realtime.Protocol.OutlivingTalk;

namespace Realtime.Protocol.Gateway.Tests;

/// <summary>The page in a browser, whose microphone is somebody who says the same again and again: it asks, is answered, and talks over the next answer.</summary>
[Collection(nameof(BrowserPage))]
public sealed partial class VoicePageInBrowserTests
{
    private const int HangsAfterMs = 120_000;

    // 200 ms of sound from one report to the next, a piece of it, and what the page allows a loudspeaker until it is heard; no time of this machine.
    private const int MostUnreportedBytes = 48 * (200 + 6 + 1_000);

    // Keeps what the page tells a gateway to have been played.
    private const string KeepReports = """
        window.reports = [];
        const send = WebSocket.prototype.send;
        WebSocket.prototype.send = function (data) {
          if (typeof data === "string" && data.includes("played")) window.reports.push(JSON.parse(data));
          return send.call(this, data);
        };
        """;

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
        await using BrowserPage page = await BrowserPage.OpenAsync(address, Question(), KeepReports);
        Assert.Equal("idle", (string)(await page.CallAsync("call.state === 'idle'"))["state"]!);

        await page.PressEnterAsync(); // the button has the focus
        JsonNode answered = await page.CallAsync("call.turns.some(turn => turn.isWhole && turn.played > 0)");
        JsonNode interrupted = await page.CallAsync("call.turns.some(turn => turn.isCleared && turn.cutAt > 0)");

        // What the first gateway knows of it.
        JsonNode whole = Turn(answered, static turn => (bool)turn["isWhole"]!);
        JsonNode cut = Turn(interrupted, static turn => (bool)turn["isCleared"]! && turn["cutAt"] is { } at && (long)at > 0);
        var told = new GatewayWords(first);
        Told cutThere = await told.OfAsync((int)cut["turn"]!, static turn => turn.Outcome == "Interrupted");
        Assert.InRange(cutThere.Heard, 1, cutThere.Sent - 1);
        long[] reports = [.. (await page.EvaluateAsync($"window.reports.filter(report => report.turn === {(int)cut["turn"]!}).map(report => report.bytes)"))!.AsArray().Select(static bytes => (long)bytes!)];
        Assert.Contains(cutThere.Heard, reports);
        Assert.InRange((long)cut["cutAt"]! - reports.Max(), 0, MostUnreportedBytes);
        Told wholeThere = await told.OfAsync((int)whole["turn"]!, static turn => turn.Heard == turn.Sent);
        Assert.Equal(("Completed", "Reported", "Reported"), (wholeThere.Outcome, wholeThere.Basis, cutThere.Basis));
        Assert.Equal((wholeThere.Sent, wholeThere.Sent), ((long)whole["bytes"]!, (long)whole["played"]!));
        Assert.InRange((int)whole["firstSoundMs"]!, 100, 10_000);

        // What people see of it.
        string[] said = [.. (await page.EvaluateAsync("[...document.querySelectorAll('#said li')].map(row => `${row.className}: ${row.querySelector('p').textContent}`)"))!.AsArray().Select(static row => (string)row!)];
        int answer = Array.FindIndex(said, static row => row.StartsWith("model ", StringComparison.Ordinal));
        Assert.InRange(Array.IndexOf(said, "caller final: Do you have the touring bicycle in blue?"), 0, answer - 1);
        Assert.Contains("model final: Yes, seven are left.", said);
        Assert.Contains("interrupted after ", (string)(await page.EvaluateAsync("document.querySelector('#said li.cut small').textContent"))!, StringComparison.Ordinal);
        await first.KillAsync();

        JsonNode back = await page.CallAsync("call.state === 'talking' && call.lines === 2");
        Assert.Equal((string)answered["id"]!, (string)back["id"]!);
        Assert.StartsWith(second.Address("/call/").AbsoluteUri, (string)back["gateway"]!, StringComparison.Ordinal);
        Assert.InRange((int)back["items"]!, 2, 100);
        JsonNode resumed = await page.CallAsync("call.turns.some(turn => turn.line === 2 && turn.isWhole && turn.played > 0)");
        JsonNode after = Turn(resumed, turn => (int)turn["line"]! == 1 && (int)turn["turn"]! == (int)cut["turn"]!);
        Assert.Equal((long)cut["cutAt"]!, (long)after["played"]!); // nothing of it was played since
        if (Environment.GetEnvironmentVariable("REALTIME_PAGE_PICTURE") is { Length: > 0 } picture)
        {
            await page.AskAsync("Emulation.setDeviceMetricsOverride", new() { ["width"] = 760, ["height"] = 860, ["deviceScaleFactor"] = 1, ["mobile"] = false });
            await page.EvaluateAsync("new Promise(met => { const look = () => document.body.dataset.speaks === 'caller' ? met() : requestAnimationFrame(look); look(); })");
            await File.WriteAllBytesAsync(picture, await page.PictureAsync(), Stop);
        }

        await page.PressEnterAsync();
        Assert.Equal("You hung up.", (string)(await page.CallAsync("call.state === 'over'"))["says"]!);
        VoiceCall call = await goesOn.Task.WaitAsync(Stop);
        Assert.Equal((string)back["id"]!, call.Id);
        Assert.Equal(CallEndKind.HungUp, (await call.Ended.WaitAsync(Stop)).Kind);
        Assert.Empty(page.Complaints);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task ACallThatMoves_IsDialledAgainAtOnce_AndOneThatIsTakenElsewhere_IsLeft()
    {
        VoiceCallsOptions? taken = null;
        await using TestGateway second = await TestGateway.StartAsync(app => app.MapVoiceCalls("/call/{id}", options => (taken = options).RequireTicket = false));
        await using TestGateway first = await TestGateway.StartAsync(app =>
        {
            app.MapVoiceCalls("/call/{id}", static options => options.RequireTicket = false);
            app.MapVoicePage("/", options => options.Gateways.Add(second.Http));
            app.MapVoicePage("/support", static options => options.CallPath = "/support/call/");
        });
        taken!.AllowedOrigins.Add(first.Http.GetLeftPart(UriPartial.Authority));
        await using BrowserPage page = await BrowserPage.OpenAsync(first.Http, new byte[48_000]);
        await page.PressEnterAsync();
        JsonNode here = await page.CallAsync("call.state === 'talking'");
        Assert.Equal((1, 0), ((int)here["lines"]!, (int)here["items"]!));

        // A page that is loaded again has not forgotten its call, and one that calls elsewhere does not take it for its own.
        await page.NavigateAsync(new(first.Http, "/support"));
        Assert.Equal("Press Call, and speak.", (string)(await page.EvaluateAsync("document.getElementById('status').textContent"))!);
        await page.NavigateAsync(first.Http);
        Assert.Equal("Your call was left. Press Call to go on with it.", (string)(await page.EvaluateAsync("document.getElementById('status').textContent"))!);
        await page.PressEnterAsync();
        JsonNode again = await page.CallAsync("call.state === 'talking'");
        Assert.Equal(((string)here["id"]!, 1), ((string)again["id"]!, (int)again["lines"]!));

        await first.StopAsync();
        JsonNode there = await page.CallAsync("call.state === 'talking' && call.lines === 2");
        Assert.Equal((1012, (string)here["id"]!), ((int)there["code"]!, (string)there["id"]!));

        await using TestPhone phone = await TestPhone.DialAsync(second.Address($"/call/{(string)there["id"]!}"), static options => options.AddSubProtocol("realtime-call.v1"));
        JsonNode over = await page.CallAsync("call.state === 'over'");
        Assert.Equal((4001, "The call was taken up somewhere else."), ((int)over["code"]!, (string)over["says"]!));
        Assert.Equal("Call", (string)(await page.EvaluateAsync("document.getElementById('call').textContent"))!);
        Assert.Empty(page.Complaints);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task WhoGetsNoTicket_IsTold_AndNobodyIsDialled()
    {
        await using TestGateway gateway = await TestGateway.StartAsync(static app =>
        {
            app.MapPost("/ticket/{id}", static context =>
            {
                context.Response.Redirect("/login");
                return Task.CompletedTask;
            });
            app.MapVoiceCalls("/call/{id}");
            app.MapVoicePage("/", static options => options.TicketPath = "/ticket/");
        });
        await using BrowserPage page = await BrowserPage.OpenAsync(gateway.Http, new byte[48_000]);
        await page.PressEnterAsync();

        JsonNode over = await page.CallAsync("call.state === 'over'");
        Assert.Equal((0, 0, "The application gives no ticket to this call. Sign in, or load the page again."), ((int)over["code"]!, (int)over["lines"]!, (string)over["says"]!));
        Assert.Empty(gateway.Models);
        Assert.Empty(page.Complaints);
    }

    /// <summary>Firefox does not bring a microphone to the rate of a context. The samples are changed here as there, and the browser's own change is left out.</summary>
    [Fact(Timeout = HangsAfterMs)]
    public async Task AMicrophoneOfAnotherRate_IsBroughtToTheCalls()
    {
        await using TestGateway gateway = await TestGateway.StartAsync(
            static app =>
            {
                app.MapVoiceCalls("/call/{id}", static options => options.RequireTicket = false);
                app.MapVoicePage("/");
            },
            session: static options => options.Session = options.Session with { Transcription = "gpt-4o-transcribe" });
        await using BrowserPage page = await BrowserPage.OpenAsync(gateway.Http, Question(), """
            const create = AudioContext.prototype.createMediaStreamSource;
            AudioContext.prototype.createMediaStreamSource = function (stream) {
              if (this.sampleRate === 24000) throw new DOMException("Not of another rate.", "NotSupportedError");
              window.microphoneRate = this.sampleRate;
              return create.call(this, stream);
            };
            """);
        await page.PressEnterAsync();

        // Transcripts say how long it was: three quarters of a second, and what stands around it; at another rate it would be twice that, or half. It is said again and again: where the machine is busy, the browser's microphone has gaps.
        JsonNode words = (await page.EvaluateAsync("""
            new Promise(met => {
              const look = () => {
                const said = [...document.querySelectorAll("li.caller.final p")].map(row => row.textContent);
                if (said.some(words => /^(0[.][89]|1[.][0-4]) seconds of speech[.]$/.test(words)) || said.length === 10) met(said);
              };
              new MutationObserver(look).observe(document.getElementById("said"), { childList: true, subtree: true, attributes: true });
              look();
            })
            """))!;
        Assert.Contains(words.AsArray(), static said => Regex.IsMatch((string)said!, "^(0[.][89]|1[.][0-4]) seconds of speech[.]$"));
        Assert.NotEqual(24_000, (int)(await page.EvaluateAsync("window.microphoneRate"))!);

        // A tone that both rates have comes out as it is; one that only the higher rate has does not come out.
        string worklets = await File.ReadAllTextAsync(RepositoryFolder.PathOf("src", "Realtime.Protocol.Gateway", "WebPage", "Page", "worklets.js"), Stop);
        string resampler = worklets[worklets.IndexOf("class Resampler", StringComparison.Ordinal)..worklets.IndexOf("class Microphone", StringComparison.Ordinal)];
        JsonNode errors = (await page.EvaluateAsync($$"""
            (() => {
              {{resampler}}
              const error = (from, tone, due) => {
                const resampler = new Resampler(from, 24000);
                const out = [];
                for (let at = 0; at < from; at += 128) resampler.push(Float32Array.from({ length: 128 }, (_, i) => Math.sin(2 * Math.PI * tone * (at + i) / from)), sample => out.push(sample));
                const late = resampler.half / from * 24000 + 24000 / from; // in samples of the output
                let most = 0;
                for (let i = 2000; i < 20000; i++) most = Math.max(most, Math.abs(out[i] - due * Math.sin(2 * Math.PI * tone * (i - late) / 24000)));
                return [Math.abs(out.length - 24000) <= 80 ? most : 99, from, tone];
              };
              return [error(48000, 1000, 1), error(44100, 3000, 1), error(16000, 1000, 1), error(32000, 9000, 1), error(48000, 15000, 0), error(44100, 14000, 0)];
            })()
            """))!;
        Assert.All(errors.AsArray(), static error => Assert.True((double)error![0]! < 0.01, error.ToJsonString()));
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
