using System.Text;
using Realtime.Protocol.Lifecycle;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>A message that cannot be read says one thing all the same: that somebody is there.</summary>
public class RefusedMessageTests
{
    [Theory]
    [InlineData("""{"type":"response.output_text.delta","response_id":"A","delta":"x\q"}""", true)]
    [InlineData("""{"type":"response.output_text.delta","response_id":"B","delta":"x\q"}""", false)]
    public void RC11_ARefusedMessage_IsLifeOfTheResponseThatItNames(string refused, bool isLife)
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        for (int i = 0; i < 5; i++)
        {
            talk.Wait(7_000);
            Assert.False(talk.HearRaw(refused));
        }

        if (isLife)
        {
            talk.SendsNothing();
        }
        else
        {
            talk.Sends("response.cancel", "response_id=A");
        }

        Assert.True(talk.IsOpen(turn));
    }

    [Theory]
    [InlineData("""{"type":"response.done","response":{"id":"A","object":"realtime.response","stat""")]
    [InlineData("""{"type":"response.done","response":{"object":"realtime.response","id":"A","output":[{]}}""")]
    public void ADoneThatBreaksOff_EndsItsResponse_AndNobodyWaitsForADeadline(string refused)
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        Assert.False(talk.HearRaw(refused));

        Assert.IsType<TurnOutcome.Completed>(talk.Outcome(turn));
        talk.Submit(SessionIntent.CreateResponse());
        talk.Sends("response.create");
    }

    [Theory]
    [InlineData("""{"type":"response.done","response":{"id":"B","object":"realtime.response","stat""")]
    [InlineData("""{"type":"response.output_audio.done","response_id":"A","item_id":nul""")]
    public void AnotherEnd_LeavesTheResponseRunning(string refused)
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("A");
        Assert.False(talk.HearRaw(refused));

        Assert.True(talk.IsOpen(turn));
        talk.Done("A");
        Assert.IsType<TurnOutcome.Completed>(talk.Outcome(turn));
    }

    [Theory]
    [InlineData("""{"type":"response.output_text.delta","response_id":"A","delta":"x""", "A")]
    [InlineData("""{"response_id":"A","type":"response.output_text.delta","delta":[1,}""", "A")]
    [InlineData("""{"type":"response.done","response":{"object":"o","id":"A","output":[{]}}""", "A")]
    [InlineData("""{"type":"response.done","response":{"id":"A"},"x":nul}""", "A")]
    [InlineData("""{"type":"response.done","response":[],"x":nul}""", "")]
    [InlineData("""{"type":"conversation.item.added","response_id":"A","x":nul}""", "")]
    [InlineData("""{"response_id":"A","x":nul,"type":"response.done"}""", "")]
    [InlineData("""{"type":"response.done","delta":"x\q","response_id":"A"}""", "")]
    [InlineData("""{"type":17,"response_id":"A"}""", "")]
    [InlineData("""{"type":"response.done","response_id":"\u0041","x":nul}""", "")]
    [InlineData("""{"type":"response.done","response":{"id":"A","id":""", "A")]
    [InlineData("{}", "")]
    [InlineData("[", "")]
    [InlineData("", "")]
    public void TheResponseOfARefusedMessage_IsFoundBeforeItsFault(string message, string response) =>
        Assert.Equal(response, Encoding.UTF8.GetString(EventHeader.FindResponse(Encoding.UTF8.GetBytes(message), out _)));
}
