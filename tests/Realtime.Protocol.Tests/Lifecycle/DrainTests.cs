using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>A session that drains: what runs is heard out, and nothing new begins. SE-11.</summary>
public class DrainTests
{
    [Fact]
    public void SE11_NewTurnsAreRefused_AndChangeNothing()
    {
        var talk = Conversation.Manual();
        talk.Drain();
        talk.SendsNothing(); // this server answers nothing by itself
        Assert.Equal("SE-11", talk.Create().Rule);
        Assert.Equal("SE-11", talk.Say().Rule);
        Assert.Equal("SE-11", talk.Speak().Rule);
        Assert.Equal(0, talk.Machine.Checkpoint(talk.Now).LastTurn);
        talk.SendsNothing();
    }

    [Fact]
    public void SE11_WhatRuns_GoesOnWithItsTools_AndWhatWaits_IsAnswered()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        int waiting = talk.CreateWith("x").Turn;
        talk.Call("A", "f", "call_1");
        talk.Drain();
        talk.Submit(SessionIntent.ToolOutput("call_1", "{}"));
        talk.Done("A");
        string?[] tokens = [.. talk.Sent().OfType<SessionCommand.CreateResponse>().Select(static create => create.Token)];
        talk.Created("B", Assert.Single(tokens));
        Assert.False(talk.Machine.IsHeardOut(talk.Now));
        talk.Done("B");
        talk.Created("C", talk.SentOnly<SessionCommand.CreateResponse>().Token);
        talk.Done("C");
        Assert.IsType<TurnOutcome.Completed>(talk.Outcome(turn));
        Assert.IsType<TurnOutcome.Completed>(talk.Outcome(waiting));
        Assert.True(talk.Machine.IsHeardOut(talk.Now));
    }

    [Fact]
    public void SE11_AServerThatAnswersByItself_IsToldToStop_Once_AndKeepsItsDetection()
    {
        var talk = Conversation.Detecting();
        talk.Hear(
            "session.updated",
            "session.type=realtime",
            "session.audio.input.turn_detection:={\"type\":\"server_vad\",\"threshold\":0.7,\"create_response\":true,\"interrupt_response\":true,\"idle_timeout_ms\":5000}");
        talk.Drain();
        talk.Sends(
            "session.update",
            "session.audio.input.turn_detection:={\"type\":\"server_vad\",\"threshold\":0.7,\"create_response\":false,\"interrupt_response\":true,\"idle_timeout_ms\":null}");
        talk.Drain();
        talk.SendsNothing();
    }

    [Fact]
    public void SE11_AnUpdateOfTheApplication_DoesNotTurnTheAnswersOnAgain()
    {
        var talk = Conversation.Detecting();
        talk.Drain();
        talk.Sent();
        talk.Submit(SessionIntent.Configure(new Events.Session { Type = Events.SessionType.Realtime, Audio = { Input = { TurnDetection = new Events.SemanticVad { CreateResponse = true } } } }));
        talk.Sends("session.update", "session.audio.input.turn_detection.create_response:=false");
    }

    [Fact]
    public void SE11_AnUpdateThatTheApplicationWroteByItself_IsFollowedByOneThatKeepsTheServerSilent()
    {
        var talk = Conversation.Detecting();
        talk.Drain();
        talk.Sent();
        Assert.True(talk.SendByItself("""{"type":"session.update","event_id":"mine","session":{"type":"realtime","audio":{"input":{"turn_detection":{"type":"semantic_vad","eagerness":"low"}}}}}""").IsAccepted);
        talk.Sends("session.update", "session.type=realtime", "session.audio.input.turn_detection:={\"type\":\"semantic_vad\",\"eagerness\":\"low\",\"create_response\":false}");
        talk.SendsNothing();
        talk.Hear("session.updated", "session.type=realtime", "session.audio.input.turn_detection:={\"type\":\"semantic_vad\",\"eagerness\":\"low\",\"create_response\":false}");
        Assert.Null(Assert.IsType<Events.SemanticVad>(ReplayPlanner.Plan(talk.Machine.Checkpoint(talk.Now)).ReadConfiguration()!.Audio.Input.TurnDetection.Value).CreateResponse);
    }

    [Theory]
    [InlineData("""{"type":"realtime","instructions":"Be brief."}""")]
    [InlineData("""{"type":"realtime","audio":{"input":{"turn_detection":null}}}""")]
    [InlineData("""{"type":"realtime","audio":{"input":{"turn_detection":{"type":"server_vad","create_response":false}}}}""")]
    public void SE11_AnUpdateThatTurnsNoAnswerOn_IsFollowedByNothing(string session)
    {
        var talk = Conversation.Detecting();
        talk.Drain();
        talk.Sent();
        Assert.True(talk.SendByItself($$"""{"type":"session.update","event_id":"mine","session":{{session}}}""").IsAccepted);
        talk.SendsNothing();
    }

    [Fact]
    public void SE11_TheCheckpoint_HasTheDetectionFromBefore_AndWhatElseWasStatedSince()
    {
        var talk = Conversation.Detecting();
        talk.Hear(
            "session.updated",
            "session.type=realtime",
            "session.instructions=Be brief.",
            "session.audio.input.turn_detection:={\"type\":\"server_vad\",\"threshold\":0.7,\"create_response\":true,\"interrupt_response\":true,\"idle_timeout_ms\":5000}");
        talk.Drain();
        talk.Sent();
        talk.Hear(
            "session.updated",
            "session.type=realtime",
            "session.instructions=Be longer.",
            "session.audio.input.turn_detection:={\"type\":\"server_vad\",\"threshold\":0.8,\"create_response\":false,\"interrupt_response\":true,\"idle_timeout_ms\":null}",
            "session.audio.output.voice=marin");
        Session next = ReplayPlanner.Plan(talk.Machine.Checkpoint(talk.Now)).ReadConfiguration()!;
        var detection = Assert.IsType<Events.ServerVad>(next.Audio.Input.TurnDetection.Value);
        Assert.Equal((true, 5000, 0.8), (detection.CreateResponse, detection.IdleTimeoutMs.Value, detection.Threshold));
        Assert.Equal(("Be longer.", true), (next.Instructions.ToString(), next.Audio.Output.Voice is not null));
    }

    [Fact]
    public void SE11_TheCheckpoint_HasTheDetectionThatWasAskedForMeanwhile_OfTheFlatFormToo()
    {
        var talk = Conversation.Detecting();
        talk.Hear("session.updated", "session.type=realtime", "session.turn_detection:={\"type\":\"server_vad\",\"create_response\":true}");
        talk.Drain();
        talk.Hear("session.updated", "session.type=realtime", "session.turn_detection:={\"type\":\"server_vad\",\"create_response\":false}");
        Assert.True(Assert.IsType<Events.ServerVad>(ReplayPlanner.Plan(talk.Machine.Checkpoint(talk.Now)).ReadConfiguration()!.TurnDetection.Value).CreateResponse);

        talk.Submit(SessionIntent.Configure(new Events.Session { Type = Events.SessionType.Realtime, TurnDetection = new Events.SemanticVad { CreateResponse = false } }));
        talk.Hear("session.updated", "session.type=realtime", "session.turn_detection:={\"type\":\"semantic_vad\",\"create_response\":false}");
        Assert.False(Assert.IsType<Events.SemanticVad>(ReplayPlanner.Plan(talk.Machine.Checkpoint(talk.Now)).ReadConfiguration()!.TurnDetection.Value).CreateResponse);

        talk.Hear("session.updated", "session.type=realtime", "session.turn_detection:=null");
        Assert.Equal(Presence.Null, ReplayPlanner.Plan(talk.Machine.Checkpoint(talk.Now)).ReadConfiguration()!.TurnDetection.Presence);
    }

    [Fact]
    public void SE11_ATurnThatHasItsNumber_IsNoNewOne()
    {
        var talk = Conversation.Manual();
        talk.Drain();
        Assert.True(talk.Submit(SessionIntent.CreateResponse(null).OfTurn(7)).IsAccepted);
    }

    [Fact]
    public void SE11_AfterTheEnd_DrainingDoesNothing()
    {
        var talk = Conversation.Detecting();
        talk.Close();
        talk.Drain();
        talk.SendsNothing();
        Assert.Equal("SE-09", talk.Create().Rule);
    }
}
