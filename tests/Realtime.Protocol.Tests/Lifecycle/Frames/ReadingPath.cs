using Realtime.Protocol.Lifecycle;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Tests.Lifecycle.Frames;

/// <summary>
/// How a message of the server reaches the machine: the one reader of a connection, the fact in the event, the machine. It is the path that a session takes, and the tests of the machine
/// have no other.
/// </summary>
internal sealed class ReadingPath(SessionMachine machine)
{
    private readonly ServerEventReader _reader = new(tolerance: ReadTolerance.Mend);

    // As large as a session's; one for each thread, since a test makes many machines and uses one after the other.
    [ThreadStatic]
    private static byte[]? _audio;

    /// <summary>False when the reader refuses the message, of which the machine then hears only that the server lives.</summary>
    public bool TryReceive(ReadOnlySpan<byte> message, long now, out Reception reception, out ReadError error)
    {
        if (!_reader.TryRead(message, _audio ??= new byte[64 * 1024], out ServerEvent e, out error))
        {
            machine.Heard(EventHeader.FindResponse(message, out bool isDone), isDone, now);
            reception = default;
            return false;
        }

        SessionFact fact = FactOf.Of(in e);
        if (fact.Kind is SessionFactKind.None)
        {
            machine.Heard(default, isDone: false, now);
            reception = default;
            return true;
        }

        reception = machine.Receive(in fact, now);
        return true;
    }
}
