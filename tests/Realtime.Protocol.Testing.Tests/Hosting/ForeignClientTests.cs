using System.ClientModel;
using System.Runtime.CompilerServices;
using OpenAI.Realtime;
using Realtime.Protocol.Testing.Hosting;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Responses;
using Realtime.Protocol.Testing.Tests.Support;

namespace Realtime.Protocol.Testing.Tests.Hosting;

/// <summary>The official SDK of OpenAI as a client that nobody here wrote: what it understands is what the simulator really says. The same five talks as those of the clients for Node.</summary>
public class ForeignClientTests
{
    private const int HangsAfterMs = 30_000;

    private readonly ConnectionEnds _ends = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = HangsAfterMs)]
    public async Task OfficialSdk_CompletesASpokenTurn_AndGetsItsOwnAudioBack()
    {
        await using RealtimeSimulatorHost host = await StartAsync(new SimulatorOptions { Pace = ResponsePace.Immediate });
        using RealtimeSessionClient session = await ConnectAsync(host, static input => input.DisableTurnDetection());
        byte[] question = Sound.Speech(2_345);

        await session.SendInputAudioAsync(BinaryData.FromBytes(question), Stop);
        await session.CommitPendingAudioAsync(Stop);
        await session.StartResponseAsync(Stop);

        var answer = new MemoryStream();
        string transcript = "";
        await foreach (RealtimeServerUpdate update in UntilDone(session, Stop))
        {
            switch (update)
            {
                case RealtimeServerUpdateResponseOutputAudioDelta delta:
                    answer.Write(delta.Delta);
                    break;
                case RealtimeServerUpdateResponseOutputAudioTranscriptDone done:
                    transcript = done.Transcript;
                    break;
            }
        }

        Assert.Equal(question, answer.ToArray());
        Assert.Equal("I heard 2.3 seconds of speech.", transcript);
        await CheckViolationsAsync(host, session, "spoken-turn");
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task OfficialSdk_AnswersTwoParallelCalls()
    {
        await using RealtimeSimulatorHost host = await StartAsync(new SimulatorOptions { Pace = ResponsePace.Immediate, Speaker = new ShopModel() });
        using RealtimeSessionClient session = await ConnectAsync(host, static _ => { }, static options =>
        {
            options.Tools.Add(new RealtimeFunctionTool("stock") { FunctionParameters = BinaryData.FromString("""{"type":"object"}""") });
            options.Tools.Add(new RealtimeFunctionTool("price") { FunctionParameters = BinaryData.FromString("""{"type":"object"}""") });
        });
        await session.AddItemAsync(RealtimeItem.CreateUserMessageItem("The blue ones?"), Stop);
        await session.StartResponseAsync(Stop);

        List<RealtimeServerUpdateResponseFunctionCallArgumentsDone> calls = [.. (await All(UntilDone(session, Stop))).OfType<RealtimeServerUpdateResponseFunctionCallArgumentsDone>()];
        foreach (RealtimeServerUpdateResponseFunctionCallArgumentsDone call in calls)
        {
            await session.AddItemAsync(RealtimeItem.CreateFunctionCallOutputItem(call.CallId, "2"), Stop);
        }

        await session.StartResponseAsync(Stop);
        List<RealtimeServerUpdate> answer = await All(UntilDone(session, Stop));

        Assert.Equal(["stock", "price"], calls.Select(static call => call.FunctionName));
        Assert.Equal("Two are left, at forty euros.", Assert.Single(answer.OfType<RealtimeServerUpdateResponseOutputTextDone>()).Text);
        await CheckViolationsAsync(host, session, "parallel-calls");
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task OfficialSdk_IsInterrupted_AndTruncatesWhatWasNotHeard()
    {
        await using RealtimeSimulatorHost host = await StartAsync(new SimulatorOptions());
        using RealtimeSessionClient session = await ConnectAsync(host, static input => input.TurnDetection = new RealtimeServerVadTurnDetection { SilenceDuration = TimeSpan.FromMilliseconds(200) });
        await session.SendInputAudioAsync(BinaryData.FromBytes([.. Sound.Speech(20_000), .. Sound.Silence(400)]), Stop);

        string? cut = null;
        var ends = new List<RealtimeResponse>();
        TimeSpan? truncated = null;
        await foreach (RealtimeServerUpdate update in session.ReceiveUpdatesAsync(Stop))
        {
            switch (update)
            {
                case RealtimeServerUpdateError error:
                    Assert.Fail(error.Error.Message);
                    break;
                case RealtimeServerUpdateResponseOutputAudioDelta delta when cut is null:
                    cut = delta.ItemId;
                    await session.SendInputAudioAsync(BinaryData.FromBytes(Sound.Speech(600)), Stop);
                    break;
                case RealtimeServerUpdateInputAudioBufferSpeechStarted when cut is not null:
                    await session.TruncateItemAsync(cut, 0, TimeSpan.FromMilliseconds(100), Stop);
                    await session.SendInputAudioAsync(BinaryData.FromBytes(Sound.Silence(400)), Stop);
                    break;
                case RealtimeServerUpdateConversationItemTruncated told:
                    truncated = told.AudioEndTime;
                    break;
                case RealtimeServerUpdateResponseDone done:
                    ends.Add(done.Response);
                    break;
            }

            if (ends.Count == 2)
            {
                break;
            }
        }

        Assert.Equal([RealtimeResponseStatus.Cancelled, RealtimeResponseStatus.Completed], ends.Select(static end => end.Status!.Value));
        Assert.Equal(TimeSpan.FromMilliseconds(100), truncated);
        await CheckViolationsAsync(host, session, "barge-in");
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task OfficialSdk_HearsThatASecondRequestIsRefused()
    {
        await using RealtimeSimulatorHost host = await StartAsync(new SimulatorOptions());
        using RealtimeSessionClient session = await ConnectAsync(host, static input => input.DisableTurnDetection());
        await session.AddItemAsync(RealtimeItem.CreateUserMessageItem("Hello."), Stop);
        await session.StartResponseAsync(Stop);
        await session.StartResponseAsync(Stop);

        string? refused = null;
        await foreach (RealtimeServerUpdate update in session.ReceiveUpdatesAsync(Stop))
        {
            if (update is RealtimeServerUpdateError error)
            {
                refused = error.Error.Code;
            }
            else if (update is RealtimeServerUpdateResponseDone done)
            {
                Assert.Equal(RealtimeResponseStatus.Completed, done.Response.Status);
                break;
            }
        }

        Assert.Equal("conversation_already_has_active_response", refused);
        await CheckViolationsAsync(host, session, "second-create");
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task OfficialSdk_ReadsWhatTheUserSaid()
    {
        await using RealtimeSimulatorHost host = await StartAsync(new SimulatorOptions { Transcripts = [new("Do you have the blue ones?")] });
        using RealtimeSessionClient session = await ConnectAsync(host, static input =>
        {
            input.DisableTurnDetection();
            input.AudioTranscriptionOptions = new RealtimeAudioTranscriptionOptions { Model = "gpt-4o-mini-transcribe" };
        });
        await session.SendInputAudioAsync(BinaryData.FromBytes(Sound.Speech(900)), Stop);
        await session.CommitPendingAudioAsync(Stop);

        await foreach (RealtimeServerUpdate update in session.ReceiveUpdatesAsync(Stop))
        {
            if (update is RealtimeServerUpdateConversationItemInputAudioTranscriptionCompleted completed)
            {
                Assert.Equal("Do you have the blue ones?", completed.Transcript);
                await CheckViolationsAsync(host, session, "transcription");
                return;
            }
        }

        Assert.Fail("The connection ended without a transcript.");
    }

    private Task<RealtimeSimulatorHost> StartAsync(SimulatorOptions simulator) => RealtimeSimulatorHost.StartAsync(new() { ApiKey = "sk-test", Simulator = simulator, Connections = _ends }, Stop);

    private Task CheckViolationsAsync(RealtimeSimulatorHost host, RealtimeSessionClient session, string talk)
    {
        session.Dispose();
        return ForeignViolations.CheckAsync("openai-dotnet", talk, host, _ends, Stop);
    }

    private static async Task<RealtimeSessionClient> ConnectAsync(RealtimeSimulatorHost host, Action<RealtimeConversationSessionInputAudioOptions> listen, Action<RealtimeConversationSessionOptions>? more = null)
    {
        var client = new RealtimeClient(new ApiKeyCredential("sk-test"), new RealtimeClientOptions { Endpoint = new Uri($"http://127.0.0.1:{host.Endpoint.Port}/v1") });
        RealtimeSessionClient session = await client.StartConversationSessionAsync("gpt-realtime", null, Stop);
        var input = new RealtimeConversationSessionInputAudioOptions();
        listen(input);
        var options = new RealtimeConversationSessionOptions { AudioOptions = new() { InputAudioOptions = input } };
        more?.Invoke(options);
        await session.ConfigureConversationSessionAsync(options, Stop);
        return session;
    }

    /// <summary>Everything up to the end of the response, which has to be completed.</summary>
    private static async IAsyncEnumerable<RealtimeServerUpdate> UntilDone(RealtimeSessionClient session, [EnumeratorCancellation] CancellationToken stop)
    {
        await foreach (RealtimeServerUpdate update in session.ReceiveUpdatesAsync(stop))
        {
            if (update is RealtimeServerUpdateError error)
            {
                Assert.Fail(error.Error.Message);
            }

            yield return update;
            if (update is RealtimeServerUpdateResponseDone { Response: var response })
            {
                Assert.Equal(RealtimeResponseStatus.Completed, response.Status);
                yield break;
            }
        }
    }

    private static async Task<List<RealtimeServerUpdate>> All(IAsyncEnumerable<RealtimeServerUpdate> updates)
    {
        var all = new List<RealtimeServerUpdate>();
        await foreach (RealtimeServerUpdate update in updates)
        {
            all.Add(update);
        }

        return all;
    }
}
