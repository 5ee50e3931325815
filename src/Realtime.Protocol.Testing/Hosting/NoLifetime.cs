using Microsoft.Extensions.Hosting;

namespace Realtime.Protocol.Testing.Hosting;

/// <summary>
/// A simulator is a guest in somebody's program: the signals that end the program are the program's. The platform's default lifetime would
/// take them, stop the simulator and let the program run on.
/// </summary>
internal sealed class NoLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
