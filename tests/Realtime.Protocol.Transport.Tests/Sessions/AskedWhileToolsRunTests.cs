using System.Text.Json.Nodes;
using Realtime.Protocol.Testing;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Responses;

namespace Realtime.Protocol.Transport.Tests.Sessions;

/// <summary>What is asked for while a tool runs, in a session whose requests wait: what the user says waits for the output, whenever it is said; a bare request with words of its own is meant for that time, and no rule calls it wrong.</summary>
public sealed class AskedWhileToolsRunTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhatTheUserSays_WaitsForTheTool_WhateverItStates(bool isSpoken)
    {
        var server = new InMemoryTransport(new SimulatorOptions { Pace = ResponsePace.Immediate });
        var runs = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var isOver = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var output = new TaskCompletionSource<ToolCallOutput>(TaskCreationOptions.RunContinuationsAsynchronously);
        VoiceSessionOptions options = Options(server, () =>
        {
            runs.TrySetResult();
            return new(output.Task);
        });
        options.OnServerEvent = (in ServerEvent e) =>
        {
            if (e.Kind is ServerEventKind.ResponseDone)
            {
                isOver.TrySetResult();
            }
        };
        await using VoiceSession session = await VoiceSession.ConnectAsync(options).WaitAsync(Patience);
        Turn first = session.SendMessage("tool: order", Labelled("first"));
        await Task.WhenAll(runs.Task, isOver.Task).WaitAsync(Patience);

        Turn next;
        if (isSpoken)
        {
            await session.Input.WriteAsync(new byte[14_400]);
            next = session.EndTurn(Labelled("next"));
        }
        else
        {
            next = session.SendMessage("What did I say?", Labelled("next"));
        }

        Turn last = session.SendMessage("And before?", Labelled("last"));
        output.SetResult("It is here.");
        foreach (Turn turn in new[] { first, next, last })
        {
            Assert.IsType<TurnOutcome.Completed>((await turn.Completion.WaitAsync(Patience)).Outcome);
        }

        Assert.Equal(["first", "output", "first", "next", "last"], Asked(server));
        Assert.Empty(server.Violations);
    }

    [Fact]
    public async Task ATool_MayLetTheModelSpeak_AndWaitForThat()
    {
        var server = new InMemoryTransport(new SimulatorOptions { Pace = ResponsePace.Immediate });
        VoiceSession? session = null;
        session = await VoiceSession.ConnectAsync(Options(server, async () =>
        {
            await session!.Respond(Labelled("meanwhile") with { Tools = [] }).Completion.WaitAsync(Patience);
            return "It is here.";
        })).WaitAsync(Patience);
        TurnResult result = await session.SendMessage("tool: order", Labelled("first")).Completion.WaitAsync(Patience);
        await session.DisposeAsync();

        Assert.IsType<TurnOutcome.Completed>(result.Outcome);
        Assert.Equal(["first", "meanwhile", "output", "first"], Asked(server));
        Assert.Empty(server.Violations);
    }

    [Fact]
    public async Task WhatTheUserSays_WhereItInterrupts_IsAnsweredAtOnce_AndTheOutputFollows()
    {
        var server = new InMemoryTransport(new SimulatorOptions { Pace = ResponsePace.Immediate });
        var runs = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var isGiven = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var output = new TaskCompletionSource<ToolCallOutput>(TaskCreationOptions.RunContinuationsAsynchronously);
        VoiceSessionOptions options = Options(server, () =>
        {
            runs.TrySetResult();
            return new(output.Task);
        });
        options.WhenBusy = WhenBusy.CancelThenCreate;
        options.OnClientEvent = (in ClientEvent e) =>
        {
            if (e.TryGetConversationItemCreate(out ConversationItemCreateView create) && create.Item.TryGetFunctionCallOutput(out _))
            {
                isGiven.TrySetResult();
            }
        };
        await using VoiceSession session = await VoiceSession.ConnectAsync(options).WaitAsync(Patience);
        Turn first = session.SendMessage("tool: order");
        await runs.Task.WaitAsync(Patience);
        Turn next = session.SendMessage("What did I say?", new() { Tools = [] });
        Assert.IsType<TurnOutcome.Interrupted>((await first.Completion.WaitAsync(Patience)).Outcome);
        Assert.IsType<TurnOutcome.Completed>((await next.Completion.WaitAsync(Patience)).Outcome);
        output.SetResult("It is here.");
        await isGiven.Task.WaitAsync(Patience);

        Assert.Equal(["", "", "output"], Asked(server));
        // The first response may end while its cancel is under way, for which nobody is blamed.
        Assert.DoesNotContain(server.Violations, static violation => violation.IsCounted);
    }

    private static VoiceSessionOptions Options(InMemoryTransport server, Func<ValueTask<ToolCallOutput>> run) => new()
    {
        Session = SessionConfiguration.PushToTalk with
        {
            Modality = OutputModality.Text,
            Tools = [VoiceTool.Create("order", "Looks an order up.", """{"type":"object"}""", (ToolCall _, CancellationToken _) => run())],
        },
        WhenBusy = WhenBusy.Queue,
        Transport = (_, _) => new(server),
    };

    private static ResponseRequest Labelled(string label) => new() { Instructions = label };

    // The requests for a response, by their labels, and the outputs between them.
    private static string[] Asked(InMemoryTransport server) =>
    [
        .. server.Transcript.Lines.Where(static line => line.Speaker is Speaker.Client).Select(static line => JsonNode.Parse(line.Json)!).Select(static message => (string?)message["type"] switch
        {
            "response.create" => (string?)message["response"]?["instructions"] ?? "",
            "conversation.item.create" when (string?)message["item"]!["type"] == "function_call_output" => "output",
            _ => null,
        }).OfType<string>(),
    ];
}
