namespace Realtime.Protocol.Analyzers;

/// <summary>The families of rules; the thousands digit of an id names its family.</summary>
internal static class RuleCategories
{
    /// <summary>RT1…: what may be said, and when.</summary>
    public const string Lifecycle = "Realtime.Lifecycle";

    /// <summary>RT2…: what audio is made of.</summary>
    public const string Audio = "Realtime.Audio";
}
