using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle.Faults;

/// <summary>Messages that are odd in what nobody needs: they are understood as far as they can be.</summary>
public class ReaderFaults
{
    [Theory]
    [InlineData("""{"type":"response.done","event_id":"event_1","response":{"id":"resp_1","object":"realtime.response","status":"completed","output":[],"audio":{"output":{"voice":{"type":"azure-standard","name":"en-US-Some"}}}}}""", typeof(TurnOutcome.Completed))]
    [InlineData("""{"type":"response.done","event_id":"event_2","response":{"id":"resp_1","object":"realtime.response","status":"completed","output":[],"usage":{"total_tokens":10.5}}}""", typeof(TurnOutcome.Completed))]
    [InlineData("""{"type":"response.done","event_id":"event_3","response":{"id":"resp_1","object":"realtime.response","status":"failed","status_details":{"type":"failed","error":"server overloaded"}}}""", typeof(TurnOutcome.Failed))]
    [InlineData("""{"type":"response.done","event_id":"event_4","response":{"id":"resp_1","object":"realtime.response","status":"completed","output":[{"id":"mcp_1","type":"mcp_call","server_label":"s","name":"n"}]}}""", typeof(TurnOutcome.Completed))]
    public void F02_OneOddValue_DoesNotHideTheEndOfAResponse(string json, Type outcome)
    {
        var talk = Conversation.Manual();
        int turn = talk.Answering("resp_1");
        Assert.True(talk.HearRaw(json));
        Assert.IsType(outcome, talk.Outcome(turn));
    }

    [Fact]
    public void F02_OneOddValue_DoesNotHideTheBeginningOfAResponse()
    {
        var talk = Conversation.Manual();
        talk.Create();
        talk.Sends("response.create");
        Assert.True(talk.HearRaw("""{"type":"response.created","event_id":"event_5","response":{"id":"resp_1","object":"realtime.response","status":"in_progress","metadata":{"n":1}}}"""));
        Assert.Equal("resp_1", Assert.Single(talk.Changes<SessionChange.ResponseStarted>()).ResponseId);
    }

    [Fact]
    public void F02_OneOddValue_DoesNotHideTheOpeningOfASession()
    {
        var talk = Conversation.Manual();
        Assert.True(talk.HearRaw("""{"type":"session.created","event_id":"event_6","session":{"type":"realtime","id":"sess_1","expires_at":1757900000.25}}"""));
        Assert.Single(talk.Changes<SessionChange.SessionOpened>());
    }

    [Fact]
    public void F02_OneOddValue_DoesNotHideAnAcknowledgement()
    {
        var talk = Conversation.Manual();
        int configured = talk.Submit(SessionIntent.Configure(new Session())).Operation;
        Assert.True(talk.HearRaw("""{"type":"session.updated","event_id":"event_7","session":{"type":"realtime","id":"sess_1","audio":{"output":{"voice":{"type":"azure-standard","name":"en-US-Some"}}}}}"""));
        Assert.Equal(configured, Assert.Single(talk.Changes<SessionChange.OperationCompleted>()).Operation);
    }

    [Theory]
    [InlineData("""{"type":"error","error":{"type":"guardrail_error","message":"blocked by policy"}}""", "guardrail_error", null, "blocked by policy")]
    [InlineData("""{"type":"error","error":"Unknown event type: response.create","code":"unknown_event"}""", null, "unknown_event", "Unknown event type: response.create")]
    public void F04_AnErrorInAnyShape_KeepsItsWords(string json, string? type, string? code, string message)
    {
        var talk = Conversation.Manual();
        Assert.True(talk.HearRaw(json));
        ServerError error = Assert.Single(talk.Changes<SessionChange.ErrorSurfaced>()).Error;
        Assert.Equal((type ?? "", code ?? "", message), (error.Type ?? "", error.Code ?? "", error.Message));
    }

    [Theory]
    [InlineData("""{"type":"error","event_id":"event_1","error":{"type":"server_error","code":"boom","event_id":"EVENT"}}""", "boom")]
    [InlineData("""{"type":"error","event_id":"event_2","error":{"code":"boom","message":"m","event_id":"EVENT"}}""", "boom")]
    [InlineData("""{"type":"error","event_id":"event_3","error":{"type":"server_error","code":"boom","message":null,"event_id":"EVENT"}}""", "boom")]
    [InlineData("""{"type":"error","event_id":"event_4","error":{"type":"server_error","code":500,"message":"m","event_id":"EVENT"}}""", "500")]
    public void F04_AnErrorInAnyShape_EndsWhatItNames(string json, string code)
    {
        var talk = Conversation.Manual();
        int turn = talk.Create().Turn;
        talk.Sends("response.create", "event_id=$e1");
        Assert.True(talk.HearRaw(json.Replace("EVENT", talk.Names["$e1"], StringComparison.Ordinal)));
        Assert.Equal(code, Assert.IsType<TurnOutcome.Rejected>(talk.Outcome(turn)).Error.Code);
    }

    [Theory]
    [InlineData("""{"type":"input_audio_buffer.speech_started","event_id":"event_1","item_id":"msg_1"}""")]
    [InlineData("""{"type":"input_audio_buffer.speech_started","event_id":"event_2","audio_start_ms":1234.5,"item_id":"msg_1"}""")]
    public void F07_SpeechThatSaysNotWhenItBegan_Begins(string json)
    {
        var talk = Conversation.Detecting();
        Assert.True(talk.HearRaw(json));
        Assert.Single(talk.Changes<SessionChange.SpeechStarted>());
    }

    [Fact]
    public void F07_SpeechThatSaysNotWhenItStopped_Stops()
    {
        var talk = Conversation.Detecting();
        talk.SpeechStarted();
        Assert.True(talk.HearRaw("""{"type":"input_audio_buffer.speech_stopped","event_id":"event_3","item_id":"msg_1"}"""));
        Assert.Single(talk.Changes<SessionChange.SpeechStopped>());
    }

    [Theory]
    [InlineData("""{"type":"response.output_audio_transcript.delta","event_id":"event_4","response_id":"resp_1","item_id":"msg_2","delta":"Hello"}""")]
    [InlineData("""{"type":"response.output_audio_transcript.done","event_id":"event_5","response_id":"resp_1","item_id":"msg_2"}""")]
    [InlineData("""{"type":"response.output_audio.done","event_id":"event_6","response_id":"resp_1","item_id":"msg_2"}""")]
    [InlineData("""{"type":"response.function_call_arguments.done","event_id":"event_7","call_id":"call_1","name":"clock","arguments":"{}"}""")]
    public void F07_MembersThatNothingNeeds_AreNotMissed(string json)
    {
        var talk = Conversation.Manual();
        talk.Answering("resp_1");
        Assert.True(talk.HearRaw(json));
    }

    [Fact]
    public void F10_ACharacterThatIsCutInTwo_IsReadInBothHalves()
    {
        var talk = Conversation.Manual();
        talk.Answering("resp_1");
        Assert.True(talk.HearRaw("""{"type":"response.output_audio_transcript.delta","event_id":"event_2","response_id":"resp_1","item_id":"item_a","output_index":0,"content_index":0,"delta":"\ud83d"}"""));
        Assert.True(talk.HearRaw("""{"type":"response.output_audio_transcript.delta","event_id":"event_3","response_id":"resp_1","item_id":"item_a","output_index":0,"content_index":0,"delta":"\ude00 there"}"""));
    }
}
