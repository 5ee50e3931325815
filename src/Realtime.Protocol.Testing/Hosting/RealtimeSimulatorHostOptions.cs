using System.Net;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Transport;

namespace Realtime.Protocol.Testing.Hosting;

/// <summary>Where a simulator listens and for whom.</summary>
public sealed record RealtimeSimulatorHostOptions
{
    /// <summary>The address to listen on. The default is loopback: nobody else on the network can connect.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The port to listen on; 0, the default, takes any that is free.</summary>
    public int Port { get; init; }

    /// <summary>The key that clients have to show, as <c>Authorization: Bearer</c> or as <c>api-key</c>. Null, the default, lets everyone in.</summary>
    public string? ApiKey { get; init; }

    /// <summary>What the simulated servers are like. Each connection gets its own, with a seed that its number is added to.</summary>
    public SimulatorOptions Simulator { get; init; } = new();

    /// <summary>What a client may send at once.</summary>
    public MessageLimits Limits { get; init; }

    /// <summary>The clock that paces the answers; the system's by default.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Everything but the key.</summary>
    public override string ToString() => $"{Address}:{Port}";
}
