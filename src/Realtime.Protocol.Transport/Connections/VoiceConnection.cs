using Realtime.Protocol.Lifecycle;

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

    /// <summary>Why nothing was sent, as the application learns it.</summary>
    public RealtimeException Refusal(in SubmitResult result) => connection.CloseReason is { } reason
        ? new RealtimeClosedException(reason)
        : new RealtimeRefusedException(result.Rule ?? "", result.Message ?? "The request was refused.");

    /// <summary>Why an operation came to nothing, as the application learns it.</summary>
    /// <param name="result">Its end.</param>
    /// <param name="unanswered">What is told when nobody said why and the connection still stands.</param>
    public RealtimeException Failure(in OperationResult result, ServerError unanswered) =>
        result.Error is { } error ? new RealtimeRejectedException(error)
        : connection.CloseReason is { } reason ? new RealtimeClosedException(reason)
        : new RealtimeRejectedException(unanswered);
}
