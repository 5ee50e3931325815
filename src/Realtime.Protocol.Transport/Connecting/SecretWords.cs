namespace Realtime.Protocol.Transport;

/// <summary>
/// The keys and tokens that a connection was opened with, kept for one purpose: servers quote the key that they refuse, and nobody is to
/// read it in a message, a reason or a log.
/// </summary>
internal sealed class SecretWords
{
    private readonly string[] _words;

    /// <param name="words">Each as it travels; empty ones are nothing to look for.</param>
    public SecretWords(IEnumerable<string> words) => _words = [.. words.Where(word => !string.IsNullOrEmpty(word))];

    /// <summary>The text, with an ellipsis where one of them stood.</summary>
    public string? Blank(string? text)
    {
        foreach (string word in _words)
        {
            text = text?.Replace(word, "…", StringComparison.Ordinal);
        }

        return text;
    }
}
