namespace Realtime.Protocol.Testing.Simulation;

/// <summary>
/// When something happens: so long after what was before it, or so long after the server has said an event. A number of milliseconds, a
/// <see cref="TimeSpan"/> and a <see cref="Delay"/> convert.
/// </summary>
/// <param name="EventType">The type of a server event; null for a moment that only time brings.</param>
/// <param name="Nth">Which of them, from 1, counted from where the waiting began.</param>
/// <param name="Plus">So long after that.</param>
public sealed record Moment(string? EventType, int Nth, Delay Plus)
{
    /// <summary>After the server has said an event.</summary>
    /// <param name="eventType">Its type, such as <c>response.done</c>.</param>
    /// <param name="plus">So long after it.</param>
    /// <param name="nth">Which of them, from 1, counted from where the waiting began: for a transcription the commit of the turn, for a step of an answer its <c>response.created</c>.</param>
    /// <exception cref="ArgumentException">The type is empty, or the number below 1.</exception>
    public static Moment After(string eventType, Delay plus = default, int nth = 1)
    {
        ArgumentException.ThrowIfNullOrEmpty(eventType);
        ArgumentOutOfRangeException.ThrowIfLessThan(nth, 1);
        return new(eventType, nth, plus);
    }

    /// <summary>So long after what was before.</summary>
    public static implicit operator Moment(Delay plus) => new(null, 1, plus);

    /// <summary>So long after what was before.</summary>
    public static implicit operator Moment(TimeSpan plus) => new(null, 1, plus);

    /// <summary>So long after what was before, in milliseconds.</summary>
    public static implicit operator Moment(int milliseconds) => new(null, 1, milliseconds);
}
