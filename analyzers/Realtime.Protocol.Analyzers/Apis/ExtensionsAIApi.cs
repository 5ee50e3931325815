using static Realtime.Protocol.Analyzers.Apis.Act;

namespace Realtime.Protocol.Analyzers.Apis;

/// <summary>Microsoft.Extensions.AI.Abstractions 10.11, the realtime part: one <c>SendAsync</c>, and a message type for each thing to say.</summary>
internal static class ExtensionsAIApi
{
    private const string Space = "Microsoft.Extensions.AI.";
    private const string Session = Space + "IRealtimeClientSession";
    private const string Kind = Space + "RealtimeServerMessageType";

    public static readonly ApiTable Table = new(Library.ExtensionsAI, "Microsoft.Extensions.AI.Abstractions", Session, "Extensions.AI")
    {
        Members =
        [
            new(Space + "SessionUpdateRealtimeClientMessage", ".ctor", Configure),
            new(Space + "InputAudioBufferAppendRealtimeClientMessage", ".ctor", SendAudio),
            new(Space + "InputAudioBufferCommitRealtimeClientMessage", ".ctor", CommitAudio),
            new(Space + "CreateConversationItemRealtimeClientMessage", ".ctor", AddItem),
            new(Space + "FunctionResultContent", ".ctor", ToolOutput),
            new(Space + "CreateResponseRealtimeClientMessage", ".ctor", AskForResponse),
            new(Session, "SendAsync", SendEvent),
            new(Session, "GetStreamingResponseAsync", Receive),
            new(Space + "ErrorContent", "Message", ErrorText),
            new(Space + "ErrorContent", "ErrorCode", ErrorCode),
        ],
        Events =
        [
            new(Space + "ErrorRealtimeServerMessage", null, ServerEvent.Error),
            new(Kind, "ResponseCreated", ServerEvent.ResponseCreated),
            new(Kind, "ResponseDone", ServerEvent.ResponseDone),
            new(Kind, "ResponseOutputItemAdded", ServerEvent.OutputItemAdded),
            new(Kind, "ResponseOutputItemDone", ServerEvent.OutputItemDone),
            new(Kind, "ConversationItemAdded", ServerEvent.ItemAdded),
            new(Kind, "ConversationItemDone", ServerEvent.ItemDone),
            new(Kind, "OutputAudioDelta", ServerEvent.AudioDelta),
            new(Kind, "OutputAudioDone", ServerEvent.AudioDone),
            new(Kind, "Error", ServerEvent.Error),
        ],
    };
}
