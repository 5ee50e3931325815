using System.Text;
using Realtime.Protocol.CommandLine.Log;
using Realtime.Protocol.CommandLine.Timeline;

namespace Realtime.Protocol.CommandLine.Tests.Timeline;

public class EventTimelineTests
{
    private const string Output = """{"type":"conversation.item.create","item":{"type":"function_call_output","call_id":"c","output":"12:30"}}""";

    private readonly List<string> _entries = [];
    private readonly EventTimeline _timeline;

    public EventTimelineTests() => _timeline = new(entry => _entries.Add($"{entry.At.TotalMilliseconds:0} {entry.Name}: {entry.Text}"));

    [Fact]
    public void SpokenTurn_IsToldFromItsBeginningToItsEnd()
    {
        Client(0, """{"type":"input_audio_buffer.append","audio":"AAAAAAAA"}""");
        Client(20, """{"type":"input_audio_buffer.append","audio":"AAAA"}""");
        Client(40, """{"type":"input_audio_buffer.commit"}""");

        Assert.Equal(["0 you: begin to speak", "40 you: end the turn after 0.0 s of audio (9 bytes)"], _entries);
        Assert.Equal(9, _timeline.Figures.SpokenBytes);
    }

    [Fact]
    public void FirstAudio_IsMeasuredFromTheEndOfTheTurn()
    {
        Client(1000, """{"type":"input_audio_buffer.commit"}""");
        Client(1001, """{"type":"response.create"}""");
        Server(1250, Delta("AAAA"));
        Server(1300, Delta("AAAA"));

        Assert.Equal("1250 model: first audio, 250 ms after the end of your turn", _entries[^1]);
        Assert.Equal(TimeSpan.FromMilliseconds(250), _timeline.Figures.TimeToFirstAudio);
        Assert.Equal(6, _timeline.Figures.ReceivedBytes);
        Assert.Equal(1, _timeline.Figures.ResponseRequests);
    }

    [Fact]
    public void EmptyDelta_IsNoAudio()
    {
        Server(0, Delta(""));

        Assert.Empty(_entries);
        Assert.Null(_timeline.Figures.FirstAudioAt);
    }

    [Fact]
    public void ToolRound_IsToldWithItsArgumentsAndItsOutput()
    {
        Server(0, """{"type":"response.output_item.done","event_id":"e","response_id":"r","output_index":0,"item":{"id":"i","type":"function_call","status":"completed","name":"clock","call_id":"c","arguments":"{\"zone\":\"UTC\"}"}}""");
        Client(5, """{"type":"conversation.item.create","item":{"type":"function_call_output","call_id":"c","output":"12:30"}}""");

        Assert.Equal(["0 model: calls clock with {\"zone\":\"UTC\"}", "5 tool: returns 12:30"], _entries);
        Assert.Equal(["clock"], _timeline.Figures.ToolCalls);
    }

    [Fact]
    public void ARequestThatWaits_IsToldWhenItBeginsTo_AndHowLongItDid()
    {
        Server(0, Created("r1"));
        Client(100, Output);
        Client(110, Output);
        Server(500, Done("r1"));
        Client(501, """{"type":"response.create"}""");
        Server(600, Created("r2"));

        Assert.Equal(
            [
                "0 model: begins to answer",
                "100 tool: returns 12:30",
                "100 you: the request for an answer waits until the model has finished",
                "110 tool: returns 12:30",
                "500 model: has answered",
                "501 you: ask for a response; the request had waited 401 ms",
                "600 model: begins to answer",
            ],
            _entries);
    }

    [Fact]
    public void ARequestThatTheServerAnswersByItself_IsToldAsSatisfied()
    {
        Server(0, Created("r1"));
        Client(100, Output);
        Server(500, Done("r1"));
        Server(600, Created("r2"));
        Server(900, Done("r2"));
        Client(950, """{"type":"response.create"}""");

        Assert.Equal("600 model: begins to answer by itself, which satisfies the request that waited", _entries[^3]);
        Assert.Equal("950 you: ask for a response", _entries[^1]);
    }

    [Fact]
    public void ARequestThatMeetsAnAnswerOfTheServers_WaitsForItsEnd()
    {
        Client(0, """{"type":"response.create"}""");
        Server(10, """{"type":"error","event_id":"e","error":{"type":"invalid_request_error","code":"conversation_already_has_active_response","message":"no","param":null,"event_id":null}}""");
        Server(20, Created("r1"));

        Assert.Equal("10 you: the request for an answer waits until the model has finished", _entries[2]);
        Assert.Equal("20 model: begins to answer by itself, which satisfies the request that waited", _entries[3]);
    }

    [Fact]
    public void WhatIsAskedForWhileNothingRuns_DoesNotWait()
    {
        Client(0, Output);
        Client(1, """{"type":"response.create"}""");
        Server(2, Created("r1"));
        Server(3, Done("r1"));
        Server(4, Done("r1"));

        Assert.Equal(["0 tool: returns 12:30", "1 you: ask for a response", "2 model: begins to answer"], _entries[..3]);
    }

    [Fact]
    public void ToolRound_DoesNotMoveTheEndOfTheTurn()
    {
        Client(100, """{"type":"conversation.item.create","item":{"type":"message","role":"user","content":[{"type":"input_text","text":"Hello"}]}}""");
        Client(900, """{"type":"conversation.item.create","item":{"type":"function_call_output","call_id":"c","output":"12:30"}}""");
        Server(1100, Delta("AAAA"));

        Assert.Equal("100 you: write: Hello", _entries[0]);
        Assert.Equal(TimeSpan.FromMilliseconds(1000), _timeline.Figures.TimeToFirstAudio);
    }

    [Fact]
    public void Interruption_IsCountedInItsParts()
    {
        Client(1, """{"type":"response.cancel","response_id":"r"}""");
        Client(2, """{"type":"conversation.item.truncate","item_id":"i","content_index":0,"audio_end_ms":1500}""");
        Client(3, """{"type":"conversation.item.delete","item_id":"i"}""");

        Assert.Equal(3, _entries.Count);
        Assert.Contains("cut after 1,500 ms", _entries[1], StringComparison.Ordinal);
        Assert.Equal((1, 1), (_timeline.Figures.Cancellations, _timeline.Figures.Deletions));
        Assert.Equal([1500L], _timeline.Figures.Truncations);
    }

    [Theory]
    [InlineData("\"completed\"", "null", "has answered")]
    [InlineData("\"cancelled\"", """{"type":"cancelled","reason":"client_cancelled"}""", "is cut off (client_cancelled)")]
    [InlineData("\"incomplete\"", """{"type":"incomplete","reason":"max_output_tokens"}""", "stops early (max_output_tokens)")]
    [InlineData("\"failed\"", """{"type":"failed","error":{"type":"server_error","code":"rate_limit_exceeded"}}""", "fails: rate_limit_exceeded")]
    [InlineData("\"failed\"", "\"out of order\"", "ends: failed")]
    [InlineData("\"suspended\"", "null", "ends: suspended")]
    public void EndOfAResponse_IsToldAsItWas(string status, string details, string expected)
    {
        Server(0, $$$"""{"type":"response.done","event_id":"e","response":{"id":"r","object":"realtime.response","status":{{{status}}},"status_details":{{{details}}},"output":[]}}""");

        Assert.Equal([$"0 model: {expected}"], _entries);
        Assert.Equal(1, _timeline.Figures.ResponsesDone);
    }

    [Fact]
    public void ErrorOfTheServer_IsToldInItsWords_OnOneLine()
    {
        Server(0, """{"type":"error","event_id":"e","error":{"type":"invalid_request_error","code":null,"message":"No.\n\u001b[31mNever."}}""");

        Assert.Equal(["0 session: the server reports an error: invalid_request_error: No.  [31mNever."], _entries);
    }

    [Fact]
    public void MalformedEvent_IsToldAndCounted()
    {
        Server(0, """{"type":"response.output_audio.delta","event_id":"e\""");

        Assert.StartsWith("0 session: the server sent a malformed event of 52 bytes: ", Assert.Single(_entries), StringComparison.Ordinal);
        Assert.Single(_timeline.Figures.MalformedEvents);
    }

    [Fact]
    public void OddEvent_IsToldByItsMember_AndTakenIn()
    {
        Server(0, """{"type":"response.output_audio.delta","event_id":"e","delta":"AAAA","content_index":"first"}""");

        Assert.Equal("0 session: the server sent an odd ResponseOutputAudioDelta: content_index is not what the protocol has there", _entries[0]);
        Assert.Empty(_timeline.Figures.MalformedEvents);
    }

    [Fact]
    public void UnknownEvents_AreCountedByName()
    {
        Server(0, """{"type":"response.tomorrow"}""");
        Server(1, """{"type":"response.tomorrow"}""");

        Assert.Empty(_entries);
        Assert.Equal(["response.tomorrow"], _timeline.Figures.UnknownEvents);
    }

    [Fact]
    public void Entry_IsOneAlignedLine() => Assert.Equal(
        "  12.346 s  you      begin to speak",
        new TimelineEntry(TimeSpan.FromMilliseconds(12_345.6), Speaker.You, "begin to speak").ToString());

    [Fact]
    public void EachResponseAndTool_HasItsTime()
    {
        Server(5, """{"type":"session.created","event_id":"e","session":{"type":"realtime","model":"m"}}""");
        Server(100, Created("r1"));
        Server(250, """{"type":"response.output_item.done","event_id":"e","response_id":"r1","output_index":0,"item":{"id":"i","object":"realtime.item","type":"function_call","status":"completed","name":"clock","call_id":"c","arguments":"{}"}}""");
        Server(300, Done("r1"));
        Client(1_150, Output);
        Client(1_151, Output);
        Server(1_200, Created("r2"));
        Server(1_260, Done("r2"));
        Server(1_270, Done("r3"));

        Assert.Equal(TimeSpan.FromMilliseconds(5), _timeline.Figures.OpenAt);
        Assert.Equal([200, 60], _timeline.Figures.ResponseTimes.Select(static time => time.TotalMilliseconds));
        Assert.Equal([("clock", TimeSpan.FromMilliseconds(900))], _timeline.Figures.ToolTimes);
    }

    private static string Delta(string audio) =>
        $$"""{"type":"response.output_audio.delta","event_id":"e","response_id":"r","item_id":"i","output_index":0,"content_index":0,"delta":"{{audio}}"}""";

    private void Client(int milliseconds, string message) => _timeline.Add(TimeSpan.FromMilliseconds(milliseconds), EventSender.Client, Encoding.UTF8.GetBytes(message));

    private void Server(int milliseconds, string message) => _timeline.Add(TimeSpan.FromMilliseconds(milliseconds), EventSender.Server, Encoding.UTF8.GetBytes(message));

    private static string Created(string response) => $$$"""{"type":"response.created","event_id":"e","response":{"id":"{{{response}}}","object":"realtime.response","status":"in_progress","output":[]}}""";

    private static string Done(string response) => $$$"""{"type":"response.done","event_id":"e","response":{"id":"{{{response}}}","object":"realtime.response","status":"completed","output":[]}}""";
}
