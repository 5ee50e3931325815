namespace Realtime.Protocol.Lifecycle;

/// <summary>One thing that somebody gave to a turn. Several callers may share a turn (RC-07), so each contribution is settled by itself, and once.</summary>
/// <param name="kind">What it is.</param>
/// <param name="turn">The turn it was given to.</param>
internal sealed class Contribution(ContributionKind kind, TurnState turn)
{
    public ContributionKind Kind { get; } = kind;

    /// <summary>The turn whose response is to read it: another one, when its own was merged into that.</summary>
    public TurnState Turn { get; set; } = turn;

    /// <summary>The item it becomes; null for audio and for a bare request.</summary>
    public TrackedItem? Item { get; init; }

    /// <summary>The call that it answers.</summary>
    public TrackedCall? Call { get; init; }

    /// <summary>The question that it answers.</summary>
    public TrackedApproval? Approval { get; init; }

    public ContributionState State { get; private set; } = kind is ContributionKind.Request ? ContributionState.Taken : ContributionState.Sent;

    /// <summary>The server has it. Nothing happens when it was settled before.</summary>
    public void Take() => State = State is ContributionState.Sent ? ContributionState.Taken : State;

    /// <summary>The server refused it. Nothing happens when it was settled before.</summary>
    public void Refuse() => State = State is ContributionState.Sent ? ContributionState.Refused : State;
}
