namespace Realtime.Protocol.Benchmarks.Comparisons;

/// <summary>The ways that are compared, as benchmark methods, goals and tables name them.</summary>
public static class Ways
{
    public const string Copy = nameof(Copy);
    public const string ReceiveOnly = nameof(ReceiveOnly);
    public const string BareBase64 = nameof(BareBase64);
    public const string RealtimeProtocol = nameof(RealtimeProtocol);
    public const string CopiedFirst = nameof(CopiedFirst);
    public const string Utf8JsonReader = nameof(Utf8JsonReader);
    public const string Utf8JsonWriter = nameof(Utf8JsonWriter);
    public const string SourceGeneration = nameof(SourceGeneration);
    public const string JsonDocument = nameof(JsonDocument);
    public const string Newtonsoft = nameof(Newtonsoft);
    public const string OpenAISdk = nameof(OpenAISdk);
}
