using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using static Realtime.Protocol.Transport.Tests.Sessions.VoiceSessionTests;

namespace Realtime.Protocol.Transport.Tests.Sessions;

/// <summary>A session over a real WebSocket on loopback, from the address in the options to the file with the answer.</summary>
public sealed class WebSocketSessionTests
{
    [Fact]
    public async Task ThePlainestProgram_SendsAFile_AndWritesTheAnswer()
    {
        byte[] answer = Pcm(100_000, seed: 1);
        await using LoopbackServer listener = await LoopbackServer.StartAsync(async (_, socket) =>
        {
            await using var server = new ScriptedServer(new WebSocketTransport(socket));
            await server.AcceptAsync();
            await ReadAppendsAsync(server, 2_500_000);
            await server.ExpectAsync("input_audio_buffer.commit");
            await server.CreatedAsync("resp_1", await server.ExpectAsync("response.create"));
            await server.CallAsync("resp_1", "item_c", "call_1", "clock", "{}");
            await server.DoneAsync("resp_1");
            JsonObject output = await server.ExpectAsync("conversation.item.create");
            await server.ItemAsync(output["item"]!);
            await AnswerAsync(server, await server.ExpectAsync("response.create"), "resp_2", "item_1", answer);
            await server.ReadToEndAsync();
        });
        using var question = new MemoryStream(Pcm(2_500_000, seed: 2));
        using var written = new MemoryStream();

        var options = new VoiceSessionOptions { Endpoint = listener.Address, Session = SessionConfiguration.PushToTalk };
        options.AddTool("clock", "Tells the time.", """{"type":"object"}""", static (call, ct) => new($"{DateTime.UnixEpoch:t}"));
        await using (VoiceSession session = await VoiceSession.ConnectAsync(options))
        {
            await question.CopyToAsync(session.Input);
            Turn turn = session.EndTurn();
            await turn.Audio.CopyToAsync(written);
            Assert.Equal("Hello there.", (await turn.EndAsync()).Transcript);
        }

        Assert.Equal(answer, written.ToArray());
    }

    [Fact]
    public async Task WhatIsChangedInTheOptionsWhileItConnects_HasNoEffect()
    {
        string? header = null;
        await using LoopbackServer listener = await LoopbackServer.StartAsync(async (context, socket) =>
        {
            header = context.Request.Headers["X-Late"];
            await using var server = new ScriptedServer(new WebSocketTransport(socket));
            await server.AcceptAsync();
            await server.ReadToEndAsync();
        });
        int calls = 0;
        var options = new VoiceSessionOptions { Endpoint = listener.Address, Session = SessionConfiguration.PushToTalk };
        options.Credential = new RealtimeCredential(async _ =>
        {
            await Task.Yield();
            options.Endpoint = new Uri("no/address", UriKind.Relative);
            options.ConfigureWebSocket = _ => calls++;
            options.OnServerEvent = (in ServerEvent _) => calls++;
            options.Headers["Authorization"] = options.Headers["X-Late"] = "late";
            options.AddTool("late", "", "{}", static (_, _) => new(""));
            return "key";
        });

        await using VoiceSession session = await VoiceSession.ConnectAsync(options);

        Assert.Equal((0, null), (calls, header));
        Assert.NotNull(session.SendMessage("Hello?"));
    }

    [Fact]
    public async Task AServerThatGoesAwayInTheMiddle_LeavesWhatWasReceived_AndAReason()
    {
        byte[] half = Pcm(19_200, seed: 3);
        await using LoopbackServer listener = await LoopbackServer.StartAsync(async (HttpContext context, System.Net.WebSockets.WebSocket socket) =>
        {
            await using var server = new ScriptedServer(new WebSocketTransport(socket));
            await server.AcceptAsync();
            await server.ItemAsync((await server.ExpectAsync("conversation.item.create"))["item"]!);
            await server.CreatedAsync("resp_1", await server.ExpectAsync("response.create"));
            await server.BeginItemAsync("resp_1", "item_1");
            await server.AudioAsync("resp_1", "item_1", half);
            context.Abort();
        });

        await using VoiceSession session = await VoiceSession.ConnectAsync(new() { Endpoint = listener.Address, Session = SessionConfiguration.PushToTalk });
        Turn turn = session.SendMessage("Hello?");

        // An aborted connection may swallow what was on its way; what arrived is delivered before the end.
        byte[] received = await ReadAllAsync(turn.Audio);
        Assert.Equal(half[..received.Length], received);
        Assert.IsType<TurnOutcome.Disconnected>((await turn.EndAsync()).Outcome);
        Assert.Equal(RealtimeCloseKind.ConnectionLost, (await session.Ended).Kind);
    }
}
