using System.Buffers;
using System.Text;
using Realtime.Protocol.Testing.Simulation.Conversation;
using Realtime.Protocol.Testing.Simulation.Model;

namespace Realtime.Protocol.Testing.Simulation;

/// <summary>
/// Everything the server says, one method an event: it takes what the event is about, gives it an id and puts it into the queue. Which
/// event follows which is not decided here.
/// </summary>
internal sealed class ServerSpeaker(SpokenEvents events, WireIds ids)
{
    public void SessionCreated(ReadOnlySpan<byte> session) => Session("session.created", session);

    public void SessionUpdated(ReadOnlySpan<byte> session) => Session("session.updated", session);

    public void ConversationCreated(string id)
    {
        EventWriter.Write(events.BeginMessage(), new ConversationCreated { EventId = ids.Event(), Conversation = new() { Id = id, Object = ConversationObject.RealtimeConversation } });
        events.EndMessage("conversation.created");
    }

    public void Error(Refusal refusal, string? clientEventId)
    {
        EventWriter.Write(events.BeginMessage(), new Error
        {
            EventId = ids.Event(),
            Details = new ErrorDetails { Type = refusal.Type, Code = refusal.Code, Message = refusal.Message, Param = refusal.Param, EventId = clientEventId },
        });
        events.EndMessage("error");
    }

    public void InputCleared()
    {
        EventWriter.Write(events.BeginMessage(), new InputAudioBufferCleared { EventId = ids.Event() });
        events.EndMessage("input_audio_buffer.cleared");
    }

    public void InputCommitted(string? previousItemId, string itemId)
    {
        EventWriter.Write(events.BeginMessage(), new InputAudioBufferCommitted { EventId = ids.Event(), PreviousItemId = previousItemId, ItemId = itemId });
        events.EndMessage("input_audio_buffer.committed");
    }

    public void SpeechStarted(long audioStartMs, string itemId)
    {
        EventWriter.Write(events.BeginMessage(), new InputAudioBufferSpeechStarted { EventId = ids.Event(), AudioStartMs = audioStartMs, ItemId = itemId });
        events.EndMessage("input_audio_buffer.speech_started");
    }

    public void SpeechStopped(long audioEndMs, string itemId)
    {
        EventWriter.Write(events.BeginMessage(), new InputAudioBufferSpeechStopped { EventId = ids.Event(), AudioEndMs = audioEndMs, ItemId = itemId });
        events.EndMessage("input_audio_buffer.speech_stopped");
    }

    public void TimeoutTriggered(long audioStartMs, long audioEndMs, string itemId)
    {
        EventWriter.Write(events.BeginMessage(), new InputAudioBufferTimeoutTriggered { EventId = ids.Event(), AudioStartMs = audioStartMs, AudioEndMs = audioEndMs, ItemId = itemId });
        events.EndMessage("input_audio_buffer.timeout_triggered");
    }

    public void ItemAdded(string? previousItemId, SimulatedItem item)
    {
        EventWriter.Write(events.BeginMessage(), new ConversationItemAdded { EventId = ids.Event(), PreviousItemId = previousItemId, Item = item.ToWire() });
        events.EndMessage("conversation.item.added");
    }

    public void ItemDone(string? previousItemId, SimulatedItem item)
    {
        EventWriter.Write(events.BeginMessage(), new ConversationItemDone { EventId = ids.Event(), PreviousItemId = previousItemId, Item = item.ToWire() });
        events.EndMessage("conversation.item.done");
    }

    public void ItemDeleted(string itemId)
    {
        EventWriter.Write(events.BeginMessage(), new ConversationItemDeleted { EventId = ids.Event(), ItemId = itemId });
        events.EndMessage("conversation.item.deleted");
    }

    public void ItemTruncated(string itemId, long contentIndex, long audioEndMs)
    {
        EventWriter.Write(events.BeginMessage(), new ConversationItemTruncated { EventId = ids.Event(), ItemId = itemId, ContentIndex = contentIndex, AudioEndMs = audioEndMs });
        events.EndMessage("conversation.item.truncated");
    }

    /// <param name="item">The item with its sound.</param>
    public void ItemRetrieved(Item item)
    {
        EventWriter.Write(events.BeginMessage(), new ConversationItemRetrieved { EventId = ids.Event(), Item = item });
        events.EndMessage("conversation.item.retrieved");
    }

    public void TranscriptionDelta(string itemId, string delta)
    {
        EventWriter.Write(events.BeginMessage(), new ConversationItemInputAudioTranscriptionDelta { EventId = ids.Event(), ItemId = itemId, ContentIndex = 0, Delta = delta });
        events.EndMessage("conversation.item.input_audio_transcription.delta");
    }

    public void TranscriptionSegment(string itemId, string segmentId, string speaker, string text, double startSeconds, double endSeconds)
    {
        EventWriter.Write(events.BeginMessage(), new ConversationItemInputAudioTranscriptionSegment
        {
            EventId = ids.Event(),
            ItemId = itemId,
            ContentIndex = 0,
            Text = text,
            Id = segmentId,
            Speaker = speaker,
            Start = startSeconds,
            End = endSeconds,
        });
        events.EndMessage("conversation.item.input_audio_transcription.segment");
    }

    public void TranscriptionCompleted(string itemId, string transcript, string? language, TranscriptionUsage usage)
    {
        var completed = new ConversationItemInputAudioTranscriptionCompleted { EventId = ids.Event(), ItemId = itemId, ContentIndex = 0, Transcript = transcript, Usage = usage };
        if (language is not null)
        {
            completed.Languages = [new DetectedLanguage { Code = language }];
        }

        EventWriter.Write(events.BeginMessage(), completed);
        events.EndMessage("conversation.item.input_audio_transcription.completed");
    }

    public void TranscriptionFailed(string itemId, ModelFailure failure)
    {
        EventWriter.Write(events.BeginMessage(), new ConversationItemInputAudioTranscriptionFailed
        {
            EventId = ids.Event(),
            ItemId = itemId,
            ContentIndex = 0,
            Error = new TranscriptionError { Type = failure.Type, Code = failure.Code, Message = Given(failure.Message), Param = Given(failure.Param) },
        });
        events.EndMessage("conversation.item.input_audio_transcription.failed");
    }

    // What nobody gave is left out.
    private static Text Given(string? text) => text is null ? default : (Text)text;

    public void ResponseCreated(Response response)
    {
        EventWriter.Write(events.BeginMessage(), new ResponseCreated { EventId = ids.Event(), Response = response });
        events.EndMessage("response.created");
    }

    public void ResponseDone(Response response)
    {
        EventWriter.Write(events.BeginMessage(), new ResponseDone { EventId = ids.Event(), Response = response });
        events.EndMessage("response.done");
    }

    public void OutputItemAdded(string responseId, int outputIndex, SimulatedItem item)
    {
        EventWriter.Write(events.BeginMessage(), new ResponseOutputItemAdded { EventId = ids.Event(), ResponseId = responseId, OutputIndex = outputIndex, Item = item.ToWire() });
        events.EndMessage("response.output_item.added");
    }

    public void OutputItemDone(string responseId, int outputIndex, SimulatedItem item)
    {
        EventWriter.Write(events.BeginMessage(), new ResponseOutputItemDone { EventId = ids.Event(), ResponseId = responseId, OutputIndex = outputIndex, Item = item.ToWire() });
        events.EndMessage("response.output_item.done");
    }

    public void PartAdded(in PartPlace at, bool spoken)
    {
        EventWriter.Write(events.BeginMessage(), new ResponseContentPartAdded
        {
            EventId = ids.Event(),
            ResponseId = at.ResponseId,
            ItemId = at.ItemId,
            OutputIndex = at.OutputIndex,
            ContentIndex = at.ContentIndex,
            Part = spoken ? new ResponsePart { Type = ResponsePartType.Audio, Transcript = "" } : new ResponsePart { Type = ResponsePartType.Text, Text = "" },
        });
        events.EndMessage("response.content_part.added");
    }

    public void PartDone(in PartPlace at, bool spoken, string words)
    {
        EventWriter.Write(events.BeginMessage(), new ResponseContentPartDone
        {
            EventId = ids.Event(),
            ResponseId = at.ResponseId,
            ItemId = at.ItemId,
            OutputIndex = at.OutputIndex,
            ContentIndex = at.ContentIndex,
            Part = spoken ? new ResponsePart { Type = ResponsePartType.Audio, Transcript = words } : new ResponsePart { Type = ResponsePartType.Text, Text = words },
        });
        events.EndMessage("response.content_part.done");
    }

    public void AudioDelta(in PartPlace at, [RawAudio] ReadOnlySpan<byte> audio)
    {
        EventWriter.Write(events.BeginMessage(), new ResponseOutputAudioDelta
        {
            EventId = ids.Event(),
            ResponseId = at.ResponseId,
            ItemId = at.ItemId,
            OutputIndex = at.OutputIndex,
            ContentIndex = at.ContentIndex,
            Delta = audio,
        });
        events.EndMessage("response.output_audio.delta");
    }

    public void AudioDone(in PartPlace at)
    {
        EventWriter.Write(events.BeginMessage(), new ResponseOutputAudioDone { EventId = ids.Event(), ResponseId = at.ResponseId, ItemId = at.ItemId, OutputIndex = at.OutputIndex, ContentIndex = at.ContentIndex });
        events.EndMessage("response.output_audio.done");
    }

    public void TranscriptDelta(in PartPlace at, string delta)
    {
        EventWriter.Write(events.BeginMessage(), new ResponseOutputAudioTranscriptDelta
        {
            EventId = ids.Event(),
            ResponseId = at.ResponseId,
            ItemId = at.ItemId,
            OutputIndex = at.OutputIndex,
            ContentIndex = at.ContentIndex,
            Delta = delta,
            Obfuscation = ids.Obfuscation(delta.Length),
        });
        events.EndMessage("response.output_audio_transcript.delta");
    }

    public void TranscriptDone(in PartPlace at, string transcript)
    {
        EventWriter.Write(events.BeginMessage(), new ResponseOutputAudioTranscriptDone
        {
            EventId = ids.Event(),
            ResponseId = at.ResponseId,
            ItemId = at.ItemId,
            OutputIndex = at.OutputIndex,
            ContentIndex = at.ContentIndex,
            Transcript = transcript,
        });
        events.EndMessage("response.output_audio_transcript.done");
    }

    public void TextDelta(in PartPlace at, string delta)
    {
        EventWriter.Write(events.BeginMessage(), new ResponseOutputTextDelta
        {
            EventId = ids.Event(),
            ResponseId = at.ResponseId,
            ItemId = at.ItemId,
            OutputIndex = at.OutputIndex,
            ContentIndex = at.ContentIndex,
            Delta = delta,
            Obfuscation = ids.Obfuscation(delta.Length),
        });
        events.EndMessage("response.output_text.delta");
    }

    public void TextDone(in PartPlace at, string text)
    {
        EventWriter.Write(events.BeginMessage(), new ResponseOutputTextDone
        {
            EventId = ids.Event(),
            ResponseId = at.ResponseId,
            ItemId = at.ItemId,
            OutputIndex = at.OutputIndex,
            ContentIndex = at.ContentIndex,
            Text = text,
        });
        events.EndMessage("response.output_text.done");
    }

    public void ArgumentsDelta(in PartPlace at, string callId, string delta)
    {
        EventWriter.Write(events.BeginMessage(), new ResponseFunctionCallArgumentsDelta
        {
            EventId = ids.Event(),
            ResponseId = at.ResponseId,
            ItemId = at.ItemId,
            OutputIndex = at.OutputIndex,
            CallId = callId,
            Delta = delta,
            Obfuscation = ids.Obfuscation(delta.Length),
        });
        events.EndMessage("response.function_call_arguments.delta");
    }

    public void ArgumentsDone(in PartPlace at, SimulatedItem call)
    {
        EventWriter.Write(events.BeginMessage(), new ResponseFunctionCallArgumentsDone
        {
            EventId = ids.Event(),
            ResponseId = at.ResponseId,
            ItemId = at.ItemId,
            OutputIndex = at.OutputIndex,
            CallId = call.CallId,
            Name = call.Name,
            Arguments = call.Arguments,
        });
        events.EndMessage("response.function_call_arguments.done");
    }

    /// <param name="type">Which of the three: in progress, completed or failed.</param>
    public void McpListing(string type, string itemId)
    {
        switch (type)
        {
            case "mcp_list_tools.in_progress":
                EventWriter.Write(events.BeginMessage(), new McpListToolsInProgress { EventId = ids.Event(), ItemId = itemId });
                break;
            case "mcp_list_tools.completed":
                EventWriter.Write(events.BeginMessage(), new McpListToolsCompleted { EventId = ids.Event(), ItemId = itemId });
                break;
            default:
                EventWriter.Write(events.BeginMessage(), new McpListToolsFailed { EventId = ids.Event(), ItemId = itemId });
                break;
        }

        events.EndMessage(type);
    }

    /// <param name="type">Which of the three: in progress, completed or failed.</param>
    public void McpCall(string type, string itemId, int outputIndex)
    {
        switch (type)
        {
            case "response.mcp_call.in_progress":
                EventWriter.Write(events.BeginMessage(), new ResponseMcpCallInProgress { EventId = ids.Event(), ItemId = itemId, OutputIndex = outputIndex });
                break;
            case "response.mcp_call.completed":
                EventWriter.Write(events.BeginMessage(), new ResponseMcpCallCompleted { EventId = ids.Event(), ItemId = itemId, OutputIndex = outputIndex });
                break;
            default:
                EventWriter.Write(events.BeginMessage(), new ResponseMcpCallFailed { EventId = ids.Event(), ItemId = itemId, OutputIndex = outputIndex });
                break;
        }

        events.EndMessage(type);
    }

    public void McpArgumentsDelta(in PartPlace at, string delta)
    {
        EventWriter.Write(events.BeginMessage(), new ResponseMcpCallArgumentsDelta
        {
            EventId = ids.Event(),
            ResponseId = at.ResponseId,
            ItemId = at.ItemId,
            OutputIndex = at.OutputIndex,
            Delta = delta,
            Obfuscation = ids.Obfuscation(delta.Length),
        });
        events.EndMessage("response.mcp_call_arguments.delta");
    }

    public void McpArgumentsDone(in PartPlace at, string arguments)
    {
        EventWriter.Write(events.BeginMessage(), new ResponseMcpCallArgumentsDone { EventId = ids.Event(), ResponseId = at.ResponseId, ItemId = at.ItemId, OutputIndex = at.OutputIndex, Arguments = arguments });
        events.EndMessage("response.mcp_call_arguments.done");
    }

    public void RateLimits(long tokensUsed)
    {
        const long Limit = 40_000;
        const double SecondsToReset = 0.5;
        EventWriter.Write(events.BeginMessage(), new RateLimitsUpdated
        {
            EventId = ids.Event(),
            RateLimits = [new RateLimit { Name = RateLimitName.Tokens, Limit = Limit, Remaining = Math.Max(0, Limit - tokensUsed), ResetSeconds = SecondsToReset }],
        });
        events.EndMessage("rate_limits.updated");
    }

    /// <summary>Says an event as somebody else wrote it.</summary>
    /// <param name="type">Its type.</param>
    public void Raw(string type, string json)
    {
        events.BeginMessage().Write(Encoding.UTF8.GetBytes(json));
        events.EndMessage(type, isForeign: true);
    }

    // The session is kept as the JSON that the client sees, so it is put into the event as it stands.
    private void Session(string type, ReadOnlySpan<byte> session)
    {
        IBufferWriter<byte> message = events.BeginMessage();
        message.Write(Encoding.UTF8.GetBytes($$"""{"type":"{{type}}","event_id":"{{ids.Event()}}","session":"""));
        message.Write(session);
        message.Write("}"u8);
        events.EndMessage(type);
    }
}

/// <summary>Which part of which item of which response.</summary>
internal readonly record struct PartPlace(string ResponseId, string ItemId, int OutputIndex, int ContentIndex);
