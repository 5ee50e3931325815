namespace Realtime.Protocol.Lifecycle;

/// <summary>A call that this session told the conversation: of another connection, or of the application's own making. It never runs here.</summary>
/// <param name="Name">Of its tool.</param>
/// <param name="Arguments">JSON text.</param>
/// <param name="HasOutput">Its output was told as well, and says more than that the call was lost.</param>
internal sealed record ToldCall(string Name, string Arguments, bool HasOutput);
