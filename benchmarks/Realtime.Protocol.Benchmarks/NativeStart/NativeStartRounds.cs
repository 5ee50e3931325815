using Realtime.Protocol.Benchmarks.Answers;
using Realtime.Protocol.Benchmarks.Children;
using Realtime.Protocol.Benchmarks.Comparisons;
using Realtime.Protocol.Benchmarks.Ratios;
using Realtime.Protocol.Tests.Shared;

namespace Realtime.Protocol.Benchmarks.NativeStart;

/// <summary>
/// How long after its start a program that is compiled ahead of time has a session that is ready: connected over loopback, configured, and confirmed by the
/// simulator, which is a process of its own. Each process then holds two turns and a call of a host, and counts only when both were right.
/// </summary>
public static class NativeStartRounds
{
    public const string Comparison = "native program, session ready";

    private const string Heard = "heard 48000 bytes and \"I heard 1.0 seconds of speech.\", then \"The tool returned: ";

    // The simulator is compiled meanwhile, and the program comes from the disk once.
    private const int WarmUps = 5;
    private const int Rounds = 21;

    public static Measured Measure() => MeasureAsync().GetAwaiter().GetResult();

    private static async Task<Measured> MeasureAsync()
    {
        (string? program, string? missing) = await NativeProgram.GetAsync(Console.Error);
        if (program is null)
        {
            return new([], [new Skip(Comparison, missing!)]);
        }

        using ChildProcess simulator = ChildProcess.Start(ChildVerbs.ServeSimulator, ChildVerbs.AtOnce);
        string address = simulator.Hear();
        var ready = new List<double>();
        for (int round = -WarmUps; round < Rounds; round++)
        {
            TimedProcess run = await TimedProcess.RunAsync(program, address);
            TimeSpan connected = run.Lines.FirstOrDefault(static line => line.Text == "connected").At;
            new AnswerCheck(Comparison, () => run.ExitCode == 0 && run.Lines.Any(static line => line.Text.StartsWith(Heard, StringComparison.Ordinal)) ? null : run.Output).Require();
            if (round >= 0)
            {
                ready.Add(connected.TotalNanoseconds);
            }
        }

        return new([new Series(Comparison, Ways.RealtimeProtocol, ready, null)]);
    }
}
