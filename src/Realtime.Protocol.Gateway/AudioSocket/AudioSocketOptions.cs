using System.Net;

namespace Realtime.Protocol.Gateway;

/// <summary>Calls that come from Asterisk by AudioSocket. The protocol has neither keys nor encryption: whoever reaches the port may call, so it belongs to a network of its own.</summary>
public sealed class AudioSocketOptions : CallOptions
{
    /// <summary>Where Asterisk connects to. Port 9092 of this machine alone; port 0 takes any that is free.</summary>
    /// <exception cref="ArgumentNullException">It is null.</exception>
    public IPEndPoint EndPoint { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); } = new(IPAddress.Loopback, 9_092);
}
