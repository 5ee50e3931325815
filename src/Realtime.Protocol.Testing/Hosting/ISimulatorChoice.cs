using System.Diagnostics.CodeAnalysis;
using Realtime.Protocol.Testing.Simulation;

namespace Realtime.Protocol.Testing.Hosting;

/// <summary>Chooses the simulated server of a connection of a host, by what the connection asks for. Any thread may call it.</summary>
public interface ISimulatorChoice
{
    /// <summary>Chooses.</summary>
    /// <param name="scenario">What <c>?scenario=</c> says; null where it is not there.</param>
    /// <param name="model">What <c>?model=</c> says, or the model of the client secret; null where there is none.</param>
    /// <param name="simulator">What the server is like. The host gives each connection its number and a seed of its own.</param>
    /// <param name="why">One sentence for a client that asks for what is not there.</param>
    bool TryChoose(string? scenario, string? model, [NotNullWhen(true)] out SimulatorOptions? simulator, out string why);
}
