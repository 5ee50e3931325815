using Microsoft.Extensions.AI;
using Realtime.Protocol.Events;

namespace Realtime.Protocol.AI;

/// <summary>
/// Every event of the server as one message, in its order: the kinds that Microsoft.Extensions.AI has words for as the table of <see cref="TypeOf"/> says, all others (session, input buffer, parts, arguments, rate limits, MCP progress, what
/// nobody knows yet) as <see cref="RealtimeServerMessageType.RawContentOnly"/>. The event itself is the message's raw representation.
/// </summary>
internal static class ServerMessages
{
    public static RealtimeServerMessage Of(in MessageInbox.Entry entry, ClientMessages sent)
    {
        if (entry.Event is not { } e)
        {
            return entry.Told as RealtimeServerMessage ?? new() { Type = RealtimeServerMessageType.RawContentOnly, RawRepresentation = entry.Told };
        }

        RealtimeServerMessage message = Of(e.View, sent);
        message.RawRepresentation = e;
        return message;
    }

    /// <summary>The table: what kind of message an event is.</summary>
    public static RealtimeServerMessageType TypeOf(ServerEventKind kind) => kind switch
    {
        ServerEventKind.Error => RealtimeServerMessageType.Error,
        ServerEventKind.ResponseCreated => RealtimeServerMessageType.ResponseCreated,
        ServerEventKind.ResponseDone => RealtimeServerMessageType.ResponseDone,
        ServerEventKind.ResponseOutputItemAdded => RealtimeServerMessageType.ResponseOutputItemAdded,
        ServerEventKind.ResponseOutputItemDone => RealtimeServerMessageType.ResponseOutputItemDone,
        ServerEventKind.ResponseOutputTextDelta => RealtimeServerMessageType.OutputTextDelta,
        ServerEventKind.ResponseOutputTextDone => RealtimeServerMessageType.OutputTextDone,
        ServerEventKind.ResponseOutputAudioDelta => RealtimeServerMessageType.OutputAudioDelta,
        ServerEventKind.ResponseOutputAudioDone => RealtimeServerMessageType.OutputAudioDone,
        ServerEventKind.ResponseOutputAudioTranscriptDelta => RealtimeServerMessageType.OutputAudioTranscriptionDelta,
        ServerEventKind.ResponseOutputAudioTranscriptDone => RealtimeServerMessageType.OutputAudioTranscriptionDone,
        ServerEventKind.ConversationItemInputAudioTranscriptionDelta => RealtimeServerMessageType.InputAudioTranscriptionDelta,
        ServerEventKind.ConversationItemInputAudioTranscriptionCompleted => RealtimeServerMessageType.InputAudioTranscriptionCompleted,
        ServerEventKind.ConversationItemInputAudioTranscriptionFailed => RealtimeServerMessageType.InputAudioTranscriptionFailed,
        ServerEventKind.ConversationItemAdded or ServerEventKind.ConversationItemCreated => RealtimeServerMessageType.ConversationItemAdded,
        ServerEventKind.ConversationItemDone => RealtimeServerMessageType.ConversationItemDone,
        _ => RealtimeServerMessageType.RawContentOnly,
    };

    private static RealtimeServerMessage Of(in ServerEvent e, ClientMessages sent)
    {
        RealtimeServerMessageType type = TypeOf(e.Kind);
        if (e.TryGetResponseOutputAudioDelta(out ResponseOutputAudioDeltaView audio))
        {
            return new OutputTextAudioRealtimeServerMessage(type)
            {
                MessageId = audio.EventId.OrNull(),
                ResponseId = audio.ResponseId.OrNull(),
                ItemId = audio.ItemId.OrNull(),
                OutputIndex = audio.OutputIndex.ToInt(),
                ContentIndex = audio.ContentIndex.ToInt(),
                Audio = audio.Delta.Encoded.OrNull(),
            };
        }

        if (e.TryGetResponseOutputAudioTranscriptDelta(out ResponseOutputAudioTranscriptDeltaView said))
        {
            return Text(type, said.EventId, said.ResponseId, said.ItemId, said.OutputIndex, said.ContentIndex, said.Delta);
        }

        if (e.TryGetResponseOutputAudioTranscriptDone(out ResponseOutputAudioTranscriptDoneView allSaid))
        {
            return Text(type, allSaid.EventId, allSaid.ResponseId, allSaid.ItemId, allSaid.OutputIndex, allSaid.ContentIndex, allSaid.Transcript);
        }

        if (e.TryGetResponseOutputTextDelta(out ResponseOutputTextDeltaView written))
        {
            return Text(type, written.EventId, written.ResponseId, written.ItemId, written.OutputIndex, written.ContentIndex, written.Delta);
        }

        if (e.TryGetResponseOutputTextDone(out ResponseOutputTextDoneView allWritten))
        {
            return Text(type, allWritten.EventId, allWritten.ResponseId, allWritten.ItemId, allWritten.OutputIndex, allWritten.ContentIndex, allWritten.Text);
        }

        if (e.TryGetResponseOutputAudioDone(out ResponseOutputAudioDoneView end))
        {
            return Text(type, end.EventId, end.ResponseId, end.ItemId, end.OutputIndex, end.ContentIndex, default);
        }

        return e.Kind switch
        {
            ServerEventKind.Error when e.TryGetError(out ErrorView error) => ErrorMessages.Of(error, sent),
            ServerEventKind.ResponseCreated when e.TryGetResponseCreated(out ResponseCreatedView begun) => ResponseMessages.Of(type, begun.EventId, begun.Response),
            ServerEventKind.ResponseDone when e.TryGetResponseDone(out ResponseDoneView done) => ResponseMessages.Of(type, done.EventId, done.Response),
            ServerEventKind.ResponseOutputItemAdded when e.TryGetResponseOutputItemAdded(out ResponseOutputItemAddedView item) => Item(type, item.EventId, item.ResponseId.OrNull(), item.OutputIndex, item.Item, sent),
            ServerEventKind.ResponseOutputItemDone when e.TryGetResponseOutputItemDone(out ResponseOutputItemDoneView item) => Item(type, item.EventId, item.ResponseId.OrNull(), item.OutputIndex, item.Item, sent),
            ServerEventKind.ConversationItemAdded when e.TryGetConversationItemAdded(out ConversationItemAddedView item) => Item(type, item.EventId, null, null, item.Item, sent),
            ServerEventKind.ConversationItemCreated when e.TryGetConversationItemCreated(out ConversationItemCreatedView item) => Item(type, item.EventId, null, null, item.Item, sent),
            ServerEventKind.ConversationItemDone when e.TryGetConversationItemDone(out ConversationItemDoneView item) => Item(type, item.EventId, null, null, item.Item, sent),
            ServerEventKind.ConversationItemInputAudioTranscriptionDelta when e.TryGetConversationItemInputAudioTranscriptionDelta(out ConversationItemInputAudioTranscriptionDeltaView heard) =>
                Heard(type, heard.EventId, heard.ItemId, heard.ContentIndex.ToInt(), heard.Delta),
            ServerEventKind.ConversationItemInputAudioTranscriptionCompleted when e.TryGetConversationItemInputAudioTranscriptionCompleted(out ConversationItemInputAudioTranscriptionCompletedView heard) =>
                Completed(type, heard),
            ServerEventKind.ConversationItemInputAudioTranscriptionFailed when e.TryGetConversationItemInputAudioTranscriptionFailed(out ConversationItemInputAudioTranscriptionFailedView failed) => Failed(type, failed),
            _ => new() { Type = RealtimeServerMessageType.RawContentOnly, MessageId = e.EventId.OrNull() },
        };
    }

    private static OutputTextAudioRealtimeServerMessage Text(RealtimeServerMessageType type, TextView eventId, TextView response, TextView item, long output, long content, TextView text) => new(type)
    {
        MessageId = eventId.OrNull(),
        ResponseId = response.OrNull(),
        ItemId = item.OrNull(),
        OutputIndex = output.ToInt(),
        ContentIndex = content.ToInt(),
        Text = text.OrNull(),
    };

    private static ResponseOutputItemRealtimeServerMessage Item(RealtimeServerMessageType type, TextView eventId, string? response, long? output, ItemView item, ClientMessages sent) => new(type)
    {
        MessageId = eventId.OrNull(),
        ResponseId = response,
        OutputIndex = output?.ToInt(),
        Item = ItemFromServer.Of(item, type == RealtimeServerMessageType.ResponseOutputItemDone ? sent : null),
    };

    private static InputAudioTranscriptionRealtimeServerMessage Heard(RealtimeServerMessageType type, TextView eventId, TextView item, int? content, TextView text) => new(type)
    {
        MessageId = eventId.OrNull(),
        ItemId = item.OrNull(),
        ContentIndex = content,
        Transcription = text.OrNull(),
    };

    private static InputAudioTranscriptionRealtimeServerMessage Completed(RealtimeServerMessageType type, in ConversationItemInputAudioTranscriptionCompletedView heard)
    {
        InputAudioTranscriptionRealtimeServerMessage message = Heard(type, heard.EventId, heard.ItemId, heard.ContentIndex.ToInt(), heard.Transcript);
        message.Usage = heard.Usage.OrNull();
        return message;
    }

    private static InputAudioTranscriptionRealtimeServerMessage Failed(RealtimeServerMessageType type, in ConversationItemInputAudioTranscriptionFailedView failed)
    {
        InputAudioTranscriptionRealtimeServerMessage message = Heard(type, failed.EventId, failed.ItemId, failed.ContentIndex.ToInt(), default);
        message.Error = ErrorMessages.Content(failed.Error.Message.OrNull(), failed.Error.Code.OrNull() ?? failed.Error.Type.OrNull(), failed.Error.Param.OrNull());
        return message;
    }
}
