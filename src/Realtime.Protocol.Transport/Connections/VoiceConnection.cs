namespace Realtime.Protocol.Transport;

/// <summary>One connection of a voice session: the gate to its machine, its two loops and one end, and what the application sends over it by itself. Nothing of it goes on when it has ended.</summary>
/// <param name="gate">To its machine.</param>
/// <param name="connection">Its loops.</param>
/// <param name="sending">The application's own events.</param>
internal sealed class VoiceConnection(MachineGate gate, Connection connection, EventSending sending)
{
    public MachineGate Gate => gate;

    public Connection Connection => connection;

    public EventSending Sending => sending;
}
