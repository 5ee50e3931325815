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
/// The places are <see cref="RawAudioPlaces"/>, where base64 text comes from is <see cref="Base64TextPolicy"/>, and how it gets from there
/// to here is <see cref="ForwardTaint"/>. A graph is built only for a body that mentions such a place and such a text.
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
            var policy = new Base64TextPolicy(compilation, base64Text);
            asked
                .Group(marks: [rawAudio])
                .Group(words: Base64TextPolicy.Encoders, marks: [base64Text])
                .OnBody(new Bodies(new RawAudioPlaces(compilation, rawAudio, policy), policy).Check);
        }
    }

    private sealed class Bodies(RawAudioPlaces places, ITaintPolicy policy)
    {
        public void Check(Body body)
        {
            if (!body.Operations.Any(places.IsMentioned)
                || !(ForwardTaint.MayBegin(body.Operations, policy) || body.Operations.Any(static operation => operation is IObjectCreationOperation { Type.Name: "CryptoStream" }))
                || body.Graph is not { } graph)
            {
                return;
            }

            // A finally clause appears in the graph once for each way through it, and a conversion takes what a property takes.
            var reported = new HashSet<TextSpan>();
            var names = places.NamesIn(body);
            ForwardTaint.Follow(graph, policy, (operation, flow) =>
            {
                foreach (var (place, value, isCertain) in places.TakenBy(operation, flow, names))
                {
                    if (!isCertain && !flow.IsTainted(value))
                    {
                        continue;
                    }

                    foreach (var branch in flow.BranchesOf(value).Where(branch => reported.Add(branch.Syntax.Span)))
                    {
                        body.Report(Descriptor, branch.Syntax, place);
                    }
                }
            });
        }
    }
}
