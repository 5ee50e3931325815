using Realtime.Protocol.Testing.Grammar;

namespace Realtime.Protocol.CommandLine.Linting;

/// <summary>From which level on a broken rule is a failure, as <c>--fail-on</c> says it.</summary>
internal static class FailOnWords
{
    private static readonly (string Word, ViolationLevel? Level)[] Table =
    [
        ("harmful", ViolationLevel.Harmful),
        ("refused", ViolationLevel.Refused),
        ("wasteful", ViolationLevel.Wasteful),
        ("never", null),
    ];

    /// <summary>The words, the strictest last but one.</summary>
    public static string[] All => [.. Table.Select(static row => row.Word)];

    /// <summary>The level of a word; null for never.</summary>
    public static ViolationLevel? Parse(string word) => Array.Find(Table, row => row.Word == word).Level;

    /// <summary>Whether some of what was found is a failure. A race never is.</summary>
    public static bool IsReached(this ViolationLevel? failOn, IEnumerable<Violation> found) => failOn is { } level && found.Any(violation => violation.IsCounted && violation.Level >= level);
}
