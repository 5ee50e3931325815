using System.Text;
using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle.Continuity;

/// <summary>The laws of a replay, each over four hundred conversations that no one had.</summary>
public class ReplayPlannerTests
{
    private const int Conversations = 400;

    [Fact]
    public void WhatTheModelSaid_IsText_AndWhatNobodyHeard_IsNotThere() => Each((checkpoint, _, plan) =>
    {
        foreach (ConversationItem.Message message in plan.Items.OfType<ConversationItem.Message>())
        {
            Assert.NotEmpty(message.Content);
            Assert.All(message.Content, static part => Assert.IsType<ItemContent.Text>(part));
            Assert.NotEqual(ItemHearing.Nothing, Entry(checkpoint, message.Id).Hearing);
        }
    });

    [Fact]
    public void ACallStandsWithItsOutputBehindIt_AndNoOutputAlone() => Each((_, _, plan) =>
    {
        for (int i = 0; i < plan.Items.Length; i++)
        {
            if (plan.Items[i] is ConversationItem.FunctionCall call)
            {
                Assert.Equal(call.CallId, Assert.IsType<ConversationItem.FunctionOutput>(plan.Items[++i]).CallId);
            }
            else
            {
                Assert.IsNotType<ConversationItem.FunctionOutput>(plan.Items[i]);
            }
        }
    });

    [Fact]
    public void TheOrderIsTheServers_ButForOutputs_WhichFollowTheirCalls() => Each((checkpoint, _, plan) =>
    {
        string[] order = [.. checkpoint.Items.Select(static item => item.Id)];
        int[] places = [.. plan.Items.Where(static item => item is not ConversationItem.FunctionOutput).Select(item => Array.IndexOf(order, item.Id))];
        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
        Assert.Equal(plan.Items.Count(static item => item.Id.Length > 0), plan.Items.Where(static item => item.Id.Length > 0).DistinctBy(static item => item.Id).Count());
    });

    [Fact]
    public void TheBoundsHold_AndTheNewestComeFirst() => Each((checkpoint, options, plan) =>
    {
        Assert.True(plan.Items.Length <= options.MaxItems);
        Assert.True(plan.Items.Sum(BytesOf) <= options.MaxBytes);
        string[] order = [.. checkpoint.Items.Select(static item => item.Id)];
        int newestTooOld = plan.LeftOut.Where(static omission => omission.Reason is OmissionReason.TooMany)
            .Select(omission => Entry(checkpoint, omission.What).Item is ConversationItem.FunctionOutput ? -1 : Array.IndexOf(order, omission.What)).DefaultIfEmpty(-1).Max();
        int oldestKept = plan.Items.Where(static item => item is not ConversationItem.FunctionOutput).Select(item => Array.IndexOf(order, item.Id)).DefaultIfEmpty(int.MaxValue).Min();
        Assert.True(newestTooOld < oldestKept, $"{newestTooOld} was left out for being old, and {oldestKept} was kept");
    });

    [Fact]
    public void WhateverIsNotThere_IsNamed() => Each((checkpoint, _, plan) =>
    {
        HashSet<string> named = [.. plan.LeftOut.Select(static omission => omission.What), .. plan.Items.Select(static item => item.Id)];
        Assert.DoesNotContain(checkpoint.Items, item => !named.Contains(item.Id));
        Assert.Empty(checkpoint.ConfigurationLeftOut.Except(named));
        foreach (CheckpointEntry entry in checkpoint.Entries.Where(entry => entry.Hearing is ItemHearing.InPart && plan.Items.Any(item => item.Id == entry.Item.Id)))
        {
            Assert.Contains(new ReplayOmission(entry.Item.Id, OmissionReason.HeardInPart), plan.LeftOut);
        }
    });

    [Fact]
    public void AToolThatGaveItsOutput_OrMayHaveRun_RunsAgainOnlyIfItSaysThatItMay() => Each((checkpoint, options, plan) =>
    {
        foreach (ConversationItem.FunctionCall call in plan.RunAgain)
        {
            Assert.Contains(call.Name, options.IdempotentTools);
            Assert.Equal(CallProgress.Begun, Entry(checkpoint, call.Id).Call);
            Assert.Equal(ReplayPlanner.FailedOutput, ((ConversationItem.FunctionOutput)plan.Items[plan.Items.IndexOf(call) + 1]).Output);
            Assert.DoesNotContain(new ReplayOmission(call.Id, OmissionReason.CallFailed), plan.LeftOut);
        }

        foreach (ConversationItem.FunctionOutput failed in plan.Items.OfType<ConversationItem.FunctionOutput>().Where(static output => output.Id == ""))
        {
            Assert.Equal(ReplayPlanner.FailedOutput, failed.Output);
        }

        Assert.All(plan.LeftOut.Where(static omission => omission.Reason is OmissionReason.CallFailed), omission => Assert.Equal(CallProgress.Begun, Entry(checkpoint, omission.What).Call));
    });

    [Fact]
    public void OneQuestionIsAskedAgain_TheLast_AndOnlyWithItsWords() => Each((checkpoint, options, plan) =>
    {
        if (plan.Question is null)
        {
            Assert.Empty(plan.RunAgain);
            Assert.True(!options.AsksAgain || checkpoint.Questions.Count == 0 || plan.LeftOut.Any(static omission => omission.Reason is OmissionReason.QuestionLost));
            return;
        }

        Assert.True(options.AsksAgain);
        Assert.Same(checkpoint.Questions[^1], plan.Question);
        Assert.Equal(checkpoint.Questions.Count - 1, plan.LeftOut.Count(static omission => omission.Reason is OmissionReason.AnsweredWithLater));
    });

    [Fact]
    public void TheSameCheckpointGivesTheSamePlan_BeforeItIsWrittenAndAfterItIsRead() => Each((checkpoint, options, plan) =>
    {
        ReplayPlan again = ReplayPlanner.Plan(SessionCheckpoint.FromUtf8Json(checkpoint.ToUtf8Json().Span), options);
        Assert.Equal(plan.LeftOut, again.LeftOut);
        Assert.Equal(plan.Items.Select(Told), again.Items.Select(Told));
        Assert.Equal(plan.RunAgain, again.RunAgain);
    });

    [Fact]
    public void WhatIsTooLargeByItself_DoesNotKeepTheOthersOut()
    {
        var checkpoint = new SessionCheckpoint
        {
            Entries =
            [
                new(ConversationItem.User("one") with { Id = "a" }),
                new(ConversationItem.User(new string('x', 1_000)) with { Id = "b" }),
                new(ConversationItem.User("three") with { Id = "c" }),
            ],
        };
        ReplayPlan plan = ReplayPlanner.Plan(checkpoint, new ReplayOptions { MaxBytes = 100 });
        Assert.Equal(["a", "c"], plan.Items.Select(static item => item.Id));
        Assert.Equal([new ReplayOmission("b", OmissionReason.TooLarge)], plan.LeftOut);
    }

    [Fact]
    public void AQuestionWhoseWordsAreLost_IsNotAsked()
    {
        var checkpoint = new SessionCheckpoint
        {
            Entries = [new(ConversationItem.User("old") with { Id = "a" }), new(ConversationItem.Assistant("answer") with { Id = "b", State = ItemState.Completed }), new(ConversationItem.User(new ItemContent.Audio(default)) with { Id = "c" })],
            Open = [new OpenQuestion(2, true, default)],
        };
        ReplayPlan plan = ReplayPlanner.Plan(checkpoint);
        Assert.Null(plan.Question);
        Assert.Equal([new("c", OmissionReason.NotTranscribed), new ReplayOmission("turn 2", OmissionReason.QuestionLost)], plan.LeftOut);
    }

    [Fact]
    public void OptionsThatNothingCanKeep_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(static () => new ReplayOptions { MaxItems = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(static () => new ReplayOptions { MaxBytes = -1 });
        Assert.Empty(ReplayPlanner.Plan(RandomCheckpoints.Next(new Random(1)), new ReplayOptions { MaxItems = 0 }).Items);
    }

    private static void Each(Action<SessionCheckpoint, ReplayOptions, ReplayPlan> law)
    {
        int seed = Seeds.Next();
        for (int i = 0; i < Conversations; i++)
        {
            var random = new Random(unchecked(seed + i));
            SessionCheckpoint checkpoint = RandomCheckpoints.Next(random);
            ReplayOptions options = random.Next(3) switch
            {
                0 => new(),
                1 => new() { MaxItems = random.Next(12), IdempotentTools = ["tide"], AsksAgain = random.Next(2) == 0 },
                _ => new() { MaxBytes = random.Next(400), IdempotentTools = ["clock", "book"] },
            };
            try
            {
                law(checkpoint, options, ReplayPlanner.Plan(checkpoint, options));
            }
            catch (Exception broken)
            {
                throw new InvalidOperationException($"Seed {seed}, conversation {i}: {broken.Message}", broken);
            }
        }
    }

    private static CheckpointEntry Entry(SessionCheckpoint checkpoint, string id) => checkpoint.Entries.Single(entry => entry.Item.Id == id);

    private static string Told(ConversationItem item) => $"{item} {(item as ConversationItem.Message)?.Text} {(item as ConversationItem.FunctionOutput)?.Output}";

    private static int BytesOf(ConversationItem item) => item switch
    {
        ConversationItem.Message message => Encoding.UTF8.GetByteCount(message.Text),
        ConversationItem.FunctionCall call => Encoding.UTF8.GetByteCount(call.CallId + call.Name + call.Arguments),
        ConversationItem.FunctionOutput output => Encoding.UTF8.GetByteCount(output.CallId + output.Output),
        ConversationItem.McpCall call => Encoding.UTF8.GetByteCount(call.Server + call.Name + call.Arguments + call.Output),
        _ => 0,
    };
}
