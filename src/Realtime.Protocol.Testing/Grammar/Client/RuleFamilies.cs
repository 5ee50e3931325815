namespace Realtime.Protocol.Testing.Grammar.Client;

/// <summary>Which families there are, in the order in which they explain a refusal: what knows most comes first, what knows any refusal comes last.</summary>
internal static class RuleFamilies
{
    public static RuleFamily[] For(Seen seen, Verdicts verdicts) =>
    [
        new CreateRules(seen, verdicts),
        new CancelRules(seen, verdicts),
        new TruncateRules(seen, verdicts),
        new OutputRules(seen, verdicts),
        new ItemRules(seen, verdicts),
        new SoundRules(seen, verdicts),
        new SessionRules(seen, verdicts),
        new McpRules(seen, verdicts),
        new EventRules(seen, verdicts),
    ];
}
