namespace Realtime.Protocol.Testing;

/// <summary>A store does not keep what <see cref="ISessionJournal"/> promises.</summary>
public sealed class JournalConformanceException : Exception
{
    internal JournalConformanceException(string check, string message, Exception? inner = null)
        : base($"{check}: {message}", inner) => Check = check;

    /// <summary>The check that it failed, one of <see cref="JournalConformance.Checks"/>.</summary>
    public string Check { get; }
}
