using System.Diagnostics;
using System.Text.Json.Nodes;
using Realtime.Protocol.Transport.Tests.Sessions;

namespace Realtime.Protocol.Transport.Tests.Telemetry;

/// <summary>One call with everything that can happen in it, and all that is told of it.</summary>
[Collection(nameof(WholeProcess))]
public sealed class StoryTests
{
    private const string Call = "gen_ai.conversation.id=call-7";
    private const string Service = "gen_ai.provider.name=openai gen_ai.request.model=voice-1";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    [Fact]
    public async Task ACallWithTools_AnInterruption_AFailure_ASideQuestion_AndALostConnection_IsToldWhole()
    {
        using var application = new ActivitySource("Shop");
        using var observer = new Observer("Shop");
        var time = new ManualTime();
        var row = new ServerRow();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        VoiceSessionOptions options = row.Options(time);
        (options.CallId, options.Model) = ("call-7", "voice-1");
        options.Session = options.Session with
        {
            Tools =
            [
                VoiceTool.Create("clock", "Tells the time.", """{"type":"object"}""", async (_, _) =>
                {
                    using Activity? own = application.StartActivity("look at the clock");
                    await asked.Task;
                    time.Advance(Step);
                    return "12:00";
                }),
                VoiceTool.Create("broken", "Breaks.", """{"type":"object"}""", static (_, _) => throw new InvalidOperationException("secret")),
            ],
        };
        (VoiceSession session, ScriptedServer server) = await row.ConnectAsync(options);

        // A turn with two rounds of tools.
        Turn one = session.SendMessage("What time is it?");
        await server.TakeItemsAsync(1);
        await AnswerAsync(server, time, "r0", async () => await server.CallAsync("r0", "item_c1", "call_c1", "clock", "{}"));
        await ServerRow.UntilAsync(() => session.Usage.ResponsesWithoutUsage == 1);
        Assert.NotEmpty(session.Conversation.Items); // asked under the session's lock: the end of the response is told
        asked.SetResult();
        await server.TakeItemsAsync(1);
        await AnswerAsync(server, time, "r1", async () =>
        {
            await server.CallAsync("r1", "item_c2", "call_c2", "broken", "{}");
            await server.CallAsync("r1", "item_c3", "call_c3", "made_up_by_the_model", "{}");
        });
        await server.TakeItemsAsync(2);
        await AnswerAsync(server, time, "r2", async () => await server.TranscriptAsync("r2", "item_r2", "Noon."));
        TurnResult first = await one.EndAsync();

        // One that is interrupted.
        Turn two = session.SendMessage("Tell me a story.");
        await server.TakeItemsAsync(1);
        JsonObject create = await server.ExpectAsync("response.create");
        await server.CreatedAsync("r3", create);
        await server.BeginItemAsync("r3", "item_r3");
        await server.AudioAsync("r3", "item_r3", new byte[4_800]);
        await two.ReadUpdatesAsync().FirstAsync(static update => update is TurnUpdate.AudioStarted);
        two.ReportPlayed(4_800);
        time.Advance(Step);
        session.Interrupt();
        Assert.Equal("response.cancel", (string?)(await server.NextAsync())["type"]);
        await server.DoneAsync("r3", "cancelled");
        TurnResult second = await two.EndAsync();

        // One that fails, and one beside the conversation.
        Turn three = session.SendMessage("Again.");
        while ((string?)(await server.NextAsync())["type"] is var type && type != "response.create")
        {
            if (type == "conversation.item.create")
            {
                await server.ItemAsync(server.Received[^1]["item"]!);
            }
        }

        await server.CreatedAsync("r4", server.Received[^1]);
        await server.DoneAsync("r4", "failed", """{"type":"failed","error":{"type":"server_error","code":"a_code_that_nobody_knows","message":"secret"}}""");
        TurnResult third = await three.EndAsync();
        Turn four = session.Respond(ResponseRequest.OutOfBand with { Input = [] });
        await AnswerAsync(server, time, "r5", async () => await server.TranscriptAsync("r5", "item_r5", "no"));
        TurnResult fourth = await four.EndAsync();

        // A problem, and a connection that is lost.
        await server.SendRawAsync("""{"type":"error","event_id":"e1","error":{"type":"invalid_request_error","code":"unknown_parameter","message":"secret"}}""");
        await server.SendRawAsync("{");
        await row.UpdateAsync<VoiceSessionUpdate.Problem>(static problem => problem.Details is SessionProblem.MalformedEvent);
        await server.DisposeAsync();
        server = await row.NextAsync();
        await server.AcceptAsync("sess_2");
        Task resumed = row.UpdateAsync<VoiceSessionUpdate.Resumed>();
        while (!resumed.IsCompleted)
        {
            Task<JsonObject> next = server.NextAsync();
            if (await Task.WhenAny(next, resumed) == resumed)
            {
                break;
            }

            await server.ItemAsync((await next)["item"]!);
            await Task.WhenAny(resumed, Task.Delay(50));
        }

        Turn five = session.SendMessage("Goodbye.");
        await EndAsync(session, server);
        TurnResult fifth = await five.EndAsync();

        Activity[] spans = observer.Spans;
        Assert.All(spans.Where(static span => span.Source.Name == RealtimeTelemetry.Name), static span => Assert.Equal("call-7", span.GetTagItem("gen_ai.conversation.id")));
        Assert.Equal(
            [
                $"realtime connect Client Unset{{{Call} {Service} realtime.session.kind=voice}}",
                $"realtime connect Client Unset{{{Call} {Service} realtime.session.kind=voice}} linked to realtime connect",
                $"realtime turn 1 → execute_tool broken Internal Error{{error.type=System.InvalidOperationException {Call} gen_ai.operation.name=execute_tool gen_ai.tool.call.id=call_c2 gen_ai.tool.name=broken}}",
                $"realtime turn 1 → execute_tool clock Internal Unset{{{Call} gen_ai.operation.name=execute_tool gen_ai.tool.call.id=call_c1 gen_ai.tool.name=clock}}",
                "realtime turn 1 → execute_tool clock → look at the clock Internal Unset{}",
                $"realtime turn 1 → realtime voice-1 Client Unset{{{Call} gen_ai.operation.name=realtime {Service} gen_ai.response.id=r0 realtime.response.status=completed}}",
                $"realtime turn 1 → realtime voice-1 Client Unset{{{Call} gen_ai.operation.name=realtime {Service} gen_ai.response.id=r1 realtime.response.status=completed}}",
                $"realtime turn 1 → realtime voice-1 Client Unset{{{Call} gen_ai.operation.name=realtime {Service} gen_ai.response.id=r2 realtime.response.status=completed}}",
                $"realtime turn 2 → realtime voice-1 Client Unset{{{Call} gen_ai.operation.name=realtime {Service} gen_ai.response.id=r3 realtime.response.status=cancelled}}",
                $"realtime turn 3 → realtime voice-1 Client Error{{error.type=_OTHER {Call} gen_ai.operation.name=realtime {Service} gen_ai.response.id=r4 realtime.response.status=failed}}",
                $"realtime turn 4 → realtime voice-1 Client Unset{{{Call} gen_ai.operation.name=realtime {Service} gen_ai.response.id=r5 realtime.response.status=completed}}",
                $"realtime turn Internal Error{{error.type=_OTHER {Call} realtime.heard.basis=unknown realtime.turn.number=3 realtime.turn.origin=application realtime.turn.out_of_band=False realtime.turn.outcome=failed}} linked to realtime connect",
                $"realtime turn Internal Unset{{{Call} realtime.heard.basis=reported realtime.turn.number=2 realtime.turn.origin=application realtime.turn.out_of_band=False realtime.turn.outcome=interrupted}} linked to realtime connect",
                $"realtime turn Internal Unset{{{Call} realtime.heard.basis=unknown realtime.turn.number=1 realtime.turn.origin=application realtime.turn.out_of_band=False realtime.turn.outcome=completed}} linked to realtime connect",
                $"realtime turn Internal Unset{{{Call} realtime.heard.basis=unknown realtime.turn.number=4 realtime.turn.origin=application realtime.turn.out_of_band=True realtime.turn.outcome=completed}} linked to realtime connect",
                $"realtime turn Internal Unset{{{Call} realtime.heard.basis=unknown realtime.turn.number=5 realtime.turn.origin=application realtime.turn.out_of_band=False realtime.turn.outcome=disconnected}} linked to realtime connect",
            ],
            spans.Select(Tree(spans)).Order(StringComparer.Ordinal));
        ActivityContext[] connections = [.. observer.Named("realtime connect").OrderBy(static span => span.Links.Count()).Select(static span => span.Context)];
        Assert.Equal(
            [connections[0], connections[0], connections[0], connections[0], connections[1]],
            observer.Named("realtime turn").OrderBy(static span => (int)span.GetTagItem("realtime.turn.number")!).Select(static span => span.Links.Single().Context));
        Assert.Equal(
            [first.Timings.Total, second.Timings.Total, third.Timings.Total, fourth.Timings.Total, fifth.Timings.Total],
            observer.Named("realtime turn").OrderBy(static span => (int)span.GetTagItem("realtime.turn.number")!).Select(static span => span.Duration <= TimeSpan.FromTicks(1) ? TimeSpan.Zero : span.Duration));
        Assert.Equal(
            [
                $"gen_ai.client.operation.duration{{error.type=_OTHER gen_ai.operation.name=realtime {Service}}} 1×0",
                $"gen_ai.client.operation.duration{{gen_ai.operation.name=realtime {Service}}} 5×0.5",
                $"gen_ai.client.operation.time_to_first_chunk{{gen_ai.operation.name=realtime {Service}}} 3×0.2",
                "gen_ai.execute_tool.duration{error.type=System.InvalidOperationException gen_ai.tool.name=broken} 1×0",
                "gen_ai.execute_tool.duration{gen_ai.tool.name=clock} 1×0.1",
                "realtime.input.backlog{} 0",
                "realtime.interruptions{realtime.interruption.reason=application} 1",
                "realtime.problems{realtime.problem.code=unknown_parameter realtime.problem.kind=reported} 1",
                "realtime.problems{realtime.problem.kind=malformed_event} 1",
                "realtime.session.active{realtime.session.kind=voice} 0",
                "realtime.session.duration{realtime.close.kind=by_us realtime.session.kind=voice} 1×0.6",
                "realtime.session.reconnects{realtime.reconnect.reason=connection_lost} 1",
                "realtime.turn.duration{realtime.heard.basis=reported realtime.turn.origin=application realtime.turn.outcome=interrupted} 1×0.1",
                "realtime.turn.duration{realtime.heard.basis=unknown realtime.turn.origin=application realtime.turn.outcome=completed} 2×0.5",
                "realtime.turn.duration{realtime.heard.basis=unknown realtime.turn.origin=application realtime.turn.outcome=disconnected} 1×0",
                "realtime.turn.duration{realtime.heard.basis=unknown realtime.turn.origin=application realtime.turn.outcome=failed} 1×0",
                "realtime.turn.first_audio{realtime.turn.origin=application} 1×0",
            ],
            observer.Points());
    }

    /// <summary>A span below its parents, with its attributes.</summary>
    private static Func<Activity, string> Tree(Activity[] all)
    {
        return span => $"{Path(span)}{Observer.Describe(span)}{string.Concat(span.Links.Select(link => $" linked to {all.Single(other => other.Context == link.Context).DisplayName}"))}";

        string Path(Activity span) => all.SingleOrDefault(other => other.SpanId == span.ParentSpanId) is { } parent ? $"{Path(parent)}{parent.DisplayName}{(parent.GetTagItem("realtime.turn.number") is { } number ? $" {number}" : "")} → " : "";
    }

    private static async Task AnswerAsync(ScriptedServer server, ManualTime time, string response, Func<Task> says)
    {
        JsonObject create = await server.ExpectAsync("response.create");
        time.Advance(Step);
        await server.CreatedAsync(response, create);
        await says();
        await server.DoneAsync(response);
    }

    private static async Task EndAsync(VoiceSession session, ScriptedServer server)
    {
        Task disposing = session.CloseAsync();
        await server.ReadToEndAsync();
        await server.CloseAsync(1000, "");
        await disposing.WaitAsync(Patience);
        await session.DisposeAsync();
        await server.DisposeAsync();
    }
}
