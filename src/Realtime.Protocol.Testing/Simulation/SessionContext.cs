using System.Text.Json;
using Realtime.Protocol.Testing.Simulation.Audio;
using Realtime.Protocol.Testing.Simulation.Configuration;
using Realtime.Protocol.Testing.Simulation.Conversation;
using Realtime.Protocol.Testing.Simulation.Faults;
using Realtime.Protocol.Testing.Simulation.Input.Detectors;
using Realtime.Protocol.Testing.Simulation.Model;

namespace Realtime.Protocol.Testing.Simulation;

/// <summary>
/// What all concerns of one session share: its options, its moment, its ids, what it says, its settings and its conversation. It holds no
/// rule of the protocol.
/// </summary>
internal sealed class SessionContext
{
    // What a service that is a little behind names as the item before the next one.
    private string? _deletedLast;

    public SessionContext(SimulatorOptions options)
    {
        options.Service.Check();
        ArgumentOutOfRangeException.ThrowIfNegative(options.KeptAudioBytes ?? 0, nameof(options.KeptAudioBytes));
        if (options.TurnDetection == SimulatedTurnDetection.Scripted)
        {
            ScriptedDetector.Check(options.Transcripts);
        }

        Options = options;
        Ids = new WireIds(options.Seed);
        Draws = new Draws(options.Seed);
        Model = GuardedModel.Of(options.Speaker).ForConnection(options.Connection);
        Spoken = new SpokenEvents(options.Faults, Ids);
        Agenda.Enroll(Spoken);
        Spoken.Said += eventType => Watch.Said(eventType, Now);
        Speaker = new ServerSpeaker(Spoken, Ids);
        Settings = new SessionSettings(options.Kind, options, Ids.Session(), options.Model, options.UnixSecondsAtConnect + (long)options.SessionLifetime.TotalSeconds);
        if (options.InitialSession is { } session)
        {
            Begin(session);
        }

        ConversationId = Ids.Conversation();
    }

    public SimulatorOptions Options { get; }

    public ServiceSwitches Service => Options.Service;

    public WireIds Ids { get; }

    public Draws Draws { get; }

    /// <summary>Who waits for an event of the server.</summary>
    public EventWatch Watch { get; } = new();

    /// <summary>What answers on this connection.</summary>
    public ISimulatedModel Model { get; }

    /// <summary>What the simulator wants done, in order.</summary>
    public SpokenEvents Spoken { get; }

    /// <summary>Every event that the server can say.</summary>
    public ServerSpeaker Speaker { get; }

    public Agenda Agenda { get; } = new();

    public SessionSettings Settings { get; }

    public SimulatedConversation Conversation { get; } = new();

    public string ConversationId { get; }

    /// <summary>What is kept of the user's sound.</summary>
    public KeptAudio Kept => field ??= new(Options.KeptAudioBytes is { } bytes ? () => bytes : Options.KeptAudioShare is { } share ? () => share.PartOfOne : static () => long.MaxValue, Options.MaxInputAudioBytes);

    /// <summary>The moment of the call that is being answered.</summary>
    public long Now
    {
        get => Spoken.Now;
        set => Spoken.Now = value;
    }

    /// <summary>True while speech is under way that detection has heard the beginning of.</summary>
    public bool UserSpeaks { get; set; }

    /// <summary>Keeps the sound that a client gave with an item.</summary>
    public void Keep(SimulatedItem item)
    {
        foreach (SimulatedPart part in item.PartList)
        {
            if (part is { Sound: GivenSound given, AudioLength: > 0 })
            {
                var pages = new AudioPages();
                pages.Append(given.Audio.Span);
                part.Sounds(Kept.Keep(pages), pages.Length);
            }
        }
    }

    /// <summary>Tells of an item that is in the conversation now.</summary>
    public void Announce(SimulatedItem item)
    {
        if (item is { Kind: ItemKind.Message, Role: MessageItemRole.Assistant })
        {
            Kept.EndTurn();
        }

        string? previous = _deletedLast is not null && Service.StalePrevious ? _deletedLast : Conversation.Before(item);
        _deletedLast = null;
        Speaker.ItemAdded(previous, item);
    }

    /// <summary>Tells that an item of the conversation is whole, where the service tells that.</summary>
    public void AnnounceDone(SimulatedItem item)
    {
        if (Service.ItemDone)
        {
            Speaker.ItemDone(Conversation.Before(item), item);
        }
    }

    /// <summary>Takes an item out of the conversation.</summary>
    public void Remove(SimulatedItem item)
    {
        Conversation.Remove(item);
        foreach (SimulatedPart part in item.PartList)
        {
            part.LetGo();
        }

        _deletedLast = item.Id;
    }

    private void Begin(string session)
    {
        if (!IsObject(session))
        {
            throw new ArgumentException("The initial session is not a JSON object.", nameof(session));
        }

        if (!Settings.TryBegin(session, out Refusal refusal))
        {
            throw new ArgumentException(refusal.Message, nameof(session));
        }
    }

    private static bool IsObject(string session)
    {
        try
        {
            using var json = JsonDocument.Parse(session);
            return json.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Answers a client event with an error.</summary>
    public void Refuse(Refusal refusal, string? clientEventId) => Speaker.Error(refusal, Service.ErrorsNameTheirEvent ? clientEventId : null);

    /// <summary>Answers a client event with an error.</summary>
    public void Refuse(Refusal refusal, in TextView clientEventId) => Refuse(refusal, clientEventId.HasValue ? clientEventId.ToString() : null);
}
