using System.Net;

namespace Realtime.Protocol.Transport;

/// <summary>What a server answered in place of opening a WebSocket: values, read once while the answer was there.</summary>
/// <param name="Status">Its HTTP status.</param>
/// <param name="RetryAfter">How long it asks to wait; null when it did not say.</param>
/// <param name="Error">What its body said; null when it said nothing that could be read.</param>
internal sealed record RefusedHandshake(HttpStatusCode Status, TimeSpan? RetryAfter, ServerError? Error);
