using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Realtime.Protocol.CommandLine.Tests.Support;

namespace Realtime.Protocol.CommandLine.Tests.Outliving;

#pragma warning disable xUnit1051 // every wait has a limit of its own, and what is cancelled would end the session under test

/// <summary>What a session outlives: its server, and its own process, each killed with -9 in the middle of an answer after two turns and a tool. The third turn knows what was said before.</summary>
public sealed class KilledProcessTests(ITestOutputHelper output)
{
    private const int HangsAfterMs = 300_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private static readonly string[] Said = ["user My name is Ada.", "model Noted.", "user tool: stock", "call stock", "output Seven are left."];

    [Fact(Timeout = HangsAfterMs)]
    public async Task ServerKilledInMidAnswer_TheThirdTurnKnowsWhatWasSaid()
    {
        using var folder = new TemporaryFolder();
        using TalkProcess server = TalkProcess.Start("serve", "0");
        Uri service = await server.ServiceAsync();
        var speaking = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var updates = new ConcurrentQueue<VoiceSessionUpdate>();
        var journal = new CountedJournal(new FileJournal(folder.File("journal")));
        int ran = 0;
        await using VoiceSession session = await VoiceSession.ConnectAsync(new()
        {
            Endpoint = service,
            CallId = "call-7",
            Journal = journal,
            Session = SessionConfiguration.PushToTalk with { Modality = OutputModality.Text, Tools = [VoiceTool.Create("stock", "Counts what is left.", """{"type":"object"}""", _ => $"Seven are left{new string('.', Interlocked.Increment(ref ran))}")] },
            Reconnect = ReconnectPolicy.Standard with { MaxDelay = TimeSpan.FromMilliseconds(500), MaxAttempts = 200 },
            OnServerEvent = (in ServerEvent received) =>
            {
                if (ran > 0 && received.Kind is ServerEventKind.ResponseOutputTextDelta)
                {
                    speaking.TrySetResult();
                }
            },
        }).WaitAsync(Patience);
        Task watching = WatchAsync(session, updates);

        TurnResult first = await session.SendMessage("My name is Ada.").Completion.WaitAsync(Patience);
        Assert.Equal("Noted.", first.Transcript);
        Turn second = session.SendMessage("tool: stock");
        await speaking.Task.WaitAsync(Patience);
        await server.KillAsync();
        long killed = Stopwatch.GetTimestamp();
        TurnResult broken = await second.Completion.WaitAsync(Patience);
        Assert.IsType<TurnOutcome.Disconnected>(broken.Outcome);
        using TalkProcess next = TalkProcess.Start("serve", service.Port.ToString(CultureInfo.InvariantCulture));
        await next.ServiceAsync();
        TimeSpan started = Stopwatch.GetElapsedTime(killed);
        TurnResult third = await session.SendMessage("What do you know?").Completion.WaitAsync(Patience);

        Assert.IsType<TurnOutcome.Completed>(third.Outcome);
        Assert.All(Said, said => Assert.Contains(said, third.Transcript, StringComparison.Ordinal));
        Assert.Equal(1, ran);
        Assert.Equal(3, third.Transcript.Split(" / ").Count(static said => said.StartsWith("user ", StringComparison.Ordinal) || said.StartsWith("output ", StringComparison.Ordinal)));
        await session.CloseAsync().WaitAsync(Patience);
        await watching.WaitAsync(Patience);
        Assert.Single(updates.OfType<VoiceSessionUpdate.Resumed>());
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"a new server {started.TotalMilliseconds:0} ms after the kill, {updates.OfType<VoiceSessionUpdate.Reconnecting>().Count()} attempts; {journal} for 3 turns"));
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task ClientKilledInMidAnswer_TheNextProcessGoesOnFromTheJournal()
    {
        using var folder = new TemporaryFolder();
        using TalkProcess server = TalkProcess.Start("serve", "0");
        string service = (await server.ServiceAsync()).ToString();
        using (TalkProcess talk = TalkProcess.Start("talk", service, folder.File("journal")))
        {
            Assert.Equal("first: Completed Noted.", await talk.ReadLineAsync());
            Assert.Equal("counting", await talk.ReadLineAsync());
            Assert.Equal("speaking", await talk.ReadLineAsync());
            await talk.KillAsync();
        }

        using TalkProcess resumed = TalkProcess.Start("resume", service, folder.File("journal"));
        string? third = await resumed.ReadLineAsync(); // and no second count
        Assert.StartsWith("third: Completed ", third, StringComparison.Ordinal);
        Assert.All(Said, said => Assert.Contains(said, third!, StringComparison.Ordinal));
        Assert.Equal("left: 0 bytes", await resumed.ReadLineAsync());
    }

    [Fact(Timeout = HangsAfterMs)]
    public async Task ClientKilledWhileAToolRuns_TheNextProcessDoesNotRunItAgain()
    {
        using var folder = new TemporaryFolder();
        using TalkProcess server = TalkProcess.Start("serve", "0");
        string service = (await server.ServiceAsync()).ToString();
        using (TalkProcess talk = TalkProcess.Start("talk", service, folder.File("journal")))
        {
            Assert.Equal("first: Completed Noted.", await talk.ReadLineAsync());
            Assert.Equal("counting", await talk.ReadLineAsync());
            await talk.KillAsync(); // its output may have been stored or not
        }

        using TalkProcess resumed = TalkProcess.Start("resume", service, folder.File("journal"));
        string? third = await resumed.ReadLineAsync(); // and no second count
        Assert.StartsWith("third: Completed ", third, StringComparison.Ordinal);
        Assert.All(["user My name is Ada.", "user tool: stock", "call stock", "output "], said => Assert.Contains(said, third!, StringComparison.Ordinal));
        Assert.Equal("left: 0 bytes", await resumed.ReadLineAsync());
    }

    private static async Task WatchAsync(VoiceSession session, ConcurrentQueue<VoiceSessionUpdate> updates)
    {
        await foreach (VoiceSessionUpdate update in session.ReadUpdatesAsync())
        {
            updates.Enqueue(update);
        }
    }

    /// <summary>Counts what a session stores.</summary>
    private sealed class CountedJournal(ISessionJournal inner) : ISessionJournal
    {
        private int _saves;
        private long _bytes;

        public ValueTask<JournalClaim> ClaimAsync(string callId, string owner, CancellationToken cancellationToken) => inner.ClaimAsync(callId, owner, cancellationToken);

        public ValueTask<bool> SaveAsync(string callId, long fence, ReadOnlyMemory<byte> checkpoint, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _saves);
            Interlocked.Add(ref _bytes, checkpoint.Length);
            return inner.SaveAsync(callId, fence, checkpoint, cancellationToken);
        }

        public ValueTask EndAsync(string callId, long fence, CancellationToken cancellationToken) => inner.EndAsync(callId, fence, cancellationToken);

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{_saves} saves of {_bytes} bytes");
    }
}
