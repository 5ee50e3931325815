namespace Realtime.Protocol.Lifecycle;

/// <summary>The machine's answer to an intent, final as far as it goes: a refusal changed nothing, an acceptance has a handle under which its end will be told.</summary>
/// <param name="Verdict">Sent, waiting, or refused.</param>
/// <param name="Turn">
/// The turn that the intent began or joined; 0 when it concerns no turn. Its end is one <see cref="SessionChange.TurnEnded"/>. A request that joins a waiting turn returns that turn's number (RC-07).
/// </param>
/// <param name="Operation">The handle of a single operation (configure, add, delete, retrieve, truncate); 0 when there is none. Its end is one <see cref="SessionChange.OperationCompleted"/> or <see cref="SessionChange.OperationFailed"/>.</param>
/// <param name="Rule">The id of the rule that refused; null otherwise.</param>
/// <param name="Message">Who is wrong, what was expected and what came; null unless refused.</param>
/// <param name="ItemId">The item that the intent is about, named by the session where the application did not; null when it is about none.</param>
public readonly record struct SubmitResult(SubmitVerdict Verdict, int Turn = 0, int Operation = 0, string? Rule = null, string? Message = null, string? ItemId = null)
{
    /// <summary>False when the intent was refused.</summary>
    public bool IsAccepted => Verdict is not SubmitVerdict.Refused;
}

/// <summary>What became of an intent.</summary>
public enum SubmitVerdict
{
    /// <summary>It took effect; what it sends is among the effects.</summary>
    Accepted = 0,

    /// <summary>It waits for its time, and will be sent without further asking.</summary>
    Queued = 1,

    /// <summary>A rule forbids it. Nothing changed.</summary>
    Refused = 2,
}
