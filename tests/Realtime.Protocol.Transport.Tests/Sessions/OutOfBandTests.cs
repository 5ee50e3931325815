using System.Text.Json.Nodes;
using static Realtime.Protocol.Transport.Tests.Sessions.VoiceSessionTests;

namespace Realtime.Protocol.Transport.Tests.Sessions;

/// <summary>Turns beside the conversation, at the session's surface.</summary>
public sealed class OutOfBandTests
{
    [Fact]
    public async Task AnAside_OutlivesAnInterruption_AndEndsByItsOwnCancel()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        Turn answer = session.Respond();
        await server.CreatedAsync("resp_1", await server.ExpectAsync("response.create"));
        await foreach (TurnUpdate _ in answer.ReadUpdatesAsync())
        {
            break; // it has begun, and so the server is known to repeat tokens
        }

        Turn aside = session.Respond(ResponseRequest.OutOfBand with { Instructions = "Is the caller annoyed?" });
        JsonObject create = await server.ExpectAsync("response.create");
        Assert.Equal("none", (string?)create["response"]!["conversation"]);
        await server.CreatedAsync("resp_2", create);
        await server.AudioAsync("resp_2", "item_2", Pcm(4_800, seed: 1));

        session.Interrupt();
        Assert.Equal("resp_1", (string?)(await server.ExpectAsync("response.cancel"))["response_id"]);
        await server.DoneAsync("resp_1", "cancelled");
        Assert.IsType<TurnOutcome.Interrupted>((await answer.EndAsync()).Outcome);
        Assert.Equal((true, false), (aside.IsOutOfBand, answer.IsOutOfBand));
        Assert.Equal(4_800, (await aside.Audio.ReadAtLeastAsync(4_800)).Buffer.Length);
        Assert.False(aside.Completion.IsCompleted || aside.Silenced.IsCancellationRequested);

        aside.Cancel();
        Assert.Equal("resp_2", (string?)(await server.ExpectAsync("response.cancel"))["response_id"]);
        Assert.True(aside.Silenced.WaitHandle.WaitOne(TimeSpan.FromSeconds(10)));
        await server.DoneAsync("resp_2", "cancelled");
        TurnResult result = await aside.EndAsync();
        Assert.IsType<TurnOutcome.Interrupted>(result.Outcome);
        Assert.Equal(4_800, result.AudioBytes);
        await server.EndAsync(session);
    }

    [Fact]
    public async Task WhatCannotBeAsked_IsRefusedWithItsRule_AndNothingIsSent()
    {
        (VoiceSession session, ScriptedServer server) = await ScriptedServer.ConnectAsync();
        Assert.Equal("RC-22", Assert.Throws<RealtimeRefusedException>(() => session.SendMessage("hello", ResponseRequest.OutOfBand)).Rule);
        var pairs = Enumerable.Range(0, 16).ToDictionary(static i => $"k{i}", static _ => "v");
        Assert.Equal("RC-19", Assert.Throws<RealtimeRefusedException>(() => session.Respond(ResponseRequest.OutOfBand with { Metadata = pairs })).Rule);
        Turn first = session.Respond(ResponseRequest.OutOfBand);
        Assert.Equal("RC-22", Assert.Throws<RealtimeRefusedException>(() => session.Respond(ResponseRequest.OutOfBand)).Rule);
        await server.ExpectAsync("response.create");
        await server.EndAsync(session);
        Assert.IsType<TurnOutcome.Disconnected>((await first.EndAsync()).Outcome);
    }

    [Fact]
    public void ARequestOutOfBand_IsAValueOfItsOwn()
    {
        Assert.True(ResponseRequest.OutOfBand.IsOutOfBand);
        Assert.NotSame(ResponseRequest.OutOfBand, ResponseRequest.OutOfBand);
        Assert.Equal("out of band", (ResponseRequest.OutOfBand with { Instructions = "secret" }).ToString());
        Assert.False(new ResponseRequest().IsOutOfBand);
    }
}
