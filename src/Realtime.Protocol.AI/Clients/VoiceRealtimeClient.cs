using Microsoft.Extensions.AI;

namespace Realtime.Protocol.AI;

/// <summary>Makes sessions. It holds options and nothing else, so disposing it ends no session.</summary>
/// <param name="options">Its own copy.</param>
internal sealed class VoiceRealtimeClient(VoiceSessionOptions options) : IRealtimeClient
{
    private readonly ChatClientMetadata _metadata = new("openai", options.Endpoint, options.Model);
    private bool _isDisposed;

    public async Task<IRealtimeClientSession> CreateSessionAsync(RealtimeSessionOptions? options = null, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return await VoiceRealtimeSession.ConnectAsync(OptionsOf(), options ?? new(), _metadata, cancellationToken).ConfigureAwait(false);
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(ChatClientMetadata) ? _metadata
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    public void Dispose() => _isDisposed = true;

    private VoiceSessionOptions OptionsOf() => options.Clone();
}
