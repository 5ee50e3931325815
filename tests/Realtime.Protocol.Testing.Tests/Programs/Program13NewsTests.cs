using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Responses;

namespace Realtime.Protocol.Testing.Tests.Programs;

/// <summary>Program 13: the news of a session, from connecting to its end. Resuming is not there yet, so nothing tells of it.</summary>
public sealed class Program13NewsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ProblemsAreToldWithTheirCode_AndTheEndIsOrderly()
    {
        var output = new StringWriter();
        var transport = new InMemoryTransport(new SimulatorOptions { Pace = ResponsePace.Immediate }, new VirtualTime());
        await using VoiceSession session = await VoiceSession.ConnectAsync(new() { Session = SessionConfiguration.PushToTalk, Transport = (_, _) => new(transport) }, Stop);
        await session.SendRawAsync(RawJson.Parse("""{"type":"vendor.ping"}"""), Stop);
        await session.SendMessage("Hello").Completion;
        await session.CloseAsync(Stop);

        await foreach (VoiceSessionUpdate update in session.ReadUpdatesAsync(Stop))
        {
            switch (update)
            {
                case VoiceSessionUpdate.Problem(SessionProblem.Reported(var error, var severity)):
                    output.WriteLine($"{error.Code} {severity}");
                    break;
                case VoiceSessionUpdate.SpeechStarted:
                    output.Write("… ");
                    break;
            }
        }

        output.WriteLine((await session.Ended).Error?.Code ?? "an orderly end");
        Assert.Equal("invalid_value Recoverable\nan orderly end\n", output.ToString().ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task ASessionThatRanOut_SaysSoAtItsEnd()
    {
        var time = new VirtualTime();
        var transport = new InMemoryTransport(new SimulatorOptions { Pace = ResponsePace.Immediate, SessionLifetime = TimeSpan.FromMinutes(30) }, time);
        await using VoiceSession session = await VoiceSession.ConnectAsync(new() { Session = SessionConfiguration.PushToTalk, Transport = (_, _) => new(transport) }, Stop);
        time.Advance(TimeSpan.FromMinutes(30));

        Assert.Equal("session_expired", (await session.Ended.WaitAsync(Stop)).Error?.Code ?? "an orderly end");
    }
}
