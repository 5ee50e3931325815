using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using OpenTelemetry.Metrics;
using Realtime.Protocol;
using Realtime.Protocol.Events;
using Realtime.Protocol.Testing.Hosting;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Faults;
using Realtime.Protocol.Testing.Simulation.Model;
using Realtime.Protocol.Testing.Simulation.Responses;

namespace Repository.Tests.Programs;

/// <summary>The programs of the session's README, by their numbers, run word for word against the simulator, over a socket: each does what its text says.</summary>
[Collection("The current folder")]
public class ProgramTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void EveryProgram_HasATestOfItsNumber()
    {
        // Program 2 is the one that the README of the repository shows.
        IEnumerable<string> tests = typeof(ProgramTests).GetMethods().Concat(typeof(ReadmeProgramTests).GetMethods()).Select(static method => method.Name);
        string[] missing = [.. Enumerable.Range(0, 18).Select(static number => $"Program{number:00}_").Where(number => !tests.Any(test => test.StartsWith(number, StringComparison.Ordinal)))];

        Assert.Empty(missing);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Program00_Options(bool telephone)
    {
        await using RealtimeSimulatorHost simulator = await StartAsync();

        using var output = new StringWriter(CultureInfo.InvariantCulture);

        await SessionPrograms.OptionsAsync("key", simulator.Endpoint, telephone, output, Stop).WaitAsync(Patience, Stop);

        Assert.Matches(@"^sess_\S+ Open marin until \d\d:\d\d\r?\n$", output.ToString());
    }

    [Fact]
    public async Task Program01_DependencyInjection()
    {
        await using RealtimeSimulatorHost simulator = await RealtimeSimulatorHost.StartAsync(new() { ApiKey = "key", Simulator = new() { Pace = ResponsePace.Immediate } }, Stop);
        var started = new TaskCompletionSource<WebApplication>(TaskCreationOptions.RunContinuationsAsynchronously);
        string[] args = ["--urls", "http://127.0.0.1:0", "--Voice:Credential", "key", "--Voice:Endpoint", simulator.Endpoint.OriginalString, "--Voice:Session:Voice", "marin", "--Logging:LogLevel:Default", "None"];
        Task serving = HostingPrograms.ServeAsync(args, app => app.Lifetime.ApplicationStarted.Register(() => started.SetResult(app)));
        WebApplication app = await started.Task.WaitAsync(Patience, Stop);
        using var http = new HttpClient { BaseAddress = new(app.Urls.Single()) };

        Assert.Equal("Healthy", await http.GetStringAsync("/ready", Stop).WaitAsync(Patience, Stop));
        Assert.Equal("You wrote: What time is it", await http.GetStringAsync("/call/7?question=What%20time%20is%20it", Stop).WaitAsync(Patience, Stop));
        using HttpResponseMessage token = await http.PostAsync("/token", content: null, Stop).WaitAsync(Patience, Stop);
        string key = (string)JsonNode.Parse(await token.Content.ReadAsStringAsync(Stop))!["value"]!;
        await using VoiceSession browser = await VoiceSession.ConnectAsync(new() { Endpoint = simulator.Endpoint, Credential = key }, Stop).WaitAsync(Patience, Stop);
        Assert.Equal("marin", browser.Configuration.Voice!.Value.Name);

        await app.StopAsync(Stop);
        await serving.WaitAsync(Patience, Stop);
    }

    [Fact]
    public async Task Program03_TurnsOfTheServer()
    {
        await using RealtimeSimulatorHost simulator = await StartAsync();
        VoiceSession session = await ConnectAsync(simulator, new() { TurnTaking = new TurnTaking.ServerVad() });
        using var output = new StringWriter();
        Task reading = SessionPrograms.ServerTurnsAsync(session, output);

        await session.Input.WriteAsync((byte[])[.. Speech(600), .. new byte[48_000]], Stop);
        await (await FirstAsync<VoiceSessionUpdate.TurnBegan>(session).WaitAsync(Patience, Stop)).Turn.Completion.WaitAsync(Patience, Stop);
        await session.CloseAsync(Stop);
        await reading.WaitAsync(Patience, Stop);

        Assert.Matches(@"^I heard \d\.\d seconds of speech\., first sound after \d+ ms\r?\n$", output.ToString());
    }

    [Fact]
    public async Task Program03_ATurnThatTheUserSpeaksOver()
    {
        await using RealtimeSimulatorHost simulator = await StartAsync(pace: ResponsePace.Default);
        VoiceSession session = await ConnectAsync(simulator, new() { TurnTaking = new TurnTaking.ServerVad() });
        using var output = new StringWriter();
        Task reading = SessionPrograms.ServerTurnsAsync(session, output);
        byte[] spoken = [.. Speech(2_000), .. new byte[48_000]];

        ValueTask<WireEvent> speaks = session.ReadEventsAsync(EventSelection.Received, Stop).FirstAsync(static e => e.Type == "response.output_audio.delta", Stop);
        await session.Input.WriteAsync(spoken, Stop);
        Turn first = (await FirstAsync<VoiceSessionUpdate.TurnBegan>(session).WaitAsync(Patience, Stop)).Turn;
        await speaks.AsTask().WaitAsync(Patience, Stop);
        await session.Input.WriteAsync(spoken, Stop);
        TurnResult result = await first.Completion.WaitAsync(Patience, Stop);
        await session.CloseAsync(Stop);
        await reading.WaitAsync(Patience, Stop);

        Assert.Equal(new TurnOutcome.Interrupted(InterruptionReason.UserSpeech), result.Outcome);
        Assert.Matches($@"^I.*, cut off; \d+ of {result.AudioBytes} bytes heard \(Reported\)\r?\n", output.ToString());
    }

    [Theory]
    [InlineData("Yes, very.", true)]
    [InlineData("No.", false)]
    public async Task Program04_BesideTheConversation(string answer, bool isTransferred)
    {
        await using RealtimeSimulatorHost simulator = await StartAsync(new OneAnswer(answer));
        await using VoiceSession session = await ConnectAsync(simulator, SessionConfiguration.TextChat);
        await session.SendMessage("Where is my bicycle?").Completion.WaitAsync(Patience, Stop);
        int before = session.Conversation.Items.Count;
        bool transferred = false;

        await SessionPrograms.BesideTheConversationAsync(session, () =>
        {
            transferred = true;
            return Task.CompletedTask;
        }).WaitAsync(Patience, Stop);

        Assert.Equal((isTransferred, before), (transferred, session.Conversation.Items.Count));
    }

    [Fact]
    public async Task Program05_TheConversation()
    {
        await using RealtimeSimulatorHost simulator = await StartAsync();
        await using VoiceSession session = await ConnectAsync(simulator, SessionConfiguration.PushToTalk);
        using var output = new StringWriter();

        await SessionPrograms.ConversationAsync(session, Speech(500), [0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3], output, Stop).WaitAsync(Patience, Stop);

        string[] lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Equal(["System: The caller is a member since 2019.", "User:", "User: What is wrong with this wheel?"], lines[..3]);
        Assert.StartsWith("Assistant: I ", lines[3], StringComparison.Ordinal);
        Assert.Equal(3, session.Conversation.Items.Count);
    }

    [Fact]
    public async Task Program06_TheUsersWords()
    {
        await using RealtimeSimulatorHost simulator = await StartAsync();
        VoiceSession session = await ConnectAsync(simulator, new() { TurnTaking = new TurnTaking.ServerVad(), Transcription = "gpt-4o-transcribe" });
        using var output = new StringWriter();
        Task reading = SessionPrograms.UtterancesAsync(session, output);

        await session.Input.WriteAsync((byte[])[.. new byte[24_000], .. Speech(600), .. new byte[48_000]], Stop);
        await (await FirstAsync<VoiceSessionUpdate.SpeechStopped>(session).WaitAsync(Patience, Stop)).Utterance.Completion.WaitAsync(Patience, Stop);
        await session.CloseAsync(Stop);
        await reading.WaitAsync(Patience, Stop);

        Assert.Matches(@"^.+ \[00\.\d{3}-01\.\d{3}\] Transcribed\r?\n$", output.ToString());
    }

    [Fact]
    public async Task Program07_Changing()
    {
        await using RealtimeSimulatorHost simulator = await StartAsync();
        await using VoiceSession session = await ConnectAsync(simulator, new() { Voice = "cedar" });
        using var output = new StringWriter();

        await SessionPrograms.ChangingAsync(session, VoiceTool.Create("book", "Books.", """{"type":"object"}""", static _ => "booked"), output).WaitAsync(Patience, Stop);

        Assert.Equal(["cedar speaks; 1 tools", "session.audio.output.speed"], output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        Assert.Equal(("Now speak French.", TurnTaking.Manual, SessionConfiguration.Unlimited), (session.Configuration.Instructions, session.Configuration.TurnTaking, session.Configuration.MaxOutputTokens));
    }

    [Fact]
    public async Task Program08_Playing()
    {
        await using RealtimeSimulatorHost simulator = await StartAsync();
        await using VoiceSession session = await ConnectAsync(simulator, SessionConfiguration.PushToTalk);
        var speaker = new Speaker();
        await session.Input.WriteAsync(Speech(500), Stop);
        Turn turn = session.EndTurn();

        await SessionPrograms.PlayAsync(turn, speaker).WaitAsync(Patience, Stop);

        TurnResult result = await turn.Completion.WaitAsync(Patience, Stop);
        Assert.Equal((result.AudioBytes, HeardBasis.Reported), (turn.Heard.Bytes, turn.Heard.Basis));
        Assert.Equal(result.AudioBytes, speaker.Length);
        session.Interrupt();
        Assert.Equal(0, speaker.Flushes); // heard to its end: nothing is left to be silenced
    }

    [Fact]
    public async Task Program09_TheLogOfEvents()
    {
        string before = Environment.CurrentDirectory;
        DirectoryInfo folder = Directory.CreateTempSubdirectory("program-9-");
        try
        {
            Environment.CurrentDirectory = folder.FullName;
            await using RealtimeSimulatorHost simulator = await StartAsync();
            var options = new VoiceSessionOptions { Endpoint = simulator.Endpoint, Session = SessionConfiguration.PushToTalk };
            int[] seen = new int[128];
            EventPrograms.Count(options, seen);
            VoiceSession session = await VoiceSession.ConnectAsync(options, Stop);
            Task logging = EventPrograms.LogAsync(session, Stop);

            await session.Input.WriteAsync(Speech(500), Stop);
            await session.EndTurn().Completion.WaitAsync(Patience, Stop);
            await session.CloseAsync(Stop);
            await logging.WaitAsync(Patience, Stop);

            string[] types = [.. (await File.ReadAllLinesAsync("events.jsonl", Stop)).Select(static line => (string)JsonNode.Parse(line)!["type"]!)];
            Assert.Contains("response.create", types);
            Assert.Contains("response.done", types);
            Assert.DoesNotContain("response.output_audio.delta", types);
            Assert.DoesNotContain("input_audio_buffer.append", types);
            Assert.True(seen.Sum() > types.Length);
        }
        finally
        {
            Environment.CurrentDirectory = before;
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Program10_EventsOfYourOwn()
    {
        await using RealtimeSimulatorHost simulator = await StartAsync();
        await using VoiceSession session = await ConnectAsync(simulator, SessionConfiguration.PushToTalk);
        using var output = new StringWriter();

        await EventPrograms.SendAsync(session, """{"type":"response.create"}""", output, Stop).WaitAsync(Patience, Stop);

        Assert.Equal("RC-01", output.ToString().Trim());
        Assert.IsType<TurnOutcome.Completed>((await session.SendMessage("Hello").Completion.WaitAsync(Patience, Stop)).Outcome);
    }

    [Fact]
    public async Task Program11_OutlivingAConnection()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("outlive");
        string before = Environment.CurrentDirectory;
        try
        {
            Environment.CurrentDirectory = folder.FullName;
            SimulatorOptions breaks = new() { Pace = ResponsePace.Immediate, Faults = FaultPlan.None.OnConnection(1).Reset("response.created", 2) };
            await using RealtimeSimulatorHost simulator = await RealtimeSimulatorHost.StartAsync(new() { Simulator = breaks }, Stop);
            var store = new MemoryJournal();
            var told = new List<VoiceSessionUpdate>();
            await OutliveAsync(simulator, store, async session =>
            {
                Assert.IsType<TurnOutcome.Completed>(await AskAsync(session, "My order is 4711."));
                Assert.IsType<TurnOutcome.Disconnected>(await AskAsync(session, "Where is it?")); // its line breaks
                await foreach (VoiceSessionUpdate update in session.ReadUpdatesAsync(Stop).Where(static update => update is VoiceSessionUpdate.Reconnecting or VoiceSessionUpdate.Resumed))
                {
                    told.Add(update);
                    if (update is VoiceSessionUpdate.Resumed)
                    {
                        break;
                    }
                }

                Assert.IsType<TurnOutcome.Completed>(await AskAsync(session, "Are you there?"));
            });
            Assert.Equal(1, Assert.IsType<VoiceSessionUpdate.Reconnecting>(told[0]).Attempt);
            Assert.NotEqual(Assert.IsType<VoiceSessionUpdate.Resumed>(told[^1]).OldId, ((VoiceSessionUpdate.Resumed)told[^1]).NewId);
            SessionCheckpoint handed = SessionCheckpoint.FromUtf8Json(await File.ReadAllBytesAsync("call.json", Stop));
            Assert.Equal((3, 5), (handed.LastTurn, handed.Items.Count)); // three questions, two answers

            await OutliveAsync(simulator, store, async session => Assert.IsType<TurnOutcome.Completed>(await AskAsync(session, "And now?")));
            SessionCheckpoint left = SessionCheckpoint.FromUtf8Json(await File.ReadAllBytesAsync("call.json", Stop));
            Assert.Equal((4, 7), (left.LastTurn, left.Items.Count)); // the second session knows what was said in the first
        }
        finally
        {
            Environment.CurrentDirectory = before;
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Program12_Tools()
    {
        await using RealtimeSimulatorHost simulator = await StartAsync();
        await using VoiceSession session = await ConnectAsync(simulator, SessionConfiguration.PushToTalk);

        await SessionPrograms.ToolsAsync(session, static (_, _) => new(true)).WaitAsync(Patience, Stop);

        Assert.Equal(4, session.Configuration.Tools!.Count);
        TurnResult asked = await session.SendMessage("tool: weather {\"City\":\"Ulm\"}").Completion.WaitAsync(Patience, Stop);
        Assert.Contains("""{"City":"Ulm","Degrees":21}""", asked.Transcript, StringComparison.Ordinal);
        TurnResult told = await session.SendMessage("tool: clock").Completion.WaitAsync(Patience, Stop);
        Assert.Matches(@"\d\d?:\d\d", told.Transcript);
        TurnResult noted = await session.SendMessage("tool: note").Completion.WaitAsync(Patience, Stop);
        Assert.Equal("", noted.Transcript); // told, and not asked to speak about it
    }

    [Fact]
    public async Task Program12_AIFunction()
    {
        await using RealtimeSimulatorHost simulator = await StartAsync();
        await using VoiceSession session = await ConnectAsync(simulator, SessionConfiguration.PushToTalk);

        await AIPrograms.ToolsAsync(session, static (_, _) => new(true)).WaitAsync(Patience, Stop);

        Assert.Equal(5, session.Configuration.Tools!.Count);
        TurnResult asked = await session.SendMessage("tool: stock {\"part\":\"wheel\"}").Completion.WaitAsync(Patience, Stop);
        Assert.Contains("21", asked.Transcript, StringComparison.Ordinal);
        TurnResult told = await session.SendMessage("tool: weather {\"City\":\"Ulm\"}").Completion.WaitAsync(Patience, Stop);
        Assert.Contains("""{"City":"Ulm","Degrees":21}""", told.Transcript, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Program12_AIFunctionUnderItsMiddleware()
    {
        await using RealtimeSimulatorHost simulator = await StartAsync();
        using var output = new StringWriter();

        await AIPrograms.MiddlewareAsync(new() { Endpoint = simulator.Endpoint, Session = SessionConfiguration.TextChat }, "tool: stock {\"part\":\"wheel\"}", output, Stop).WaitAsync(Patience, Stop);

        Assert.Contains("21", output.ToString(), StringComparison.Ordinal);
        Assert.Empty(simulator.Violations);
    }

    [Fact]
    public async Task Program13_News()
    {
        await using RealtimeSimulatorHost simulator = await StartAsync();
        VoiceSession session = await ConnectAsync(simulator, new() { TurnTaking = new TurnTaking.ServerVad() });
        using var output = new StringWriter();
        Task reading = SessionPrograms.NewsAsync(session, output);
        Task<VoiceSessionUpdate.SpeechStarted> speech = FirstAsync<VoiceSessionUpdate.SpeechStarted>(session);
        Task<VoiceSessionUpdate.Problem> problem = FirstAsync<VoiceSessionUpdate.Problem>(session);

        await session.Input.WriteAsync((byte[])[.. Speech(600), .. new byte[48_000]], Stop);
        await session.SendRawAsync(RawJson.Parse("""{"type":"vendor.ping"}"""), Stop);
        await Task.WhenAll(speech, problem).WaitAsync(Patience, Stop);
        await session.CloseAsync(Stop);
        await reading.WaitAsync(Patience, Stop);

        Assert.Contains("… ", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("invalid_value", output.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("an orderly end", output.ToString().TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Program14_Usage()
    {
        await using RealtimeSimulatorHost simulator = await StartAsync();
        await using VoiceSession session = await ConnectAsync(simulator, SessionConfiguration.PushToTalk);
        using var output = new StringWriter();

        await SessionPrograms.UsageAsync(session, new TokenPrices { AudioOutput = 1_000_000 }, output).WaitAsync(Patience, Stop);

        Assert.Matches(@"^0 heard, 0 cached, (\d+) spoken: \1\.0000 \$\r?\n\1\.00 \$, 0 responses without usage\r?\n$", output.ToString());
    }

    [Fact]
    public async Task Program15_CaptionsAndInterpreter()
    {
        var simulator = new SimulatorOptions { Pace = ResponsePace.Immediate, Transcripts = [new("Dear neighbour, the ferry leaves.")] };
        await using RealtimeSimulatorHost host = await RealtimeSimulatorHost.StartAsync(new RealtimeSimulatorHostOptions { Simulator = simulator }, Stop);
        byte[] pcm = [.. Speech(1_000), .. new byte[48_000]];
        var speaker = new MemoryStream();
        using var output = new StringWriter();

        await SessionPrograms.CaptionsAndInterpreterAsync("key", host.Endpoint, host.TranslationEndpoint, pcm, speaker, output, Stop).WaitAsync(Patience, Stop);

        Assert.Equal($"Dear neighbour, the ferry leaves.{Environment.NewLine}In de: Dear neighbour, the ferry leaves.", output.ToString());
        Assert.Equal(pcm, speaker.ToArray());
    }

    [Fact]
    public async Task Program16_Telemetry()
    {
        await using RealtimeSimulatorHost simulator = await StartAsync();
        List<Activity> spans = [];
        List<MetricSnapshot> metrics = [];
        using var output = new StringWriter(CultureInfo.InvariantCulture);

        await TelemetryPrograms.TellAsync("key", simulator.Endpoint, spans, metrics, output, Stop).WaitAsync(Patience, Stop);

        // Sessions of other tests may run meanwhile.
        Activity[] own = [.. spans.Where(static span => span.GetTagItem("gen_ai.conversation.id") is "call-42")];
        Assert.Equal(["realtime connect", "realtime gpt-realtime", "realtime turn"], own.Select(static span => span.DisplayName).Order(StringComparer.Ordinal));
        Assert.Equal(own.Single(static span => span.DisplayName == "realtime turn").SpanId, own.Single(static span => span.DisplayName == "realtime gpt-realtime").ParentSpanId);
        Assert.True(TimeSpan.Parse(output.ToString(), CultureInfo.InvariantCulture) > TimeSpan.Zero);
        Assert.Contains("realtime.turn.first_audio", metrics.Select(static metric => metric.Name));
    }

    [Fact]
    public void Program17_WireObjects()
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        EventWriter.Write(output, new SessionUpdate { Session = EventPrograms.Wire() });

        Assert.Equal(
            """{"type":"session.update","session":{"audio":{"input":{"transcription":null,"turn_detection":{"type":"server_vad","silence_duration_ms":300}},"output":{"voice":"marin"}}}}""",
            System.Text.Encoding.UTF8.GetString(output.WrittenSpan));
    }

    private static Task<RealtimeSimulatorHost> StartAsync(ISimulatedModel? model = null, ResponsePace? pace = null)
    {
        var simulator = new SimulatorOptions { Pace = pace ?? ResponsePace.Immediate };
        return RealtimeSimulatorHost.StartAsync(new RealtimeSimulatorHostOptions { Simulator = model is null ? simulator : simulator with { Speaker = model } }, Stop);
    }

    private static Task<VoiceSession> ConnectAsync(RealtimeSimulatorHost simulator, SessionConfiguration configuration) =>
        VoiceSession.ConnectAsync(new() { Endpoint = simulator.Endpoint, Session = configuration }, Stop);

    private static Task OutliveAsync(RealtimeSimulatorHost simulator, ISessionJournal store, Func<VoiceSession, Task> talk) =>
        SessionPrograms.OutliveAsync(new() { Endpoint = simulator.Endpoint, Session = SessionConfiguration.TextChat }, store, "call-42", talk).WaitAsync(Patience, Stop);

    private static async Task<TurnOutcome> AskAsync(VoiceSession session, string question) => (await session.SendMessage(question).Completion.WaitAsync(Patience, Stop)).Outcome;

    private static async Task<T> FirstAsync<T>(VoiceSession session)
        where T : VoiceSessionUpdate
    {
        await foreach (VoiceSessionUpdate update in session.ReadUpdatesAsync(Stop))
        {
            if (update is T first)
            {
                return first;
            }
        }

        throw new InvalidOperationException($"The session ended without a {typeof(T).Name}.");
    }

    // Loud enough to be taken for speech.
    private static byte[] Speech(int milliseconds)
    {
        byte[] audio = new byte[milliseconds * 48];
        for (int i = 0; i < audio.Length; i += 2)
        {
            BinaryPrimitives.WriteInt16LittleEndian(audio.AsSpan(i), (short)((i * 39 % 20_000) - 10_000));
        }

        return audio;
    }

    private sealed class OneAnswer(string text) : ISimulatedModel
    {
        public ModelAnswer Answer(ModelRequest request) => new(new ModelOutput.Text(text));
    }
}
