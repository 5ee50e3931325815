using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Realtime.Protocol.Testing;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Responses;

namespace Realtime.Protocol.Transport.Tests.Sessions;

/// <summary>Every verb of a session, called from many threads at once until it is closed under them: each call ends, by its result or by what its documentation names, and the server is told nothing that it refuses.</summary>
public sealed class ManyThreadsTests
{
    private const int Callers = 12;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Together = TimeSpan.FromMilliseconds(400);

    // What meets on the wire: the answer was over when the server read of its cancel.
    private static readonly string[] Races = ["response_cancel_not_active"];

    [Theory(Timeout = 60_000)]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    [InlineData(4, true)]
    public async Task EveryVerbFromManyThreads_UntilTheSessionIsClosed_Ends(int seed, bool disposes)
    {
        var unobserved = new ConcurrentQueue<Exception>();
        EventHandler<UnobservedTaskExceptionEventArgs> count = (_, e) =>
        {
            if (e.Exception.ToString() is { } text && (text.Contains(nameof(RealtimeException)) || text.Contains(nameof(VoiceSession))))
            {
                unobserved.Enqueue(e.Exception);
            }
        };
        TaskScheduler.UnobservedTaskException += count;
        try
        {
            InMemoryTransport server = await Task.Run(() => RunAsync(seed, disposes));
            AssertClean(server);
            for (int i = 0; i < 3; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= count;
        }

        Assert.Empty(unobserved);
    }

    private static async Task<InMemoryTransport> RunAsync(int seed, bool disposes)
    {
        var pace = new ResponsePace { Acknowledgement = TimeSpan.FromMilliseconds(1), FirstDelta = TimeSpan.FromMilliseconds(2), AudioSpeed = 200, TextDelta = TimeSpan.FromMilliseconds(1), Transcription = TimeSpan.FromMilliseconds(3) };
        var server = new InMemoryTransport(new SimulatorOptions { Pace = pace, Seed = (ulong)seed });
        var options = new VoiceSessionOptions
        {
            Session = SessionConfiguration.PushToTalk with
            {
                Transcription = "whisper-1",
                Tools = [VoiceTool.Create("clock", "The time.", """{"type":"object"}""", static (ToolCall _, CancellationToken _) => new ValueTask<ToolCallOutput>("noon")), VoiceTool.Declare("order", "Orders.", """{"type":"object"}""")],
            },
            Transport = (_, _) => new(server),
        };
        VoiceSession session = await VoiceSession.ConnectAsync(options).WaitAsync(Patience);
        var stop = new CancellationTokenSource();
        var turns = new ConcurrentQueue<Turn>();
        var calls = new ConcurrentBag<Task>();
        List<Task> callers = [.. Enumerable.Range(0, Callers).Select(n => Task.Run(() => CallAsync(session, new Random((seed * 1_000) + n), turns, calls, stop.Token)))];
        callers.Add(Task.Run(() => WriteAsync(session, new Random(seed), stop.Token)));
        for (int i = 0; i < 2; i++)
        {
            int reader = i;
            callers.Add(Task.Run(() => ReadAsync(session, new Random((seed * 100) + reader), stop.Token)));
        }

        long began = TimeProvider.System.GetTimestamp();
        while (server.Transcript.ClientTypes.Distinct().Count() < 8)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, "The callers say too little.");
            await Task.Delay(20);
        }

        await Task.Delay(Together);
        Task[] endings = [.. Enumerable.Range(0, 3).Select(n => Task.Run(() => disposes || n == 2 ? session.DisposeAsync().AsTask() : session.CloseAsync()))];
        await Task.WhenAll(endings).WaitAsync(Patience);
        Assert.Equal(VoiceSessionState.Ended, session.State);
        await session.Ended.WaitAsync(Patience);
        await Task.Delay(10);
        await stop.CancelAsync();
        await Task.WhenAll(callers).WaitAsync(Patience);
        await Task.WhenAll(calls).WaitAsync(Patience);
        foreach (Turn turn in turns)
        {
            await turn.Completion.WaitAsync(Patience);
        }

        await session.DisposeAsync().AsTask().WaitAsync(Patience);
        return server;
    }

    private static async Task CallAsync(VoiceSession session, Random random, ConcurrentQueue<Turn> turns, ConcurrentBag<Task> calls, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            Task call = EndAsync(() => CallOnceAsync(session, random, turns));
            calls.Add(call);
            switch (random.Next(4))
            {
                case 0:
                    await call.WaitAsync(Patience);
                    break;
                case 1:
                    await Task.Yield();
                    break;
                case 2:
                    await Task.Delay(random.Next(5));
                    break;
            }
        }
    }

    private static Task CallOnceAsync(VoiceSession session, Random random, ConcurrentQueue<Turn> turns)
    {
        VoiceConversation talk = session.Conversation;
        IReadOnlyList<ConversationItem> items = talk.Items;
        string anyItem = items.Count > 0 ? items[random.Next(items.Count)].Id : "item_none";
        CancellationToken sometimes = random.Next(5) == 0 ? new CancellationTokenSource(random.Next(20)).Token : default;
        Turn? some = turns.ElementAtOrDefault(random.Next(Math.Max(1, turns.Count)));
        switch (random.Next(22))
        {
            case 0:
                turns.Enqueue(session.SendMessage(random.Next(3) == 0 ? "tool: clock {}" : "hello"));
                return Task.CompletedTask;
            case 1:
                turns.Enqueue(session.SendMessage(ConversationItem.User("look", new ItemContent.Audio(new byte[480]))));
                return Task.CompletedTask;
            case 2:
                turns.Enqueue(session.Respond(random.Next(2) == 0 ? null : new() { Instructions = "Be brief.", WhenBusy = (WhenBusy)random.Next(Enum.GetValues<WhenBusy>().Length) }));
                return Task.CompletedTask;
            case 3:
                Turn beside = session.Respond(ResponseRequest.OutOfBand with { Input = random.Next(2) == 0 ? null : [ConversationItem.User("aside")], Modality = OutputModality.Text });
                turns.Enqueue(beside);
                return beside.Completion;
            case 4:
                turns.Enqueue(session.EndTurn());
                return Task.CompletedTask;
            case 5:
                return session.Input.CommitAsync(sometimes);
            case 6:
                session.Input.Clear();
                return Task.CompletedTask;
            case 7:
                return talk.AddAsync(ConversationItem.User("added"), random.Next(3) switch { 0 => ItemPosition.Start, 1 => ItemPosition.After(anyItem), _ => default }, sometimes);
            case 8:
                return talk.DeleteAsync(anyItem, sometimes);
            case 9:
                return items.Count == 0 ? Task.CompletedTask : talk.RetrieveAsync(anyItem, sometimes); // one that is not known is asked for as well
            case 10:
                return talk.TruncateAsync(random.Next(2) == 0 ? anyItem : SpokenItem(items, random) ?? anyItem, TimeSpan.FromMilliseconds(random.Next(300)), sometimes);
            case 11:
                return session.UpdateAsync(new() { Instructions = $"Number {random.Next(100)}." }, sometimes);
            case 12:
                return random.Next(4) == 0 ? session.UpdateAsync(new() { Speed = 0.5 + random.NextDouble() }, sometimes) : Task.CompletedTask;
            case 13:
                if (random.Next(8) == 0)
                {
                    session.Interrupt();
                }

                return Task.CompletedTask;
            case 14:
                return session.SendAsync(new ConversationItemRetrieve { ItemId = anyItem }, sometimes).AsTask();
            case 15:
                return session.SendRawAsync(RawJson.Parse("""{"type":"conversation.item.create","item":{"type":"message","role":"user","content":[{"type":"input_text","text":"raw"}]}}"""), sometimes).AsTask();
            case 16:
                some?.ReportPlayed(random.Next(50_000));
                return Task.CompletedTask;
            case 17:
                if (random.Next(8) == 0)
                {
                    some?.Cancel();
                }

                return Task.CompletedTask;
            case 18:
                session.SubmitToolOutput("call_none", "done");
                return Task.CompletedTask;
            case 19:
                return some is null ? Task.CompletedTask : ListenAsync(some);
            case 20:
                _ = (session.State, session.Usage.ToString(), session.Configuration.ToString(), session.CloseReason, session.Id, session.ExpiresAt, talk.Id, session.OddEvents, session.MalformedEvents, session.Input.Sent);
                return Task.CompletedTask;
            default:
                _ = (talk.Items.Count, talk.TryGet(anyItem, out _), some?.Heard, some?.ToString(), some?.AudioEncoding, some?.Utterance);
                return Task.CompletedTask;
        }
    }

    private static string? SpokenItem(IReadOnlyList<ConversationItem> items, Random random)
    {
        ConversationItem.Message[] spoken = [.. items.OfType<ConversationItem.Message>().Where(static item => item is { Role: ItemRole.Assistant, State: ItemState.Completed })];
        return spoken.Length > 0 ? spoken[random.Next(spoken.Length)].Id : null;
    }

    private static async Task ListenAsync(Turn turn)
    {
        await foreach (TurnUpdate update in turn.ReadUpdatesAsync())
        {
            if (update is TurnUpdate.Silenced)
            {
                break;
            }
        }
    }

    // One writer, as the input takes it.
    private static async Task WriteAsync(VoiceSession session, Random random, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await session.Input.WriteAsync(new byte[random.Next(1, 6_000)]);
            await Task.Delay(random.Next(4));
        }
    }

    // Readers that come, and go after a while.
    private static async Task ReadAsync(VoiceSession session, Random random, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            int left = random.Next(1, 40);
            using var leave = new CancellationTokenSource(random.Next(1, 30));
            try
            {
                if (random.Next(2) == 0)
                {
                    await foreach (WireEvent e in session.ReadEventsAsync((EventSelection)random.Next(1, 4), leave.Token))
                    {
                        if (--left == 0)
                        {
                            break;
                        }
                    }
                }
                else
                {
                    await foreach (VoiceSessionUpdate update in session.ReadUpdatesAsync(leave.Token))
                    {
                        if (--left == 0)
                        {
                            break;
                        }
                    }
                }
            }
            catch (OperationCanceledException) when (leave.IsCancellationRequested)
            {
                // It has gone.
            }

            await Task.Yield();
        }
    }

    // What the documentation names ends a call; anything else fails the test.
    private static async Task EndAsync(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (Exception ended) when (ended is RealtimeRefusedException { Rule.Length: > 0 } or RealtimeClosedException or RealtimeRejectedException or OperationCanceledException)
        {
            // Its kind is what is asked here; its rule and its words are other tests'.
        }
    }

    private static void AssertClean(InMemoryTransport server)
    {
        // What the application wrote by itself is its own to answer for; the session's ids of such events begin with "sent_".
        IEnumerable<string> refused = from line in server.Transcript.Lines
                                      where line.Speaker is Speaker.Server && line.Type == "error"
                                      let error = JsonNode.Parse(line.Json)!["error"]!
                                      where !Races.Contains((string?)error["code"]) && ((string?)error["event_id"])?.StartsWith("sent_", StringComparison.Ordinal) is not true
                                      select error.ToJsonString();
        Assert.Equal("", string.Join('\n', refused.Distinct()));
    }
}
