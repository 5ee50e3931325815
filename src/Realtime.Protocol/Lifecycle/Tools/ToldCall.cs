namespace Realtime.Protocol.Lifecycle;

/// <summary>A call that this session told the conversation: of another connection, or added by the application with an intent of its own. It never runs here.</summary>
/// <param name="Name">Of its tool.</param>
/// <param name="Arguments">JSON text, <c>{}</c> for none.</param>
/// <param name="HasOutput">Its output was told as well, and says more than that the call was lost.</param>
internal sealed record ToldCall(string Name, string Arguments, bool HasOutput);
