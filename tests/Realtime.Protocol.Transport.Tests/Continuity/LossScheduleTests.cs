using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Realtime.Protocol.Lifecycle;
using Realtime.Protocol.Testing;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Responses;

namespace Realtime.Protocol.Transport.Tests.Continuity;

/// <summary>
/// A talk with a tool, speech and requests that wait, whose line is cut at every message of it, and at seeded pairs and rows of messages: every turn has one outcome, nothing is asked for twice, no call runs twice, and the
/// conversation on each new connection is the plan.
/// </summary>
public sealed class LossScheduleTests
{
    private const int Uncut = int.MaxValue / 2;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task CutOnce_AtEveryMessage()
    {
        int length = await TalkAsync([]);
        Assert.True(length > 50, $"The talk has {length} messages.");
        await Parallel.ForEachAsync(Enumerable.Range(1, length), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (at, _) => await TalkAsync([at]));
    }

    [Fact]
    public async Task CutOnce_AtEveryMessage_WithAToolThatAnswersWhenAllIsAsked()
    {
        int length = await TalkAsync([], isToolSlow: true);
        await Parallel.ForEachAsync(Enumerable.Range(1, length), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (at, _) => await TalkAsync([at], isToolSlow: true));
    }

    [Fact]
    public async Task CutAgainAndAgain_AlsoWhileItIsToldWhatWasSaid()
    {
        int length = await TalkAsync([]);
        await Parallel.ForEachAsync(Enumerable.Range(1, 60), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (seed, _) =>
        {
            var random = new Random(seed);
            await TalkAsync([.. Enumerable.Range(0, 1 + (seed % 4)).Select(_ => 1 + random.Next(seed % 3 == 0 ? 12 : length))]);
        });
    }

    /// <returns>How many messages passed on the first connection.</returns>
    /// <param name="cuts">After so many messages each connection is lost, the first ones.</param>
    /// <param name="isToolSlow">What waits behind the second turn is asked for when that turn has called the tool, which answers when all is asked for.</param>
    private static async Task<int> TalkAsync(int[] cuts, bool isToolSlow = false)
    {
        var isFirstOver = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var isCalled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var isAllAsked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        string which = $"cut at {string.Join(", ", cuts)}";
        var ran = new ConcurrentQueue<string>();
        int connections = 0;
        VoiceSession? session = null;
        var servers = new ConcurrentQueue<(InMemoryTransport Server, CutTransport Line, ReplayPlan? Plan)>();
        var options = new VoiceSessionOptions
        {
            Session = SessionConfiguration.PushToTalk with
            {
                Modality = OutputModality.Text,
                Tools = [VoiceTool.Create("order", "Looks an order up.", """{"type":"object"}""", async (call, _) =>
            {
                ran.Enqueue(call.CallId);
                if (isToolSlow && isFirstOver.Task.IsCompleted)
                {
                    isCalled.TrySetResult();
                    await isAllAsked.Task;
                }

                return Output(call.CallId);
            })]
            },
            WhenBusy = WhenBusy.Queue,
            Reconnect = ReconnectPolicy.Standard with { FirstDelay = TimeSpan.Zero, MaxDelay = TimeSpan.Zero, MaxAttempts = 8 },
            Chance = static () => 0,
            Transport = (_, _) =>
            {
                int number = Interlocked.Increment(ref connections);
                var server = new InMemoryTransport(new SimulatorOptions { Pace = ResponsePace.Immediate, Connection = number, Seed = (ulong)number });
                var line = new CutTransport(server, number <= cuts.Length ? cuts[number - 1] : Uncut);
                servers.Enqueue((server, line, session is null ? null : ReplayPlanner.Plan(session.Checkpoint(), new ReplayOptions { AsksAgain = false })));
                return new(line);
            },
        };
        try
        {
            session = await VoiceSession.ConnectAsync(options).WaitAsync(Patience);
        }
        catch (RealtimeConnectException)
        {
            return 0; // it was cut before there was a session
        }

        try
        {
            var turns = new List<Turn> { session.SendMessage("tool: order", Labelled("one")) };
            await EndAsync(turns[0], which);
            isFirstOver.SetResult();
            await session.Input.WriteAsync(new byte[14_400]);
            turns.Add(session.EndTurn(Labelled("two")));
            if (isToolSlow)
            {
                await Task.WhenAny(isCalled.Task, turns[1].Completion).WaitAsync(Patience);
            }

            turns.Add(session.SendMessage("What did I say?", Labelled("three")));
            turns.Add(session.SendMessage("And before?", Labelled("four")));
            isAllAsked.SetResult();
            foreach (Turn turn in turns)
            {
                TurnResult result = await EndAsync(turn, which);
                Assert.True(result.Outcome is TurnOutcome.Completed or TurnOutcome.Disconnected, $"{which}: {turn} ended as {result.Outcome}");
            }

            TurnResult last = await EndAsync(session.SendMessage("Are you there?", Labelled("five")), which);
            while (last.Outcome is TurnOutcome.Disconnected)
            {
                last = await EndAsync(session.SendMessage("Are you there?", Labelled("again")), which);
            }

            Assert.True(last.Outcome is TurnOutcome.Completed, $"{which}: the last turn ended as {last.Outcome}");
            Assert.Equal([1, 2, 3, 4], turns.Select(static turn => turn.Number));
            Check(turns, [.. servers], [.. ran], which);
            return servers.First().Line.Passed;
        }
        finally
        {
            await session.DisposeAsync();
        }
    }

    private static void Check(List<Turn> turns, (InMemoryTransport Server, CutTransport Line, ReplayPlan? Plan)[] servers, string[] ran, string which)
    {
        JsonObject[][] sent = [.. servers.Select(static connected => connected.Server.Transcript.Lines.Where(static line => line.Speaker is Speaker.Client).Select(static line => JsonNode.Parse(line.Json)!.AsObject()).ToArray())];
        Assert.True(ran.Distinct().Count() == ran.Length, $"{which}: a call ran twice");
        string[] labels = ["one", "two", "three", "four"];
        for (int i = 0; i < labels.Length; i++)
        {
            int asked = sent.Sum(messages => messages.Count(message => (string?)message["type"] == "response.create" && (string?)message["response"]?["instructions"] == labels[i]));
            int rounds = turns[i].Completion.Result.Responses; // a model that has lost its answer calls the tool in a later turn
            Assert.True(asked <= Math.Max(1, rounds + 1) && (rounds > 0 || asked <= 1), $"{which}: turn {labels[i]} was asked for {asked} times");
            Assert.True(turns[i].Completion.Result.Outcome is not TurnOutcome.Completed || asked >= 1, $"{which}: turn {labels[i]} was never asked for");
        }

        for (int i = 1; i < servers.Length; i++)
        {
            string?[] told = [.. sent[i].Where(static message => (string?)message["type"] == "conversation.item.create").Select(static message => Words(message["item"]!))];

            // What waits for the connection is said by its own turn.
            string?[] planned = [.. servers[i].Plan!.Items.Where(static item => !item.Id.StartsWith("waiting_", StringComparison.Ordinal)).Select(Words)];

            // One that was lost while it was told, or made when all had been said, has heard the beginning. What the tool gives late may come between the plan that the test made and the session's own.
            Assert.True(told.Zip(planned).All(static item => item.First == item.Second || item.First == Late(item.Second)),
                $"{which}: connection {i + 1} was told {string.Join(" | ", told)} and not {string.Join(" | ", planned)}");
            bool isTaken = sent[i].Any(static message => (string?)message["type"] == "response.create");
            Assert.True(!isTaken || told.Length >= planned.Length, $"{which}: connection {i + 1} was asked for something when it was told {told.Length} of {planned.Length} items");
        }

        foreach ((InMemoryTransport server, _, _) in servers)
        {
            Assert.True(server.Violations.Count == 0, $"{which}: {string.Join(" | ", server.Violations)}\n{string.Join("\n=====\n", servers.Select(static connected => Lines(connected.Server)))}");
        }
    }

    // What both sides said, as far as a line tells it.
    private static string Lines(InMemoryTransport server) =>
        string.Join('\n', server.Transcript.Lines.Select(static line => $"{line.Speaker} {(line.Json.Length > 300 ? $"{line.Json[..300]}…" : line.Json)}"));

    private static string? Words(JsonNode item) => (string?)item["type"] switch
    {
        "message" => $"{item["role"]}: {item["content"]![0]!["text"]}",
        "function_call" => $"call {item["call_id"]} of {item["name"]}",
        _ => $"output of {item["call_id"]}: {item["output"]}",
    };

    private static string? Words(ConversationItem item) => item switch
    {
        ConversationItem.Message message => $"{message.Role.ToString().ToLowerInvariant()}: {((ItemContent.Text)message.Content[0]).Value}",
        ConversationItem.FunctionCall call => $"call {call.CallId} of {call.Name}",
        ConversationItem.FunctionOutput output => $"output of {output.CallId}: {output.Output}",
        _ => $"{item}",
    };

    private static string Output(string callId) => $"It is here, by {callId}.";

    // What stands where the plan has the loss of a call whose output came.
    private static string? Late(string? planned) => planned?.Split(": ", 2) is [var call, ReplayPlanner.FailedOutput] ? $"{call}: {Output(call["output of ".Length..])}" : planned;

    private static ResponseRequest Labelled(string label) => new() { Instructions = label };

    private static async Task<TurnResult> EndAsync(Turn turn, string which)
    {
        try
        {
            return await turn.Completion.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"{which}: {turn} has no outcome");
            throw;
        }
    }
}
