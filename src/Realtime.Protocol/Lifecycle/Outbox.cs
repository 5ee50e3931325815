using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// What leaves the machine, in order, and the numbers that make it traceable. Ids are the caller's prefix and a counter, so they are unique in the session and the same calls
/// give the same ids.
/// </summary>
internal sealed class Outbox(string prefix)
{
    private readonly Queue<SessionEffect> _effects = new();
    private long _lastNumber;
    private long _armedAt = long.MaxValue;

    public string NewEventId() => NewId("event");

    public string NewItemId() => NewId("item");

    public string NewToken() => NewId("token");

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

    private string NewId(string kind) => string.Create(CultureInfo.InvariantCulture, $"{kind}_{prefix}_{++_lastNumber}");
}
