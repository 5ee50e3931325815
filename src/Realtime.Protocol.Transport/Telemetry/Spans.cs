namespace Realtime.Protocol.Transport;

/// <summary>The names of the spans. Two are followed by what they are of: a model, a tool.</summary>
internal static class Spans
{
    public const string Connect = "realtime connect";
    public const string Turn = "realtime turn";
    public const string Response = "realtime";
    public const string Tool = "execute_tool";
}
