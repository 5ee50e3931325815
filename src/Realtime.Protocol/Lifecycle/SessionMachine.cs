namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// The session's mind: three verbs and one question. <see cref="Receive"/> what the server said, <see cref="Submit"/> what the application wants, let time <see cref="Elapse"/>; then
/// <see cref="TryTakeEffect"/> until it is false. No task, no clock, no socket, no lock: one caller at a time, and the same calls give the same effects, always.
/// </summary>
/// <remarks>
/// <c>now</c> is in milliseconds of any clock that never goes back. Effects are taken in order, before the next verb. A machine lives as long as one connection: after
/// <see cref="Close"/> everything that was pending has ended, and every intent is refused.
/// </remarks>
public sealed class SessionMachine
{
    private readonly Queue<SessionEffect> _effects = new();

    /// <summary>A machine for one connection.</summary>
    /// <param name="settings">Not changed afterwards.</param>
    public SessionMachine(SessionSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentException.ThrowIfNullOrEmpty(settings.IdPrefix);
    }

    /// <summary>The server said something. Allocates nothing for audio, text and transcript deltas.</summary>
    /// <returns>The turn that the event belongs to, and whether its output may be heard.</returns>
    public Reception Receive(in SessionFact fact, long now) => default;

    /// <summary>The application wants something. Never throws for a rule's sake: a refusal names the rule and changes nothing.</summary>
    public SubmitResult Submit(in SessionIntent intent, long now) => default;

    /// <summary>It is now <paramref name="now"/>. Calling it too early or too often does nothing.</summary>
    public void Elapse(long now)
    {
    }

    /// <summary>The connection ended. Every turn ends as <see cref="TurnOutcome.Disconnected"/> and every operation fails, exactly once; a second call does nothing (SE-09).</summary>
    public void Close(long now)
    {
    }

    /// <summary>The next thing to do, in order; false when there is nothing left.</summary>
    public bool TryTakeEffect([System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out SessionEffect effect) => _effects.TryDequeue(out effect);
}
