using Realtime.Protocol.Testing.Grammar;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Tests.Support;

namespace Realtime.Protocol.Testing.Tests.Simulation;

/// <summary>
/// Whatever a client says, in whatever order and however broken, the server stays within its grammar, never throws, and comes to rest once
/// it is left alone. Schedules are random from a seed, which a failure prints.
/// </summary>
public class SimulatorPropertyTests
{
    private const int Schedules = 250;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void RandomClients_NeverBreakTheGrammar(int part)
    {
        for (int seed = part * Schedules; seed < (part + 1) * Schedules; seed++)
        {
            string? failure = Run(seed);
            Assert.True(failure is null, $"seed {seed}: {failure}");
        }
    }

    private static string? Run(int seed)
    {
        var client = new RandomClient(new Random(seed));
        var grammar = new ServerGrammar();
        try
        {
            client.Run(seed, effect =>
            {
                if (effect.Kind == SimulatorEffectKind.Send)
                {
                    grammar.Accept(effect.Message.Span);
                }
            });
        }
        catch (Exception thrown)
        {
            return thrown.ToString();
        }

        return grammar.Violations.Count > 0 ? grammar.Violations[0] : grammar.IsAtRest ? null : "something is still open ten minutes after the last word";
    }
}
