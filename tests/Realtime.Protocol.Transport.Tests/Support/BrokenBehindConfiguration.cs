using System.Text;
using System.Text.Json.Nodes;

namespace Realtime.Protocol.Transport.Tests;

/// <summary>Opens a session, takes its configuration, and is gone.</summary>
internal sealed class BrokenBehindConfiguration : IRealtimeTransport
{
    private readonly TaskCompletionSource<JsonObject> _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _received;

    public RealtimeCloseReason? CloseReason { get; private set; }

    public ValueTask<bool> SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken = default)
    {
        _asked.TrySetResult(JsonNode.Parse(message.Span)!.AsObject());
        return new(true);
    }

    public async ValueTask<ReceivedMessage> ReceiveAsync(CancellationToken cancellationToken = default) => _received++ switch
    {
        0 => Message("""{"type":"session.created","event_id":"event_1","session":{"type":"realtime","id":"sess_1"}}"""),
        1 => Message($$"""{"type":"session.updated","event_id":"event_2","session":{{(await _asked.Task.WaitAsync(cancellationToken))["session"]!.ToJsonString()}}}"""),
        _ => new(CloseReason = new(RealtimeCloseKind.ConnectionLost, null, "Cut.")),
    };

    public ValueTask CloseAsync(int statusCode = 1000, string description = "", CancellationToken cancellationToken = default) => default;

    public ValueTask DisposeAsync() => default;

    private static ReceivedMessage Message(string json) => new(Encoding.UTF8.GetBytes(json));
}
