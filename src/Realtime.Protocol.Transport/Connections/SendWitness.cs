namespace Realtime.Protocol.Transport;

/// <summary>
/// Who sees what is sent. Readers of the session's events are told before the socket has it, so that its answer never stands before it; a handler, if there is one, is called when the socket
/// has taken it.
/// </summary>
/// <param name="tap">Where events are read.</param>
internal class SendWitness(EventTap tap)
{
    public void Handing(ReadOnlySpan<byte> message) => tap.Sent(message);

    /// <summary>Shows it to the application's handler.</summary>
    public virtual void Taken(ReadOnlySpan<byte> message)
    {
    }
}
