namespace Realtime.Protocol;

/// <summary>
/// The session refused a request, because the protocol does not allow it now. Nothing was sent and nothing changed. The message says what
/// was expected and what came.
/// </summary>
public sealed class RealtimeRefusedException : RealtimeException
{
    /// <summary>A refusal.</summary>
    /// <param name="rule">The id of the rule.</param>
    /// <param name="message">What was expected and what came.</param>
    public RealtimeRefusedException(string rule, string message)
        : base($"{message} ({rule})") => Rule = rule;

    /// <summary>The id of the rule that refused, for instance <c>TD-03</c>: a turn needs 100 ms of audio.</summary>
    public string Rule { get; }
}
