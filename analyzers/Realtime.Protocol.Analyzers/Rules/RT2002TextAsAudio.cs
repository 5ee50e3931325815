using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;
using Realtime.Protocol.Analyzers.Apis;
using Realtime.Protocol.Analyzers.Flow;
using Realtime.Protocol.Analyzers.Walk;

namespace Realtime.Protocol.Analyzers.Rules;

/// <summary>RT2002: the characters of a string are handed over as samples. Text that is known to be base64 is RT2001's and RT2004's.</summary>
internal sealed class RT2002TextAsAudio : Rule
{
    public const string Id = "RT2002";

    private static readonly DiagnosticDescriptor Descriptor = new(
        Id,
        "The characters of a string sent as audio",
        "'{0}' takes samples, but these bytes are the characters of a string; decode the text, or send it as a message",
        RuleCategories.Audio,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "Encoding.GetBytes gives the characters of a text. As samples they are noise, and when the text is base64 it has to be decoded instead.",
        helpLinkUri: RulePages.Root + Id + RulePages.Extension);

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> Descriptors { get; } = [Descriptor];

    /// <inheritdoc/>
    public override void Begin(Interests asked) => asked
        .Group(marks: [asked.World.RawAudio], acts: Act.SendAudio)
        .Group(words: ["GetBytes", "FromString", "BinaryData"])
        .OnBody(new Bodies(asked.World).Check);

    private sealed class Bodies(World world)
    {
        private readonly AudioPlaces _places = new(world);
        private readonly Lazy<Base64TextPolicy> _base64 = new(() => new Base64TextPolicy(world.Compilation, world.Base64Text));

        public void Check(Body body)
        {
            var base64 = _base64.Value;
            var text = new Text(base64);
            if (!ForwardTaint.MayBegin(body.Operations, text) || !_places.MayBeIn(body.Operations) || body.Graph is not { } graph)
            {
                return;
            }

            var found = new Dictionary<TextSpan, (SyntaxNode Syntax, string Name)>();
            ForwardTaint.Follow(graph, text, (operation, flow) =>
            {
                foreach (var (name, _, value) in _places.Of(operation, flow))
                {
                    if (flow.IsTainted(value))
                    {
                        found[value.Syntax.Span] = (value.Syntax, name);
                    }
                }
            });
            if (found.Count == 0)
            {
                return;
            }

            ForwardTaint.Follow(graph, new Encoded(base64), (operation, flow) =>
            {
                foreach (var (_, _, value) in _places.Of(operation, flow))
                {
                    if (flow.IsTainted(value))
                    {
                        found.Remove(value.Syntax.Span);
                    }
                }
            });
            foreach (var place in found.Values)
            {
                body.Report(Descriptor, place.Syntax, place.Name);
            }
        }
    }

    private sealed class Encoded(ITaintPolicy inner) : AudioCarriers(inner);

    private sealed class Text(ITaintPolicy inner) : AudioCarriers(inner)
    {
        public override bool IsSource(IParameterSymbol parameter) => false;

        public override bool IsSource(IOperation value) => value switch
        {
            IInvocationOperation { TargetMethod: { Name: "GetBytes", ContainingType: var type }, Type: IArrayTypeSymbol, Instance: var encoding } call =>
                IsEncoding(type) && !IsLatin1(encoding) && call.Arguments.Length > 0 && call.Arguments[0].Value.Type is { SpecialType: SpecialType.System_String },
            IInvocationOperation { TargetMethod: { IsStatic: true, Name: "FromString", ContainingType: { Name: "BinaryData", ContainingNamespace.Name: "System" } } } => true,
            IObjectCreationOperation { Type: { Name: "BinaryData", ContainingNamespace.Name: "System" }, Arguments: { Length: 1 } text } => text[0].Parameter?.Type.SpecialType == SpecialType.System_String,
            _ => false,
        };

        public override IEnumerable<BufferWrite> WritesOf(IOperation call, ImmutableArray<IArgumentOperation> arguments)
        {
            foreach (var write in base.WritesOf(call, arguments))
            {
                // A place marked [Base64Text] holds base64 afterwards, which is another rule's.
                yield return write with { Tainted = false };
            }
        }

        // Each byte is a character there, so that a string can carry bytes.
        private static bool IsLatin1(IOperation? encoding) => encoding is IPropertyReferenceOperation { Property.Name: "Latin1" } or IInvocationOperation { TargetMethod.Name: "GetEncoding" };

        private static bool IsEncoding(INamedTypeSymbol? type)
        {
            for (; type is not null; type = type.BaseType)
            {
                if (type is { Name: "Encoding", ContainingNamespace: { Name: "Text", ContainingNamespace.Name: "System" } })
                {
                    return true;
                }
            }

            return false;
        }
    }
}
