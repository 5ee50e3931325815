using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;
using Realtime.Protocol.Analyzers.Apis;
using Realtime.Protocol.Analyzers.Flow;
using Realtime.Protocol.Analyzers.Json;
using Realtime.Protocol.Analyzers.Walk;

namespace Realtime.Protocol.Analyzers.Rules;

/// <summary>RT1032, RT1036 and, for the libraries of others and JSON written by hand, RT4006: what was heard is said in a wrong unit, or taken from a wrong clock.</summary>
/// <remarks>
/// The unit is that of <see cref="Units"/>, which only says what every path brings; the clock is followed by <see cref="ForwardTaint"/>, where one
/// path is enough: what was heard is then a guess on that path.
/// </remarks>
internal sealed class RT1032HeardInAnotherUnit : Rule
{
    public const string Id = "RT1032";
    public const string ClockId = "RT1036";
    public const string LibraryId = "RT4006";

    // Below one millisecond a truncation is at zero, whatever the item is.
    private const double TicksPerMillisecond = 10_000;

    private static readonly DiagnosticDescriptor OtherUnit = new(
        Id,
        "What was heard is said in another unit",
        "'{0}' is asked in {1}, but this value counts {2}; convert it, or count the bytes that were played",
        RuleCategories.Lifecycle,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "What was heard decides where an interrupted answer is cut. In another unit it is cut a thousand times too early or not at all.",
        helpLinkUri: RulePages.Root + Id + RulePages.Extension);

    private static readonly DiagnosticDescriptor OtherClock = new(
        ClockId,
        "What was heard is taken from a clock",
        "'{0}' is what was heard, but this value comes from {1}; count the bytes that were played",
        RuleCategories.Lifecycle,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "Audio arrives faster than it plays and playback begins late and stalls, so time that went by says nothing about what was heard.",
        helpLinkUri: RulePages.Root + ClockId + RulePages.Extension);

    private static readonly DiagnosticDescriptor OfLibraries = new(
        LibraryId,
        "Truncation in a wrong unit or by a wrong clock",
        "'{0}' is what was heard, but this {1}; count the bytes that were played and convert them once",
        RuleCategories.Libraries,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "A truncation says how much of an item was heard, in milliseconds of its audio. In another unit or by another clock the model remembers something else than what the user heard.",
        helpLinkUri: RulePages.Root + LibraryId + RulePages.Extension);

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> Descriptors { get; } = [OtherUnit, OtherClock, OfLibraries];

    /// <inheritdoc/>
    public override void Begin(Interests asked) => asked.Group(words: ["conversation.item.truncate"], acts: Act.Truncate | Act.ReportPlayed).OnBody(Check);

    private static void Check(Body body)
    {
        var places = Places(body).ToList();
        if (places.Count == 0)
        {
            return;
        }

        var reported = new HashSet<TextSpan>();
        foreach (var place in places)
        {
            CheckUnit(body, place, reported);
        }

        foreach (var inputTimeline in new[] { false, true })
        {
            var policy = new ClockPolicy(body.World.Apis, inputTimeline);
            if (ForwardTaint.MayBegin(body.Operations, policy) && body.Graph is { } graph)
            {
                ForwardTaint.Follow(graph, policy, (operation, flow) =>
                {
                    if (places.FirstOrDefault(place => place.Value.Syntax == operation.Syntax) is { Name: { } name } place && flow.IsTainted(operation) && reported.Add(operation.Syntax.Span))
                    {
                        var clock = inputTimeline ? "the timeline of the user's audio" : "a clock";
                        body.Report(place.IsOurs ? OtherClock : OfLibraries, operation.Syntax, name, place.IsOurs ? clock : "value comes from " + clock);
                    }
                });
            }
        }
    }

    private static IEnumerable<Place> Places(Body body)
    {
        foreach (var (name, value) in TruncationTimes.In(body))
        {
            var isOurs = name == "AudioEndMs" || (value.Parent is IArgumentOperation { Parameter.ContainingSymbol: var method } && body.World.Apis.LibraryOf(method) == Library.Ours);
            yield return new(name, value, Unit.Milliseconds, isOurs);
        }

        foreach (var operation in body.Operations)
        {
            if (operation is IArgumentOperation { Parameter: { Type.SpecialType: SpecialType.System_Int64, ContainingSymbol: var method } parameter } argument
                && (body.World.Apis.ActOf(method) & Act.ReportPlayed) != 0)
            {
                yield return new(parameter.Name, argument.Value, Unit.Bytes, IsOurs: true);
            }
        }

        foreach (var (_, json) in JsonReading.In(body))
        {
            if (json.IsEvent("conversation.item.truncate") && json["audio_end_ms"] is { Operation: { } operation })
            {
                yield return new("audio_end_ms", operation, Unit.Milliseconds, IsOurs: false);
            }
        }
    }

    private static void CheckUnit(Body body, Place place, HashSet<TextSpan> reported)
    {
        var value = SoleValue.Behind(body, place.Value);
        if (ConstantTime.IsTimeSpan(value.Type))
        {
            CheckTime(body, place, value, reported);
            return;
        }

        var unit = Units.Of(body, value);
        if (unit != Unit.Unknown && unit != place.Unit && reported.Add(place.Value.Syntax.Span))
        {
            body.Report(
                place.IsOurs ? OtherUnit : OfLibraries,
                place.Value.Syntax,
                [place.Name, .. place.IsOurs ? new[] { Named(place.Unit), Named(unit) } : [$"value counts {Named(unit)}, where {Named(place.Unit)} are asked"]]);
        }
    }

    private static void CheckTime(Body body, Place place, IOperation time, HashSet<TextSpan> reported)
    {
        var (factory, number) = time switch
        {
            IObjectCreationOperation { Arguments: { Length: 1 } ticks } => ("FromTicks", ticks[0].Value),
            IInvocationOperation { TargetMethod: { IsStatic: true, Name: var name, ContainingType: var type }, Arguments: { Length: > 0 } amount } when ConstantTime.IsTimeSpan(type) => (name, amount[0].Value),
            _ => default,
        };
        var asked = factory switch
        {
            "FromTicks" => Unit.Ticks,
            "FromMilliseconds" => Unit.Milliseconds,
            "FromSeconds" => Unit.Seconds,
            _ => Unit.Unknown,
        };
        if (asked == Unit.Unknown)
        {
            return;
        }

        var unit = Units.Of(body, number!);
        if (asked == Unit.Ticks)
        {
            var constant = ConstantTime.NumberOf(SoleValue.Behind(body, number!));
            var isCertain = unit == Unit.Milliseconds || constant is > 0 and < TicksPerMillisecond;
            if ((isCertain || (unit == Unit.Unknown && constant is null && !Units.MayBeTicks(body, number!))) && reported.Add(time.Syntax.Span))
            {
                reported.Add(place.Value.Syntax.Span);
                body.Report(
                    place.IsOurs ? OtherUnit : OfLibraries,
                    isCertain ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning,
                    time.Syntax,
                    [place.Name, .. place.IsOurs ? new[] { "ticks of 100 ns, which its TimeSpan is made of", "milliseconds" } : ["TimeSpan is made of ticks of 100 ns" + (isCertain ? " and given milliseconds" : "")]]);
                return;
            }
        }

        if (unit != Unit.Unknown && unit != asked && reported.Add(number!.Syntax.Span))
        {
            reported.Add(place.Value.Syntax.Span);
            body.Report(
                place.IsOurs ? OtherUnit : OfLibraries,
                number.Syntax,
                [place.Name, .. place.IsOurs ? new[] { Named(asked), Named(unit) } : [$"value counts {Named(unit)}, where {Named(asked)} are asked"]]);
        }
    }

    private static string Named(Unit unit) => unit switch
    {
        Unit.Bytes => "bytes",
        Unit.Ticks => "ticks",
        Unit.Milliseconds => "milliseconds",
        Unit.Seconds => "seconds",
        _ => "the milliseconds behind full seconds",
    };

    /// <summary>A place that is told what was heard.</summary>
    private sealed record Place(string Name, IOperation Value, Unit Unit, bool IsOurs);
}
