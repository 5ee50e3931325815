using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Realtime.Protocol.CommandLine.Chaos;

/// <summary><c>realtime gateway</c> as a process of its own, which can be killed, stopped in its tracks and asked to end, and which does not outlive us. What it says is read to know when it is warm and how its calls ended.</summary>
internal sealed partial class GatewayProcess : IAsyncDisposable
{
    private const string Listening = "listening on ";
    private const string Warm = "The gateway is warm";
    private const int LinesKept = 20;

    // Waits for a line, or for the end of its input, which is our end: then it ends the gateway, which may stand still and could not see it itself.
    private const string Guard = "trap '' HUP INT TERM; exec >/dev/null 2>&1; read -r over || kill -KILL \"$1\"";
    private const int SignalTerm = 15;
    private static readonly int SignalStop = OperatingSystem.IsMacOS() ? 17 : 19;
    private static readonly int SignalContinue = OperatingSystem.IsMacOS() ? 19 : 18;

    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Task _reading;
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _warm = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<string> _lastLines = new();
    private readonly ConcurrentDictionary<string, string> _ends = new();
    private Process? _guard;
    private bool _isDisposed;

    private GatewayProcess(Process process)
    {
        _process = process;
        _guard = OperatingSystem.IsWindows() ? null
            : Process.Start(new ProcessStartInfo("sh", ["-c", Guard, "guard", process.Id.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardInput = true, WorkingDirectory = "/" });
        _reading = Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Starts it, and returns when it is warm.</summary>
    /// <param name="port">The port; 0 for any that is free.</param>
    /// <param name="service">Of the model.</param>
    /// <param name="variables">What it finds in its environment: secrets have no place on a command line.</param>
    /// <param name="args">What else it is told.</param>
    /// <exception cref="ToolException">It ended, or does not become warm.</exception>
    public static async Task<GatewayProcess> StartAsync(int port, Uri service, IReadOnlyDictionary<string, string> variables, IReadOnlyList<string> args, CancellationToken cancellationToken)
    {
        (string file, string[] first) = Self();
        var start = new ProcessStartInfo(file, [.. first, "gateway", "--port", port.ToString(CultureInfo.InvariantCulture), "--url", service.ToString(), .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach ((string name, string value) in variables)
        {
            start.Environment[name] = value;
        }

        // Nothing that lies around in somebody's environment goes to the simulator.
        start.Environment.Remove(Talking.TalkEndpoint.KeyVariable);
        cancellationToken.ThrowIfCancellationRequested();
        var gateway = new GatewayProcess(Process.Start(start)!);
        try
        {
            Task either = await Task.WhenAny(gateway.StartedAsync(), gateway._reading).WaitAsync(StartPatience, cancellationToken);
            if (either == gateway._reading)
            {
                throw new TimeoutException();
            }

            await either;
            return gateway;
        }
        catch (Exception failure)
        {
            await gateway.DisposeAsync();
            throw failure is OperationCanceledException ? failure : new ToolException(ExitCode.DoneWithProblems, $"A gateway did not start. It said: {string.Join(" / ", gateway._lastLines)}");
        }
    }

    /// <summary>SIGKILL; returns when it is gone.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        await ReleaseGuardAsync();
        await _reading;
    }

    /// <summary>It stands still, and all its connections stay open.</summary>
    public void Stop() => Signal(SignalStop);

    /// <summary>It goes on where it stood.</summary>
    public void Continue() => Signal(SignalContinue);

    /// <summary>SIGTERM: it is to let its callers finish. Returns its exit code; null when it does not end.</summary>
    public async Task<int?> EndAsync(TimeSpan patience)
    {
        Signal(SignalTerm);
        try
        {
            await _process.WaitForExitAsync().WaitAsync(patience);
            await ReleaseGuardAsync();
            await _reading;
            return _process.ExitCode;
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    /// <summary>How the newest line of a call ended here, as the log names it; null while it has not.</summary>
    public string? EndOf(string callId) => _ends.GetValueOrDefault(callId);

    /// <summary>What it said last.</summary>
    public IReadOnlyList<string> LastLines => [.. _lastLines];

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
        {
            return;
        }

        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        await ReleaseGuardAsync();
        await _reading;
        _process.Dispose();
    }

    // As whoever started us did: as a program, or as an assembly that dotnet runs. Of a test, the assembly lies beside it.
    private static (string File, string[] First) Self()
    {
        const string Name = "realtime";
        string program = Environment.ProcessPath ?? Name;
        string assembly = Path.Combine(AppContext.BaseDirectory, Name + ".dll");
        return Path.GetFileNameWithoutExtension(program) != Name && File.Exists(assembly) ? ("dotnet", [assembly]) : (program, []);
    }

    private async Task StartedAsync()
    {
        Address = await _listening.Task;
        await _warm.Task;
    }

    // One that has ended needs none, and its number may be another's.
    private void Signal(int signal)
    {
        if (!_process.HasExited && Kill(_process.Id, signal) != 0)
        {
            throw new ToolException(ExitCode.DoneWithProblems, $"A gateway could not be sent signal {signal}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    // Once the gateway has ended, its number may be another's.
    private async Task ReleaseGuardAsync()
    {
        if (Interlocked.Exchange(ref _guard, null) is not { } guard)
        {
            return;
        }

        try
        {
            await guard.StandardInput.WriteLineAsync("over");
            guard.StandardInput.Close();
        }
        catch (IOException)
        {
            // Somebody ended it.
        }

        await guard.WaitForExitAsync();
        guard.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);

    private async Task ReadAsync(StreamReader lines)
    {
        while (await lines.ReadLineAsync() is { } line)
        {
            _lastLines.Enqueue(line);
            if (_lastLines.Count > LinesKept)
            {
                _lastLines.TryDequeue(out _);
            }

            if (line.StartsWith(Listening, StringComparison.Ordinal))
            {
                _listening.TrySetResult(new(line[Listening.Length..].Split(' ')[0]));
            }
            else if (line.Contains(Warm, StringComparison.Ordinal))
            {
                _warm.TrySetResult();
            }
            else if (EndLine().Match(line) is { Success: true } end)
            {
                _ends[end.Groups["call"].Value] = end.Groups["kind"].Value;
            }
        }
    }

    // Gateway's own line of a call's end.
    [GeneratedRegex(@"The call (?<call>\S+) ended after [\d.,]+ s: (?<kind>\w+)\.")]
    private static partial Regex EndLine();
}
