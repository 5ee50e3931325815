using static Realtime.Protocol.Analyzers.Apis.Act;

namespace Realtime.Protocol.Analyzers.Apis;

/// <summary>Our own session and events, in the same words as the libraries of others, so that one rule speaks of all.</summary>
internal static class OurApi
{
    public const string Session = Space + "VoiceSession";
    public const string Turn = Space + "Turn";
    public const string Input = Space + "AudioInput";

    private const string Space = "Realtime.Protocol.";
    private const string Events = Space + "Events.";

    public static readonly ApiTable Table = new(Library.Ours, "Realtime.Protocol", Space + "SequencedAttribute", "Realtime")
    {
        Members =
        [
            new(Session, "UpdateAsync", Configure),
            new(Events + "SessionUpdate", ".ctor", Configure),
            new(Input, "WriteAsync", SendAudio),
            new(Events + "InputAudioBufferAppend", ".ctor", SendAudio),
            new(Input, "CommitAsync", CommitAudio),
            new(Events + "InputAudioBufferCommit", ".ctor", CommitAudio),
            new(Input, "Clear", ClearAudio),
            new(Events + "InputAudioBufferClear", ".ctor", ClearAudio),
            new(Events + "ConversationItemCreate", ".ctor", AddItem),
            new(Session, "SubmitToolOutput", ToolOutput),
            new(Events + "FunctionCallOutputItem", ".ctor", ToolOutput),
            new(Session, "Respond", AskForResponse),
            new(Session, "SendMessage", AskForResponse),
            new(Session, "EndTurn", AskForResponse),
            new(Events + "ResponseCreate", ".ctor", AskForResponse),
            new(Session, "Interrupt", Cancel),
            new(Turn, "Cancel", Cancel),
            new(Events + "ResponseCancel", ".ctor", Cancel),
            new(Events + "ConversationItemTruncate", ".ctor", Truncate),
            new(Space + "VoiceConversation", "TruncateAsync", Truncate),
            new(Turn, "ReportPlayed", ReportPlayed),
            new(Session, "SendRawAsync", SendRaw),
            new(Session, "SendAsync", SendEvent),
            new(Session, "ReadUpdatesAsync", Receive),
            new(Session, "ReadEventsAsync", Receive),
            new(Session, "ReadServerTurnsAsync", Receive),
            new(Session, "ReadUtterancesAsync", Receive),
            new(Turn, "ReadUpdatesAsync", Receive),
            new(Session, "CloseAsync", Close),
            new(Session, "DisposeAsync", Close),
            new(Space + "ServerError", "Message", ErrorText),
            new(Space + "ServerError", "Code", ErrorCode),
            new(Events + "ErrorDetailsView", "Message", ErrorText),
            new(Events + "ErrorDetailsView", "Code", ErrorCode),
        ],
        Events =
        [
            new(Space + "VoiceSessionUpdate+SpeechStarted", null, ServerEvent.SpeechStarted),
            new(Space + "VoiceSessionUpdate+SpeechStopped", null, ServerEvent.SpeechStopped),
            new(Space + "VoiceSessionUpdate+ItemAdded", null, ServerEvent.ItemAdded),
            new(Events + "SessionCreatedView", null, ServerEvent.SessionCreated),
            new(Events + "SessionUpdatedView", null, ServerEvent.SessionUpdated),
            new(Events + "InputAudioBufferSpeechStartedView", null, ServerEvent.SpeechStarted),
            new(Events + "InputAudioBufferSpeechStoppedView", null, ServerEvent.SpeechStopped),
            new(Events + "InputAudioBufferCommittedView", null, ServerEvent.AudioCommitted),
            new(Events + "ConversationItemAddedView", null, ServerEvent.ItemAdded),
            new(Events + "ConversationItemCreatedView", null, ServerEvent.ItemAdded),
            new(Events + "ConversationItemDoneView", null, ServerEvent.ItemDone),
            new(Events + "ResponseCreatedView", null, ServerEvent.ResponseCreated),
            new(Events + "ResponseDoneView", null, ServerEvent.ResponseDone),
            new(Events + "ResponseOutputItemAddedView", null, ServerEvent.OutputItemAdded),
            new(Events + "ResponseOutputItemDoneView", null, ServerEvent.OutputItemDone),
            new(Events + "ResponseFunctionCallArgumentsDoneView", null, ServerEvent.ArgumentsDone),
            new(Events + "ResponseOutputAudioDeltaView", null, ServerEvent.AudioDelta),
            new(Events + "ResponseOutputAudioDoneView", null, ServerEvent.AudioDone),
            new(Events + "ErrorView", null, ServerEvent.Error),
            new(Events + "ServerEventKind", "SessionCreated", ServerEvent.SessionCreated),
            new(Events + "ServerEventKind", "SessionUpdated", ServerEvent.SessionUpdated),
            new(Events + "ServerEventKind", "InputAudioBufferSpeechStarted", ServerEvent.SpeechStarted),
            new(Events + "ServerEventKind", "InputAudioBufferSpeechStopped", ServerEvent.SpeechStopped),
            new(Events + "ServerEventKind", "InputAudioBufferCommitted", ServerEvent.AudioCommitted),
            new(Events + "ServerEventKind", "ConversationItemAdded", ServerEvent.ItemAdded),
            new(Events + "ServerEventKind", "ConversationItemCreated", ServerEvent.ItemAdded),
            new(Events + "ServerEventKind", "ConversationItemDone", ServerEvent.ItemDone),
            new(Events + "ServerEventKind", "ResponseCreated", ServerEvent.ResponseCreated),
            new(Events + "ServerEventKind", "ResponseDone", ServerEvent.ResponseDone),
            new(Events + "ServerEventKind", "ResponseOutputItemAdded", ServerEvent.OutputItemAdded),
            new(Events + "ServerEventKind", "ResponseOutputItemDone", ServerEvent.OutputItemDone),
            new(Events + "ServerEventKind", "ResponseFunctionCallArgumentsDone", ServerEvent.ArgumentsDone),
            new(Events + "ServerEventKind", "ResponseOutputAudioDelta", ServerEvent.AudioDelta),
            new(Events + "ServerEventKind", "ResponseOutputAudioDone", ServerEvent.AudioDone),
            new(Events + "ServerEventKind", "Error", ServerEvent.Error),
        ],
    };
}
