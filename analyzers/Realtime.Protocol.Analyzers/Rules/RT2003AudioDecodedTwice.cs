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

/// <summary>RT2003: audio that a typed member hands out raw is decoded as base64 once more.</summary>
internal sealed class RT2003AudioDecodedTwice : Rule
{
    public const string Id = "RT2003";

    private static readonly DiagnosticDescriptor Descriptor = new(
        Id,
        "Audio that is decoded from base64 twice",
        "'{0}' is asked for base64 text, but this value is raw audio that was decoded already; use the bytes as they are",
        RuleCategories.Audio,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: "A typed member hands out samples. They are no base64 text: decoding them throws, or gives fewer bytes of noise.",
        helpLinkUri: RulePages.Root + Id + RulePages.Extension);

    private static readonly ImmutableHashSet<string> Decoders =
    [
        "FromBase64String", "FromBase64CharArray", "TryFromBase64String", "TryFromBase64Chars",
        "DecodeFromUtf8", "DecodeFromUtf8InPlace", "TryDecodeFromUtf8", "DecodeFromChars", "TryDecodeFromChars",
    ];

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> Descriptors { get; } = [Descriptor];

    /// <inheritdoc/>
    public override void Begin(Interests asked) => asked
        .Group(words: Decoders)
        .Group(words: ["Delta", "AudioBytes", "Bytes", "Audio"])
        .OnBody(new Bodies(asked.World).Check);

    private static void Check(Body body, ITaintPolicy received)
    {
        if (!ForwardTaint.MayBegin(body.Operations, received) || body.Graph is not { } graph)
        {
            return;
        }

        var reported = new HashSet<TextSpan>();
        ForwardTaint.Follow(graph, received, (operation, flow) =>
        {
            if (operation is IArgumentOperation { Parameter: { Ordinal: 0, ContainingSymbol: IMethodSymbol { Name: var name, ContainingType: var type } }, Value: var value }
                && Decoders.Contains(name)
                && IsDecoder(type)
                && flow.IsTainted(value)
                && reported.Add(value.Syntax.Span))
            {
                body.Report(Descriptor, value.Syntax, name);
            }
        });
    }

    private static bool IsDecoder(INamedTypeSymbol type) => (type.Name, type.ContainingNamespace.ToDisplayString()) is ("Convert", "System") or ("Base64" or "Base64Url", "System.Buffers.Text");

    private sealed class Bodies(World world)
    {
        private readonly Lazy<Received> _received = new(() => new Received(world.Apis, new Base64TextPolicy(world.Compilation, base64Text: null)));

        public void Check(Body body) => RT2003AudioDecodedTwice.Check(body, _received.Value);
    }

    private sealed class Received(KnownApis apis, ITaintPolicy inner) : AudioCarriers(inner)
    {
        public override bool IsSource(IParameterSymbol parameter) => false;

        public override bool IsSource(IOperation value) => value is IPropertyReferenceOperation { Property: var property } && (property.Name switch
        {
            "Delta" or "AudioBytes" => property.Type.Name == "BinaryData" && apis.EventOf(property.ContainingType) == ServerEvent.AudioDelta,
            "Bytes" => property.ContainingType.ToDisplayString() == "Realtime.Protocol.Events.Base64View",
            "Audio" => property.ContainingType.ToDisplayString() == OurApi.Turn,
            _ => false,
        });

        public override Content ContentOf(IOperation value) => value switch
        {
            IInvocationOperation { TargetMethod: { Name: "ReadAsync" or "ReadAtLeastAsync", ContainingType.Name: "PipeReader" }, Instance: { } reader } => Content.CopyOf(reader),
            IPropertyReferenceOperation { Property: { Name: "Buffer", ContainingType.Name: "ReadResult" }, Instance: { } read } => Content.CopyOf(read),
            _ => base.ContentOf(value),
        };

        public override IEnumerable<BufferWrite> WritesOf(IOperation call, ImmutableArray<IArgumentOperation> arguments)
        {
            foreach (var write in base.WritesOf(call, arguments))
            {
                // What an encoder fills is base64, and may be decoded.
                yield return write with { Tainted = false };
            }
        }
    }
}
