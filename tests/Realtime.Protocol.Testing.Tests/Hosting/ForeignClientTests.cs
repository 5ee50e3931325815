using System.ClientModel;
using OpenAI.Realtime;
using Realtime.Protocol.Testing.Hosting;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Responses;
using Realtime.Protocol.Testing.Tests.Support;

namespace Realtime.Protocol.Testing.Tests.Hosting;

/// <summary>The official SDK of OpenAI as a client that nobody here wrote: what it understands is what the simulator really says.</summary>
public class ForeignClientTests
{
    private const int HangsAfterMs = 30_000;

    [Fact(Timeout = HangsAfterMs)]
    public async Task OfficialSdk_CompletesASpokenTurn_AndGetsItsOwnAudioBack()
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        await using RealtimeSimulatorHost host = await RealtimeSimulatorHost.StartAsync(
            new() { ApiKey = "sk-test", Simulator = new SimulatorOptions { Pace = ResponsePace.Immediate } }, stop);
        var client = new RealtimeClient(new ApiKeyCredential("sk-test"), new RealtimeClientOptions { Endpoint = new Uri($"http://127.0.0.1:{host.Endpoint.Port}/v1") });
        byte[] question = Sound.Speech(2_345);

        using RealtimeSessionClient session = await client.StartConversationSessionAsync("gpt-realtime", null, stop);
        var input = new RealtimeConversationSessionInputAudioOptions();
        input.DisableTurnDetection();
        await session.ConfigureConversationSessionAsync(new() { AudioOptions = new() { InputAudioOptions = input } }, stop);
        await session.SendInputAudioAsync(BinaryData.FromBytes(question), stop);
        await session.CommitPendingAudioAsync(stop);
        await session.StartResponseAsync(stop);

        var answer = new MemoryStream();
        string transcript = "";
        await foreach (RealtimeServerUpdate update in session.ReceiveUpdatesAsync(stop))
        {
            switch (update)
            {
                case RealtimeServerUpdateError error:
                    Assert.Fail(error.Error.Message);
                    break;
                case RealtimeServerUpdateResponseOutputAudioDelta delta:
                    answer.Write(delta.Delta);
                    break;
                case RealtimeServerUpdateResponseOutputAudioTranscriptDone done:
                    transcript = done.Transcript;
                    break;
            }

            if (update is RealtimeServerUpdateResponseDone { Response: var response })
            {
                Assert.Equal(RealtimeResponseStatus.Completed, response.Status);
                break;
            }
        }

        Assert.Equal(question, answer.ToArray());
        Assert.Equal("I heard 2.3 seconds of speech.", transcript);
    }
}
