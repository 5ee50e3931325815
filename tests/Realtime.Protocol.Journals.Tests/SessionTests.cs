using System.Text;
using Realtime.Protocol.Testing.Hosting;

namespace Realtime.Protocol.Journals.Tests;

/// <summary>Sessions whose calls are kept on a server: it goes away and comes back, and a second session takes a call over.</summary>
public abstract class SessionTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    protected abstract ISessionJournal Open();

    protected abstract Task KillAsync();

    protected abstract Task StartAgainAsync();

    /// <summary>Runs the README's program.</summary>
    protected abstract Task RunProgramAsync(Uri endpoint);

    [Fact]
    public async Task ASessionWhoseStoreIsGone_GoesOnTalking_AndSavesWhenItIsBack()
    {
        var journal = new WatchedJournal(Open());
        string call = $"call {Guid.NewGuid():N}";
        await using RealtimeSimulatorHost simulator = await RealtimeSimulatorHost.StartAsync(new());
        await using VoiceSession session = await VoiceSession.ConnectAsync(Options(simulator.Endpoint, journal, call));
        Task problem = ToldAsync(session);
        Task first = journal.SavedAsync("My order is 4711.");
        Assert.Equal("Completed", await SayAsync(session, "My order is 4711."));
        await first.WaitAsync(Patience);

        await KillAsync();
        Task second;
        try
        {
            second = journal.SavedAsync("It is a bicycle.");
            Assert.Equal("Completed", await SayAsync(session, "It is a bicycle."));
            await problem.WaitAsync(Patience);
            Assert.False(second.IsCompleted);
        }
        finally
        {
            await StartAgainAsync();
        }

        await second.WaitAsync(Patience);
        Assert.False(session.Ended.IsCompleted);
        await session.CloseAsync();
        Assert.Null((await journal.ClaimAsync(call, "whoever looks", default)).Checkpoint);
    }

    [Fact]
    public async Task ASecondSessionOfACall_GoesOnWithIt_AndTheFirstEndsAsHandedOver()
    {
        var journal = new WatchedJournal(Open());
        string call = $"call {Guid.NewGuid():N}";
        await using RealtimeSimulatorHost simulator = await RealtimeSimulatorHost.StartAsync(new());
        await using VoiceSession first = await VoiceSession.ConnectAsync(Options(simulator.Endpoint, journal, call));
        Task saved = journal.SavedAsync("My order is 4711.");
        Assert.Equal("Completed", await SayAsync(first, "My order is 4711."));
        await saved.WaitAsync(Patience);

        await using VoiceSession second = await VoiceSession.ConnectAsync(Options(simulator.Endpoint, Open(), call));
        Assert.Contains("My order is 4711.", Encoding.UTF8.GetString(second.Checkpoint().ToUtf8Json().Span), StringComparison.Ordinal);
        try
        {
            first.SendMessage("Are you there?");
        }
        catch (RealtimeClosedException)
        {
            // The save of its turn's end came behind the claim, and has told it.
        }

        Assert.Equal(RealtimeCloseKind.HandedOver, (await first.Ended.WaitAsync(Patience)).Kind);
        Assert.Equal("Completed", await SayAsync(second, "I am."));
        await second.CloseAsync();
    }

    [Fact]
    public async Task TheProgramOfTheReadme_Runs_AndRunsAgain()
    {
        Open();
        await using RealtimeSimulatorHost simulator = await RealtimeSimulatorHost.StartAsync(new());
        await RunProgramAsync(simulator.Endpoint);
        await RunProgramAsync(simulator.Endpoint);
    }

    private static VoiceSessionOptions Options(Uri endpoint, ISessionJournal journal, string call) => new() { Endpoint = endpoint, Journal = journal, CallId = call, Session = SessionConfiguration.PushToTalk with { Modality = OutputModality.Text } };

    private static async Task<string> SayAsync(VoiceSession session, string text) => (await session.SendMessage(text).Completion.WaitAsync(Patience)).Outcome.GetType().Name;

    private static async Task ToldAsync(VoiceSession session)
    {
        await foreach (VoiceSessionUpdate update in session.ReadUpdatesAsync())
        {
            if (update is VoiceSessionUpdate.Problem { Details: SessionProblem.JournalFailed })
            {
                return;
            }
        }
    }

    /// <summary>Says when a text has been stored.</summary>
    private sealed class WatchedJournal(ISessionJournal inner) : ISessionJournal
    {
        private volatile Tuple<byte[], TaskCompletionSource>? _awaited;

        public Task SavedAsync(string text)
        {
            var saved = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited = new(Encoding.UTF8.GetBytes(text), saved);
            return saved.Task;
        }

        public ValueTask<JournalClaim> ClaimAsync(string callId, string owner, CancellationToken cancellationToken) => inner.ClaimAsync(callId, owner, cancellationToken);

        public async ValueTask<bool> SaveAsync(string callId, long fence, ReadOnlyMemory<byte> checkpoint, CancellationToken cancellationToken)
        {
            (byte[] text, TaskCompletionSource saved) = _awaited ?? new([0], new());
            bool holds = checkpoint.Span.IndexOf(text) >= 0;
            bool isSaved = await inner.SaveAsync(callId, fence, checkpoint, cancellationToken);
            if (holds && isSaved)
            {
                saved.TrySetResult();
            }

            return isSaved;
        }

        public ValueTask EndAsync(string callId, long fence, CancellationToken cancellationToken) => inner.EndAsync(callId, fence, cancellationToken);
    }
}
