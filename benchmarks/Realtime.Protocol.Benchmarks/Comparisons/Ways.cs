namespace Realtime.Protocol.Benchmarks.Comparisons;

/// <summary>The ways that are compared, as benchmark methods, goals and tables name them.</summary>
public static class Ways
{
    public const string BareBase64 = nameof(BareBase64);
    public const string RealtimeProtocol = nameof(RealtimeProtocol);
    public const string Utf8JsonReader = nameof(Utf8JsonReader);
    public const string SourceGeneration = nameof(SourceGeneration);
    public const string OpenAISdk = nameof(OpenAISdk);
}
