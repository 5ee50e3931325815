namespace Realtime.Protocol.Transport;

/// <summary>How one operation ended.</summary>
/// <param name="IsCompleted">True when the server did it.</param>
/// <param name="Error">Why it did not; null when the connection ended first.</param>
/// <param name="InForce">The configuration of a voice session at that moment; null for another kind of session.</param>
/// <param name="Item">The item that it was about, at that moment; null when it was about none, or failed, or the conversation does not hold it.</param>
internal readonly record struct OperationResult(bool IsCompleted, ServerError? Error, SessionConfiguration? InForce, ConversationItem? Item = null);
