using System.Text;
using System.Text.Json;
using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle.Continuity;

/// <summary>A checkpoint as bytes: what is written is read as the same, and everything else is refused with its place and never with its content.</summary>
public class CheckpointReaderTests
{
    [Fact]
    public void WhatIsWritten_IsReadAsTheSame()
    {
        for (int i = 0; i < 400; i++)
        {
            SessionCheckpoint checkpoint = RandomCheckpoints.Next(new Random(unchecked(Seeds.Next() + i)));
            byte[] json = checkpoint.ToUtf8Json().ToArray();
            SessionCheckpoint read = SessionCheckpoint.FromUtf8Json(json);
            Assert.Equal(json, read.ToUtf8Json().ToArray());
            Assert.Equal((checkpoint.Purpose, checkpoint.SessionId, checkpoint.LastTurn, checkpoint.Usage), (read.Purpose, read.SessionId, read.LastTurn, read.Usage));
            Assert.Equal(checkpoint.Questions.Count, read.Questions.Count);
        }
    }

    [Fact]
    public void AStoreThatLaysJsonOutAnew_ChangesNothing()
    {
        JsonElement json = JsonSerializer.Deserialize<JsonElement>(Whole());
        byte[] laidOut = JsonSerializer.SerializeToUtf8Bytes(json, new JsonSerializerOptions { WriteIndented = true });
        Assert.True(JsonElement.DeepEquals(json, JsonSerializer.Deserialize<JsonElement>(SessionCheckpoint.FromUtf8Json(laidOut).ToUtf8Json().Span)));
    }

    [Fact]
    public void CutShortAtAnyByte_ItIsRefused()
    {
        byte[] json = Whole();
        for (int i = 0; i < json.Length; i++)
        {
            SessionCheckpointException refused = Assert.Throws<SessionCheckpointException>(() => SessionCheckpoint.FromUtf8Json(json.AsSpan(0, i)));
            Assert.Equal(i == 0 ? CheckpointFault.Foreign : CheckpointFault.Damaged, refused.Fault);
            Assert.InRange(refused.Offset!.Value, 0, i);
        }
    }

    [Fact]
    public void ChangedAtAnyByte_ItIsRefused_OrReadAsACheckpoint_AndNothingElseIsThrown()
    {
        byte[] json = Whole();
        var random = new Random(Seeds.Next());
        int refused = 0;
        for (int i = 0; i < 4 * json.Length; i++)
        {
            byte[] changed = [.. json];
            changed[i % json.Length] = (byte)random.Next(256);
            try
            {
                SessionCheckpoint.FromUtf8Json(changed).ToUtf8Json();
            }
            catch (SessionCheckpointException)
            {
                refused++;
            }
        }

        Assert.True(refused > json.Length);
    }

    [Theory]
    [InlineData("", CheckpointFault.Foreign)]
    [InlineData("RTJ1", CheckpointFault.Foreign)]
    [InlineData("[1]", CheckpointFault.Foreign)]
    [InlineData("{}", CheckpointFault.Foreign)]
    [InlineData("""{"type":"session.created","session":{}}""", CheckpointFault.Foreign)]
    [InlineData("""{"realtime_checkpoint":2,"novelty":[]}""", CheckpointFault.Newer)]
    [InlineData("""{"novelty":{"deep":[1]},"realtime_checkpoint":99999999999}""", CheckpointFault.Newer)]
    [InlineData("""{"realtime_checkpoint":0}""", CheckpointFault.Damaged)]
    [InlineData("""{"realtime_checkpoint":"1"}""", CheckpointFault.Damaged)]
    [InlineData("""{"realtime_checkpoint":1}""", CheckpointFault.Damaged)]
    [InlineData("""{"realtime_checkpoint":1}x""", CheckpointFault.Damaged)]
    public void WhatIsNone_IsToldApart(string json, CheckpointFault fault) =>
        Assert.Equal(fault, Assert.Throws<SessionCheckpointException>(() => SessionCheckpoint.FromUtf8Json(Encoding.UTF8.GetBytes(json))).Fault);

    [Theory]
    [InlineData("\"last_turn\":3", "\"last_turn\":-3", "last_turn")]
    [InlineData("\"last_turn\":3", "\"last_turn\":3,\"last_turn\":3", "last_turn")]
    [InlineData("\"last_turn\":3", "\"last_turn\":99999999999", "last_turn")]
    [InlineData("\"last_turn\":3", "\"sk-secret\":3", "")]
    [InlineData("\"kind\":\"realtime\"", "\"kind\":\"translation\"", "kind")]
    [InlineData("\"role\":\"user\"", "\"role\":\"sk-secret\"", "items[0].role")]
    [InlineData("\"text\":\"Tell me sk-secret.\"", "\"text\":7", "items[0].parts[0].text")]
    [InlineData("\"text\":\"Tell me sk-secret.\"", "\"text\":\"sk-secret\",\"said\":null", "items[0].parts[0]")]
    [InlineData("\"progress\":\"begun\"", "\"progress\":\"sk-secret\"", "items[1].progress")]
    [InlineData("\"arguments\":\"{}\",", "", "items[1]")]
    [InlineData("\"questions\":[", "\"questions\":[{\"turn\":1}],\"more\":[", "questions[0]")]
    [InlineData("\"usage\":{\"responses\":{\"input\":{\"text\":0", "\"usage\":{\"responses\":{\"input\":{\"text\":-1", "usage.responses.input.text")]
    public void AFault_IsToldWithItsPlace_AndNeverWithItsContent(string said, string changed, string path)
    {
        string json = Encoding.UTF8.GetString(Whole());
        Assert.Contains(said, json, StringComparison.Ordinal);
        SessionCheckpointException refused = Assert.Throws<SessionCheckpointException>(() => SessionCheckpoint.FromUtf8Json(Encoding.UTF8.GetBytes(json.Replace(said, changed, StringComparison.Ordinal))));
        Assert.Equal(CheckpointFault.Damaged, refused.Fault);
        Assert.StartsWith(path, refused.Path, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-secret", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void AnotherKindOfSession_IsRefused()
    {
        SessionCheckpoint checkpoint = SessionCheckpoint.FromUtf8Json(Whole());
        checkpoint.ThrowUnless(SessionPurpose.Conversation);
        SessionCheckpointException refused = Assert.Throws<SessionCheckpointException>(() => checkpoint.ThrowUnless(SessionPurpose.Transcription));
        Assert.Equal((CheckpointFault.AnotherKind, "kind"), (refused.Fault, refused.Path));
    }

    [Fact]
    public void NothingThatWasSaid_IsInItsString_AndAnOutputThatCameLateIsPutBehindItsCall()
    {
        SessionCheckpoint checkpoint = SessionCheckpoint.FromUtf8Json(Whole());
        Assert.Equal("Checkpoint of sess_1: 3 turns, 2 items, 1 open questions", checkpoint.ToString());
        Assert.Same(checkpoint, checkpoint.WithOutput("call_9", "x"));
        ReplayPlan plan = ReplayPlanner.Plan(checkpoint.WithOutput("call_1", "12:00"));
        Assert.Equal("12:00", plan.Items.OfType<ConversationItem.FunctionOutput>().Single().Output);
        Assert.Same(checkpoint, checkpoint.WithOutput("call_1", "12:00", "another_item")); // the call of another conversation
        Assert.Same(checkpoint.WithOutput("call_1", "12:00") is var answered ? answered : null, answered.WithOutput("call_1", "13:00"));
    }

    private static byte[] Whole() => new SessionCheckpoint
    {
        SessionId = "sess_1",
        LastTurn = 3,
        Configuration = RawJson.Parse("""{"type":"realtime"}"""),
        Entries =
        [
            new(ConversationItem.User("Tell me sk-secret.") with { Id = "a", State = ItemState.Completed }),
            new(new ConversationItem.FunctionCall("call_1", "clock", "{}") { Id = "b", State = ItemState.Completed }, ItemHearing.Whole, CallProgress.Begun),
        ],
        Open = [new OpenQuestion(3, true, RawJson.Parse("""{"instructions":"sk-secret"}"""))],
    }.ToUtf8Json().ToArray();
}
