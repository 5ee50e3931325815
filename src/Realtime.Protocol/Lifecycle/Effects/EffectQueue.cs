using System.Diagnostics.CodeAnalysis;

namespace Realtime.Protocol.Lifecycle;

/// <summary>What leaves the machine, in order: what is to be sent, when the timer is to fire, and what became true.</summary>
internal sealed class EffectQueue
{
    private readonly Queue<SessionEffect> _effects = new();
    private long _armedAt = long.MaxValue;

    public bool IsEmpty => !_effects.TryPeek(out _);

    public void Send(SessionCommand command) => _effects.Enqueue(new SessionEffect.Send(command));

    public void Tell(SessionChange change) => _effects.Enqueue(new SessionEffect.Changed(change));

    public bool TryTake([MaybeNullWhen(false)] out SessionEffect effect) => _effects.TryDequeue(out effect);

    /// <summary>Arms the timer when <paramref name="deadline"/> is earlier than what it is armed for. A later deadline waits for the timer to fire: a delta moves a deadline, and must not cause an effect.</summary>
    public void Arm(long deadline)
    {
        if (deadline < _armedAt)
        {
            _armedAt = deadline;
            _effects.Enqueue(new SessionEffect.SetTimer(deadline));
        }
    }

    /// <summary>The timer has fired, if it was due.</summary>
    public void Disarm(long now)
    {
        if (now >= _armedAt)
        {
            _armedAt = long.MaxValue;
        }
    }
}
