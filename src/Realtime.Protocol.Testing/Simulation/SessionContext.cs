using Realtime.Protocol.Testing.Simulation.Configuration;
using Realtime.Protocol.Testing.Simulation.Conversation;

namespace Realtime.Protocol.Testing.Simulation;

/// <summary>
/// What all concerns of one session share: its options, its moment, its ids, what it says, its settings and its conversation. It holds no
/// rule of the protocol.
/// </summary>
internal sealed class SessionContext
{
    public SessionContext(SimulatorOptions options)
    {
        Options = options;
        Ids = new WireIds(options.Seed);
        Spoken = new SpokenEvents(options.Faults);
        Speaker = new ServerSpeaker(Spoken, Ids);
        Settings = new SessionSettings(options.Kind, Ids.Session(), options.Model, options.UnixSecondsAtConnect + (long)options.SessionLifetime.TotalSeconds);
        ConversationId = Ids.Conversation();
    }

    public SimulatorOptions Options { get; }

    public WireIds Ids { get; }

    /// <summary>What the simulator wants done, in order.</summary>
    public SpokenEvents Spoken { get; }

    /// <summary>Every event that the server can say.</summary>
    public ServerSpeaker Speaker { get; }

    public Agenda Agenda { get; } = new();

    public SessionSettings Settings { get; }

    public SimulatedConversation Conversation { get; } = new();

    public string ConversationId { get; }

    /// <summary>The moment of the call that is being answered.</summary>
    public long Now { get; set; }

    /// <summary>A response of the conversation is done.</summary>
    public event Action? ResponseEnded;

    public void EndResponse() => ResponseEnded?.Invoke();

    /// <summary>Answers a client event with an error.</summary>
    public void Refuse(Refusal refusal, string? clientEventId) => Speaker.Error(refusal, Options.ErrorsNameTheirEvent ? clientEventId : null);

    /// <summary>Answers a client event with an error.</summary>
    public void Refuse(Refusal refusal, in TextView clientEventId) => Refuse(refusal, clientEventId.HasValue ? clientEventId.ToString() : null);
}
