using System.Diagnostics;
using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using Realtime.Protocol.CommandLine.Tests.Support;

namespace Realtime.Protocol.CommandLine.Tests.Serving;

/// <summary>How <c>serve</c> ends, as a pipeline sees it: rules broken, the program's own status, and defects of ours.</summary>
public sealed class ServeExitCodeTests
{
    private const int HangsAfterMs = 60_000;

    // A client in four lines of bash: it shakes hands and vanishes without a goodbye, which is wasteful; with a key as a browser shows it, harmful.
    // Nobody waits for what becomes of it: the program has ended before the simulator has read the end of the connection.
    private const string Client = """
        exec 3<>/dev/tcp/127.0.0.1/$(echo $REALTIME_URL | sed 's/.*:\([0-9]*\).*/\1/')
        printf 'GET /v1/realtime HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n%b\r\n' "$PROTOCOLS" >&3
        head -c 200 <&3 >/dev/null
        exec 3>&-
        """;

    // With its last breath it says what the service refuses: 'response.cancel' in a masked frame, whose mask is nothing. It has read what came: who leaves that unread resets the connection, and what it said last may be lost.
    private const string LastWord = """
        exec 3<>/dev/tcp/127.0.0.1/$(echo $REALTIME_URL | sed 's/.*:\([0-9]*\).*/\1/')
        printf 'GET /v1/realtime HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n' >&3
        cat <&3 >heard &
        until tail -c 2 heard 2>/dev/null | grep -q '}}'; do sleep 0.05; done
        printf '\x81\x9a\0\0\0\0{"type":"response.cancel"}' >&3
        kill $!
        """;

    private const string Browser = "PROTOCOLS='Sec-WebSocket-Protocol: realtime, openai-insecure-api-key.sk-x\\r\\n'\n";

    [Theory(Timeout = HangsAfterMs)]
    [InlineData("wasteful", "exit 0", 0)]
    [InlineData("wasteful", Client, 1)]
    [InlineData("harmful", Client, 0)]
    [InlineData("never", Browser + Client, 0)]
    [InlineData("harmful", Browser + Client, 1)]
    [InlineData("harmful", Browser + Client + "\nexit 7", 7)]
    public async Task FailOn_IsOne_WhereARuleOfItsLevelIsBroken_AndTheProgramsOwnStatusWins(string level, string script, int expected)
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "needs bash");

        ToolRun run = await ToolRun.OfAsync("serve", "--port", "0", "--fail-on", level, "--", "bash", "-c", script);

        Assert.Equal(expected, (int)run.ExitCode);
    }

    [Theory(Timeout = HangsAfterMs)]
    [InlineData("refused", 1)]
    [InlineData("harmful", 0)]
    public async Task WhatTheProgramSaysWithItsLastBreath_Counts(string level, int expected)
    {
        using var folder = new TemporaryFolder();
        string script = folder.File("script", Encoding.UTF8.GetBytes(LastWord));

        // A process of its own: what is slow the first time is slow there.
        (int exitCode, string error) = await ToolProcess.RunAsync($"serve --port 0 --fail-on {level} -- bash -c 'cd {folder.File(".")} && exec bash {script}'");

        Assert.Contains("[cancel-nothing, refused]", error, StringComparison.Ordinal);
        Assert.Contains("[left-without-goodbye, wasteful]", error, StringComparison.Ordinal);
        Assert.Equal(expected, exitCode);
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task ConnectionThatOutlivesTheProgram_IsNotWaitedForForEver()
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "needs bash");

        using var folder = new TemporaryFolder();
        (string connected, string id) = (folder.File("connected"), folder.File("id"));
        string stays = Client.Replace("exec 3>&-", $"echo yes >{connected}; exec sleep 300", StringComparison.Ordinal);

        ToolRun run = await ToolRun.OfAsync("serve", "--port", "0", "--", "bash", "-c", $"(\n{stays}\n) >/dev/null 2>&1 &\necho $! >{id}; until [ -e {connected} ]; do sleep 0.05; done; exit 5");

        using (var left = Process.GetProcessById(int.Parse(await File.ReadAllTextAsync(id, TestContext.Current.CancellationToken), CultureInfo.InvariantCulture)))
        {
            left.Kill();
        }

        Assert.Equal(5, (int)run.ExitCode);
        Assert.Contains("#1 was closed (1001: The simulator is shutting down.)", run.Error, StringComparison.Ordinal);
    }

    [Theory(Timeout = HangsAfterMs)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Defect_ClosesItsOwnConnection_AndIsTold_AndTheOthersGoOn(bool breaks)
    {
        using var folder = new TemporaryFolder();
        string logs = folder.File("logs");
        using ServedRun served = await ServedRun.StartAsync(["--vad", "none", "--log", logs], new() { Time = new BrokenTime { Breaks = breaks } });
        using ClientWebSocket first = await served.ConnectAsync();
        await ServedRun.HearAsync(first);
        using ClientWebSocket second = await served.ConnectAsync();
        await ServedRun.HearAsync(second);

        await ServedRun.SayAsync(first, """{"type":"response.create"}""");
        while (await ServedRun.HearAsync(first) is { } message && message.GetProperty("type").GetString() != "response.done")
        {
        }

        await ServedRun.SayAsync(second, """{"type":"input_audio_buffer.clear"}""");
        Assert.Equal("input_audio_buffer.cleared", (await ServedRun.HearAsync(second))!.Value.GetProperty("type").GetString());
        await ServedRun.LeaveAsync(second);
        ToolRun run = await served.EndAsync();

        Assert.Equal(breaks ? ExitCode.Defect : ExitCode.Done, run.ExitCode);
        Assert.Equal(breaks, run.Output.Contains("#1 defect of realtime: NotSupportedException at ", StringComparison.Ordinal));
        Assert.Equal(breaks, run.Output.Contains("#1 was closed (1011: A defect of the simulator, please report it: NotSupportedException.)", StringComparison.Ordinal));
        Assert.Equal(breaks, run.Output.Contains(", 1 defect of realtime, please report it", StringComparison.Ordinal));
        string log = await File.ReadAllTextAsync(Path.Combine(logs, "0001-realtime.jsonl"), TestContext.Current.CancellationToken);
        Assert.Equal(breaks, log.Contains("\"defect\":\"System.NotSupportedException\"", StringComparison.Ordinal));
        if (breaks)
        {
            Assert.Equal((1011, "A defect of the simulator, please report it: NotSupportedException."), ((int)first.CloseStatus!, first.CloseStatusDescription));
            Assert.Equal(0, (int)(await ToolRun.OfAsync("decode", Path.Combine(logs, "0001-realtime.jsonl"))).ExitCode);
        }
    }

    /// <summary>The first session's timer can be set once, for the session's end: whatever is to happen later than at once breaks the simulator.</summary>
    private sealed class BrokenTime : TimeProvider
    {
        private int _timers;

        public bool Breaks { get; init; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            ITimer timer = base.CreateTimer(callback, state, dueTime, period);
            return Breaks && Interlocked.Increment(ref _timers) == 1 ? new BrokenTimer(timer) : timer;
        }

        private sealed class BrokenTimer(ITimer timer) : ITimer
        {
            private int _changes;

            public bool Change(TimeSpan dueTime, TimeSpan period) => ++_changes == 1 ? timer.Change(dueTime, period) : throw new NotSupportedException("This timer is broken.");

            public void Dispose() => timer.Dispose();

            public ValueTask DisposeAsync() => timer.DisposeAsync();
        }
    }
}
