using System.Security.Cryptography;
using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Transport;

/// <summary>Makes the connections of one voice session, each with a machine, loops and ids of its own. It opens nothing and sends nothing.</summary>
/// <param name="capabilities">What is known of the service.</param>
/// <param name="host">Told of every change.</param>
/// <param name="tap">Where events are read.</param>
/// <param name="input">The user's audio.</param>
/// <param name="logger">Where loops write.</param>
internal sealed class VoiceConnector(Capabilities capabilities, SessionHost host, EventTap tap, InputSource input, DeferredLogger logger)
{
    // Two connections of a session may receive at once, and the application's code runs for one event after the other.
    private readonly Lock _serverEvents = new();
    private readonly Lock _clientEvents = new();

    /// <summary>The session's, for whatever fills a connection.</summary>
    public DeferredLogger Logger => logger;

    /// <param name="transport">Disposed with the connection.</param>
    /// <param name="options">A copy of the caller's, with the configuration in force.</param>
    /// <param name="asked">As the server is going to be asked for it.</param>
    /// <param name="isFilling">It is going to be told what was said on another.</param>
    public VoiceConnection Create(IRealtimeTransport transport, VoiceSessionOptions options, Session asked, bool isFilling)
    {
        MachineSettings settings = ConfigurationWriting.ForMachine(options, asked, capabilities, RandomNumberGenerator.GetHexString(8, lowercase: true), host.Numbers);
        var gate = new MachineGate(settings, options.TimeProvider, host) { IsFilling = isFilling };
        HandlerWatch<ServerEvent>? handler = options.OnServerEvent is { } onServerEvent
            ? new(onServerEvent.Invoke, nameof(VoiceSessionOptions.OnServerEvent), options.KeepAliveTimeout, options.TimeProvider, logger, _serverEvents)
            : null;
        HandlerWatch<ClientEvent>? sendHandler = options.OnClientEvent is { } onClientEvent
            ? new(onClientEvent.Invoke, nameof(VoiceSessionOptions.OnClientEvent), options.KeepAliveTimeout, options.TimeProvider, logger, _clientEvents)
            : null;
        SendWitness witness = sendHandler is null ? new(tap) : options.WitnessOf!(tap, sendHandler);
        var receive = new VoiceReceiveLoop(gate, transport, tap, handler, options.Limits.MaxMessageBytes);
        var send = new SendLoop(gate.SendQueue, transport, input, static (output, audio) => EventWriter.Write(output, new InputAudioBufferAppend { Audio = audio }), gate.Sent, witness);
        var connection = new Connection(gate, receive, send, transport, handler, sendHandler, options.TimeProvider, logger);
        connection.Start();
        return new(gate, connection, new(gate, settings.IdPrefix, () => connection.CloseReason, reason => host.Life?.Closed(reason) ?? new(reason)));
    }
}
