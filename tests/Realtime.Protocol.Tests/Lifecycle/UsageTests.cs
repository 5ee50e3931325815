using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>The tokens of a response are told once, whenever they come: with its end, or after it counted as ended.</summary>
public class UsageTests
{
    private const string Usage = """response.usage:={"total_tokens":30,"input_tokens":10,"output_tokens":20,"input_token_details":{},"output_token_details":{}}""";

    [Fact]
    public void RC14_UsageOfAResponseThatWasSuperseded_IsToldWhenItsEndComes_Once()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Created("B", "token_other_1");
        Done(talk, "A");
        Done(talk, "A");
        Assert.Equal((turn, "A", 30L), Stated(talk));
        Assert.Null(Assert.Single(talk.Changes<SessionChange.ResponseEnded>()).Usage);
        Done(talk, "B");
        Assert.Equal(30, talk.Changes<SessionChange.ResponseEnded>()[^1].Usage?.TotalTokens);
        Assert.Single(talk.Changes<SessionChange.ResponseUsageStated>());
    }

    [Fact]
    public void RC11_UsageOfAResponseThatCountedAsLost_IsToldWhenItsEndComes()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Interrupt();
        talk.Error("response_cancel_not_active", talk.SentOnly<SessionCommand.CancelResponse>().EventId);
        Done(talk, "A");
        Assert.Equal((turn, "A", 30L), Stated(talk));
    }

    [Fact]
    public void RC14_ResponseThatBelongsToNoTurn_EndsToo_WhenItIsSuperseded()
    {
        var talk = Conversation.Manual();
        talk.Create();
        SessionCommand.CreateResponse create = talk.SentOnly<SessionCommand.CreateResponse>();
        talk.Interrupt();
        talk.Created("A", create.Token); // cancelled unheard
        talk.Created("B", "token_other_1");
        Assert.Equal((0, "A"), Assert.Single(talk.Changes<SessionChange.ResponseEnded>()) is var ended ? (ended.Turn, ended.ResponseId) : default);
        Done(talk, "A");
        Assert.Equal((0, "A", 30L), Stated(talk));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void RC08_UsageThatCameWithTheEnd_IsNotToldAgain(bool wasAnnounced)
    {
        var talk = Conversation.Manual();
        if (wasAnnounced)
        {
            talk.Answering("A");
        }

        Done(talk, "A");
        Done(talk, "A");
        Assert.Equal(30, Assert.Single(talk.Changes<SessionChange.ResponseEnded>()).Usage?.TotalTokens);
        Assert.Empty(talk.Changes<SessionChange.ResponseUsageStated>());
    }

    [Fact]
    public void RC14_EndWithoutUsage_SaysNothingLate()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Created("B", "token_other_1");
        talk.Hear("response.done", "response.id=A", "response.status=completed", "response.usage:=null");
        Assert.Empty(talk.Changes<SessionChange.ResponseUsageStated>());
    }

    private static void Done(Conversation talk, string response) => talk.Hear("response.done", $"response.id={response}", "response.status=completed", Usage);

    private static (int Turn, string Response, long Tokens) Stated(Conversation talk) =>
        Assert.Single(talk.Changes<SessionChange.ResponseUsageStated>()) is var stated ? (stated.Turn, stated.ResponseId, stated.Usage.TotalTokens) : default;
}
