using System.Text;

namespace Realtime.Protocol.OutlivingTalk;

/// <summary>A call that is kept in a journal of files: two turns and a tool, in whose answer the process is killed; and another process that goes on with it.</summary>
internal static class JournaledCall
{
    private const string CallId = "call-7";

    /// <summary>Talks until it is killed.</summary>
    public static async Task TalkAsync(Uri service, string folder)
    {
        var journal = new WatchedJournal(new FileJournal(folder), "Seven are left.");
        await using VoiceSession session = await VoiceSession.ConnectAsync(Options(service, journal));
        TurnResult first = await session.SendMessage("My name is Ada.").Completion;
        Console.WriteLine($"first: {first.Outcome.GetType().Name} {first.Transcript}");
        Turn second = session.SendMessage("tool: stock");

        // The output of the tool is on the disk, and the model speaks of it.
        await journal.Saved;
        Console.WriteLine("speaking");
        await second.Completion;
        Console.WriteLine("The answer came to its end.");
    }

    /// <summary>Goes on with it.</summary>
    public static async Task ResumeAsync(Uri service, string folder)
    {
        await using VoiceSession session = await VoiceSession.ConnectAsync(Options(service, new FileJournal(folder)));
        TurnResult third = await session.SendMessage("What do you know?").Completion;
        Console.WriteLine($"third: {third.Outcome.GetType().Name} {third.Transcript}");
        await session.CloseAsync();
        Console.WriteLine($"left: {(await new FileJournal(folder).ClaimAsync(CallId, "whoever looks", CancellationToken.None)).Checkpoint?.Length ?? 0} bytes");
    }

    private static VoiceSessionOptions Options(Uri service, ISessionJournal journal) => new()
    {
        Endpoint = service,
        CallId = CallId,
        Journal = journal,
        Session = SessionConfiguration.PushToTalk with
        {
            Modality = OutputModality.Text,
            Tools = [VoiceTool.Create("stock", "Counts what is left.", """{"type":"object"}""", static _ =>
            {
                Console.WriteLine("counting");
                return "Seven are left.";
            })],
        },
    };

    /// <summary>Says when a text has been stored.</summary>
    private sealed class WatchedJournal(ISessionJournal inner, string text) : ISessionJournal
    {
        private readonly byte[] _text = Encoding.UTF8.GetBytes(text);
        private readonly TaskCompletionSource _saved = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Saved => _saved.Task;

        public ValueTask<JournalClaim> ClaimAsync(string callId, string owner, CancellationToken cancellationToken) => inner.ClaimAsync(callId, owner, cancellationToken);

        public async ValueTask<bool> SaveAsync(string callId, long fence, ReadOnlyMemory<byte> checkpoint, CancellationToken cancellationToken)
        {
            bool holds = checkpoint.Span.IndexOf(_text) >= 0;
            bool isSaved = await inner.SaveAsync(callId, fence, checkpoint, cancellationToken);
            if (holds && isSaved)
            {
                _saved.TrySetResult();
            }

            return isSaved;
        }

        public ValueTask EndAsync(string callId, long fence, CancellationToken cancellationToken) => inner.EndAsync(callId, fence, cancellationToken);
    }
}
