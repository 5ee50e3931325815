using System.Text.Json.Nodes;

namespace Realtime.Protocol.Gateway.Tests;

/// <summary>The page's line and its loudspeaker, each in a browser with a world around it that a test makes: what comes, when it comes, and what time it is.</summary>
[Collection(nameof(BrowserPage))]
public sealed class PageProgramsInBrowserTests
{
    private const int HangsAfterMs = 120_000;

    // Sockets, tickets and a clock for closings.js and line.js. `hold` is a page that is held: time goes on, and what is due runs afterwards, once.
    private const string World = """
        Math.random = () => 0.5; // or one wait in a hundred before a line is dialled again is none
        const world = tickets => {
          let [now, last, tasks] = [0, 0, []];
          const sockets = [];
          const told = [];
          const plan = (run, ms, every) => tasks.push({ id: ++last, at: now + ms, run, every }) && last;
          const drop = id => { tasks = tasks.filter(task => task.id !== id); };
          const advance = ms => {
            const until = now + ms;
            for (let next; next = tasks.filter(task => task.at <= until).sort((one, other) => one.at - other.at)[0];) {
              now = Math.max(now, next.at);
              if (next.every) next.at = now + next.every;
              else drop(next.id);
              next.run();
            }
            now = until;
          };
          class Socket {
            static OPEN = 1;
            constructor(address, protocols) {
              Object.assign(this, { address, protocols, readyState: 0, bufferedAmount: 0, sent: [], closedWith: null });
              sockets.push(this);
            }
            send(data) { this.sent.push(data); }
            close(...code) { [this.readyState, this.closedWith] = [2, code]; }
            open() { this.readyState = 1; this.onopen(); }
            hear(message) { this.onmessage({ data: JSON.stringify(message) }); }
            end(code) { this.readyState = 3; this.onclose({ code }); }
          }
          const tell = name => (...what) => { told.push([name, ...what]); };
          const on = Object.fromEntries(["dialling", "ready", "turn", "sound", "turnEnd", "clear", "caption", "waiting", "over"].map(name => [name, tell(name)]));
          const call = makeLine(
            Socket, (run, ms) => plan(run, ms), drop, (run, ms) => plan(run, ms, ms), drop, { now: () => now }, async () => tickets.shift()(), () => {}, () => {}, { baseURI: "https://a.example/" },
          )({ calls: "/call/", tickets: tickets ? "/ticket/" : null, gateways: ["wss://b.example/call/"] }, "42", on);
          return { call, sockets, told, advance, hold: ms => { now += ms; advance(0); }, settle: () => new Promise(met => { setTimeout(met); }) };
        };
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = HangsAfterMs)]
    public async Task ALineThatAnswers_IsKept_HoweverLateTheClock_AndOneThatDoesNot_IsBrokenOff_ByACodeThatIsNoGoodbye()
    {
        await using BrowserPage page = await OpenAsync();
        JsonNode seen = await RunAsync(page, """
            const { call, sockets, told, advance, hold, settle } = world(null);
            call.dial();
            await settle();
            const [line] = sockets;
            line.open();
            advance(19000);
            const beforeReady = [line.sent.length, line.closedWith];
            line.hear({ type: "ready", items: 0 });
            advance(5000);
            hold(3600000);
            line.hear({ type: "pong" });
            hold(20000);
            line.hear({ type: "pong" });
            const held = [line.sent.length, line.closedWith];
            advance(19999);
            const silent = [line.sent.length, line.closedWith];
            advance(1);
            return { beforeReady, held, silent, brokenOff: line.closedWith, told: told.at(-1) };
            """);

        Assert.Equal("""{"beforeReady":[0,null],"held":[3,null],"silent":[6,null],"brokenOff":[4000],"told":["waiting",1006,"The line broke."]}""", seen.ToJsonString());
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task WhatIsSaid_GoesToTheFirstGatewayThatIsReady_AndNoWordOfItToTwo()
    {
        await using BrowserPage page = await OpenAsync();
        JsonNode seen = await RunAsync(page, """
            const { call, sockets, advance, settle } = world(null);
            call.speak("before");
            call.dial();
            await settle();
            sockets[0].open();
            call.speak("open");
            sockets[0].end(1013);
            advance(50);
            await settle();
            sockets[1].open();
            call.speak("again");
            sockets[1].hear({ type: "ready", items: 0 });
            call.speak("now");
            const first = sockets.map(line => line.sent);
            sockets[1].end(1006);
            for (let i = 0; i < 130; i++) call.speak(i);
            advance(1000);
            await settle();
            sockets[2].open();
            sockets[2].hear({ type: "ready", items: 2 });
            return { first, later: [sockets[2].sent.length, sockets[2].sent[0], sockets[2].sent.at(-1)], gateways: sockets.map(line => line.address) };
            """);

        Assert.Equal(
            """{"first":[[],["before","open","again","now"]],"later":[125,5,129],"gateways":["wss://a.example/call/42","wss://b.example/call/42","wss://a.example/call/42"]}""",
            seen.ToJsonString());
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task ATicketWhoseAnswerBreaksOff_IsFetchedAgain_AndALoginInItsPlace_IsARefusal()
    {
        await using BrowserPage page = await OpenAsync();
        JsonNode seen = await RunAsync(page, """
            const { call, sockets, told, advance, settle } = world([
              () => ({ ok: true, status: 200, text: () => Promise.reject(new TypeError("network error")) }),
              () => ({ ok: true, status: 200, text: async () => '"AAAB_-9"' }),
              () => ({ ok: true, status: 200, text: async () => "<!doctype html><title>Sign in</title>" }),
            ]);
            call.dial();
            await settle();
            const first = told.at(-1);
            advance(50);
            await settle();
            const second = sockets[0].protocols;
            for (let i = 0; i < 2; i++) {
              sockets.at(-1).end(1006);
              advance(10000);
              await settle();
            }
            return { first, second, lines: sockets.length, last: told.at(-1) };
            """);

        // The second gateway is shown the ticket that the first has seen; then there is none that one of them has not seen.
        Assert.Equal(
            """{"first":["waiting",1006,"The line broke."],"second":["realtime-call.v1","ticket.AAAB_-9"],"lines":2,"last":["over",0,"The application gives no ticket to this call. Sign in, or load the page again."]}""",
            seen.ToJsonString());
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task TheFirstWait_IsShort_AndTheyGrow()
    {
        await using BrowserPage page = await OpenAsync();
        JsonNode seen = await RunAsync(page, "return [[0, 0], [0, 1], [1, 0], [1, 0.5], [1, 1], [2, 0.5], [6, 0.5], [7, 0.5], [40, 1]].map(([attempt, random]) => waits(attempt, random));");

        Assert.Equal("[0,50,188,250,313,500,8000,10000,12500]", seen.ToJsonString());
    }

    /// <summary>A loudspeaker takes a while; what was given to it can't be taken back.</summary>
    [Fact(Timeout = HangsAfterMs)]
    public async Task AClear_BetweenTheLastSampleAndTheEar_IsToldAsOne_AndNothingBehindIt()
    {
        await using BrowserPage page = await OpenAsync();
        string worklets = await ReadAsync("worklets.js");
        JsonNode seen = (await page.EvaluateAsync($$"""
            (() => {
              const sampleRate = 24000;
              let currentFrame = 0;
              class AudioWorkletProcessor {
                constructor() {
                  this.port = { told: [], postMessage(message) { this.told.push(message); } };
                }
              }
              const registerProcessor = () => {};
              {{worklets}}
              const play = clearAt => {
                const speaker = new Speaker();
                const say = data => speaker.port.onmessage({ data });
                for (const turn of [1, 2]) {
                  say({ turn, pcm: new Int16Array(1280).buffer, latency: 2400 });
                  say({ end: turn, samples: 1280 });
                }
                for (let quantum = 0; quantum < 80; quantum++, currentFrame += 128) {
                  if (quantum === clearAt) say({ clear: 2 });
                  speaker.process(null, [[new Float32Array(128)]]);
                }
                return speaker.port.told.map(message => JSON.stringify(message).replace(/,"frame":\d+|[{}"]/g, ""));
              };
              return [play(-1), play(35), play(25), play(15)];
            })()
            """))!;

        Assert.Equal(
            [
                "began:1,turn:1; turn:1,samples:1280,whole:true; began:2,turn:2; turn:2,samples:1280,whole:true",
                "began:1,turn:1; turn:1,samples:1280,whole:true; began:2,turn:2; cleared:2,samples:1280",
                "began:1,turn:1; cleared:1,samples:1280; cleared:2,samples:1280",
                "cleared:1,samples:1280; cleared:2,samples:640",
            ],
            seen.AsArray().Select(static told => string.Join("; ", told!.AsArray().Select(static message => (string)message!))));
    }

    private static Task<BrowserPage> OpenAsync() => BrowserPage.OpenAsync(new("data:text/html,"), []);

    private static async Task<JsonNode> RunAsync(BrowserPage page, string body) => (await page.EvaluateAsync($$"""
        (async () => {
          const { makeLine, waits } = (() => {
            {{await ReadAsync("closings.js")}}
            const makeLine = (WebSocket, setTimeout, clearTimeout, setInterval, clearInterval, performance, fetch, addEventListener, removeEventListener, document) => {
              {{await ReadAsync("line.js")}}
              return makeCall;
            };
            return { makeLine, waits: waitBefore };
          })();
          {{World}}
          {{body}}
        })()
        """))!;

    private static Task<string> ReadAsync(string program) => File.ReadAllTextAsync(RepositoryFolder.PathOf("src", "Realtime.Protocol.Gateway", "WebPage", "Page", program), Stop);
}
