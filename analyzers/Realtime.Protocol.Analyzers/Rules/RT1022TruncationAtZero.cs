using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Realtime.Protocol.Analyzers.Apis;
using Realtime.Protocol.Analyzers.Flow;
using Realtime.Protocol.Analyzers.Json;
using Realtime.Protocol.Analyzers.Walk;

namespace Realtime.Protocol.Analyzers.Rules;

/// <summary>RT1022: an item is truncated at a time that is always zero.</summary>
internal sealed class RT1022TruncationAtZero : Rule
{
    public const string Id = "RT1022";

    private static readonly DiagnosticDescriptor Descriptor = new(
        Id,
        "Truncation at a time that is always zero",
        "This truncates '{0}' at zero whatever was played; pass what was heard, or delete the item when nothing was",
        RuleCategories.Lifecycle,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "A truncation tells the model how much of its answer was heard. At zero the item stays in the conversation without a word of what the user did hear.",
        helpLinkUri: RulePages.Root + Id + RulePages.Extension);

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> Descriptors { get; } = [Descriptor];

    /// <inheritdoc/>
    public override void Begin(Interests asked) => asked.Group(words: ["conversation.item.truncate"], acts: Act.Truncate).OnBody(Check);

    private static void Check(Body body)
    {
        foreach (var (place, value) in TruncationTimes.In(body))
        {
            if (IsZero(SoleValue.Behind(body, value)))
            {
                body.Report(Descriptor, value.Syntax, place);
            }
        }

        foreach (var (made, json) in JsonReading.In(body))
        {
            if (json.IsEvent("conversation.item.truncate")
                && json["audio_end_ms"] is { } end
                && (end is { Form: JsonForm.Number, Content: "0" } || (end.Operation is { } operation && IsZero(SoleValue.Behind(body, operation))))
                && (json.Operation is not null || SentJson.IsSent(body, made)))
            {
                body.Report(Descriptor, end.Syntax, "audio_end_ms");
            }
        }
    }

    private static bool IsZero(IOperation value) => value.ConstantValue is { HasValue: true, Value: 0 or 0L or 0.0 or 0f or 0u or 0ul } || ConstantTime.MillisecondsOf(value) == 0;
}
