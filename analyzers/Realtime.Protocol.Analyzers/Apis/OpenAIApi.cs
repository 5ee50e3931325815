using static Realtime.Protocol.Analyzers.Apis.Act;

namespace Realtime.Protocol.Analyzers.Apis;

/// <summary>The official SDK, since it speaks the dialect of today: OpenAI 2.15, <c>OpenAI.Realtime</c>.</summary>
internal static class OpenAIApi
{
    private const string Space = "OpenAI.Realtime.";
    private const string Session = Space + "RealtimeSessionClient";
    private const string Command = Space + "RealtimeClientCommand";
    private const string Update = Space + "RealtimeServerUpdate";
    private const string Kind = Space + "RealtimeServerUpdateKind";

    public static readonly ApiTable Table = new(Library.OpenAI, "OpenAI", Session, "OpenAI.Realtime")
    {
        Members =
        [
            new(Session, "ConfigureConversationSessionAsync", Configure),
            new(Session, "ConfigureTranscriptionSessionAsync", Configure),
            new(Command + "SessionUpdate", ".ctor", Configure),
            new(Session, "SendInputAudioAsync", SendAudio),
            new(Command + "InputAudioBufferAppend", ".ctor", SendAudio),
            new(Session, "CommitPendingAudioAsync", CommitAudio),
            new(Command + "InputAudioBufferCommit", ".ctor", CommitAudio),
            new(Session, "ClearInputAudioAsync", ClearAudio),
            new(Command + "InputAudioBufferClear", ".ctor", ClearAudio),
            new(Session, "AddItemAsync", AddItem),
            new(Command + "ConversationItemCreate", ".ctor", AddItem),
            new(Space + "RealtimeItem", "CreateFunctionCallOutputItem", ToolOutput),
            new(Space + "RealtimeFunctionCallOutputItem", ".ctor", ToolOutput),
            new(Session, "StartResponseAsync", AskForResponse),
            new(Command + "ResponseCreate", ".ctor", AskForResponse),
            new(Session, "CancelResponseAsync", Cancel),
            new(Command + "ResponseCancel", ".ctor", Cancel),
            new(Session, "TruncateItemAsync", Truncate),
            new(Command + "ConversationItemTruncate", ".ctor", Truncate),
            new(Session, "SendCommandAsync", SendRaw | SendEvent),
            new(Session, "ReceiveUpdatesAsync", Receive),
            new(Session, "Dispose", Close),
            new(Space + "RealtimeError", "Message", ErrorText),
            new(Space + "RealtimeError", "Code", ErrorCode),
            new(Space + "RealtimeError", "Kind", ErrorCode),
        ],
        Events =
        [
            new(Update + "SessionCreated", null, ServerEvent.SessionCreated),
            new(Update + "SessionUpdated", null, ServerEvent.SessionUpdated),
            new(Update + "InputAudioBufferSpeechStarted", null, ServerEvent.SpeechStarted),
            new(Update + "InputAudioBufferSpeechStopped", null, ServerEvent.SpeechStopped),
            new(Update + "InputAudioBufferCommitted", null, ServerEvent.AudioCommitted),
            new(Update + "ConversationItemAdded", null, ServerEvent.ItemAdded),
            new(Update + "ConversationItemCreated", null, ServerEvent.ItemAdded),
            new(Update + "ConversationItemDone", null, ServerEvent.ItemDone),
            new(Update + "ResponseCreated", null, ServerEvent.ResponseCreated),
            new(Update + "ResponseDone", null, ServerEvent.ResponseDone),
            new(Update + "ResponseOutputItemAdded", null, ServerEvent.OutputItemAdded),
            new(Update + "ResponseOutputItemDone", null, ServerEvent.OutputItemDone),
            new(Update + "ResponseFunctionCallArgumentsDone", null, ServerEvent.ArgumentsDone),
            new(Update + "ResponseOutputAudioDelta", null, ServerEvent.AudioDelta),
            new(Update + "ResponseOutputAudioDone", null, ServerEvent.AudioDone),
            new(Update + "Error", null, ServerEvent.Error),
            new(Kind, "SessionCreated", ServerEvent.SessionCreated),
            new(Kind, "SessionUpdated", ServerEvent.SessionUpdated),
            new(Kind, "InputAudioBufferSpeechStarted", ServerEvent.SpeechStarted),
            new(Kind, "InputAudioBufferSpeechStopped", ServerEvent.SpeechStopped),
            new(Kind, "InputAudioBufferCommitted", ServerEvent.AudioCommitted),
            new(Kind, "ConversationItemAdded", ServerEvent.ItemAdded),
            new(Kind, "ConversationItemCreated", ServerEvent.ItemAdded),
            new(Kind, "ConversationItemDone", ServerEvent.ItemDone),
            new(Kind, "ResponseCreated", ServerEvent.ResponseCreated),
            new(Kind, "ResponseDone", ServerEvent.ResponseDone),
            new(Kind, "ResponseOutputItemAdded", ServerEvent.OutputItemAdded),
            new(Kind, "ResponseOutputItemDone", ServerEvent.OutputItemDone),
            new(Kind, "ResponseFunctionCallArgumentsDone", ServerEvent.ArgumentsDone),
            new(Kind, "ResponseOutputAudioDelta", ServerEvent.AudioDelta),
            new(Kind, "ResponseOutputAudioDone", ServerEvent.AudioDone),
            new(Kind, "Error", ServerEvent.Error),
        ],
    };
}
