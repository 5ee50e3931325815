using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Hosting;

namespace Realtime.Protocol.Gateway;

/// <summary>
/// Takes calls of Asterisk: <c>AudioSocket(${UUID},host:9092)</c> in the dialplan. It listens from the start of the host to its stop; a call that comes while the host stops, or for which there is no place, is hung up. Added by
/// <c>AddAudioSocketListener</c>.
/// </summary>
public sealed class AudioSocketListener : IHostedService, IDisposable
{
    // Where the system has no socket to give, it says so again at once.
    private static readonly TimeSpan AcceptPause = TimeSpan.FromMilliseconds(100);

    // What an application does at the end of a call may hang; the stop of its host does not.
    private static readonly TimeSpan LeavePatience = TimeSpan.FromSeconds(2);

    private readonly AudioSocketOptions _options;
    private readonly GatewayServices _services;
    private readonly ConcurrentDictionary<Task, TcpCallWire> _calls = new();
    private readonly CancellationTokenSource _stop = new();
    private Socket? _listener;
    private Task _accepting = Task.CompletedTask;

    internal AudioSocketListener(AudioSocketOptions options, GatewayServices services) => (_options, _services) = (options, services);

    /// <summary>Where it listens, with the port that was taken; null before the host has started.</summary>
    public IPEndPoint? EndPoint { get; private set; }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var listener = _listener = new Socket(_options.EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(_options.EndPoint);
        listener.Listen();
        EndPoint = (IPEndPoint)listener.LocalEndPoint!;
        GatewayLog.Listening(_services.Logger, EndPoint.ToString());
        _accepting = AcceptAsync(listener);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _listener?.Dispose();
        await _accepting.ConfigureAwait(false);

        // Their sessions have drained: nothing but goodbyes is left.
        Task leaving = Task.WhenAll(_calls.Keys);
        await leaving.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (TcpCallWire wire in _calls.Values)
        {
            wire.Abort();
        }

        await leaving.WaitAsync(LeavePatience, _services.Time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _listener?.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync(Socket listener)
    {
        CancellationToken stop = _stop.Token;
        bool isFailing = false;
        while (!stop.IsCancellationRequested)
        {
            Socket? socket = null;
            try
            {
                socket = await listener.AcceptAsync(stop).ConfigureAwait(false);
                isFailing = false;
                socket.NoDelay = true;
                IPAddress? address = (socket.RemoteEndPoint as IPEndPoint)?.Address;
                var wire = new TcpCallWire(socket, _options.MaxMessageBytes);
                Task call = RunAsync(wire, address);
                _calls[call] = wire;
                _ = call.ContinueWith(over => _calls.TryRemove(over, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
            catch (SocketException) when (socket is not null)
            {
                socket.Dispose(); // of a caller who left before he was let in
            }
            catch (Exception stopped) when (stopped is OperationCanceledException or ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted })
            {
                return;
            }
            catch (SocketException failure)
            {
                if (!isFailing)
                {
                    isFailing = true;
                    GatewayLog.NotAccepted(_services.Logger, EndPoint?.ToString(), failure.SocketErrorCode);
                }

                await Task.Delay(AcceptPause, _services.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task RunAsync(TcpCallWire wire, IPAddress? address)
    {
        await Task.Yield();
        DoorAnswerText? refusal = _services.Sessions.Stopping.IsCancellationRequested ? DoorAnswerText.Stopping : DoorAnswerText.Of(_services.Calls.TryEnter(_options, address));
        if (refusal is not null)
        {
            GatewayInstruments.NotLetIn(ProtocolNames.AudioSocket, refusal.Status);
            GatewayLog.Refused(_services.Logger, address?.ToString(), nameof(AudioSocketListener), refusal.Text);
            await wire.CloseAsync(0, "").ConfigureAwait(false);
            await wire.DisposeAsync().ConfigureAwait(false);
            return;
        }

        try
        {
            await new CallBridge(_options, _services, new AudioSocketProtocol(), wire, address).RunAsync().ConfigureAwait(false);
        }
        finally
        {
            _services.Calls.Leave(_options, address);
        }
    }
}
