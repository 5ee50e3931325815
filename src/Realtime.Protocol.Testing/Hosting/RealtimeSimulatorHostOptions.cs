using System.Net;
using System.Security.Cryptography.X509Certificates;
using Realtime.Protocol.Testing.Grammar;
using Realtime.Protocol.Testing.Hosting.Logs;
using Realtime.Protocol.Testing.Scenarios;
using Realtime.Protocol.Testing.Simulation;

namespace Realtime.Protocol.Testing.Hosting;

/// <summary>Where a simulator listens and for whom.</summary>
public sealed record RealtimeSimulatorHostOptions
{
    /// <summary>The address to listen on. The default is loopback: nobody else on the network can connect.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The port to listen on; 0, the default, takes any that is free.</summary>
    public int Port { get; init; }

    /// <summary>
    /// The key that clients have to show, as <c>Authorization: Bearer</c>, as <c>api-key</c> or as the browser's subprotocol. Null, the default, lets everyone in who
    /// shows another key or none. A client secret (<c>ek_…</c>) is looked up in any case.
    /// </summary>
    public string? ApiKey { get; init; }

    /// <summary>Whether clients connect by TLS, to <c>wss://</c>. Without a <see cref="Certificate"/> one is made that is thrown away with the host.</summary>
    public bool Tls { get; init; }

    /// <summary>The certificate for <see cref="Tls"/>, with its private key; null, the default, makes one. It stays its owner's to dispose.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>What the simulated servers are like. Each connection gets its own: the first one this seed, the next one the next.</summary>
    public SimulatorOptions Simulator { get; init; } = new();

    /// <summary>
    /// Chooses the simulated server of each connection, as <see cref="ScenarioFolder"/> does by <c>?scenario=</c> or the model; whoever asks for what is not there is
    /// refused with 404. Null, the default, gives everybody <see cref="Simulator"/>.
    /// </summary>
    public ISimulatorChoice? Choice { get; init; }

    /// <summary>Called with the number of a connection and a line for whoever watches: which turn of a scenario answered. It is called while the connection waits: it has to return at once and must not throw.</summary>
    public Action<int, string>? OnReport { get; init; }

    /// <summary>What the host bears.</summary>
    public SimulatorHostLimits Limits { get; init; } = new();

    /// <summary>The clock that paces the answers and ages client secrets; the system's by default.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>
    /// Called with each rule that a client breaks, once a rule and connection, and again when what was a race is none any more. It is called while the connection
    /// waits: it has to return at once and must not throw.
    /// </summary>
    public Action<Violation>? OnViolation { get; init; }

    /// <summary>Whether each connection keeps what both sides said, audio included, in <see cref="HostedConnection.Transcript"/> and at <c>/connections/N/log</c>: for tests, since nothing bounds it.</summary>
    public bool KeepsTranscripts { get; init; }

    /// <summary>
    /// The folder of the logs, made where it is not there; null, the default, for none. Each session writes one file of JSON lines, <c>0003-NAME.jsonl</c>, named after its first
    /// connection and its scenario, or what it is for; one of that name is overwritten. Its first line is the recipe from which <see cref="Like(string, Scenario?)"/> serves the same again, then come
    /// both sides' events, transcripts included, the rules that the client broke, and how it ended. <c>realtime lint</c> and <c>realtime decode</c> read it.
    /// </summary>
    public string? LogFolder { get; init; }

    /// <summary>Whether logs hold the audio; its size stands in its place otherwise.</summary>
    public bool LogsAudio { get; init; }

    /// <summary>The number of the first connection, 1 by default. The server of a log counts from the log's own.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int FirstConnection
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 1;

    /// <summary>Is told of a connection when it has come and again when it has ended, on any thread; it must not throw and should not take long.</summary>
    public IProgress<HostedConnection>? Connections { get; init; }

    /// <summary>What the host's own servers may break without its being a defect; null, the default, for what their switches ask for.</summary>
    internal ServerRules? Excused { get; init; }

    /// <summary>Any free port of loopback, for everyone, with this scenario, which each connection sees from its beginning.</summary>
    /// <exception cref="InvalidOperationException">The scenario cannot be played; the message says why.</exception>
    /// <exception cref="ScenarioException">A sound of the scenario cannot be used.</exception>
    public static implicit operator RealtimeSimulatorHostOptions(Scenario scenario) => new() { Simulator = scenario };

    /// <summary>The server of a log again, on any free port of loopback: the first connection gets the same ids, the same delays and the same faults at the same events.</summary>
    /// <param name="logFile">A log that a host wrote.</param>
    /// <param name="scenario">What answers in place of what answered; null for the log's own. What it says itself of its session, its service and its faults stands in place of what the log says.</param>
    /// <exception cref="ScenarioException">The file cannot be read, is no such log, or names what cannot be had again: answers that were code, sounds that are not there, scripted turns that the scenario does not script.</exception>
    public static RealtimeSimulatorHostOptions Like(string logFile, Scenario? scenario = null) => Like(logFile, scenario, detection: null);

    /// <inheritdoc cref="Like(string, Scenario?)"/>
    /// <param name="detection">How turns are found, in place of what the log and the scenario say; null for what they say.</param>
    internal static RealtimeSimulatorHostOptions Like(string logFile, Scenario? scenario, SimulatedTurnDetection? detection)
    {
        ArgumentException.ThrowIfNullOrEmpty(logFile);
        var recipe = Recipe.Load(logFile);
        return new() { Simulator = recipe.ToOptions(scenario, detection), FirstConnection = recipe.Connection ?? 1, Limits = recipe.Limits };
    }

    /// <summary>Everything but the key.</summary>
    public override string ToString() => $"{Address}:{Port}";
}
