using System.Diagnostics;
using Realtime.Protocol.Testing.Tests.Support;

namespace Realtime.Protocol.Testing.Tests.Hosting;

/// <summary>A simulator in somebody's program leaves the program's signals alone.</summary>
public class HostProgramTests
{
    private const int EndedBySigTerm = 143;

    [Fact(Timeout = 60_000)]
    public async Task ProgramThatHostsASimulator_EndsOnSigTerm()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no SIGTERM here.");
        CancellationToken stop = TestContext.Current.CancellationToken;
        using Process program = HostProgram.Start();
        try
        {
            Assert.StartsWith("ws://127.0.0.1:", await program.StandardOutput.ReadLineAsync(stop), StringComparison.Ordinal);

            using Process kill = Process.Start("kill", ["-TERM", program.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync(stop);

            using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
            patience.CancelAfter(10_000);
            await program.WaitForExitAsync(patience.Token);
            Assert.Equal(EndedBySigTerm, program.ExitCode);
        }
        finally
        {
            program.Kill();
        }
    }
}
