using System.Diagnostics;
using System.Text.Json;
using Realtime.Protocol.Testing.Hosting;

namespace Realtime.Protocol.Hosting.Tests.Sessions;

/// <summary>A service that is deployed anew: its process gets a real SIGTERM in the middle of an answer, drains its call within the host's timeout, leaves the checkpoint in the journal, and ends with 0.</summary>
public sealed class TerminatedProcessTests : IAsyncLifetime
{
    private const int HangsAfterMs = 120_000;
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "HostedCall.dll");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hosted-call-");
    private RealtimeSimulatorHost _simulator = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _simulator = await RealtimeSimulatorHost.StartAsync(new(), Stop);

    public async ValueTask DisposeAsync()
    {
        await _simulator.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task AnAnswerForWhichThereIsTime_IsHeardOut()
    {
        // Two seconds of sound, and a minute to end.
        (string[] lines, SessionCheckpoint left) = await TerminateAsync("What will the weather be like?", "00:01:00");

        Assert.Equal(["outcome Completed", "ended Drained", "the host has stopped"], lines);
        Assert.Equal(["What will the weather be like?", "You wrote: What will the weather be like?"], left.Items.Select(Words));
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task AnAnswerForWhichThereIsNone_IsInterrupted_AndWhatWasHeardIsKept()
    {
        // Two minutes of sound, which come within one, and five seconds to end: a signal that comes late still meets the answer.
        (string[] lines, SessionCheckpoint left) = await TerminateAsync(string.Concat(Enumerable.Repeat("Tell me all of it. ", 180)), "00:00:05");

        Assert.Equal("the host has stopped", lines[^1]);
        Assert.Equal("outcome Interrupted", lines[0]);
        Assert.StartsWith("Tell me all of it.", Words(left.Items[0]), StringComparison.Ordinal);
    }

    private async Task<(string[] Lines, SessionCheckpoint Left)> TerminateAsync(string question, string timeout)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no SIGTERM here.");
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "appsettings.json"), JsonSerializer.Serialize(new
        {
            Question = question,
            Host = new { ShutdownTimeout = timeout },
            Voice = new { Endpoint = _simulator.Endpoint.ToString(), Session = new { TurnTaking = "manual" } },
        }), Stop);
        using Process process = Process.Start(new ProcessStartInfo("dotnet", [Program, _folder.FullName]) { RedirectStandardOutput = true })!;
        try
        {
            Assert.Equal("speaking", await process.StandardOutput.ReadLineAsync(Stop));
            using (Process terminating = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
            {
                await terminating.WaitForExitAsync(Stop);
            }

            string said = await process.StandardOutput.ReadToEndAsync(Stop);
            await process.WaitForExitAsync(Stop);
            Assert.Equal(0, process.ExitCode);
            JournalClaim claim = await new FileJournal(Path.Combine(_folder.FullName, "journal")).ClaimAsync("call-9", "the test", Stop);
            return (said.Split('\n', StringSplitOptions.RemoveEmptyEntries), SessionCheckpoint.FromUtf8Json(claim.Checkpoint!.Value.Span));
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    private static string Words(ConversationItem item) => string.Concat(((ConversationItem.Message)item).Content.Select(static part => part switch
    {
        ItemContent.Text text => text.Value,
        ItemContent.Audio audio => audio.Transcript,
        _ => "",
    }));
}
