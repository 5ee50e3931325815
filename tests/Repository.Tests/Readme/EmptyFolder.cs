using System.Collections.Concurrent;
using System.Diagnostics;

namespace Repository.Tests.Readme;

/// <summary>A folder outside the repository, with nothing in it, and terminals in it: the commands that a page shows, run by the shell that its readers have.</summary>
internal sealed class EmptyFolder : IAsyncDisposable
{
    // A build on a machine that does other things, too.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("readme-");
    private readonly List<OpenTerminal> _beside = [];
    private readonly IReadOnlyDictionary<string, string> _environment;

    public EmptyFolder(IReadOnlyDictionary<string, string> environment) => _environment = environment;

    public string Path => _folder.FullName;

    /// <summary>A folder of this name, which lies elsewhere.</summary>
    public void Link(string name, string folder) => Directory.CreateSymbolicLink(System.IO.Path.Combine(Path, name), folder);

    public void Write(string name, string text) => File.WriteAllText(System.IO.Path.Combine(Path, name), text);

    /// <summary>Runs a command to its end, and returns what it printed on both streams, in the order in which it came.</summary>
    public async Task<string> RunAsync(string command)
    {
        using var terminal = new OpenTerminal(Start(command));
        return await EndAsync(terminal, command);
    }

    /// <summary>Starts a command that stays, and waits for its first line.</summary>
    public async Task BeginAsync(string command)
    {
        // The shell gives way to the program, so that it is the program that is interrupted.
        var terminal = new OpenTerminal(Start("exec " + command));
        _beside.Add(terminal);
        await terminal.FirstLine.WaitAsync(Patience);
    }

    /// <summary>Ends the program in every terminal that stayed, and returns what each one printed.</summary>
    public async Task<IReadOnlyList<string>> InterruptAsync()
    {
        var outputs = new List<string>();
        foreach (OpenTerminal terminal in _beside)
        {
            // SIGINT does not reach a program whose ancestors ignore it, as those of a background job do. This asks for the same.
            await RunAsync($"kill -TERM {terminal.Id}");
            outputs.Add(await EndAsync(terminal, "the program that was left running"));
        }

        return outputs;
    }

    public ValueTask DisposeAsync()
    {
        foreach (OpenTerminal terminal in _beside)
        {
            terminal.Dispose();
        }

        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private static async Task<string> EndAsync(OpenTerminal terminal, string command)
    {
        try
        {
            return await terminal.EndAsync().WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"$ {command}\ndid not end. So far there came:\n{terminal.Output}");
            throw;
        }
    }

    private Process Start(string command)
    {
        var start = new ProcessStartInfo("bash", ["-c", $"exec 2>&1\n{command}"]) { WorkingDirectory = Path, RedirectStandardOutput = true, RedirectStandardInput = true };

        // What a test run sets for its own build is not for one that it starts.
        foreach (string variable in start.Environment.Keys.Where(static name => name.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            start.Environment.Remove(variable);
        }

        foreach ((string name, string value) in _environment)
        {
            start.Environment[name] = value;
        }

        Process process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    /// <summary>A program and what it printed so far.</summary>
    private sealed class OpenTerminal : IDisposable
    {
        private readonly Process _process;
        private readonly ConcurrentQueue<string> _lines = [];
        private readonly TaskCompletionSource _firstLine = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Task _reading;

        public OpenTerminal(Process process)
        {
            _process = process;
            _reading = ReadAsync();
        }

        public int Id => _process.Id;

        public Task FirstLine => _firstLine.Task;

        /// <summary>What it printed so far, on both streams.</summary>
        public string Output => string.Concat(_lines.Select(static line => line + "\n"));

        public async Task<string> EndAsync()
        {
            await _process.WaitForExitAsync();
            await _reading;
            return Output;
        }

        public void Dispose()
        {
            if (!_process.HasExited)
            {
                _process.Kill(entireProcessTree: true);
            }

            _process.Dispose();
        }

        private async Task ReadAsync()
        {
            while (await _process.StandardOutput.ReadLineAsync() is { } line)
            {
                _lines.Enqueue(line);
                _firstLine.TrySetResult();
            }

            _firstLine.TrySetResult();
        }
    }
}
