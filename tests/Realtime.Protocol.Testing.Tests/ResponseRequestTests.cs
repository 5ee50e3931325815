using System.Text.Json.Nodes;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Model;
using Realtime.Protocol.Testing.Simulation.Responses;

namespace Realtime.Protocol.Testing.Tests;

/// <summary>What one response may do differently, on the wire and in what comes of it.</summary>
public class ResponseRequestTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ToolsOfARequest_AreRunInsteadOfTheSessions(bool isOutOfBand)
    {
        VoiceTool never = VoiceTool.Create("clock", "Tells the time.", """{"type":"object"}""", static _ => throw new InvalidOperationException("It is the session's."));
        VoiceTool own = VoiceTool.Create("clock", "Tells the time.", """{"type":"object"}""", static _ => "noon");
        (VoiceSession session, InMemoryTransport transport) = await ConnectAsync(SessionConfiguration.PushToTalk with { Tools = [never] });
        await using VoiceSession owned = session;
        ResponseRequest request = new() { IsOutOfBand = isOutOfBand, Tools = [own], ToolUse = ToolUse.Auto };
        await session.SendMessage("hello").Completion;

        TurnResult result = await session.Respond(request).Completion;

        Assert.Equal("It is noon.", result.Transcript);
        Assert.Equal("clock", Assert.Single(result.ToolCalls).Name);
        JsonNode[] creates = [.. Creates(transport).Skip(1)];
        Assert.Equal(2, creates.Length);
        Assert.All(creates, static create => Assert.Equal("auto", (string?)create["tool_choice"]));
        Assert.DoesNotContain("error", transport.Transcript.ServerTypes);
    }

    [Fact]
    public async Task Customize_IsCalledOnce_AndHasTheLastWord()
    {
        int called = 0;
        (VoiceSession session, InMemoryTransport transport) = await ConnectAsync();
        await using VoiceSession owned = session;
        await session.Respond(new()
        {
            Instructions = "Be short.",
            Customize = wire =>
            {
                called++;
                wire.Instructions = "Be long.";
                wire.MaxOutputTokens = 100;
            },
        }).Completion;

        Assert.Equal(1, called);
        JsonNode create = Assert.Single(Creates(transport));
        Assert.Equal(("Be long.", 100), ((string?)create["instructions"], (int)create["max_output_tokens"]!));
    }

    [Fact]
    public async Task WhatCannotBeWritten_IsNamed_AndNothingIsSent()
    {
        (VoiceSession session, InMemoryTransport transport) = await ConnectAsync();
        await using VoiceSession owned = session;
        VoiceTool clock = VoiceTool.Create("clock", "Tells the time.", """{"type":"object"}""", static _ => "noon");
        Assert.Equal("request.Tools", Assert.Throws<ArgumentException>(() => session.Respond(new() { Tools = [clock, clock] })).ParamName);
        Assert.Equal("request.Tools", Assert.Throws<ArgumentException>(() => session.Respond(new() { Tools = [null!] })).ParamName);
        Assert.Equal("request.ToolUse", Assert.Throws<ArgumentException>(() => session.Respond(new() { ToolUse = ToolUse.Function("half \ud800") })).ParamName);
        Assert.Equal("request.Input", Assert.Throws<ArgumentException>(() => session.Respond(new() { Input = [ConversationItem.User("half \ud800")] })).ParamName);
        Assert.Equal("request.Input", Assert.Throws<ArgumentException>(() => session.Respond(new() { Input = [null!] })).ParamName);
        Assert.Equal("request.Customize", Assert.Throws<ArgumentException>(() => session.Respond(new() { Customize = static wire => wire.Instructions = "half \ud800" })).ParamName);
        Assert.Throws<ArgumentOutOfRangeException>(() => session.Respond(new() { WhenBusy = (WhenBusy)7 }));
        var pairs = Enumerable.Range(0, 17).ToDictionary(static i => $"k{i}", static _ => "v");
        Assert.Equal("RC-19", Assert.Throws<RealtimeRefusedException>(() => session.Respond(new() { Metadata = pairs })).Rule);
        Assert.Equal("RC-19", Assert.Throws<RealtimeRefusedException>(() => session.Respond(ResponseRequest.OutOfBand with { Metadata = pairs })).Rule);
        Assert.Empty(Creates(transport));
    }

    [Fact]
    public async Task InputInFull_AndNone_AreReadInsteadOfTheConversation()
    {
        (VoiceSession session, InMemoryTransport transport) = await ConnectAsync();
        await using VoiceSession owned = session;
        await session.SendMessage("hello").Completion;
        Assert.Equal("hello", (await session.Respond(ResponseRequest.OutOfBand).Completion).Transcript);
        Assert.Equal("", (await session.Respond(ResponseRequest.OutOfBand with { Input = [] }).Completion).Transcript);
        Assert.Equal("other", (await session.Respond(ResponseRequest.OutOfBand with { Input = [ConversationItem.User("other")] }).Completion).Transcript);
        Assert.DoesNotContain("error", transport.Transcript.ServerTypes);
    }

    private static JsonNode[] Creates(InMemoryTransport transport) =>
        [.. transport.Transcript.Lines.Where(static line => line.Type == "response.create").Select(static line => JsonNode.Parse(line.Json)!["response"]!)];

    private static async Task<(VoiceSession Session, InMemoryTransport Transport)> ConnectAsync(SessionConfiguration? session = null)
    {
        var transport = new InMemoryTransport(new SimulatorOptions { Pace = ResponsePace.Immediate, Speaker = new Reader() }, new VirtualTime());
        return (await VoiceSession.ConnectAsync(new() { Session = session ?? SessionConfiguration.PushToTalk, Transport = (_, _) => new(transport) }, Stop), transport);
    }

    /// <summary>Repeats what was written first; where it is asked again, it calls the tool that it has and says what that returned.</summary>
    private sealed class Reader : ISimulatedModel
    {
        public ModelAnswer Answer(ModelRequest request)
        {
            string? time = request.Conversation.LastOrDefault(static item => item.Kind == ItemKind.FunctionCallOutput)?.Output;
            bool isFirst = request.Conversation.All(static item => item.Role != MessageItemRole.Assistant);
            return time is not null ? new(new ModelOutput.Text($"It is {time}."))
                : request.Tools.Count > 0 && !isFirst ? new(new ModelOutput.Call("clock", "{}"))
                : new(new ModelOutput.Text(request.Conversation.FirstOrDefault(static item => item.Role == MessageItemRole.User)?.Parts[0].Text ?? ""));
        }
    }
}
