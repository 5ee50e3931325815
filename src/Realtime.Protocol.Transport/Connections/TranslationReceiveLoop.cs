using Microsoft.Extensions.Logging;

namespace Realtime.Protocol.Transport;

/// <summary>The events of a translation: read, taken in by the session, then shown to the application's handler.</summary>
/// <param name="gate">Takes them in.</param>
/// <param name="transport">Where messages come from.</param>
/// <param name="tap">Where events are read.</param>
/// <param name="handler">The application's; null for none.</param>
/// <param name="maxMessageBytes">What is longer is refused.</param>
/// <param name="logger">Learns what was odd.</param>
internal sealed class TranslationReceiveLoop(
    TranslationGate gate, IRealtimeTransport transport, EventTap tap, HandlerWatch<Events.Translation.ServerEvent>? handler, int maxMessageBytes, ILogger logger)
    : ReceiveLoop(gate, transport, handler)
{
    private readonly Events.Translation.ServerEventReader _reader = new(maxMessageBytes, ReadTolerance.Mend);

    public override void Stop()
    {
        base.Stop();
        tap.Complete();
    }

    protected override void Receive(ReadOnlySpan<byte> message, Span<byte> audio)
    {
        if (!_reader.TryRead(message, audio, out Events.Translation.ServerEvent e, out ReadError error))
        {
            Refuse(message, in error);
            return;
        }

        if (e.Oddities.Count > 0 && Odd.Note((int)e.Kind, e.Oddities, out string path))
        {
            LogMessages.OddTranslationEvent(logger, e.Kind.ToString(), path, e.Oddities.Count);
        }

        tap.Received(in e);
        gate.Receive(in e);
        handler?.Run(in e);
    }
}
