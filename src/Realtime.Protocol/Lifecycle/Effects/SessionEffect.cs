namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// What the shell has to do after a call: send, set the timer, or tell someone. Effects come in order and own what they hold, so they may be kept; take all of them before the next
/// call of the machine's verbs. Audio and transcript deltas cause none, so a running response allocates nothing.
/// </summary>
public abstract record SessionEffect
{
    private SessionEffect()
    {
    }

    /// <summary>Puts one client event on the wire, in this order.</summary>
    /// <param name="Command">What to send.</param>
    public sealed record Send(SessionCommand Command) : SessionEffect;

    /// <summary>Asks for <see cref="SessionMachine.Elapse"/> at <paramref name="At"/> or soon after. It replaces the timer set before; being called earlier, or once too often, is harmless.</summary>
    /// <param name="At">In milliseconds of the caller's clock.</param>
    public sealed record SetTimer(long At) : SessionEffect;

    /// <summary>Something became true.</summary>
    /// <param name="Change">What.</param>
    public sealed record Changed(SessionChange Change) : SessionEffect;
}
