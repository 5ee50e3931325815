using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Transport;

/// <summary>
/// Who sees what is sent. Readers of the session's events are told before the socket has it, so that its answer never stands before it; the handler is called when the socket has taken it.
/// </summary>
/// <param name="tap">Where events are read.</param>
/// <param name="handler">The application's; null for none.</param>
internal sealed class SendWitness(EventTap tap, HandlerWatch<ClientEvent>? handler)
{
    private ClientEventReader? _mending;

    public void Handing(ReadOnlySpan<byte> message) => tap.Sent(message);

    public void Taken(ReadOnlySpan<byte> message)
    {
        if (handler is null)
        {
            return;
        }

        // What the application wrote by itself need not have the form that the schema gives it.
        if (ClientEvent.TryRead(message, out ClientEvent e, out _)
            || (_mending ??= new(EventHeader.LargestMessageBytes, ReadTolerance.Mend)).TryRead(message, default, out e, out _))
        {
            handler.Run(in e);
        }
    }
}
