using System.Net;
using Realtime.Protocol.Testing.Grammar;
using Realtime.Protocol.Testing.Simulation;

namespace Realtime.Protocol.CommandLine.Serving;

/// <summary>What the command line of <c>realtime serve</c> says.</summary>
internal sealed record ServeSettings
{
    public required int Port { get; init; }

    public IPAddress Listen { get; init; } = IPAddress.Loopback;

    public bool Tls { get; init; }

    /// <summary>A certificate of the user's own, with its key; null for one that is made.</summary>
    public string? Certificate { get; init; }

    /// <summary>Where the certificate goes that is made; null for <c>realtime-PORT.pem</c>.</summary>
    public string? CertificateOut { get; init; }

    public string? Key { get; init; }

    public bool Fast { get; init; }

    /// <summary>What goes wrong and what is decided differently, in the words of the simulator's page.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];

    /// <summary>The file of a scenario, or a folder of them; null for the echo.</summary>
    public string? Scenarios { get; init; }

    /// <summary>Reads a scenario again when its file was changed.</summary>
    public bool Watches { get; init; }

    /// <summary>In place of the scenario's seed.</summary>
    public ulong? Seed { get; init; }

    /// <summary>Prints the schema of scenarios and serves nobody.</summary>
    public bool PrintsSchema { get; init; }

    /// <summary>How long a session may last; null for the scenario's, or the service's.</summary>
    public TimeSpan? Lifetime { get; init; }

    /// <summary>How the end of a turn is found at the beginning; null for the scenario's, or the service's.</summary>
    public SimulatedTurnDetection? TurnDetection { get; init; }

    /// <summary>The folder for logs; null for none.</summary>
    public string? LogFolder { get; init; }

    public bool LogsAudio { get; init; }

    /// <summary>The log whose server is served again; null for a server of its own.</summary>
    public string? Like { get; init; }

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
