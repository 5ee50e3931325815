namespace Realtime.Protocol.Analyzers;

/// <summary>Where the page of a rule is read; the page itself is <c>analyzers/docs/&lt;id&gt;.md</c>.</summary>
internal static class RulePages
{
    public const string Root = "https://github.com/realtime-protocol/realtime-protocol/blob/main/analyzers/docs/";

    public const string Extension = ".md";
}
