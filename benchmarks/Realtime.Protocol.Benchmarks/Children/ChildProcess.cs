using System.Diagnostics;

namespace Realtime.Protocol.Benchmarks.Children;

/// <summary>
/// This program once more, as a process of its own that is spoken to line by line. It ends when its input does, so none
/// outlives the measurement.
/// </summary>
public sealed class ChildProcess : IDisposable
{
    private readonly Process _process;

    private ChildProcess(Process process) => _process = process;

    /// <param name="arguments">One of <see cref="ChildVerbs"/> and its arguments.</param>
    public static ChildProcess Start(params string[] arguments) => Start([], arguments);

    /// <param name="environment">Variables that it has besides ours.</param>
    /// <param name="arguments">One of <see cref="ChildVerbs"/> and its arguments.</param>
    public static ChildProcess Start(IReadOnlyCollection<KeyValuePair<string, string>> environment, params string[] arguments)
    {
        // Not the executable that runs: the benchmark framework runs benchmarks from one that it built itself.
        string program = typeof(ChildProcess).Assembly.Location;
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", ["exec", program, ChildVerbs.Prefix, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        return new(Process.Start(start)!);
    }

    public void Say(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
    }

    /// <exception cref="InvalidOperationException">The child ended without an answer; its errors stand on standard error.</exception>
    public string Hear() => _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"The child process {string.Join(' ', _process.StartInfo.ArgumentList)} ended without an answer.");

    /// <summary>It ends at once, without a word, as by kill -9.</summary>
    public void Kill() => _process.Kill();

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
