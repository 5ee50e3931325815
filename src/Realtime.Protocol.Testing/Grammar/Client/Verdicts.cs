namespace Realtime.Protocol.Testing.Grammar.Client;

/// <summary>Writes down who broke a rule, where and when. It is the only place where an entry is made.</summary>
internal sealed class Verdicts(int connection, ViolationList list)
{
    /// <summary>A rule was broken.</summary>
    /// <param name="rule">A name of <see cref="ClientRules"/>.</param>
    /// <param name="by">The event that broke it; null when none did.</param>
    /// <param name="says">What the client did.</param>
    /// <param name="isRace">Whether the client could not have known.</param>
    /// <param name="at">When, if it is not about an event.</param>
    public void Broke(string rule, Asked? by, string says, bool isRace = false, double? at = null)
    {
        ClientRule broken = ClientRules.Of(rule);
        list.Add(new Violation
        {
            Rule = rule,
            Level = isRace ? ViolationLevel.Race : broken.Level,
            Says = says,
            Instead = broken.Instead,
            Connection = connection,
            At = by is null ? at : by.At,
            Event = by?.Number ?? 0,
            EventType = by is null || by.Type.Length == 0 ? "" : Words.Name(by.Type),
            EventId = by?.EventId is { } id ? Words.Name(id) : null,
        });
    }
}
