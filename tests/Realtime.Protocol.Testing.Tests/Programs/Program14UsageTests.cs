using System.Globalization;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Responses;

namespace Realtime.Protocol.Testing.Tests.Programs;

/// <summary>Program 14: what a turn used, what the session used, and what both cost.</summary>
public sealed class Program14UsageTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ATurnAndTheSession_TellTheirTokensAndCost()
    {
        var prices = new TokenPrices { TextInput = 4m, TextOutput = 16m, AudioInput = 32m, AudioOutput = 64m };
        var output = new StringWriter(CultureInfo.InvariantCulture);
        var transport = new InMemoryTransport(new SimulatorOptions { Pace = ResponsePace.Immediate }, new VirtualTime());
        await using VoiceSession session = await VoiceSession.ConnectAsync(new() { Session = SessionConfiguration.PushToTalk }, transport, Stop);

        TurnResult result = await session.SendMessage("Hello").Completion;
        if (result.Usage is { } usage)
        {
            output.WriteLine($"{usage.Input.Audio} heard, {usage.CachedInput.Total} cached, {usage.Output.Audio > 0} spoken: {usage.Cost(prices) > 0}");
        }

        output.WriteLine($"{session.Usage.Cost(prices) == result.Usage?.Cost(prices)}, {session.Usage.ResponsesWithoutUsage} responses without usage");

        Assert.Equal("0 heard, 0 cached, True spoken: True\nTrue, 0 responses without usage\n", output.ToString().ReplaceLineEndings("\n"));
        Assert.Equal(
            ((result.Usage!.Value.Input.Text * 4m) + (result.Usage.Value.Output.Text * 16m) + (result.Usage.Value.Output.Audio * 64m)) / 1_000_000m,
            session.Usage.Cost(prices));
    }
}
