using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Realtime.Protocol.Gateway;

/// <summary>Every log message of this package: ids, kinds, counts and times, never what was said and no ticket.</summary>
internal static partial class GatewayLog
{
    [LoggerMessage(300, LogLevel.Information, "The call {CallId} began.")]
    public static partial void Began(ILogger logger, string callId);

    [LoggerMessage(301, LogLevel.Information, "The call {CallId} ended after {Seconds:0.0} s: {Kind}. {Why}")]
    public static partial void Ended(ILogger logger, string callId, double seconds, CallEndKind kind, string why);

    [LoggerMessage(302, LogLevel.Warning, "The call {CallId} ended after {Seconds:0.0} s: {Kind}. {Why}")]
    public static partial void Broke(ILogger logger, string callId, double seconds, CallEndKind kind, string why, Exception? exception);

    [LoggerMessage(303, LogLevel.Warning, "A call from {Address} to {Path} was not let in: {Why}")]
    public static partial void Refused(ILogger logger, string? address, string path, string why);

    [LoggerMessage(304, LogLevel.Error, "{Delegate} of the call {CallId} failed.")]
    public static partial void DelegateFailed(ILogger logger, string @delegate, string callId, Exception exception);

    [LoggerMessage(305, LogLevel.Information, "The gateway is warm after {Milliseconds:0} ms.")]
    public static partial void Warm(ILogger logger, double milliseconds);

    [LoggerMessage(306, LogLevel.Warning, "The gateway could not be warmed up: {Why} It tries again in {Seconds:0} s, and is not ready before.")]
    public static partial void NotWarm(ILogger logger, string why, double seconds);

    [LoggerMessage(307, LogLevel.Information, "Calls of Asterisk are taken at {EndPoint}.")]
    public static partial void Listening(ILogger logger, string? endPoint);

    [LoggerMessage(308, LogLevel.Error, "No call of Asterisk can be taken at {EndPoint}: {Error}. It is tried again until one can.")]
    public static partial void NotAccepted(ILogger logger, string? endPoint, SocketError error);
}
