using Realtime.Protocol.Testing.Hosting;

namespace Realtime.Protocol.Testing.Tests.Support;

/// <summary>Waits for the end of a connection of a host.</summary>
internal sealed class ConnectionEnds : IProgress<HostedConnection>
{
    private readonly TaskCompletionSource<HostedConnection> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The first connection that has ended.</summary>
    public Task<HostedConnection> First => _first.Task;

    public void Report(HostedConnection value)
    {
        if (value.End != ConnectionEnd.None)
        {
            _first.TrySetResult(value);
        }
    }
}
