namespace Realtime.Protocol.Analyzers;

/// <summary>The families of rules; the thousands digit of an id names its family.</summary>
internal static class RuleCategories
{
    /// <summary>RT1…: what may be said, and when.</summary>
    public const string Lifecycle = "Realtime.Lifecycle";

    /// <summary>RT2…: what audio is made of.</summary>
    public const string Audio = "Realtime.Audio";

    /// <summary>RT3…: how long borrowed memory is valid.</summary>
    public const string Borrowing = "Realtime.Borrowing";

    /// <summary>RT4…: the same mistakes, made with the libraries of others and with JSON written by hand.</summary>
    public const string Libraries = "Realtime.Libraries";
}
