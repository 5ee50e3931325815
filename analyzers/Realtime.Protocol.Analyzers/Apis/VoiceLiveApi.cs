using static Realtime.Protocol.Analyzers.Apis.Act;

namespace Realtime.Protocol.Analyzers.Apis;

/// <summary>Azure.AI.VoiceLive, read from its public API listing (1.0). Each method has a form that blocks.</summary>
internal static class VoiceLiveApi
{
    private const string Space = "Azure.AI.VoiceLive.";
    private const string Session = Space + "VoiceLiveSession";
    private const string Update = Space + "SessionUpdate";
    private const string Kind = Space + "ServerEventType";

    public static readonly ApiTable Table = new(Library.VoiceLive, "Azure.AI.VoiceLive", Session, "VoiceLive")
    {
        Members =
        [
            new(Session, "ConfigureSessionAsync", Configure),
            new(Session, "ConfigureSession", Configure),
            new(Session, "SendInputAudioAsync", SendAudio),
            new(Session, "SendInputAudio", SendAudio),
            new(Session, "AppendAudioToTurnAsync", SendAudio),
            new(Session, "AppendAudioToTurn", SendAudio),
            new(Session, "CommitInputAudioAsync", CommitAudio),
            new(Session, "CommitInputAudio", CommitAudio),
            new(Session, "ClearInputAudioAsync", ClearAudio),
            new(Session, "ClearInputAudio", ClearAudio),
            new(Session, "AddItemAsync", AddItem),
            new(Session, "AddItem", AddItem),
            new(Session, "StartResponseAsync", AskForResponse),
            new(Session, "StartResponse", AskForResponse),
            new(Session, "CancelResponseAsync", Cancel),
            new(Session, "CancelResponse", Cancel),
            new(Session, "TruncateConversationAsync", Truncate),
            new(Session, "TruncateConversation", Truncate),
            new(Session, "SendCommandAsync", SendRaw),
            new(Session, "SendCommand", SendRaw),
            new(Session, "GetUpdatesAsync", Receive),
            new(Session, "GetUpdates", Receive),
            new(Session, "ReceiveUpdatesAsync", Receive),
            new(Session, "ReceiveUpdates", Receive),
            new(Session, "CloseAsync", Close),
            new(Session, "Close", Close),
            new(Session, "DisposeAsync", Close),
            new(Session, "Dispose", Close),
            new(Space + "FunctionCallOutputItem", ".ctor", ToolOutput),
            new(Update + "ErrorDetails", "Message", ErrorText),
            new(Update + "ErrorDetails", "Code", ErrorCode),
        ],
        Events =
        [
            new(Update + "SessionCreated", null, ServerEvent.SessionCreated),
            new(Update + "SessionUpdated", null, ServerEvent.SessionUpdated),
            new(Update + "InputAudioBufferSpeechStarted", null, ServerEvent.SpeechStarted),
            new(Update + "InputAudioBufferSpeechStopped", null, ServerEvent.SpeechStopped),
            new(Update + "InputAudioBufferCommitted", null, ServerEvent.AudioCommitted),
            new(Update + "ConversationItemCreated", null, ServerEvent.ItemAdded),
            new(Update + "ResponseCreated", null, ServerEvent.ResponseCreated),
            new(Update + "ResponseDone", null, ServerEvent.ResponseDone),
            new(Update + "ResponseOutputItemAdded", null, ServerEvent.OutputItemAdded),
            new(Update + "ResponseOutputItemDone", null, ServerEvent.OutputItemDone),
            new(Update + "ResponseFunctionCallArgumentsDone", null, ServerEvent.ArgumentsDone),
            new(Update + "ResponseAudioDelta", null, ServerEvent.AudioDelta),
            new(Update + "ResponseAudioDone", null, ServerEvent.AudioDone),
            new(Update + "Error", null, ServerEvent.Error),
            new(Kind, "SessionCreated", ServerEvent.SessionCreated),
            new(Kind, "SessionUpdated", ServerEvent.SessionUpdated),
            new(Kind, "InputAudioBufferSpeechStarted", ServerEvent.SpeechStarted),
            new(Kind, "InputAudioBufferSpeechStopped", ServerEvent.SpeechStopped),
            new(Kind, "InputAudioBufferCommitted", ServerEvent.AudioCommitted),
            new(Kind, "ConversationItemCreated", ServerEvent.ItemAdded),
            new(Kind, "ResponseCreated", ServerEvent.ResponseCreated),
            new(Kind, "ResponseDone", ServerEvent.ResponseDone),
            new(Kind, "ResponseOutputItemAdded", ServerEvent.OutputItemAdded),
            new(Kind, "ResponseOutputItemDone", ServerEvent.OutputItemDone),
            new(Kind, "ResponseFunctionCallArgumentsDone", ServerEvent.ArgumentsDone),
            new(Kind, "ResponseAudioDelta", ServerEvent.AudioDelta),
            new(Kind, "ResponseAudioDone", ServerEvent.AudioDone),
            new(Kind, "Error", ServerEvent.Error),
        ],
    };
}
