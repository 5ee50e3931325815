using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;
using Realtime.Protocol.Analyzers.Flow;
using Realtime.Protocol.Analyzers.Walk;

namespace Realtime.Protocol.Analyzers.Rules;

/// <summary>RT2001: base64 text reaches a place that takes raw audio.</summary>
/// <remarks>
/// This file knows the places: <c>[RawAudio]</c> parameters, properties and fields. Where base64 text comes from is
/// <see cref="Base64TextPolicy"/>, how it gets from there to here is <see cref="ForwardTaint"/>. A graph is built only for a body that
/// mentions such a place at all.
/// </remarks>
internal sealed class RT2001Base64TextAsRawAudio : Rule
{
    public const string Id = "RT2001";

    private static readonly DiagnosticDescriptor Descriptor = new(
        Id,
        "Base64 text where raw audio is expected",
        "'{0}' takes raw audio bytes, but this value is base64 text; pass the bytes that were encoded, or decode it first",
        RuleCategories.Audio,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: "Audio is encoded as base64 by the writer. Text that is base64 already would be encoded twice, and the server plays and transcribes noise without reporting an error.",
        helpLinkUri: RulePages.Root + Id + RulePages.Extension);

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> Descriptors { get; } = [Descriptor];

    /// <inheritdoc/>
    public override void Begin(Interests asked)
    {
        if (asked.World is { RawAudio: { } rawAudio, Base64Text: var base64Text, Compilation: var compilation })
        {
            asked
                .Group(marks: [rawAudio])
                .Group(words: Base64TextPolicy.Encoders, marks: [base64Text])
                .OnBody(new Bodies(rawAudio, new Base64TextPolicy(compilation, base64Text)).Check);
        }
    }

    private sealed class Bodies(Annotation rawAudio, ITaintPolicy policy)
    {
        public void Check(Body body)
        {
            if (!body.Operations.Any(MentionsRawAudio) || body.Graph is not { } graph)
            {
                return;
            }

            var reported = new HashSet<TextSpan>();
            ForwardTaint.Follow(graph, policy, (operation, flow) =>
            {
                foreach (var (place, value) in SinksOf(operation, flow))
                {
                    // A finally clause appears in the graph once for each way through it.
                    if (flow.IsTainted(value) && reported.Add(value.Syntax.Span))
                    {
                        body.Report(Descriptor, value.Syntax, place.Name);
                    }
                }
            });
        }

        private bool MentionsRawAudio(IOperation operation) => operation switch
        {
            IArgumentOperation { Parameter: { } parameter } => rawAudio.IsOn(parameter),
            IConversionOperation { OperatorMethod: { } conversion } => rawAudio.IsOn(conversion.Parameters[0]),
            IMemberReferenceOperation { Member: IPropertySymbol or IFieldSymbol } reference => rawAudio.IsOn(reference.Member),
            IFieldInitializerOperation initializer => initializer.InitializedFields.Any(rawAudio.IsOn),
            IPropertyInitializerOperation initializer => initializer.InitializedProperties.Any(rawAudio.IsOn),
            _ => false,
        };

        private IEnumerable<(ISymbol Place, IOperation Value)> SinksOf(IOperation operation, ForwardTaint flow) => operation switch
        {
            IArgumentOperation { Parameter: { } parameter } argument when rawAudio.IsOn(parameter) => [(parameter, argument.Value)],
            IConversionOperation { OperatorMethod: { } conversion } value when rawAudio.IsOn(conversion.Parameters[0]) => [(conversion.Parameters[0], value.Operand)],
            IAssignmentOperation assignment => flow.TargetsOf(assignment.Target).SelectMany(target => Assigned(target, assignment.Value)),
            _ => [],
        };

        private IEnumerable<(ISymbol Place, IOperation Value)> Assigned(IOperation target, IOperation value)
        {
            if (target is IMemberReferenceOperation { Member: IPropertySymbol or IFieldSymbol } reference)
            {
                return rawAudio.IsOn(reference.Member) ? [(reference.Member, value)] : [];
            }

            while (value is IConversionOperation conversion)
            {
                value = conversion.Operand;
            }

            return target is ITupleOperation targets && value is ITupleOperation values
                ? targets.Elements.Zip(values.Elements, Assigned).SelectMany(sinks => sinks)
                : [];
        }
    }
}
