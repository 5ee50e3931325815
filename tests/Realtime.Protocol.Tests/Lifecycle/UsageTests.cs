using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>The tokens of a response are told once, whenever they come: with its end, or after it counted as ended (US-01). And what counts as a report of them (CX-07).</summary>
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
        Assert.Equal(30, talk.Changes<SessionChange.ResponseEnded>()[^1].Usage?.Total);
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
        Assert.Equal(30, Assert.Single(talk.Changes<SessionChange.ResponseEnded>()).Usage?.Total);
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

    [Fact]
    public void US01_UsageThatComesWithASecondEnd_IsToldOnce()
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        talk.Hear("response.done", "response.id=A", "response.status=completed", "response.usage:=null");
        Done(talk, "A");
        Done(talk, "A");
        Assert.Equal((turn, "A", 30L), Stated(talk));
    }

    [Theory]
    [InlineData("cancelled")]
    [InlineData("incomplete")]
    [InlineData("failed")]
    public void US01_WhateverTheStatus_TokensCount(string status)
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Hear("response.done", "response.id=A", $"response.status={status}", Usage);
        Assert.Equal(30, Assert.Single(talk.Changes<SessionChange.ResponseEnded>()).Usage?.Total);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"total_tokens":10}""")] // of which nobody knows what was read and what was made
    [InlineData("""{"input_tokens":10}""")]
    [InlineData("""{"input_tokens":-1,"output_tokens":3}""")]
    [InlineData("""{"total_tokens":2,"input_tokens":3}""")]
    [InlineData("""{"input_tokens":"many","output_tokens":3}""")]
    [InlineData("\"none\"")]
    public void CX07_WhatDoesNotTellWhatWasReadAndMade_IsNoReport(string usage)
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Hear("response.done", "response.id=A", "response.status=completed", $"response.usage:={usage}");
        Assert.Null(Assert.Single(talk.Changes<SessionChange.ResponseEnded>()).Usage);
    }

    [Fact]
    public void CX07_AReportOfZero_IsAReport() => Assert.Equal(default(TokenUsage), Reported("""{"input_tokens":0,"output_tokens":0}"""));

    [Fact]
    public void CX07_AResponseThatWasInterrupted_CountsWhatItUsed()
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Interrupt();
        talk.Hear("response.done", "response.id=A", "response.status=cancelled", Usage);
        Assert.Equal(30, Assert.Single(talk.Changes<SessionChange.ResponseEnded>()).Usage?.Total);
    }

    [Fact]
    public void WholeReport_IsSplitByModality() => Assert.Equal(
        new TokenUsage(new(96, 26, 5), new(64, 10, 2), new(28, 69), 8),
        Reported("""{"total_tokens":224,"input_tokens":127,"output_tokens":97,"input_token_details":{"text_tokens":96,"audio_tokens":26,"image_tokens":5,"cached_tokens":76,"cached_tokens_details":{"text_tokens":64,"audio_tokens":10,"image_tokens":2}},"output_token_details":{"text_tokens":28,"audio_tokens":69,"reasoning_tokens":8}}"""));

    [Theory]
    [InlineData("""{"input_tokens":10,"output_tokens":4}""", 10, 0, 4, 0)]
    [InlineData("""{"total_tokens":14,"output_tokens":4}""", 10, 0, 4, 0)]
    [InlineData("""{"total_tokens":14,"input_tokens":10}""", 10, 0, 4, 0)]
    [InlineData("""{"input_tokens":10,"output_tokens":4,"input_token_details":{"audio_tokens":6},"output_token_details":{"audio_tokens":3}}""", 4, 6, 1, 3)]
    [InlineData("""{"input_token_details":{"text_tokens":4,"audio_tokens":6},"output_token_details":{"text_tokens":1,"audio_tokens":3}}""", 4, 6, 1, 3)]
    [InlineData("""{"input_tokens":10,"output_tokens":4,"input_token_details":{"audio_tokens":60}}""", 0, 60, 4, 0)] // more than the sum: what is assigned to a modality stays there
    [InlineData("""{"input_tokens":10,"output_tokens":4,"input_token_details":null,"output_token_details":7}""", 10, 0, 4, 0)]
    public void PartialReport_AssignsTheRestToText(string usage, long text, long audio, long madeText, long madeAudio) =>
        Assert.Equal(new TokenUsage(new(text, audio), default, new(madeText, madeAudio)), Reported(usage));

    [Theory]
    [InlineData("""{"cached_tokens":3}""", 3, 0, 0)]
    [InlineData("""{"cached_tokens":9}""", 4, 5, 0)] // text first, then sound
    [InlineData("""{"cached_tokens":99}""", 4, 6, 2)] // never more than was read
    [InlineData("""{"cached_tokens":99,"cached_tokens_details":{"text_tokens":50,"audio_tokens":50,"image_tokens":50}}""", 4, 6, 2)]
    [InlineData("""{"cached_tokens":5,"cached_tokens_details":{"audio_tokens":4}}""", 1, 4, 0)]
    [InlineData("""{"cached_tokens_details":{"audio_tokens":4}}""", 0, 4, 0)]
    [InlineData("""{"cached_tokens":-5,"cached_tokens_details":{"audio_tokens":-4}}""", 0, 0, 0)]
    public void CachedTokens_AreAPartOfWhatWasRead(string details, long text, long audio, long image) => Assert.Equal(
        new ModalityTokens(text, audio, image),
        Reported($$$"""{"input_tokens":12,"output_tokens":0,"input_token_details":{"text_tokens":4,"audio_tokens":6,"image_tokens":2,{{{details[1..^1]}}}}}""").CachedInput);

    [Fact]
    public void HugeCounts_StopAtTheHighestNumber()
    {
        TokenUsage usage = Reported($$$"""{"input_tokens":{{{long.MaxValue}}},"output_tokens":{{{long.MaxValue}}},"input_token_details":{"audio_tokens":{{{long.MaxValue}}},"text_tokens":{{{long.MaxValue}}},"cached_tokens":{{{long.MaxValue}}}}}""");
        Assert.Equal((long.MaxValue, long.MaxValue, long.MaxValue), (usage.Total, (usage + usage).Input.Text, usage.CachedInput.Total));
    }

    private static TokenUsage Reported(string usage)
    {
        var talk = Conversation.Manual();
        talk.Answering("A");
        talk.Hear("response.done", "response.id=A", "response.status=completed", $"response.usage:={usage}");
        return Assert.NotNull(Assert.Single(talk.Changes<SessionChange.ResponseEnded>()).Usage);
    }

    private static void Done(Conversation talk, string response) => talk.Hear("response.done", $"response.id={response}", "response.status=completed", Usage);

    private static (int Turn, string Response, long Tokens) Stated(Conversation talk) =>
        Assert.Single(talk.Changes<SessionChange.ResponseUsageStated>()) is var stated ? (stated.Turn, stated.ResponseId, stated.Usage.Total) : default;
}
