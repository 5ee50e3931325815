using System.Diagnostics;

namespace Realtime.Protocol.Tests.Shared;

#pragma warning disable xUnit1051 // every wait has a limit of its own

/// <summary>A program of <c>tests/OutlivingTalk</c>, which goes with the test.</summary>
internal sealed class TalkProcess : IDisposable
{
    private const string Listening = "listening on ";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "OutlivingTalk.dll");

    private readonly Process _process;

    private TalkProcess(Process process) => _process = process;

    public static TalkProcess Start(params string[] args)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no SIGKILL here.");
        return new(Process.Start(new ProcessStartInfo("dotnet", [Program, .. args]) { RedirectStandardOutput = true })!);
    }

    public Task<string?> ReadLineAsync() => _process.StandardOutput.ReadLineAsync().WaitAsync(Patience);

    public async Task<Uri> ServiceAsync()
    {
        string? line = await ReadLineAsync();
        Assert.StartsWith(Listening, line, StringComparison.Ordinal);
        return new Uri(line![Listening.Length..]);
    }

    /// <summary>SIGKILL; returns when it is gone.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(Patience);
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
