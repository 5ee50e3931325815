using static Realtime.Protocol.Analyzers.Apis.Act;

namespace Realtime.Protocol.Analyzers.Apis;

/// <summary>The official SDK while realtime was a beta: OpenAI 2.1, <c>OpenAI.RealtimeConversation</c>. Each method has a form that blocks.</summary>
internal static class OpenAIBetaApi
{
    private const string Space = "OpenAI.RealtimeConversation.";
    private const string Session = Space + "RealtimeConversationSession";
    private const string Update = Space + "Conversation";
    private const string Kind = Space + "ConversationUpdateKind";

    public static readonly ApiTable Table = new(Library.OpenAIBeta, "OpenAI", Session, "OpenAI.RealtimeConversation")
    {
        Members =
        [
            new(Session, "ConfigureSessionAsync", Configure),
            new(Session, "ConfigureSession", Configure),
            new(Session, "SendInputAudioAsync", SendAudio),
            new(Session, "SendInputAudio", SendAudio),
            new(Session, "CommitPendingAudioAsync", CommitAudio),
            new(Session, "CommitPendingAudio", CommitAudio),
            new(Session, "ClearInputAudioAsync", ClearAudio),
            new(Session, "ClearInputAudio", ClearAudio),
            new(Session, "AddItemAsync", AddItem),
            new(Session, "AddItem", AddItem),
            new(Space + "ConversationItem", "CreateFunctionCallOutput", ToolOutput),
            new(Session, "StartResponseAsync", AskForResponse),
            new(Session, "StartResponse", AskForResponse),
            new(Session, "CancelResponseAsync", Cancel),
            new(Session, "CancelResponse", Cancel),
            new(Session, "InterruptResponseAsync", Cancel),
            new(Session, "InterruptResponse", Cancel),
            new(Session, "TruncateItemAsync", Truncate),
            new(Session, "TruncateItem", Truncate),
            new(Session, "SendCommandAsync", SendRaw),
            new(Session, "SendCommand", SendRaw),
            new(Session, "ReceiveUpdatesAsync", Receive),
            new(Session, "ReceiveUpdates", Receive),
            new(Session, "Dispose", Close),
            new(Update + "ErrorUpdate", "Message", ErrorText),
            new(Update + "ErrorUpdate", "ErrorCode", ErrorCode),
        ],
        Events =
        [
            new(Update + "SessionStartedUpdate", null, ServerEvent.SessionCreated),
            new(Update + "SessionConfiguredUpdate", null, ServerEvent.SessionUpdated),
            new(Update + "InputSpeechStartedUpdate", null, ServerEvent.SpeechStarted),
            new(Update + "InputSpeechFinishedUpdate", null, ServerEvent.SpeechStopped),
            new(Update + "InputAudioCommittedUpdate", null, ServerEvent.AudioCommitted),
            new(Update + "ItemCreatedUpdate", null, ServerEvent.ItemAdded),
            new(Update + "ResponseStartedUpdate", null, ServerEvent.ResponseCreated),
            new(Update + "ResponseFinishedUpdate", null, ServerEvent.ResponseDone),
            new(Update + "ItemStreamingStartedUpdate", null, ServerEvent.OutputItemAdded),
            new(Update + "ItemStreamingFinishedUpdate", null, ServerEvent.OutputItemDone),
            new(Update + "ItemStreamingAudioFinishedUpdate", null, ServerEvent.AudioDone),
            new(Update + "ItemStreamingPartDeltaUpdate", null, ServerEvent.AudioDelta),
            new(Update + "ErrorUpdate", null, ServerEvent.Error),
            new(Kind, "SessionStarted", ServerEvent.SessionCreated),
            new(Kind, "SessionConfigured", ServerEvent.SessionUpdated),
            new(Kind, "ItemCreated", ServerEvent.ItemAdded),
            new(Kind, "ResponseStarted", ServerEvent.ResponseCreated),
            new(Kind, "ResponseFinished", ServerEvent.ResponseDone),
            new(Kind, "ItemStreamingStarted", ServerEvent.OutputItemAdded),
            new(Kind, "ItemStreamingFinished", ServerEvent.OutputItemDone),
            new(Kind, "ItemStreamingFunctionCallArgumentsFinished", ServerEvent.ArgumentsDone),
            new(Kind, "ItemStreamingPartAudioDelta", ServerEvent.AudioDelta),
            new(Kind, "ItemStreamingPartAudioFinished", ServerEvent.AudioDone),
            new(Kind, "InputSpeechStarted", ServerEvent.SpeechStarted),
            new(Kind, "InputSpeechStopped", ServerEvent.SpeechStopped),
            new(Kind, "InputAudioCommitted", ServerEvent.AudioCommitted),
            new(Kind, "Error", ServerEvent.Error),
        ],
    };
}
