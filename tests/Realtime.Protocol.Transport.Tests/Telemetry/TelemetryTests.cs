using System.Diagnostics;
using System.Text.Json.Nodes;
using Realtime.Protocol.Transport.Tests.Sessions;

namespace Realtime.Protocol.Transport.Tests.Telemetry;

/// <summary>What a session tells, read by OpenTelemetry. Metrics have no ids, so nothing else may run meanwhile.</summary>
[Collection(nameof(WholeProcess))]
public sealed class TelemetryTests
{
    private const string Usage = """{"total_tokens":60,"input_tokens":40,"output_tokens":20,"input_token_details":{"text_tokens":10,"audio_tokens":30,"cached_tokens":12,"cached_tokens_details":{"text_tokens":4,"audio_tokens":8}},"output_token_details":{"text_tokens":5,"audio_tokens":15}}""";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task AConversation_IsOneTraceForEachTurn_AndItsTimingsAreThoseOfTheTurn()
    {
        using var observer = new Observer();
        var time = new ManualTime();
        VoiceSessionOptions options = ScriptedServer.Manual(time);
        (options.CallId, options.Model) = ("call-42", "gpt-realtime-2");
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync(options);
        time.Advance(TimeSpan.FromSeconds(1));
        Turn turn = session.SendMessage("Hello");
        await server.TakeItemsAsync(1);
        JsonObject create = await server.ExpectAsync("response.create");
        time.Advance(TimeSpan.FromMilliseconds(250));
        await server.CreatedAsync("r1", create);
        await server.BeginItemAsync("r1", "item_r1");
        await server.AudioAsync("r1", "item_r1", new byte[4_800]);
        await turn.ReadUpdatesAsync().FirstAsync(static update => update is TurnUpdate.AudioStarted);
        time.Advance(TimeSpan.FromMilliseconds(500));
        await server.EndItemAsync("r1", "item_r1");
        await server.DoneAsync("r1", usage: Usage);
        TurnTimings timings = (await turn.EndAsync()).Timings;
        await EndAsync(session, server);

        Assert.Equal((TimeSpan.FromMilliseconds(250), TimeSpan.FromMilliseconds(750)), (timings.FirstAudio, timings.Total));
        Activity connect = Assert.Single(observer.Named("realtime connect"));
        Activity root = Assert.Single(observer.Named("realtime turn"));
        Activity response = Assert.Single(observer.Named("realtime gpt-realtime-2"));
        Assert.Equal(timings.Total, root.Duration);
        Assert.Equal(TimeSpan.FromMilliseconds(750), response.Duration);
        Assert.Equal((null, connect.Context), (root.ParentId, Assert.Single(root.Links).Context));
        Assert.Equal((root.SpanId, root.TraceId), (response.ParentSpanId, response.TraceId));
        Assert.Equal(
            [
                "realtime connect Client Unset{gen_ai.conversation.id=call-42 gen_ai.provider.name=openai gen_ai.request.model=gpt-realtime-2 realtime.session.kind=voice}",
                "realtime gpt-realtime-2 Client Unset{gen_ai.conversation.id=call-42 gen_ai.operation.name=realtime gen_ai.provider.name=openai gen_ai.request.model=gpt-realtime-2 gen_ai.response.id=r1 gen_ai.usage.audio.input_tokens=30 gen_ai.usage.audio.output_tokens=15 gen_ai.usage.cache_read.input_tokens=12 gen_ai.usage.image.input_tokens=0 gen_ai.usage.input_tokens=40 gen_ai.usage.output_tokens=20 gen_ai.usage.reasoning.output_tokens=0 gen_ai.usage.text.input_tokens=10 gen_ai.usage.text.output_tokens=5 realtime.response.status=completed}",
                "realtime turn Internal Unset{gen_ai.conversation.id=call-42 realtime.heard.basis=unknown realtime.turn.number=1 realtime.turn.origin=application realtime.turn.out_of_band=False realtime.turn.outcome=completed}",
            ],
            observer.Spans.Select(Observer.Describe));
        const string Service = "gen_ai.operation.name=realtime gen_ai.provider.name=openai gen_ai.request.model=gpt-realtime-2";
        Assert.Equal(
            [
                $"gen_ai.client.operation.duration{{{Service}}} 1×0.75",
                $"gen_ai.client.operation.time_to_first_chunk{{{Service}}} 1×0.25",
                $"gen_ai.client.token.usage{{{Service} gen_ai.token.type=input realtime.token.cached=False realtime.token.modality=audio}} 1×22",
                $"gen_ai.client.token.usage{{{Service} gen_ai.token.type=input realtime.token.cached=False realtime.token.modality=text}} 1×6",
                $"gen_ai.client.token.usage{{{Service} gen_ai.token.type=input realtime.token.cached=True realtime.token.modality=audio}} 1×8",
                $"gen_ai.client.token.usage{{{Service} gen_ai.token.type=input realtime.token.cached=True realtime.token.modality=text}} 1×4",
                $"gen_ai.client.token.usage{{{Service} gen_ai.token.type=output realtime.token.cached=False realtime.token.modality=audio}} 1×15",
                $"gen_ai.client.token.usage{{{Service} gen_ai.token.type=output realtime.token.cached=False realtime.token.modality=text}} 1×5",
                "realtime.input.backlog{} 0",
                "realtime.session.active{realtime.session.kind=voice} 0",
                "realtime.session.duration{realtime.close.kind=by_peer realtime.session.kind=voice} 1×1.75",
                "realtime.turn.duration{realtime.heard.basis=unknown realtime.turn.origin=application realtime.turn.outcome=completed} 1×0.75",
                "realtime.turn.first_audio{realtime.turn.origin=application} 1×0.25",
            ],
            observer.Points());
    }

    [Fact]
    public async Task AHandOver_CountsAmongTheReconnects_AsWhatItAvoided()
    {
        using var observer = new Observer();
        (ManualTime time, ServerRow row, VoiceSession session, ScriptedServer first) = await HandOverScript.ConnectAsync();
        time.Advance(TimeSpan.FromMinutes(50));
        ScriptedServer second = await HandOverScript.AcceptAsync(row, "sess_2");
        await row.UpdateAsync<VoiceSessionUpdate.Resumed>();
        await second.EndAsync(session);
        await first.DisposeAsync();

        Assert.Equal(["realtime.session.reconnects{realtime.reconnect.reason=expired} 1"], observer.Points().Where(static point => point.StartsWith("realtime.session.reconnects", StringComparison.Ordinal)));
    }

    /// <summary>The server says goodbye, which is an end that no race decides.</summary>
    private static async Task EndAsync(VoiceSession session, ScriptedServer server)
    {
        await server.CloseAsync(1000, "");
        await session.Ended.WaitAsync(Patience);
        await session.DisposeAsync();
        await server.DisposeAsync();
    }
}
