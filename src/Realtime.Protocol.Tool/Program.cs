using System.Runtime.InteropServices;
using Realtime.Protocol.CommandLine;

// Ctrl-C and SIGTERM ask for a clean end; asked twice, the process ends as it always would.
using var ending = new CancellationTokenSource();
bool isTerminated = false;
void End(PosixSignalContext signal)
{
    if (!ending.IsCancellationRequested)
    {
        signal.Cancel = true;
        isTerminated = signal.Signal == PosixSignal.SIGTERM;
        ending.Cancel();
    }
}

using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
ExitCode exitCode = await ToolCommands.RunAsync(args, Surroundings.OfProcess(), ending.Token);
return (int)(exitCode == ExitCode.Cancelled && isTerminated ? ExitCode.Terminated : exitCode);
