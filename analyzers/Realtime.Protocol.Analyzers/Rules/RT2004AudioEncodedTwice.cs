using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using Realtime.Protocol.Analyzers.Apis;
using Realtime.Protocol.Analyzers.Flow;
using Realtime.Protocol.Analyzers.Walk;

namespace Realtime.Protocol.Analyzers.Rules;

/// <summary>RT2004: base64 text is given to the typed door of another library, which encodes it once more. With our own API this is RT2001.</summary>
internal sealed class RT2004AudioEncodedTwice : Rule
{
    public const string Id = "RT2004";

    private static readonly DiagnosticDescriptor Descriptor = new(
        Id,
        "Audio that is encoded as base64 twice",
        "'{0}' is encoded as base64 by the library, but this value is base64 text already; pass the bytes that were encoded",
        RuleCategories.Audio,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: "A typed member takes raw audio and encodes it. Base64 text is encoded a second time, and the server hears noise without reporting an error.",
        helpLinkUri: RulePages.Root + Id + RulePages.Extension);

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> Descriptors { get; } = [Descriptor];

    /// <inheritdoc/>
    public override void Begin(Interests asked)
    {
        if (asked.World.Speaks(AudioPlaces.Others))
        {
            asked
                .Group(acts: Act.SendAudio)
                .Group(words: Base64TextPolicy.Encoders, marks: [asked.World.Base64Text])
                .OnBody(new Bodies(asked.World).Check);
        }
    }

    private static void Check(Body body, AudioPlaces places, ITaintPolicy encoded)
    {
        if (!ForwardTaint.MayBegin(body.Operations, encoded) || !places.MayBeIn(body.Operations) || body.Graph is not { } graph)
        {
            return;
        }

        var reported = new HashSet<TextSpan>();
        ForwardTaint.Follow(graph, encoded, (operation, flow) =>
        {
            foreach (var (name, isOurs, value) in places.Of(operation, flow))
            {
                if (!isOurs && flow.IsTainted(value) && reported.Add(value.Syntax.Span))
                {
                    body.Report(Descriptor, value.Syntax, name);
                }
            }
        });
    }

    private sealed class Bodies(World world)
    {
        private readonly AudioPlaces _places = new(world);
        private readonly Lazy<Encoded> _encoded = new(() => new Encoded(new Base64TextPolicy(world.Compilation, world.Base64Text)));

        public void Check(Body body) => RT2004AudioEncodedTwice.Check(body, _places, _encoded.Value);
    }

    private sealed class Encoded(ITaintPolicy inner) : AudioCarriers(inner);
}
