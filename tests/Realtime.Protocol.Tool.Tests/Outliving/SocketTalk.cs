using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Realtime.Protocol.CommandLine.Tests.Support;
using Realtime.Protocol.Lifecycle;
using Realtime.Protocol.Transport;

namespace Realtime.Protocol.CommandLine.Tests.Outliving;

/// <summary>
/// One talk over a real socket whose line breaks somewhere: a tool, speech, and two requests that wait behind it, then a question that shows that the session goes on. It is judged by what the client said on each
/// connection and by what its turns came to; what the servers received is in their logs.
/// </summary>
/// <param name="name">Which, for whoever reads a failure.</param>
/// <param name="outlives">Whether the session may connect anew.</param>
internal sealed class SocketTalk(string name, bool outlives)
{
    private const int SpeechBytes = 14_400; // 0.3 s
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly string[] Labels = ["one", "two", "three", "four"];

    private readonly ConcurrentQueue<(WatchedWire Wire, ReplayPlan? Plan)> _wires = new();
    private readonly ConcurrentQueue<string> _ran = new();
    private readonly List<Turn> _turns = [];
    private VoiceSession? _session;
    private int _connections;

    /// <summary>Gives the address of a connection, from 1; awaited, so that it may wait for a server.</summary>
    public required Func<int, Task<Uri>> Address { get; init; }

    /// <summary>Makes what watches the first connection.</summary>
    public Func<IRealtimeTransport, WatchedWire> Watch { get; init; } = static socket => new(socket);

    /// <summary>Where silence counts as loss; null for as usual.</summary>
    public TimeSpan? KeepAlive { get; init; }

    /// <summary>From the break of the line, as the client saw it, until the session was told to be resumed.</summary>
    public ConcurrentQueue<TimeSpan> Resumptions { get; } = new();

    public IReadOnlyList<WatchedWire> Wires => [.. _wires.Select(static connected => connected.Wire)];

    public async Task RunAsync()
    {
        var options = new VoiceSessionOptions
        {
            Session = SessionConfiguration.PushToTalk with { Modality = OutputModality.Text, Tools = [VoiceTool.Create("order", "Looks an order up.", """{"type":"object"}""", call => Run(call))] },
            WhenBusy = WhenBusy.Queue,
            Reconnect = outlives ? ReconnectPolicy.Standard with { FirstDelay = TimeSpan.Zero, MaxDelay = TimeSpan.FromMilliseconds(100), MaxAttempts = 30 } : ReconnectPolicy.None,
            ConnectTimeout = Patience,
            Transport = ConnectAsync,
        };
        if (KeepAlive is { } silence)
        {
            (options.KeepAliveInterval, options.KeepAliveTimeout) = (silence, silence);
        }

        try
        {
            _session = await VoiceSession.ConnectAsync(options).WaitAsync(Patience);
        }
        catch (RealtimeConnectException)
        {
            return; // it broke before there was a session, and the caller was told so
        }

        Task watching = WatchAsync(_session);
        try
        {
            await TalkAsync(_session);
        }
        finally
        {
            await _session.DisposeAsync().AsTask().WaitAsync(Patience);
        }

        await watching.WaitAsync(Patience);
        Check();
    }

    private async Task TalkAsync(VoiceSession session)
    {
        if (!Ask(() => session.SendMessage("tool: order", Labelled("one"))))
        {
            return;
        }

        await EndAsync(_turns[0]);
        await session.Input.WriteAsync(new byte[SpeechBytes]);
        bool asked = Ask(() => session.EndTurn(Labelled("two"))) && Ask(() => session.SendMessage("What did I say?", Labelled("three"))) && Ask(() => session.SendMessage("And before?", Labelled("four")));
        foreach (Turn turn in _turns)
        {
            await EndAsync(turn);
        }

        if (!outlives || !asked)
        {
            Assert.True(asked || session.CloseReason is not null, $"{name}: a turn was refused, and the session has not ended");
            return;
        }

        TurnResult last;
        do
        {
            last = await EndAsync(session.SendMessage("Are you there?", Labelled("five")));
        }
        while (last.Outcome is TurnOutcome.Disconnected);
        Assert.True(last.Outcome is TurnOutcome.Completed, $"{name}: the last turn ended as {last.Outcome}");
    }

    // False when the session has ended, which only one may that does not outlive its connection.
    private bool Ask(Func<Turn> ask)
    {
        try
        {
            _turns.Add(ask());
            return true;
        }
        catch (RealtimeClosedException closed)
        {
            Assert.False(outlives, $"{name}: {closed.Message}");
            return false;
        }
    }

    private void Check()
    {
        Assert.True(_ran.Distinct().Count() == _ran.Count, $"{name}: a call ran twice");
        JsonObject[] sent = [.. Wires.SelectMany(static wire => wire.Sent)];
        for (int i = 0; i < _turns.Count; i++)
        {
            TurnResult result = _turns[i].Completion.Result;
            Assert.True(result.Outcome is TurnOutcome.Completed or TurnOutcome.Disconnected, $"{name}: {_turns[i]} ended as {result.Outcome}");
            Assert.True(result.Outcome is not TurnOutcome.Disconnected { Reason.Kind: RealtimeCloseKind.ByUs }, $"{name}: {_turns[i]} ended without a reason");

            // Each round of tools is a request; the last may have been lost.
            int asked = sent.Count(message => (string?)message["type"] == "response.create" && (string?)message["response"]?["instructions"] == Labels[i]);
            bool isCompleted = result.Outcome is TurnOutcome.Completed;
            Assert.True(asked <= result.Responses + (isCompleted ? 0 : 1) && (!isCompleted || asked >= 1), $"{name}: turn {Labels[i]} was asked for {asked} times, had {result.Responses} responses and ended as {result.Outcome}");
        }

        if (_turns.Count > 1 && _turns[0].Completion.Result.Outcome is TurnOutcome.Completed && _turns[1].Completion.Result is { Outcome: TurnOutcome.Completed } spoken)
        {
            // Neither more nor less than what was spoken, on whichever connection. A model that has lost its answer to a tool says that first.
            Assert.True(spoken.Transcript == "I heard 0.3 seconds of speech.", $"{name}: what was heard of the speech: {spoken.Transcript}");
        }

        CheckPlans();
    }

    private void CheckPlans()
    {
        foreach (((WatchedWire wire, ReplayPlan? plan), int i) in _wires.Select(static (connected, i) => (connected, i)).Skip(1))
        {
            string[] told = [.. wire.Sent.Where(static message => (string?)message["type"] == "conversation.item.create").Select(static message => Words(message["item"]!))];

            // What waits for the connection is said by its own turn.
            string[] planned = [.. plan!.Items.Where(static item => !item.Id.StartsWith("waiting_", StringComparison.Ordinal)).Select(Words)];

            // One that was lost while it was told has heard the beginning. What the tool gives late may come between the plan that the test made and the session's own.
            Assert.True(told.Zip(planned).All(static item => item.First == item.Second || item.First == Late(item.Second)), $"{name}: connection {i + 1} was told {string.Join(" | ", told)} and not {string.Join(" | ", planned)}");
            Assert.True(told.Length >= planned.Length || i < _wires.Count - 1 || wire.BrokeAt != 0, $"{name}: connection {i + 1} was told {told.Length} items of {planned.Length}");
        }
    }

    private string Run(ToolCall call)
    {
        _ran.Enqueue(call.CallId);
        return Output(call.CallId);
    }

    private static string Output(string callId) => $"It is here, by {callId}.";

    // What stands where the plan has the loss of a call whose output came.
    private static string Late(string planned) => planned.Split(": ", 2) is [var call, ReplayPlanner.FailedOutput] ? $"{call}: {Output(call["output of ".Length..])}" : planned;

    private async ValueTask<IRealtimeTransport> ConnectAsync(RealtimeConnectionOptions options, CancellationToken cancellationToken)
    {
        int number = Interlocked.Increment(ref _connections);
        RealtimeConnectionOptions own = options.Clone();
        (own.Transport, own.Endpoint) = (null, await Address(number).WaitAsync(cancellationToken));
        IRealtimeTransport socket = await WebSocketTransport.ConnectAsync(own, cancellationToken);
        WatchedWire wire = number == 1 ? Watch(socket) : new(socket);
        _wires.Enqueue((wire, _session is null ? null : ReplayPlanner.Plan(_session.Checkpoint(), new ReplayOptions { AsksAgain = false })));
        return wire;
    }

    private async Task WatchAsync(VoiceSession session)
    {
        WatchedWire lost = Wires[0];
        await foreach (VoiceSessionUpdate update in session.ReadUpdatesAsync())
        {
            if (update is VoiceSessionUpdate.Resumed)
            {
                Resumptions.Enqueue(Stopwatch.GetElapsedTime(lost.BrokeAt));
                lost = Wires[^1];
            }
        }
    }

    private async Task<TurnResult> EndAsync(Turn turn)
    {
        try
        {
            return await turn.Completion.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"{name}: {turn} has no outcome; {_wires.Count} connections");
            throw;
        }
    }

    private static ResponseRequest Labelled(string label) => new() { Instructions = label };

    private static string Words(JsonNode item) => (string?)item["type"] switch
    {
        "message" => $"{item["role"]}: {item["content"]![0]!["text"]}",
        "function_call" => $"call {item["call_id"]} of {item["name"]}",
        _ => $"output of {item["call_id"]}: {item["output"]}",
    };

    private static string Words(ConversationItem item) => item switch
    {
        ConversationItem.Message message => $"{message.Role.ToString().ToLowerInvariant()}: {((ItemContent.Text)message.Content[0]).Value}",
        ConversationItem.FunctionCall call => $"call {call.CallId} of {call.Name}",
        ConversationItem.FunctionOutput output => $"output of {output.CallId}: {output.Output}",
        _ => $"{item}",
    };
}
