using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Realtime.Protocol.Testing.Simulation.Faults;

namespace Realtime.Protocol.Testing.Scenarios.Json;

/// <summary>
/// How a scenario writes what goes wrong: one row a fault, with the members that belong to it and the method of <see cref="FaultPlan"/> that
/// it is. A test holds the rows to the <see cref="FaultCatalogue"/>, so that a command line, a file and C# can do the same.
/// </summary>
internal static class FaultShapes
{
    private static readonly WholeCodec Bytes = new(0, int.MaxValue);
    private static readonly WholeCodec Pieces = new(1, int.MaxValue);
    private static readonly WholeCodec Anything = new(0, int.MaxValue);

    private static readonly FaultShape[] Shapes =
    [
        FaultShape.AtAnEvent("drop", static (plan, fault) => IsClients(fault) ? plan.DropFromClient(fault.At![FaultPlan.ClientPrefix.Length..], fault.Nth) : plan.Drop(fault.At!, fault.Nth)),
        FaultShape.AtAnEvent("repeat", static (plan, fault) => plan.Repeat(fault.At!, fault.Nth, Whole(fault))).Valued(new WholeCodec(2, 1_000)),
        FaultShape.AtAnEvent("late", static (plan, fault) => plan.Late(fault.At!, fault.Nth, fault.ForMs!.Value)).Lasting(),
        FaultShape.AtAnEvent("swap", static (plan, fault) => plan.Swap(fault.At!, fault.Nth)),
        FaultShape.AtAnEvent("stall", static (plan, fault) => plan.Stall(fault.At!, fault.Nth, fault.ForMs!.Value, fault.Bytes ?? 0)).Lasting(maybeForEver: true).Allowing("bytes"),
        FaultShape.AtAnEvent("inject", static (plan, fault) => plan.InjectBefore(fault.At!, fault.Nth, fault.Text!)).Worded(),
        FaultShape.AtAnEvent("alter", static (plan, fault) => plan.Alter(fault.At!, fault.Nth, fault.Member!, fault.Value!)).Needing("member").Valued(new AnythingCodec()),
        FaultShape.AtAnEvent("remove", static (plan, fault) => plan.Remove(fault.At!, fault.Nth, fault.Member!)).Needing("member"),
        FaultShape.AtAnEvent("ghostDone", static (plan, fault) => plan.GhostDone(fault.At!, fault.Nth)),
        FaultShape.AtAnEvent("cut", static (plan, fault) => plan.Cut(fault.At!, fault.Nth, fault.Bytes!.Value)).Needing("bytes"),
        FaultShape.AtAnEvent("pad", static (plan, fault) => plan.Pad(fault.At!, fault.Nth, Whole(fault))).Valued(new SizeCodec()),
        FaultShape.AtAnEvent("binary", static (plan, fault) => plan.Binary(fault.At!, fault.Nth)),
        FaultShape.AtAnEvent("badUtf8", static (plan, fault) => plan.BadUtf8(fault.At!, fault.Nth)),
        FaultShape.AtAnEvent("masked", static (plan, fault) => plan.Masked(fault.At!, fault.Nth)),
        FaultShape.AtAnEvent("reservedBit", static (plan, fault) => plan.ReservedBit(fault.At!, fault.Nth)),
        FaultShape.AtAnEvent("close", static (plan, fault) => plan.CloseAt(fault.At!, fault.Nth, Whole(fault), fault.Reason ?? "")).Valued(new WholeCodec(0, ushort.MaxValue)).Allowing("reason"),
        FaultShape.AtAnEvent("fin", static (plan, fault) => plan.Fin(fault.At!, fault.Nth, fault.Bytes ?? 0)).Allowing("bytes"),
        FaultShape.AtAnEvent("reset", static (plan, fault) => plan.Reset(fault.At!, fault.Nth, fault.Bytes ?? 0)).Allowing("bytes"),
        FaultShape.AtAnEvent("deaf", static (plan, fault) => plan.Deaf(fault.At!, fault.Nth, fault.ForMs!.Value)).Lasting(leastMs: 1, maybeForEver: true),
        FaultShape.Anywhere("noise", static (plan, fault) => plan.Noise(Real(fault))).Valued(new ShareCodec(mayBeNothing: false)),
        FaultShape.Anywhere("fragment", static (plan, fault) => plan.Fragment(Whole(fault), fault.At ?? FaultPlan.AnyEvent, Nth(fault))).Valued(Pieces).Allowing("at", "nth"),
        FaultShape.Anywhere("trickle", static (plan, fault) => plan.Trickle(Whole(fault), fault.At ?? FaultPlan.AnyEvent, Nth(fault))).Valued(Pieces).Allowing("at", "nth"),
        FaultShape.Anywhere("pings", static (plan, fault) => plan.PingsBetween(fault.At ?? FaultPlan.AnyEvent, Nth(fault))).Allowing("at", "nth"),
        FaultShape.Anywhere("noPong", static (plan, _) => plan.NoPong()),
        FaultShape.Anywhere("ping", static (plan, fault) => plan.Ping(fault.ForMs!.Value)).Lasting(leastMs: 1),
        FaultShape.Anywhere("http", static (plan, fault) => plan.Http(Whole(fault), fault.RetrySeconds ?? -1)).Valued(new WholeCodec(400, 599)).Allowing("retry"),
        FaultShape.Anywhere("slowAccept", static (plan, fault) => plan.SlowAccept(fault.ForMs!.Value)).Lasting(),
        FaultShape.Anywhere("noSubprotocol", static (plan, _) => plan.NoSubprotocol()),
    ];

    private static readonly ObjectCodec<PlannedFault> Fault = new ObjectCodec<PlannedFault>("fault", "a fault", new(""))
        .With("fault", "What goes wrong.", new ChoiceCodec<string>([.. Shapes.Select(static shape => (shape.Name, shape.Name))]), static fault => fault.Name, static (fault, name) => fault with { Name = name })
        .With("at", "At which event of the server, at any of them, or with client: before it at which of the client; or from which time of the session on.", new FaultPlaceCodec(), static fault => fault.At, static (fault, at) => fault with { At = at })
        .With("nth", "Which of them, from 1, or every one; 1 where nothing is said.", new NumberOrEveryCodec(), static fault => fault.At is null || fault.Nth == 1 ? null : fault.Nth, static (fault, nth) => fault with { Nth = nth })
        .With("connection", "On which connection, from 1; on every one where nothing is said.", new NumberOrEveryCodec(), static fault => fault.Connection == FaultPlan.Every ? null : fault.Connection, static (fault, number) => fault with { Connection = number })
        .With("chance", "How likely each time, from 0 to 1; the seed decides.", new ShareCodec(mayBeNothing: true), static fault => fault.Chance == 1 ? null : fault.Chance, static (fault, chance) => fault with { Chance = chance })
        .With("member", "Which member of the event: names, and numbers in lists, with dots between.", new TextCodec("the names of a member and its owners, with dots between", mayBeEmpty: false), static fault => fault.Member, static (fault, member) => fault with { Member = member })
        .With("value", "How often, how large, which status or which value, as the fault says.", new AnythingCodec(), static fault => fault.Value ?? (fault.Text is { } text ? FaultShape.Quoted(text) : null), static (fault, value) => fault with { Value = value })
        .With("for", "How long.", new FixedSpanCodec(), static fault => fault.ForMs, static (fault, ms) => fault with { ForMs = ms })
        .With("bytes", "So many bytes of the event, or of its frame.", Bytes, static fault => fault.Bytes, static (fault, bytes) => fault with { Bytes = bytes })
        .With("reason", "One sentence with the goodbye.", new TextCodec(), static fault => fault.Reason, static (fault, reason) => fault with { Reason = reason })
        .With("retry", "In how many seconds the client may come again.", Anything, static fault => fault.RetrySeconds, static (fault, seconds) => fault with { RetrySeconds = seconds })
        .Check(Checked, Schema);

    private static readonly ListCodec<PlannedFault> List = new(Fault, "a list of faults");

    public static Codec<FaultPlan> Plan { get; } = new PlanCodec();

    private static bool IsClients(PlannedFault fault) => fault.At!.StartsWith(FaultPlaceCodec.Client, StringComparison.Ordinal);

    private static int Whole(PlannedFault fault) => int.Parse(fault.Value!, CultureInfo.InvariantCulture);

    private static double Real(PlannedFault fault) => double.Parse(fault.Value!, CultureInfo.InvariantCulture);

    private static int Nth(PlannedFault fault) => fault.At is null ? FaultPlan.Every : fault.Nth;

    private static PlannedFault Checked(PlannedFault fault, Located at)
    {
        if (at.Find("fault") is null)
        {
            throw at.Fault("A fault has its name in \"fault\".");
        }

        FaultShape shape = Array.Find(Shapes, shape => shape.Name == fault.Name)!;
        foreach (LocatedMember member in at.Members)
        {
            if (!shape.Members.Contains(member.Name))
            {
                throw at.Fault(member, member.Name is "at" or "nth" ? $"\"{fault.Name}\" concerns the whole connection and has no place." : $"\"{member.Name}\" does not belong to \"{fault.Name}\".");
            }
        }

        foreach (string needed in shape.Needed)
        {
            if (at.Find(needed) is null)
            {
                throw at.Fault(needed == "at" ? $"\"{fault.Name}\" happens at an event, which \"at\" names." : $"\"{fault.Name}\" needs \"{needed}\".");
            }
        }

        return at.Find("nth") is { } nth && fault.At is null ? throw nth.Fault("\"nth\" counts the events that \"at\" names.")
            : fault.At is not null && IsClients(fault) && fault.Name is not ("drop" or "deaf") ? throw at.Find("at")!.Fault($"\"{fault.Name}\" happens to the server's events; at a client's, only \"drop\" and \"deaf\" do.")
            : fault.ForMs == Timeout.Infinite && !shape.MayLastForEver ? throw at.Find("for")!.Fault($"Only {string.Join(" and ", Shapes.Where(static shape => shape.MayLastForEver).Select(static shape => $"\"{shape.Name}\""))} last for ever.")
            : fault.ForMs is >= 0 and var span && span < shape.LeastMs ? throw at.Find("for")!.Fault($"\"for\" of \"{fault.Name}\" is a millisecond at least.")
            : at.Find("value") is { } value ? shape.Read(value, fault)
            : fault;
    }

    // An editor asks for what a fault needs once it is named, and offers nothing else.
    private static void Schema(JsonObject schema)
    {
        schema["required"] = new JsonArray("fault");
        schema["dependencies"] = new JsonObject { ["nth"] = new JsonArray("at") };
        schema["allOf"] = new JsonArray([.. Shapes.Select(static shape => (JsonNode)new JsonObject
        {
            ["if"] = new JsonObject { ["properties"] = new JsonObject { ["fault"] = new JsonObject { ["const"] = shape.Name } } },
            ["then"] = shape.Schema(),
        })]);
    }

    /// <summary>The faults of a plan, in the order in which they were added.</summary>
    private sealed class PlanCodec : Codec<FaultPlan>
    {
        public override string What => List.What;

        public override FaultPlan Read(Located at, string name) => List.Read(at, name)
            .Aggregate(FaultPlan.None, static (plan, fault) => Array.Find(Shapes, shape => shape.Name == fault.Name)!.Add(plan.OnConnection(fault.Connection).WithChance(fault.Chance), fault))
            .OnConnection(FaultPlan.Every).WithChance(1);

        public override void Write(Utf8JsonWriter to, FaultPlan value)
        {
            try
            {
                List.Write(to, [.. value.Wishes.Select(PlannedFault.Of)]);
            }
            catch (FormatException unknown)
            {
                throw new InvalidOperationException($"The plan of faults cannot be written: {unknown.Message}", unknown);
            }
        }

        public override JsonObject Schema(JsonObject definitions) => List.Schema(definitions);
    }
}
