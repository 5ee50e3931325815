namespace Realtime.Protocol.Lifecycle;

/// <summary>The name under which a session marks its own responses, so that <c>response.created</c> says whose it is (RC-03).</summary>
public static class ResponseToken
{
    /// <summary>The reserved key of <c>response.metadata</c>. Applications may not use it.</summary>
    public const string MetadataKey = "realtime.token";

    internal static ReadOnlySpan<byte> Utf8MetadataKey => "realtime.token"u8;
}
