using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Model;
using Realtime.Protocol.Testing.Simulation.Responses;

namespace Realtime.Protocol.Gateway.Tests;

/// <summary>Whole calls of our own protocol, over a WebSocket on loopback: dialling, both directions, every end that a caller can see.</summary>
public class VoiceCallTests
{
    private const int HangsAfterMs = 60_000;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = HangsAfterMs)]
    public async Task ACall_IsReady_IsHeard_Answers_AndIsPlayed()
    {
        byte[] answer = SpeakingModel.Sound(48_000);
        var answered = new TaskCompletionSource<VoiceCall>();
        await using TestGateway gateway = await StartAsync(new SpeakingModel(answer), options => options.OnAnswered = (call, _) =>
        {
            answered.SetResult(call);
            return Task.CompletedTask;
        });
        await using TestPhone phone = await DialAsync(gateway);

        JsonNode ready = (await phone.HearAsync()).Json!;
        Assert.Equal("""{"type":"ready","call":"42","items":0,"audio":{"encoding":"pcm16","rate":24000},"limits":{"messageBytes":65536,"aheadMs":15000}""", ready.ToJsonString().Split(",\"ticket\"")[0]);
        VoiceCall call = await answered.Task;
        await SpeakAsync(phone);
        (byte[] heard, JsonNode end) = await PlayAsync(phone);

        Assert.Equal(answer, heard);
        Assert.Equal($$"""{"type":"turn_end","turn":1,"bytes":{{answer.Length}}}""", end.ToJsonString());
        Turn turn = await FirstTurnAsync(call);
        Assert.Equal(new(0, HeardBasis.Reported), turn.Heard);
        await phone.SayAsync($$"""{"type":"played","turn":1,"bytes":{{answer.Length}}}""");
        await PingAsync(phone);
        Assert.Equal(new(answer.Length, HeardBasis.Reported), turn.Heard);
        await phone.HangUpAsync();
        Assert.Equal(CallEndKind.HungUp, (await call.Ended.WaitAsync(Stop)).Kind);
        Assert.Contains("HungUp", await gateway.EndLineAsync("42"), StringComparison.Ordinal);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task ABargeIn_Clears_AndWhatComesLateSaysNothing()
    {
        var answered = new TaskCompletionSource<VoiceCall>();
        await using TestGateway gateway = await StartAsync(new SpeakingModel(SpeakingModel.Sound(96_000)), options => options.OnAnswered = (call, _) =>
        {
            answered.SetResult(call);
            return Task.CompletedTask;
        });
        await using TestPhone phone = await DialAsync(gateway);
        VoiceCall call = await answered.Task;
        Turn first = call.Session.Respond();
        await PlayAsync(phone);
        await phone.SayAsync("""{"type":"played","turn":1,"bytes":9600}""");
        await PingAsync(phone);

        call.Session.Interrupt();
        JsonNode clear = await phone.HearAsync(static json => (string)json["type"]! == "clear");
        Assert.Equal("""{"type":"clear","turn":1}""", clear.ToJsonString());
        Turn second = call.Session.Respond();
        await PlayAsync(phone);
        await phone.SayAsync("""{"type":"played","turn":1,"bytes":96000}""");
        await phone.SayAsync("""{"type":"played","turn":2,"bytes":4800}""");
        await phone.SayAsync("""{"type":"played","turn":2,"bytes":2400}""");
        await phone.SayAsync("""{"type":"played","turn":3,"bytes":96000}""");
        await PingAsync(phone);

        Assert.Equal((9_600, 4_800), (first.Heard.Bytes, second.Heard.Bytes));
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task BothSides_HaveCaptions()
    {
        await using TestGateway gateway = await StartAsync(new SpeakingModel(new byte[4_800]), session: static options => options.Session = options.Session with { Transcription = "gpt-4o-transcribe" });
        await using TestPhone phone = await DialAsync(gateway);
        await SpeakAsync(phone);

        var words = new Dictionary<string, string> { ["caller"] = "", ["model"] = "" };
        int open = 2;
        while (open > 0)
        {
            JsonNode caption = await phone.HearAsync(static json => (string)json["type"]! == "caption");
            bool isFinal = (bool)caption["final"]!;
            string side = (string)caption["side"]!;
            words[side] = isFinal && side == "caller" ? (string)caption["text"]! : words[side] + (string)caption["text"]!;
            Assert.Equal(1, (int)caption[side == "caller" ? "utterance" : "turn"]!);
            open -= isFinal ? 1 : 0;
        }

        Assert.Equal("Answer 1.", words["model"]);
        Assert.NotEqual("", words["caller"]);
    }

    public static TheoryData<string, string, int> BadMessages { get; } = new()
    {
        { "no JSON", "hello", 1008 },
        { "no object", "[]", 1008 },
        { "cut", """{"type":"ping" """, 1008 },
        { "two objects", """{"type":"ping"}{"type":"ping"}""", 1008 },
        { "another type", """{"type":"shout"}""", 1008 },
        { "no type", """{"turn":1}""", 1008 },
        { "played without a turn", """{"type":"played","bytes":1}""", 1008 },
        { "played a negative", """{"type":"played","turn":1,"bytes":-1}""", 1008 },
        { "no key of a telephone", """{"type":"digit","digit":"12"}""", 1008 },
        { "a long ping", $$"""{"type":"ping","id":"{{new string('x', 65)}}"}""", 1008 },
        { "half a character", """{"type":"ping","id":"\ud800"}""", 1008 },
        { "too long", $$"""{"type":"ping","id":"{{new string('x', 70_000)}}"}""", 1009 },
    };

    [Theory(Timeout = HangsAfterMs)]
    [MemberData(nameof(BadMessages))]
    public async Task AMessageThatIsNone_EndsTheCall_ByItsCode(string what, string message, int status)
    {
        await using TestGateway gateway = await StartAsync(new SpeakingModel([0, 0]));
        await using TestPhone phone = await DialAsync(gateway);
        await phone.HearAsync();

        await phone.SayAsync(message);

        JsonNode error = await phone.HearAsync(static json => (string)json["type"]! == "error");
        Assert.Equal(status, await phone.EndAsync());
        Assert.Equal(status == 1009 ? "too_large" : "bad_frame", (string)error["code"]!);
        Assert.Equal((string)error["code"]!, phone.CloseDescription);
        Assert.DoesNotContain(new string('x', 65), await gateway.EndLineAsync("42"), StringComparison.Ordinal);
        Assert.NotNull(what);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task HalfASample_AndASoundThatIsTooLong_EndTheCall()
    {
        await using TestGateway gateway = await StartAsync(new SpeakingModel([0, 0]));
        await using (TestPhone phone = await DialAsync(gateway))
        {
            await phone.SayAsync(new byte[959]);
            Assert.Equal(1008, await phone.EndAsync());
        }

        await using (TestPhone phone = await DialAsync(gateway))
        {
            await phone.SayAsync(new byte[65_538]);
            Assert.Equal(1009, await phone.EndAsync());
        }
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task AMessageInManyFragments_IsOne()
    {
        await using TestGateway gateway = await StartAsync(new SpeakingModel([0, 0]));
        await using TestPhone phone = await DialAsync(gateway);
        byte[] ping = """{"type":"ping","id":"whole"}"""u8.ToArray();
        for (int i = 0; i < ping.Length; i++)
        {
            await phone.SayPartAsync(ping[i..(i + 1)], isEnd: i == ping.Length - 1);
        }

        Assert.Equal("whole", (string)(await phone.HearAsync(static json => (string)json["type"]! == "pong"))["id"]!);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task ATicket_IsNeeded_AndLetsInOnce_AndReadyBringsTheNext()
    {
        await using TestGateway gateway = await StartAsync(new SpeakingModel([0, 0]));
        var tickets = gateway.Services.GetRequiredService<CallTickets>();
        string ticket = tickets.Create("42");

        Assert.Equal(401, await StatusAsync(gateway, "42", null));
        Assert.Equal(401, await StatusAsync(gateway, "43", ticket)); // stolen, for a call of another's
        Assert.Equal(401, await StatusAsync(gateway, "42", "AAAA"));
        await using TestPhone phone = await DialAsync(gateway, "42", ticket);
        Assert.Equal(401, await StatusAsync(gateway, "42", ticket)); // stolen, and used before
        string next = (string)(await phone.HearAsync()).Json!["ticket"]!;
        await using TestPhone again = await DialAsync(gateway, "42", next);

        Assert.Equal(4001, await phone.EndAsync());
        Assert.DoesNotContain(gateway.Log.Lines, line => line.Text.Contains(ticket, StringComparison.Ordinal) || line.Text.Contains(next, StringComparison.Ordinal));
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task AnotherPage_IsNotLetIn()
    {
        await using TestGateway gateway = await StartAsync(new SpeakingModel([0, 0]), map: static app =>
        {
            app.MapVoiceCalls("/shop/{id}", static options => options.AllowedOrigins.Add("https://shop.example.com"));
        });

        Assert.Equal(403, await StatusAsync(gateway, "42", Ticket(gateway, "42"), origin: "https://evil.example.com"));
        Assert.Equal(403, await StatusAsync(gateway, "42", Ticket(gateway, "42"), origin: "null"));
        Assert.Equal(101, await StatusAsync(gateway, "42", Ticket(gateway, "42"), origin: $"http://127.0.0.1:{gateway.Http.Port}"));
        Assert.Equal(403, await StatusAsync(gateway, "42", Ticket(gateway, "42"), origin: $"http://127.0.0.1:{gateway.Http.Port}", path: "/shop/"));
        Assert.Equal(101, await StatusAsync(gateway, "42", Ticket(gateway, "42"), origin: "https://shop.example.com", path: "/shop/"));
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task WhoDialsOtherwise_IsTold()
    {
        await using TestGateway gateway = await StartAsync(new SpeakingModel([0, 0]));
        using var http = new HttpClient { BaseAddress = gateway.Http };
        using HttpResponseMessage plain = await http.GetAsync("/call/42", Stop);
        Assert.Equal((426, "websocket"), ((int)plain.StatusCode, plain.Headers.Upgrade.Single().Name));
        Assert.Equal(400, (await Assert.ThrowsAsync<RefusedException>(() => TestPhone.DialAsync(gateway.Address("/call/42")))).Status);
        Assert.Equal(400, await StatusAsync(gateway, "a%0Ab", Ticket(gateway, "a\nb")));
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task Limits_AreKept_AndGivenBack_AndUseUpNoTicket()
    {
        await using TestGateway gateway = await StartAsync(new SpeakingModel([0, 0]), static options => options.MaxCallsPerAddress = 1, static app => app.MapVoiceCalls("/one/{id}", static options => options.MaxCalls = 1));
        string ticket = Ticket(gateway, "2");
        TestPhone first = await DialAsync(gateway, "1");

        RefusedException refused = await Assert.ThrowsAsync<RefusedException>(() => DialAsync(gateway, "2", ticket));
        Assert.Equal((429, "1"), (refused.Status, refused.RetryAfter));
        await first.HangUpAsync();
        await gateway.EndLineAsync("1");
        await first.DisposeAsync();
        await using (await EventuallyAsync(() => DialAsync(gateway, "2", ticket)))
        await using (await DialAsync(gateway, "3", path: "/one/"))
        {
            Assert.Equal(503, await StatusAsync(gateway, "4", Ticket(gateway, "4"), path: "/one/"));
        }
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task ALineThatBreaks_LeavesTheCallInTheJournal_AndAGoodbyeEndsIt()
    {
        var journal = new MemoryJournal();
        await using TestGateway gateway = await StartAsync(
            new SpeakingModel([0, 0]),
            static options => options.OnAnswered = (call, _) => call.Session.Conversation.Items.Count == 0 ? call.Session.SendMessage("My order is 4711.").Completion : Task.CompletedTask,
            session: options => options.Journal = journal);
        TestPhone phone = await DialAsync(gateway);
        await phone.HearAsync(static json => (string)json["type"]! == "turn_end");
        await phone.SayAsync("""{"type":"played","turn":1,"bytes":2}""");
        await PingAsync(phone);
        phone.Break();
        Assert.Contains("Lost", await gateway.EndLineAsync("42"), StringComparison.Ordinal);
        await phone.DisposeAsync();

        phone = await DialAsync(gateway);
        Assert.Equal(2, (int)(await phone.HearAsync(static json => (string)json["type"]! == "ready"))["items"]!);
        await phone.HangUpAsync();
        await phone.DisposeAsync();
        phone = await EventuallyAsync(() => DialAsync(gateway));
        Assert.Equal(0, (int)(await phone.HearAsync(static json => (string)json["type"]! == "ready"))["items"]!);
        await phone.DisposeAsync();
    }

    /// <summary>A browser that closes and names no code sends a close frame without one.</summary>
    [Fact(Timeout = HangsAfterMs)]
    public async Task ACloseWithoutACode_HangsUp_AndOneWithACodeOfTheCallersOwn_IsALineThatBroke()
    {
        await using TestGateway gateway = await StartAsync(new SpeakingModel([0, 0]));
        await using TestPhone phone = await DialAsync(gateway, "broken");
        await phone.HearAsync();
        await phone.HangUpAsync((WebSocketCloseStatus)4000);
        Assert.Contains("Lost", await gateway.EndLineAsync("broken"), StringComparison.Ordinal);

        // A client of this framework always sends a code: the frame is written beneath it.
        using var tcp = new TcpClient();
        using var http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            ConnectCallback = async (context, stop) =>
            {
                await tcp.ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, stop);
                return tcp.GetStream();
            },
        });
        using var line = new ClientWebSocket();
        Offer(line.Options, Ticket(gateway, "left"));
        await line.ConnectAsync(gateway.Address("/call/left"), http, Stop);
        await line.ReceiveAsync(new byte[4_096].AsMemory(), Stop); // ready
        await tcp.GetStream().WriteAsync(new byte[] { 0x88, 0x80, 0, 0, 0, 0 }, Stop);
        Assert.Contains("HungUp", await gateway.EndLineAsync("left"), StringComparison.Ordinal);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task ASlowReader_HoldsUpNobodyElse()
    {
        await using TestGateway gateway = await StartAsync(new SpeakingModel(new byte[24_000_000]), static options =>
        {
            options.SendTimeout = TimeSpan.FromMilliseconds(200);
            options.OnAnswered = static (call, _) =>
            {
                if (call.Id == "slow")
                {
                    call.Session.Respond();
                }

                return Task.CompletedTask;
            };
        });
        TestPhone slow = await TestPhone.DialAsync(gateway.Address("/call/slow"), options => Offer(options, Ticket(gateway, "slow")), listens: false);
        await using TestPhone other = await DialAsync(gateway);

        string line = await gateway.EndLineAsync("slow");
        Assert.Contains("SlowReader", line, StringComparison.Ordinal);
        await PingAsync(other);
        await slow.DisposeAsync();
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task ACallerWhoNeverReads_KeepsNoCallOpen()
    {
        await using TestGateway gateway = await StartAsync(new SpeakingModel([0, 0]), static options => options.OnAnswered = static (call, _) =>
        {
            call.HangUp();
            return Task.CompletedTask;
        });
        TestPhone deaf = await TestPhone.DialAsync(gateway.Address("/call/deaf"), options => Offer(options, Ticket(gateway, "deaf")), listens: false);

        string line = await gateway.EndLineAsync("deaf");
        Assert.Contains("Ended", line, StringComparison.Ordinal);
        await deaf.DisposeAsync();
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task AtTheStop_EachCallMoves_InItsQuietMoment()
    {
        await using TestGateway gateway = await StartAsync(new SpeakingModel(new byte[48_000]), static options => options.OnAnswered = static (call, _) =>
        {
            if (call.Id == "talks")
            {
                call.Session.Respond();
            }

            return Task.CompletedTask;
        });
        await using TestPhone quiet = await DialAsync(gateway, "quiet");
        await using TestPhone talks = await DialAsync(gateway, "talks");
        JsonNode ready = await talks.HearAsync(static json => (string)json["type"]! == "ready");
        await PlayAsync(talks);
        await quiet.HearAsync();

        Task stopping = gateway.StopAsync();
        Assert.Equal("move", (string)(await quiet.HearAsync()).Json!["type"]!);
        Assert.Equal(1012, await quiet.EndAsync());
        RefusedException refused = await Assert.ThrowsAsync<RefusedException>(() => DialAsync(gateway, "talks", (string)ready["ticket"]!));
        Assert.Equal((503, "1"), (refused.Status, refused.RetryAfter));
        await PingAsync(talks); // all was sent, and not heard: it goes on
        await talks.SayAsync("""{"type":"played","turn":1,"bytes":48000}""");

        Assert.Equal("move", (string)(await talks.HearAsync(static json => (string)json["type"]! is "move" or "error"))["type"]!);
        Assert.Equal(1012, await talks.EndAsync());
        await stopping;
    }

    private static Task<TestGateway> StartAsync(ISimulatedModel model, Action<VoiceCallsOptions>? configure = null, Action<WebApplication>? map = null, Action<VoiceSessionOptions>? session = null) => TestGateway.StartAsync(
        app =>
        {
            app.MapVoiceCalls("/call/{id}", configure);
            map?.Invoke(app);
        },
        new SimulatorOptions { Speaker = model, Pace = ResponsePace.Immediate },
        session);

    private static string Ticket(TestGateway gateway, string id) => gateway.Services.GetRequiredService<CallTickets>().Create(id);

    private static void Offer(ClientWebSocketOptions options, string? ticket, string? origin = null)
    {
        options.AddSubProtocol("realtime-call.v1");
        if (ticket is not null)
        {
            options.AddSubProtocol("ticket." + ticket);
        }

        if (origin is not null)
        {
            options.SetRequestHeader("Origin", origin);
        }
    }

    private static Task<TestPhone> DialAsync(TestGateway gateway, string id = "42", string? ticket = null, string path = "/call/") =>
        TestPhone.DialAsync(gateway.Address(path + id), options => Offer(options, ticket ?? Ticket(gateway, id)));

    private static async Task<int> StatusAsync(TestGateway gateway, string id, string? ticket, string? origin = null, string path = "/call/")
    {
        try
        {
            await using TestPhone phone = await TestPhone.DialAsync(gateway.Address(path + id), options => Offer(options, ticket, origin));
            return 101;
        }
        catch (RefusedException refused)
        {
            return refused.Status;
        }
    }

    // A place is given back a moment after the log line.
    private static async Task<TestPhone> EventuallyAsync(Func<Task<TestPhone>> dial)
    {
        while (true)
        {
            try
            {
                return await dial();
            }
            catch (RefusedException refused) when (refused.Status == 429)
            {
                await Task.Yield();
            }
        }
    }

    private static async Task SpeakAsync(TestPhone phone)
    {
        byte[] question = new byte[48 * 1_600];
        for (int i = 0; i < 48 * 600; i += 2)
        {
            BitConverter.TryWriteBytes(question.AsSpan(i), (short)((i * 39 % 20_000) - 10_000));
        }

        foreach (byte[] piece in question.Chunk(4_800))
        {
            await phone.SayAsync(piece);
        }
    }

    /// <summary>Everything up to the end of a turn: its sound, and how it is told.</summary>
    private static async Task<(byte[] Sound, JsonNode End)> PlayAsync(TestPhone phone)
    {
        var sound = new MemoryStream();
        while (true)
        {
            TestPhone.Heard heard = await phone.HearAsync();
            if (heard.Json is null)
            {
                sound.Write(heard.Bytes);
            }
            else if ((string)heard.Json["type"]! == "turn_end")
            {
                return (sound.ToArray(), heard.Json);
            }
        }
    }

    // Answered behind everything that was said before it.
    private static async Task PingAsync(TestPhone phone)
    {
        string id = Guid.NewGuid().ToString();
        await phone.SayAsync($$"""{"type":"ping","id":"{{id}}"}""");
        await phone.HearAsync(json => (string)json["type"]! == "pong" && (string)json["id"]! == id);
    }

    private static async Task<Turn> FirstTurnAsync(VoiceCall call)
    {
        await foreach (Turn turn in call.Session.ReadServerTurnsAsync(Stop))
        {
            return turn;
        }

        throw new InvalidOperationException("There was no turn.");
    }
}
