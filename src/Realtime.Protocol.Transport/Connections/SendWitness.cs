namespace Realtime.Protocol.Transport;

/// <summary>
/// Who sees what is sent. Readers of the session's events are told before the socket has it, so that its answer never stands before it; the handler is called when the socket has taken it.
/// </summary>
/// <param name="tap">Where events are read.</param>
internal abstract class SendWitness(EventTap tap)
{
    public void Handing(ReadOnlySpan<byte> message) => tap.Sent(message);

    /// <summary>Shows it to the application's handler.</summary>
    public abstract void Taken(ReadOnlySpan<byte> message);
}
