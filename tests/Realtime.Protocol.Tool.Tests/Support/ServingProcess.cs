using System.Diagnostics;
using System.Globalization;

namespace Realtime.Protocol.CommandLine.Tests.Support;

/// <summary><c>realtime serve</c> as a process of its own, which a test can kill as the operating system kills: without a goodbye, at any moment.</summary>
internal sealed class ServingProcess : IDisposable
{
    private const string Listening = "listening on ";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "realtime.dll");

    private readonly Process _process;
    private Task<string> _rest = Task.FromResult("");
    private Task<string> _errors = Task.FromResult("");

    private ServingProcess(Process process) => _process = process;

    /// <summary>Where clients connect to.</summary>
    public Uri Url { get; private set; } = null!;

    /// <summary>Starts it, and returns when clients may come.</summary>
    /// <param name="port">Where it listens; 0 for any port that is free.</param>
    /// <param name="args">What else it is told.</param>
    public static async Task<ServingProcess> StartAsync(int port, params string[] args)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no SIGKILL and no SIGTERM here.");
        var start = new ProcessStartInfo("dotnet", [Program, "serve", "--port", port.ToString(CultureInfo.InvariantCulture), "--fast", .. args]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_gcServer"] = "0";
        var serving = new ServingProcess(Process.Start(start)!);
        try
        {
            string? first = await serving._process.StandardOutput.ReadLineAsync().WaitAsync(Limit);
            serving._errors = serving._process.StandardError.ReadToEndAsync();
            Assert.True(first?.StartsWith(Listening, StringComparison.Ordinal), first is null ? await serving._errors : first);
            serving.Url = new Uri(first![Listening.Length..].Split(' ')[0]);
            serving._rest = serving._process.StandardOutput.ReadToEndAsync();
            return serving;
        }
        catch
        {
            serving.Dispose();
            throw;
        }
    }

    /// <summary>SIGKILL; returns when it is gone.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(Limit);
    }

    /// <summary>SIGTERM: every log is written to its end. Returns what it printed.</summary>
    public async Task<string> EndAsync()
    {
        using (var terminating = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await terminating.WaitForExitAsync().WaitAsync(Limit);
        }

        await _process.WaitForExitAsync().WaitAsync(Limit);
        return await _rest + await _errors;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }
}
