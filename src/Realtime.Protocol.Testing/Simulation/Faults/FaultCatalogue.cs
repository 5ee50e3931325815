using Realtime.Protocol.Testing.Grammar;
using Realtime.Protocol.Testing.Simulation.Faults.Words;

namespace Realtime.Protocol.Testing.Simulation.Faults;

/// <summary>
/// Everything that can go wrong or be decided differently, under the name that a command line has for it. One table: each row says what
/// stands behind the name, what it does, and which method of <see cref="FaultPlan"/> or which switch of <see cref="ServiceSwitches"/> it is.
/// </summary>
internal static class FaultCatalogue
{
    /// <summary>The rows, faults first.</summary>
    public static IReadOnlyList<FaultRow> Rows { get; } =
    [
        FaultRow.At("drop", "", "is never sent", static (plan, place, _) => place.IsClients ? plan.DropFromClient(place.Type, place.Occurrence) : plan.Drop(place.Type, place.Occurrence)) with { Breaks = ServerRules.Order },
        FaultRow.At("repeat", "2", "is sent so many times", static (plan, place, value) => plan.Repeat(place.Type, place.Occurrence, FaultValue.Number(value, 2, 1_000))) with { Breaks = ServerRules.All },
        FaultRow.At("late", "500ms", "alone comes late, and others overtake it", static (plan, place, value) => plan.Late(place.Type, place.Occurrence, FaultValue.Span(value))) with { Breaks = ServerRules.Order },
        FaultRow.At("swap", "", "changes places with the next event", static (plan, place, _) => plan.Swap(place.Type, place.Occurrence)) with { Breaks = ServerRules.Order },
        FaultRow.At("stall", "30s|forever", "comes only after so long, and so does everything behind it; 30s,17 is silent behind 17 bytes of it", static (plan, place, value) => FaultValue.Stall(value) is var (milliseconds, bytes) ? plan.Stall(place.Type, place.Occurrence, milliseconds, bytes) : plan),
        FaultRow.At("inject", "TEXT", "comes behind this text, whatever it is", static (plan, place, value) => plan.InjectBefore(place.Type, place.Occurrence, FaultValue.Text(value))) with { Breaks = ServerRules.All },
        FaultRow.At("alter", "MEMBER=JSON", "has this value there", static (plan, place, value) => FaultValue.Pair(value) is var (member, json) ? plan.Alter(place.Type, place.Occurrence, member, json) : plan) with { Breaks = ServerRules.All },
        FaultRow.At("remove", "MEMBER", "has no such member", static (plan, place, value) => plan.Remove(place.Type, place.Occurrence, FaultValue.Text(value))) with { Breaks = ServerRules.All },
        FaultRow.At("ghost-done", "", "comes behind the end of a response that never was", static (plan, place, _) => plan.GhostDone(place.Type, place.Occurrence)) with { Breaks = ServerRules.Opening | ServerRules.Commit | ServerRules.Running },
        FaultRow.At("cut", "20", "comes with its first bytes only, as a whole message", static (plan, place, value) => plan.Cut(place.Type, place.Occurrence, FaultValue.Size(value))) with { Breaks = ServerRules.All },
        FaultRow.At("pad", "16MiB", "is grown to a size by white space", static (plan, place, value) => plan.Pad(place.Type, place.Occurrence, FaultValue.Size(value))),
        FaultRow.At("binary", "", "comes as a binary frame", static (plan, place, _) => plan.Binary(place.Type, place.Occurrence)),
        FaultRow.At("bad-utf8", "", "ends with a byte that is none of UTF-8", static (plan, place, _) => plan.BadUtf8(place.Type, place.Occurrence)),
        FaultRow.At("masked", "", "comes in masked frames", static (plan, place, _) => plan.Masked(place.Type, place.Occurrence)),
        FaultRow.At("reserved-bit", "", "has a reserved bit set", static (plan, place, _) => plan.ReservedBit(place.Type, place.Occurrence)),
        FaultRow.At("close", "1011", "is a goodbye instead, with a reason behind a space; 1005 is one without a status", static (plan, place, value) => FaultValue.Goodbye(value) is var (status, reason) ? plan.CloseAt(place.Type, place.Occurrence, status, reason) : plan),
        FaultRow.At("fin", "0", "is the end of the connection, behind so many of its bytes", static (plan, place, value) => plan.Fin(place.Type, place.Occurrence, FaultValue.SizeOr(value, 0))),
        FaultRow.At("reset", "0", "is a reset of the connection, behind so many of its bytes", static (plan, place, value) => plan.Reset(place.Type, place.Occurrence, FaultValue.SizeOr(value, 0))),
        FaultRow.At("deaf", "10s|forever", "comes, and nothing more is read from the client for so long", static (plan, place, value) => plan.Deaf(place.EventType, place.Occurrence, FaultValue.SpanOrForEver(value))),
        FaultRow.Always("noise", "0.1", "of so many events, some have members that nobody knows and numbers as 1.0, and unknown events come between", static (plan, value) => plan.Noise(FaultValue.Share(value))),
        FaultRow.Anywhere("fragment", "16", "events come in frames of so many bytes", static (plan, place, value) => plan.Fragment(FaultValue.Number(value, 1, int.MaxValue), place.Type, place.Occurrence)),
        FaultRow.Anywhere("trickle", "1", "frames are written so many bytes at a time", static (plan, place, value) => plan.Trickle(FaultValue.Number(value, 1, int.MaxValue), place.Type, place.Occurrence)),
        FaultRow.Anywhere("pings", "", "a ping stands between any two fragments", static (plan, place, _) => plan.PingsBetween(place.Type, place.Occurrence)),
        FaultRow.Always("no-pong", "", "a client's pings are not answered", static (plan, _) => plan.NoPong()),
        FaultRow.Always("ping", "200ms", "the server pings this often", static (plan, value) => plan.Ping(FaultValue.Span(value))),
        FaultRow.Always("http", "503", "the client is refused at the door; 429,retry=2 says when to come again", static (plan, value) => FaultValue.Status(value) is var (status, retry) ? plan.Http(status, retry) : plan),
        FaultRow.Always("slow-accept", "5s", "the door opens this late", static (plan, value) => plan.SlowAccept(FaultValue.Span(value))),
        FaultRow.Always("no-subprotocol", "", "no subprotocol is chosen", static (plan, _) => plan.NoSubprotocol()),
        FaultRow.Switch<AutoResponseWinner>("winner", "who gets a response when the client asks for one while the server is about to start its own", static (service, value) => service with { AutoResponse = service.AutoResponse with { Winner = value } }),
        FaultRow.Switch<RejectionTime>("rejection", "when the client hears that it did not get it", static (service, value) => service with { AutoResponse = service.AutoResponse with { Rejection = value } }),
        FaultRow.Switch<FailedAttempt>("loser", "what the server says when it did not get it itself", static (service, value) => service with { AutoResponse = service.AutoResponse with { Loser = value } }),
        FaultRow.Switch("late-deltas", "how many deltas still come when a response was cancelled", static service => service.LateDeltas, static (service, value) => service with { LateDeltas = value }, most: 1_000),
        FaultRow.Switch("errors-name-their-event", "whether an error has the `event_id` of the event that it is about", static (service, value) => service with { ErrorsNameTheirEvent = value }),
        FaultRow.Switch("echo-metadata", "whether `response.created` and `response.done` have the metadata of the request", static (service, value) => service with { EchoMetadata = value }),
        FaultRow.Switch<RateLimitReport>("rate-limits", "when `rate_limits.updated` comes", static (service, value) => service with { RateLimits = value }),
        FaultRow.Switch<DuplicateItemIds>("duplicate-item-ids", "what becomes of an item whose id is taken", static (service, value) => service with { DuplicateItemIds = value }) with { Breaks = ServerRules.Items },
        FaultRow.Switch<StatusDetailsShape>("status-details", "how it is told why a response was not completed", static (service, value) => service with { StatusDetails = value }),
        FaultRow.Switch<UsageReport>("usage", "how the tokens of a response are told", static (service, value) => service with { Usage = value }),
        FaultRow.Switch("failed-output", "whether a failed response keeps its output", static (service, value) => service with { FailedOutput = value }),
        FaultRow.Switch<ClosedStatus>("closed-status", "the status of an item that was cut off", static (service, value) => service with { ClosedStatus = value }) with { Breaks = ServerRules.ItemsEnd },
        FaultRow.Switch("item-done", "whether `conversation.item.done` is ever sent", static (service, value) => service with { ItemDone = value }) with { Breaks = ServerRules.ItemsEnd | ServerRules.Rest },
        FaultRow.Switch<AudioDoneOrder>("audio-done", "which end of a spoken part comes first", static (service, value) => service with { AudioDone = value }),
        FaultRow.Switch("stale-previous", "whether an item is announced behind one that was just deleted", static (service, value) => service with { StalePrevious = value }),
        FaultRow.Switch("truncation-skew-ms", "how much less sound the server has than it sent", static service => service.TruncationSkewMs, static (service, value) => service with { TruncationSkewMs = value }, most: 1_000_000),
        FaultRow.Switch<Verdict>("truncate-in-progress", "whether an item may be truncated that is still being made", static (service, value) => service with { TruncateInProgress = value }),
        FaultRow.Switch<Verdict>("delete-in-progress", "whether an item may be deleted that is still being made", static (service, value) => service with { DeleteInProgress = value }),
        FaultRow.Switch<Verdict>("create-during-speech", "whether a response may be asked for while the user speaks", static (service, value) => service with { CreateDuringSpeech = value }),
        FaultRow.Switch<McpProgress>("mcp-progress", "when remote tools are called", static (service, value) => service with { McpProgress = value }),
        FaultRow.Switch<Verdict>("beta-header", "whether a client that asks for the beta gets a session; else a host lets it in, says `beta_api_shape_disabled` and closes with 4000", static (service, value) => service with { BetaHeader = value }),
        FaultRow.Switch<Verdict>("response-null", "whether a request may have `\"response\": null`", static (service, value) => service with { ResponseNull = value }),
        FaultRow.Switch<Verdict>("unknown-voice", "whether a voice is taken that the service does not list", static (service, value) => service with { UnknownVoice = value }),
        FaultRow.Switch<Verdict>("speed-during-response", "whether the speed may be changed while a response is made", static (service, value) => service with { SpeedDuringResponse = value }),
        FaultRow.Switch<WholeTranscripts>("whisper", "which transcripts come whole, in one delta", static (service, value) => service with { Whisper = value }),
        FaultRow.Switch<IdleTimeout>("idle-timeout", "whether a user who says nothing is spoken to", static (service, value) => service with { IdleTimeout = value }),
        FaultRow.Switch("min-speech-ms", "how much loud sound is speech; less is a click", static service => service.MinSpeechMs, static (service, value) => service with { MinSpeechMs = value }, ServiceSwitches.MostMinSpeechMs),
        FaultRow.Switch("hysteresis-db", "how much softer than the threshold is quiet again", static service => service.HysteresisDb, static (service, value) => service with { HysteresisDb = value }, ServiceSwitches.MostHysteresisDb),
        FaultRow.Switch("conversation-created", "whether `conversation.created` follows `session.created`", static (service, value) => service with { ConversationCreated = value }),
    ];

    /// <summary>What is decided differently and what goes wrong, as a command line writes it: <see cref="Add"/> of each to the defaults gives the same again.</summary>
    public static IEnumerable<string> Wishes(SimulatorOptions options) =>
    [
        .. Rows.Select(row => (row.Name, Value: row.Shown(options.Service))).Where(static shown => shown.Value is not null).Select(static shown => $"{shown.Name}:{shown.Value}"),
        .. options.Faults.Wishes,
    ];

    /// <summary>A switch as it is by default, whatever it was.</summary>
    public static SimulatorOptions Reset(SimulatorOptions options, string name) => Add(options, $"{name}:{Rows.Single(row => row.Name == name).Values.Split(", ")[0]}");

    /// <summary>Which rules of order a server breaks that decides so.</summary>
    public static ServerRules BrokenBy(ServiceSwitches service) => Rows
        .Where(row => row.Breaks != ServerRules.None && row.Shown(service) is { } value && row.Values.EndsWith($", {value}", StringComparison.Ordinal))
        .Aggregate(ServerRules.None, static (broken, row) => broken | row.Breaks);

    /// <summary>Which of them may be broken on the way to the client. What a client says and is lost breaks none: the server never heard it.</summary>
    public static ServerRules BrokenBy(FaultPlan faults) => faults.Wishes
        .Select(static wish => FaultWish.Parse(wish))
        .Where(static wish => wish.Place is not { IsClients: true })
        .Select(static wish => Rows.Single(row => row.Name == wish.Name))
        .Aggregate(ServerRules.None, static (broken, row) => broken | row.Breaks);

    /// <summary>Adds what a command line wishes for.</summary>
    /// <param name="wish">Such as <c>late:500ms@response.created/1</c> or <c>rejection:before-created</c>.</param>
    /// <param name="options">What it is added to.</param>
    /// <exception cref="FormatException">The wish can't be understood; the sentence says why, and what may be meant.</exception>
    public static SimulatorOptions Add(SimulatorOptions options, string wish)
    {
        FaultWish parsed = FaultWish.Parse(wish);
        FaultRow row = Rows.FirstOrDefault(row => row.Name == parsed.Name)
            ?? throw new FormatException($"There is no fault '{parsed.Name}'.{FaultValue.Meant(parsed.Name, [.. Rows.Select(static row => row.Name)])}");
        try
        {
            return row.Apply(options, parsed);
        }
        catch (ArgumentException)
        {
            throw new FormatException($"The value of {row.Name} is wrong: '{parsed.Value}'. It is written like {row.Example}.");
        }
    }
}
