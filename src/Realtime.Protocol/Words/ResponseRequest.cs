namespace Realtime.Protocol;

/// <summary>
/// What one response should do differently from the session. A request that leaves everything out is automatic: several that wait become one, since a response reads the whole
/// conversation (RC-07). A request that states anything is explicit: it is never merged, and keeps its place.
/// </summary>
public sealed record ResponseRequest
{
    /// <summary>Replaces the session's instructions for this response (RC-21).</summary>
    public string? Instructions { get; init; }

    /// <summary>Text or audio, never both (RC-20); <see cref="OutputModality.SessionDefault"/> leaves it to the session.</summary>
    public OutputModality Modality { get; init; }

    /// <summary>The voice of this response.</summary>
    public string? Voice { get; init; }

    /// <summary>The most tokens that this response may use.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>At most 16 pairs, keys to 64 and values to 512 characters (RC-19). One pair fewer leaves room for the session's own token; with 16, the response is matched by order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Metadata { get; init; } = [];

    /// <summary>True when nothing is stated, so that this request may be merged with another.</summary>
    public bool IsAutomatic => Instructions is null && Modality is OutputModality.SessionDefault && Voice is null && MaxOutputTokens is null && Metadata.Count == 0;

    /// <summary>Instructions and metadata are the application's own words and stay out of logs.</summary>
    public override string ToString() => IsAutomatic ? "automatic" : "explicit";
}
