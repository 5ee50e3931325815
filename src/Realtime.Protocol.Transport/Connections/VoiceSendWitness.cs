using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Transport;

/// <summary>Who sees what a voice session sends, where the application has a handler for it.</summary>
/// <param name="tap">Where events are read.</param>
/// <param name="handler">The application's.</param>
internal sealed class VoiceSendWitness(EventTap tap, HandlerWatch<ClientEvent> handler) : SendWitness(tap)
{
    private ClientEventReader? _mending;

    public override void Taken(ReadOnlySpan<byte> message)
    {
        // What the application wrote by itself need not have the form that the schema gives it.
        if (ClientEvent.TryRead(message, out ClientEvent e, out _)
            || (_mending ??= new(EventHeader.LargestMessageBytes, ReadTolerance.Mend)).TryRead(message, default, out e, out _))
        {
            handler.Run(in e);
        }
    }
}
