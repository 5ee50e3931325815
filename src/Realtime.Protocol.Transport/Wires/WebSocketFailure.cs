using System.Net.WebSockets;

namespace Realtime.Protocol.Transport;

/// <summary>What an exception of an open WebSocket means. The platform speaks in exceptions; the session speaks in reasons.</summary>
internal static class WebSocketFailure
{
    public static RealtimeCloseReason Classify(Exception failure) => failure switch
    {
        // .NET 10 reports its own abort as a cancelled receive. Nothing of ours was cancelled, so it is the keep-alive that gave up;
        // what the inner exception is depends on how the stream below reacts to being closed.
        OperationCanceledException =>
            new(RealtimeCloseKind.KeepAliveTimeout, null, "A keep-alive ping was not answered in time, or could not be sent."),

        // The same abort, met by a call that came after it.
        WebSocketException { WebSocketErrorCode: WebSocketError.InvalidState, InnerException: WebSocketException { WebSocketErrorCode: WebSocketError.Faulted } } =>
            new(RealtimeCloseKind.KeepAliveTimeout, null, "A keep-alive ping was not answered in time, or could not be sent."),

        WebSocketException { WebSocketErrorCode: WebSocketError.ConnectionClosedPrematurely or WebSocketError.InvalidState } =>
            new(RealtimeCloseKind.ConnectionLost, null, "The connection broke without a goodbye."),

        // Framing errors and text that is not UTF-8 surface as Faulted without a cause in the network.
        WebSocketException { WebSocketErrorCode: WebSocketError.Faulted, InnerException: null } =>
            new(RealtimeCloseKind.ProtocolViolation, null, "The peer broke the WebSocket protocol."),

        _ => new(RealtimeCloseKind.ConnectionLost, null, $"The connection broke: {failure.Message}"),
    };
}
