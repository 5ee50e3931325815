using System.Text;
using Realtime.Protocol.CommandLine.Decoding;

namespace Realtime.Protocol.CommandLine.Tests.Decoding;

public class RecordedLineTests
{
    [Theory]
    [InlineData("""{"dir":"client","event":{"type":"x"}}""", "Client", """{"type":"x"}""")]
    [InlineData("""{"t_ms":12.3,"dir":"server","event":{"type":"x"}}""", "Server", """{"type":"x"}""")]
    [InlineData("""{"event":{"type":"x"},"dir":"server"}""", "Server", """{"type":"x"}""")]
    [InlineData(""" { "dir" : "server" , "event" : { "type" : "x" } , "note" : [1] } """, "Server", """{ "type" : "x" }""")]
    [InlineData("""{"d\u0069r":"ser\u0076er","e\u0076ent":{"type":"x"}}""", "Server", """{"type":"x"}""")]
    [InlineData("""{"dir":"server","event":{"type":"x","dir":"client","event":{}}}""", "Server", """{"type":"x","dir":"client","event":{}}""")]
    [InlineData("""{"dir":"both","event":{"type":"x"}}""", "Unknown", """{"type":"x"}""")]
    [InlineData("""{"dir":"server","event":null}""", "Server", "null")]
    [InlineData("""{"dir":"server","not_json":"oops"}""", "Server", "\"oops\"")]
    public void Event_IsTakenOutOfItsLine(string line, string sender, string json)
    {
        RecordedLine recorded = RecordedLine.Read(Encoding.UTF8.GetBytes(line));

        Assert.True(recorded.HasEvent);
        Assert.Equal((sender, json), ($"{recorded.Sender}", Encoding.UTF8.GetString(recorded.Json)));
        Assert.Equal(line.IndexOf(json, StringComparison.Ordinal), recorded.Offset);
    }

    [Theory]
    [InlineData("""{"type":"x"}""")]
    [InlineData("""{"type":"x","dir":"server","event":{"type":"y"}}""")]
    [InlineData("""{"dir":"server","event":{"type":"y"},"type":"x"}""")]
    [InlineData("""{"dir":"server","event":{"type":"y"},"t\u0079pe":"x"}""")]
    [InlineData("""{"event":{"type":"y"}}""")]
    [InlineData("""{"dir":1,"event":{"type":"y"}}""")]
    [InlineData("""{"dir":null,"event":{"type":"y"}}""")]
    [InlineData("""{"dir":"server","event":{"type":"y"},"event":{"type":"z"}}""")]
    [InlineData("""{"dir":"server","event":{"type":"y"}} x""")]
    [InlineData("""{"dir":"server","event":{"type":"y"}""")]
    [InlineData("""{"event":{"type":"y",},"dir":"server"}""")]
    [InlineData("""{"event_id":"e1","item_id":"i1","start":0.1,"end":0.9}""")]
    [InlineData("""{"t_ms":1,"event_id":"e1","end":0.9}""")]
    [InlineData("""{"event_id":"e1","t_ms":1,"end":0.9}""")]
    [InlineData("""{"rule":"x","event":{"type":"y"}}""")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("not json")]
    public void AnyOtherLine_IsAnEventItself(string line)
    {
        RecordedLine recorded = RecordedLine.Read(Encoding.UTF8.GetBytes(line));

        Assert.Equal((true, 0, "Unknown", line), (recorded.HasEvent, recorded.Offset, $"{recorded.Sender}", Encoding.UTF8.GetString(recorded.Json)));
    }

    [Theory]
    [InlineData("""{"dir":"server","close":{"code":1000}}""")]
    [InlineData("""{"t_ms":1,"dir":"client"}""")]
    [InlineData("""{"recipe":{"seed":1}}""")]
    [InlineData("""{"t_ms":null,"rule":"x","level":"refused"}""")]
    [InlineData("""{"t_ms":1.5,"defect":"x","trace":"y"}""")]
    [InlineData("""{"t_\u006ds":6900,"e\u006ed":"client","close_status":1000}""")]
    public void LineWithADirectionAlone_OrANote_HoldsNoEvent(string line) => Assert.False(RecordedLine.Read(Encoding.UTF8.GetBytes(line)).HasEvent);

    [Fact]
    public void MalformedEvent_KeepsItsPlaceAndSender()
    {
        const string line = """{"dir":"client","event":{"type":"x",}}""";

        RecordedLine recorded = RecordedLine.Read(Encoding.UTF8.GetBytes(line));

        Assert.Equal(("Client", line.IndexOf("{\"type", StringComparison.Ordinal)), ($"{recorded.Sender}", recorded.Offset));
    }
}
