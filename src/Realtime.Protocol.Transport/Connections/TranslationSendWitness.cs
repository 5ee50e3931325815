namespace Realtime.Protocol.Transport;

/// <summary>Who sees what a translation sends, which is written by the schema alone.</summary>
/// <param name="tap">Where events are read.</param>
/// <param name="handler">The application's; null for none.</param>
internal sealed class TranslationSendWitness(EventTap tap, HandlerWatch<Events.Translation.ClientEvent>? handler) : SendWitness(tap)
{
    public override void Taken(ReadOnlySpan<byte> message)
    {
        if (handler is not null && Events.Translation.ClientEvent.TryRead(message, out Events.Translation.ClientEvent e, out _))
        {
            handler.Run(in e);
        }
    }
}
