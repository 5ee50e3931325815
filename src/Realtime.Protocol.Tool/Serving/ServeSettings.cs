using System.Net;
using Realtime.Protocol.Testing.Grammar;

namespace Realtime.Protocol.CommandLine.Serving;

/// <summary>What the command line of <c>realtime serve</c> says.</summary>
internal sealed record ServeSettings
{
    public required int Port { get; init; }

    public IPAddress Listen { get; init; } = IPAddress.Loopback;

    public bool Tls { get; init; }

    /// <summary>Where the certificate goes; null for <c>realtime-PORT.pem</c>.</summary>
    public string? Certificate { get; init; }

    public string? Key { get; init; }

    public bool Fast { get; init; }

    /// <summary>What goes wrong and what is decided differently, in the words of the simulator's page.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];

    /// <summary>The file of the scenario; null for the echo.</summary>
    public string? ScenarioFile { get; init; }

    /// <summary>In place of the scenario's seed.</summary>
    public ulong? Seed { get; init; }

    /// <summary>Prints the schema of scenarios and serves nobody.</summary>
    public bool PrintsSchema { get; init; }

    /// <summary>The file that is written once clients may come.</summary>
    public string? Ready { get; init; }

    public int? MaxConnections { get; init; }

    public int? MaxMessageBytes { get; init; }

    public int? MaxQueuedBytes { get; init; }

    /// <summary>From which level on a rule that a client broke is a failure; null for never.</summary>
    public ViolationLevel? FailOn { get; init; }

    /// <summary>A program to run against the simulator, and its arguments; empty for none.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];
}
