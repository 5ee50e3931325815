using System.Text;
using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle.Continuity;

/// <summary>What a machine says of itself, from frames alone: the configuration without secrets, the conversation as it was heard, the calls, and what is still to be answered.</summary>
public class CheckpointOfAMachineTests
{
    private const string Secret = "sk-canary-4711";

    [Fact]
    public void TheConfigurationIsTheServers_WithItsFunctions_AndWithoutSecrets()
    {
        var talk = Conversation.Manual();
        talk.Hear(
            "session.updated",
            "session.type=realtime",
            "session.id=sess_1",
            "session.instructions=Be brief.",
            $"session.client_secret:={{\"value\":\"{Secret}\",\"expires_at\":1}}",
            "session.tools:=" + $$"""
            [{"type":"function","name":"tide","parameters":{"type":"object","properties":{"authorization":{"type":"string"} } } },
             {"type":"mcp","server_label":"almanac","server_url":"https://almanac.example/mcp","authorization":"{{Secret}}","headers":{"x":"{{Secret}}"},"require_approval":"never"},
             {"type":"mcp","server_label":"other","server_url":"https://user:{{Secret}}@almanac.example/mcp","headers":null},
             {"type":"novel","key":"{{Secret}}"}]
            """);

        SessionCheckpoint checkpoint = talk.Machine.Checkpoint(talk.Now);
        string json = Encoding.UTF8.GetString(checkpoint.ToUtf8Json().Span);
        Assert.DoesNotContain(Secret, json);
        Assert.Equal("sess_1", checkpoint.SessionId);
        Assert.Contains("Be brief.", Encoding.UTF8.GetString(checkpoint.Configuration.Utf8));
        Assert.Contains("\"properties\":{\"authorization\"", Encoding.UTF8.GetString(checkpoint.Configuration.Utf8));
        Assert.Contains("https://almanac.example/mcp", Encoding.UTF8.GetString(checkpoint.Configuration.Utf8));
        Assert.Equal(
            ["session.client_secret", "session.tools[1].authorization", "session.tools[1].headers", "session.tools[2].server_url", "session.tools[3]"],
            checkpoint.ConfigurationLeftOut.Order());
        Session asked = ReplayPlanner.Plan(checkpoint).ReadConfiguration()!;
        Assert.Equal("Be brief.", asked.Instructions.ToString());
        Assert.False(asked.Id.HasValue);
        Assert.Equal(3, asked.Tools.Items.Length);
    }

    [Fact]
    public void AnAnswerThatWasCut_HasTheWordsThatWereHeard_AndItsQuestionIsNotOpen()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Message("A", "a");
        talk.Hear("response.output_audio_transcript.delta", "response_id=A", "item_id=a", "content_index:=0", "delta=one two three four");
        talk.Audio("A", "a", 48_000);
        talk.Played(turn, 500);
        talk.Interrupt();

        CheckpointEntry entry = Assert.Single(talk.Machine.Checkpoint(talk.Now).Entries, static entry => entry.Item.Id == "a");
        Assert.Equal("one two", ((ConversationItem.Message)entry.Item).Text);
        Assert.Equal(ItemHearing.InPart, entry.Hearing);
        Assert.Empty(talk.Machine.Checkpoint(talk.Now).Questions);
    }

    [Fact]
    public void AnAnswerThatTheConnectionCutOff_IsAnOpenQuestion_AlsoAfterTheEnd()
    {
        var talk = Conversation.Manual();
        int turn = talk.Say("What time is it?").Turn;
        talk.Created("A", talk.Sent().OfType<SessionCommand.CreateResponse>().Single().Token);
        talk.Message("A", "a");
        talk.Hear("response.output_audio_transcript.delta", "response_id=A", "item_id=a", "content_index:=0", "delta=one two three four");
        talk.Audio("A", "a", 48_000);
        talk.Played(turn, 500);
        talk.Close();
        talk.Close();

        SessionCheckpoint checkpoint = talk.Machine.Checkpoint(talk.Now);
        OpenQuestion question = checkpoint.Questions[^1];
        Assert.Equal((turn, true), (question.Turn, question.WasSent));
        Assert.Equal(turn, checkpoint.LastTurn);
        Assert.Equal("one two", ((ConversationItem.Message)checkpoint.Items.Single(static item => item.Id == "a")).Text);
        Assert.Contains(checkpoint.Items, static item => item is ConversationItem.Message { Role: ItemRole.User, State: ItemState.Pending, Text: "What time is it?" });
        Assert.NotNull(ReplayPlanner.Plan(checkpoint).Question);
    }

    [Fact]
    public void ACallThatBeganWithoutAnOutput_IsReplayedAsFailed_AndOneWithItsOutputAsItWas()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Call("A", "f", "call_1");
        talk.Call("A", "g", "call_2");
        talk.Submit(SessionIntent.ToolOutput("call_1", "12:00"));
        talk.Close();

        ReplayPlan plan = ReplayPlanner.Plan(talk.Machine.Checkpoint(talk.Now));
        ConversationItem.FunctionOutput[] outputs = [.. plan.Items.OfType<ConversationItem.FunctionOutput>()];
        Assert.Equal([("call_1", "12:00"), ("call_2", ReplayPlanner.FailedOutput)], outputs.Select(static output => (output.CallId, output.Output)));
        Assert.Contains(new ReplayOmission("g", OmissionReason.CallFailed), plan.LeftOut);

        ReplayPlan again = ReplayPlanner.Plan(talk.Machine.Checkpoint(talk.Now), new ReplayOptions { IdempotentTools = ["clock"] });
        Assert.Equal("call_2", Assert.Single(again.RunAgain).CallId);
        Assert.Equal(plan.Items.Select(static item => item.Id), again.Items.Select(static item => item.Id)); // in its place
    }

    [Fact]
    public void WhatIsWritten_IsReadAsTheSame()
    {
        var talk = Conversation.Manual();
        talk.Say("What time is it?");
        talk.Created("A", talk.Sent().OfType<SessionCommand.CreateResponse>().Single().Token);
        talk.Call("A", "f", "call_1", arguments: "{\"in\":\"Oslo \\u00e9\"}");
        talk.CreateWith("Speak up.");
        SessionCheckpoint checkpoint = talk.Machine.Checkpoint(talk.Now, new SessionUsage(new(new(1, 2), default, new(3, 4, 5), 6), default, TimeSpan.FromSeconds(7), 8) { TranscriptsWithoutUsage = 9 });
        SessionCheckpoint read = SessionCheckpoint.FromUtf8Json(checkpoint.ToUtf8Json().Span);
        Assert.Equal(checkpoint.ToUtf8Json().ToArray(), read.ToUtf8Json().ToArray());
        Assert.Equal(checkpoint.Usage, read.Usage);
        Assert.Equal("Speak up.", ReplayPlanner.Plan(read).ReadRequest()!.Instructions.ToString());
    }
}
