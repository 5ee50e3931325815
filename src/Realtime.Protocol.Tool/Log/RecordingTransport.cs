using Realtime.Protocol.Transport;

namespace Realtime.Protocol.CommandLine.Log;

/// <summary>A transport that lets everything through and shows it to a recorder: an event of ours before it leaves, an event of the server's before anyone acts on it.
/// The recorder throws nothing, so that recording never ends a session.</summary>
internal sealed class RecordingTransport(IRealtimeTransport transport, Recorder recorder) : IRealtimeTransport
{
    public RealtimeCloseReason? CloseReason => transport.CloseReason;

    public async ValueTask<ReceivedMessage> ReceiveAsync(CancellationToken cancellationToken = default)
    {
        ReceivedMessage message = await transport.ReceiveAsync(cancellationToken);
        if (!message.IsEnd)
        {
            recorder.Record(EventSender.Server, message.Body.Span);
        }

        return message;
    }

    public ValueTask<bool> SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken = default)
    {
        recorder.Record(EventSender.Client, message.Span);
        return transport.SendAsync(message, cancellationToken);
    }

    public ValueTask CloseAsync(int statusCode = 1000, string description = "", CancellationToken cancellationToken = default) => transport.CloseAsync(statusCode, description, cancellationToken);

    public ValueTask DisposeAsync() => transport.DisposeAsync();
}
