namespace Realtime.Protocol.Transport;

/// <summary>The events of a voice connection: read, taken in by the session, then shown to the application's handler.</summary>
/// <param name="gate">Takes them in.</param>
/// <param name="transport">Where messages come from.</param>
/// <param name="tap">Where events are read.</param>
/// <param name="handler">The application's; null for none.</param>
/// <param name="maxMessageBytes">What is longer is refused.</param>
internal sealed class VoiceReceiveLoop(MachineGate gate, IRealtimeTransport transport, EventTap tap, HandlerWatch<ServerEvent>? handler, int maxMessageBytes)
    : ReceiveLoop(gate, transport, handler)
{
    private readonly ServerEventReader _reader = new(maxMessageBytes, ReadTolerance.Mend);

    protected override void Receive(ReadOnlySpan<byte> message, Span<byte> audio)
    {
        if (!_reader.TryRead(message, audio, out ServerEvent e, out ReadError error))
        {
            Refuse(message, in error);
            return;
        }

        if (e.Oddities.Count > 0 && Odd.Note((int)e.Kind, e.Oddities, out string path))
        {
            gate.Reporter.Report(new SessionProblem.OddEvent(e.Kind, path, e.Oddities.Count));
        }

        tap.Received(in e);
        gate.Receive(in e);
        handler?.Run(in e);
    }
}
