using Microsoft.CodeAnalysis;

namespace Realtime.Protocol.Analyzers.Tests.Verification;

/// <summary>The libraries that no package here can bring, as declarations without a body, named as their public listings name them.</summary>
internal static class Stubs
{
    private static readonly SyntaxTree OpenAIBeta = TestProject.Parse(
        """
        #nullable disable
        using System; using System.Collections.Generic; using System.IO; using System.Threading; using System.Threading.Tasks;
        namespace OpenAI.RealtimeConversation
        {
            public class RealtimeConversationSession : IDisposable
            {
                public virtual Task SendInputAudioAsync(Stream audio, CancellationToken cancellationToken = default) => null;
                public virtual void SendInputAudio(Stream audio, CancellationToken cancellationToken = default) { }
                public virtual Task SendInputAudioAsync(BinaryData audio, CancellationToken cancellationToken = default) => null;
                public virtual void SendInputAudio(BinaryData audio, CancellationToken cancellationToken = default) { }
                public virtual Task ClearInputAudioAsync(CancellationToken cancellationToken = default) => null;
                public virtual void ClearInputAudio(CancellationToken cancellationToken = default) { }
                public virtual Task ConfigureSessionAsync(ConversationSessionOptions sessionOptions, CancellationToken cancellationToken = default) => null;
                public virtual void ConfigureSession(ConversationSessionOptions sessionOptions, CancellationToken cancellationToken = default) { }
                public virtual Task AddItemAsync(ConversationItem item, CancellationToken cancellationToken = default) => null;
                public virtual void AddItem(ConversationItem item, CancellationToken cancellationToken = default) { }
                public virtual Task AddItemAsync(ConversationItem item, string previousItemId, CancellationToken cancellationToken = default) => null;
                public virtual Task DeleteItemAsync(string itemId, CancellationToken cancellationToken = default) => null;
                public virtual Task TruncateItemAsync(string itemId, int contentPartIndex, TimeSpan audioDuration, CancellationToken cancellationToken = default) => null;
                public virtual void TruncateItem(string itemId, int contentPartIndex, TimeSpan audioDuration, CancellationToken cancellationToken = default) { }
                public virtual Task CommitPendingAudioAsync(CancellationToken cancellationToken = default) => null;
                public virtual void CommitPendingAudio(CancellationToken cancellationToken = default) { }
                public virtual Task InterruptResponseAsync(CancellationToken cancellationToken = default) => null;
                public virtual void InterruptResponse(CancellationToken cancellationToken = default) { }
                public virtual Task StartResponseAsync(CancellationToken cancellationToken = default) => null;
                public virtual void StartResponse(CancellationToken cancellationToken = default) { }
                public virtual Task StartResponseAsync(ConversationSessionOptions sessionOptionOverrides, CancellationToken cancellationToken = default) => null;
                public virtual Task CancelResponseAsync(CancellationToken cancellationToken = default) => null;
                public virtual void CancelResponse(CancellationToken cancellationToken = default) { }
                public virtual IAsyncEnumerable<ConversationUpdate> ReceiveUpdatesAsync(CancellationToken cancellationToken = default) => null;
                public virtual IEnumerable<ConversationUpdate> ReceiveUpdates(CancellationToken cancellationToken = default) => null;
                public virtual Task SendCommandAsync(BinaryData data) => null;
                public virtual void SendCommand(BinaryData data) { }
                public void Dispose() { }
            }

            public class ConversationSessionOptions { public string Instructions { get; set; } }
            public class ConversationItem { public static ConversationItem CreateFunctionCallOutput(string callId, string output) => null; }
            public abstract class ConversationUpdate { public ConversationUpdateKind Kind => default; public string EventId => null; }
            public class ConversationSessionStartedUpdate : ConversationUpdate { }
            public class ConversationSessionConfiguredUpdate : ConversationUpdate { }
            public class ConversationInputSpeechStartedUpdate : ConversationUpdate { public string ItemId => null; public TimeSpan AudioStartTime => default; }
            public class ConversationInputSpeechFinishedUpdate : ConversationUpdate { public TimeSpan AudioEndTime => default; }
            public class ConversationInputAudioCommittedUpdate : ConversationUpdate { }
            public class ConversationItemCreatedUpdate : ConversationUpdate { public string ItemId => null; public string FunctionCallId => null; public string FunctionName => null; }
            public class ConversationResponseStartedUpdate : ConversationUpdate { }
            public class ConversationResponseFinishedUpdate : ConversationUpdate { }
            public class ConversationItemStreamingStartedUpdate : ConversationUpdate { public string FunctionName => null; public string FunctionCallId => null; }
            public class ConversationItemStreamingFinishedUpdate : ConversationUpdate { public string FunctionName => null; public string FunctionCallId => null; public string FunctionCallArguments => null; }
            public class ConversationItemStreamingAudioFinishedUpdate : ConversationUpdate { }
            public class ConversationItemStreamingPartDeltaUpdate : ConversationUpdate { public string ItemId => null; public BinaryData AudioBytes => null; }
            public class ConversationErrorUpdate : ConversationUpdate { public string ErrorCode => null; public string Message => null; }
            public enum ConversationUpdateKind
            {
                Unknown, SessionStarted, SessionConfigured, ItemCreated, ResponseStarted, ResponseFinished, ItemStreamingStarted, ItemStreamingFinished, ItemStreamingPartAudioDelta,
                ItemStreamingPartAudioFinished, ItemStreamingFunctionCallArgumentsFinished, InputSpeechStarted, InputSpeechStopped, InputAudioCommitted, Error,
            }
        }
        """,
        "OpenAIBeta.g.cs");

    private static readonly SyntaxTree VoiceLive = TestProject.Parse(
        """
        #nullable disable
        using System; using System.Collections.Generic; using System.IO; using System.Threading; using System.Threading.Tasks;
        namespace Azure.AI.VoiceLive
        {
            public class VoiceLiveSession : IDisposable, IAsyncDisposable
            {
                public virtual Task AddItemAsync(ConversationRequestItem item, CancellationToken cancellationToken = default) => null;
                public virtual Task AddItemAsync(ConversationRequestItem item, string previousItemId, CancellationToken cancellationToken = default) => null;
                public virtual void AddItem(ConversationRequestItem item, CancellationToken cancellationToken = default) { }
                public virtual Task AppendAudioToTurnAsync(string turnId, byte[] audio, CancellationToken cancellationToken = default) => null;
                public virtual void AppendAudioToTurn(string turnId, byte[] audio, CancellationToken cancellationToken = default) { }
                public virtual Task CancelResponseAsync(CancellationToken cancellationToken = default) => null;
                public virtual void CancelResponse(CancellationToken cancellationToken = default) { }
                public virtual Task ClearInputAudioAsync(CancellationToken cancellationToken = default) => null;
                public virtual void ClearInputAudio(CancellationToken cancellationToken = default) { }
                public virtual Task ClearStreamingAudioAsync(CancellationToken cancellationToken = default) => null;
                public virtual Task CloseAsync(CancellationToken cancellationToken = default) => null;
                public virtual void Close(CancellationToken cancellationToken = default) { }
                public virtual Task CommitInputAudioAsync(CancellationToken cancellationToken = default) => null;
                public virtual void CommitInputAudio(CancellationToken cancellationToken = default) { }
                public virtual Task ConfigureSessionAsync(VoiceLiveSessionOptions sessionOptions, CancellationToken cancellationToken = default) => null;
                public virtual void ConfigureSession(VoiceLiveSessionOptions sessionOptions, CancellationToken cancellationToken = default) { }
                public IEnumerable<SessionUpdate> GetUpdates(CancellationToken cancellationToken = default) => null;
                public IAsyncEnumerable<SessionUpdate> GetUpdatesAsync(CancellationToken cancellationToken = default) => null;
                public virtual IEnumerable<BinaryData> ReceiveUpdates(CancellationToken cancellationToken = default) => null;
                public virtual IAsyncEnumerable<BinaryData> ReceiveUpdatesAsync(CancellationToken cancellationToken = default) => null;
                public virtual void SendCommand(BinaryData data, CancellationToken cancellationToken = default) { }
                public virtual Task SendCommandAsync(BinaryData data, CancellationToken cancellationToken = default) => null;
                public virtual void SendInputAudio(byte[] audio, CancellationToken cancellationToken = default) { }
                public virtual Task SendInputAudioAsync(byte[] audio, CancellationToken cancellationToken = default) => null;
                public virtual Task SendInputAudioAsync(BinaryData audio, CancellationToken cancellationToken = default) => null;
                public virtual Task SendInputAudioAsync(Stream audio, CancellationToken cancellationToken = default) => null;
                public virtual void StartResponse(CancellationToken cancellationToken = default) { }
                public virtual Task StartResponseAsync(CancellationToken cancellationToken = default) => null;
                public virtual Task StartResponseAsync(string additionalInstructions, CancellationToken cancellationToken = default) => null;
                public virtual void TruncateConversation(string itemId, int contentIndex, TimeSpan audioEnd = default, CancellationToken cancellationToken = default) { }
                public virtual Task TruncateConversationAsync(string itemId, int contentIndex, TimeSpan audioEnd = default, CancellationToken cancellationToken = default) => null;
                public void Dispose() { }
                public ValueTask DisposeAsync() => default;
            }

            public class VoiceLiveSessionOptions { public string Instructions { get; set; } }
            public abstract class ConversationRequestItem { }
            public class UserMessageItem(string text) : ConversationRequestItem { public string Text => text; }
            public class FunctionCallOutputItem(string callId, string output) : ConversationRequestItem { public string CallId => callId; public string Output => output; }
            public abstract class SessionUpdate { public ServerEventType Type => default; public string EventId => null; }
            public class SessionUpdateSessionCreated : SessionUpdate { }
            public class SessionUpdateSessionUpdated : SessionUpdate { }
            public class SessionUpdateInputAudioBufferSpeechStarted : SessionUpdate { public string ItemId => null; public TimeSpan AudioStart => default; }
            public class SessionUpdateInputAudioBufferSpeechStopped : SessionUpdate { }
            public class SessionUpdateInputAudioBufferCommitted : SessionUpdate { }
            public class SessionUpdateConversationItemCreated : SessionUpdate { }
            public class SessionUpdateResponseCreated : SessionUpdate { }
            public class SessionUpdateResponseDone : SessionUpdate { }
            public class SessionUpdateResponseOutputItemAdded : SessionUpdate { }
            public class SessionUpdateResponseOutputItemDone : SessionUpdate { }
            public class SessionUpdateResponseFunctionCallArgumentsDone : SessionUpdate { public string CallId => null; public string Name => null; public string Arguments => null; }
            public class SessionUpdateResponseAudioDelta : SessionUpdate { public BinaryData Delta => null; public string ItemId => null; }
            public class SessionUpdateResponseAudioDone : SessionUpdate { }
            public class SessionUpdateError : SessionUpdate { public SessionUpdateErrorDetails Error => null; }
            public class SessionUpdateErrorDetails { public string Code => null; public string Message => null; public string Type => null; }
            public struct ServerEventType
            {
                public static bool operator ==(ServerEventType left, ServerEventType right) => false; public static bool operator !=(ServerEventType left, ServerEventType right) => true;
                public override bool Equals(object other) => false; public override int GetHashCode() => 0;
                public static ServerEventType SessionCreated => default; public static ServerEventType SessionUpdated => default;
                public static ServerEventType InputAudioBufferSpeechStarted => default; public static ServerEventType InputAudioBufferSpeechStopped => default;
                public static ServerEventType InputAudioBufferCommitted => default; public static ServerEventType ConversationItemCreated => default;
                public static ServerEventType ResponseCreated => default; public static ServerEventType ResponseDone => default;
                public static ServerEventType ResponseOutputItemAdded => default; public static ServerEventType ResponseOutputItemDone => default;
                public static ServerEventType ResponseFunctionCallArgumentsDone => default; public static ServerEventType ResponseAudioDelta => default;
                public static ServerEventType ResponseAudioDone => default; public static ServerEventType Error => default;
            }
        }
        """,
        "VoiceLive.g.cs");

    /// <summary>The stubs that stand in for what a test knows.</summary>
    public static IEnumerable<SyntaxTree> Of(Knows knows)
    {
        if (knows.HasFlag(Knows.OpenAIBeta))
        {
            yield return OpenAIBeta;
        }

        if (knows.HasFlag(Knows.VoiceLive))
        {
            yield return VoiceLive;
        }
    }
}
