using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Realtime.Protocol.Analyzers.Apis;
using Realtime.Protocol.Analyzers.Flow;
using Realtime.Protocol.Analyzers.Walk;

namespace Realtime.Protocol.Analyzers.Json;

/// <summary>Whether a JSON value that a body makes reaches something that sends it: a known session's door for raw events, or a web socket.</summary>
/// <remarks>
/// The way may lead through a serializer, an encoding and a method of the same file; a method of another file may do anything with it. What is
/// made and parsed, compared or kept is not sent.
/// </remarks>
internal static class SentJson
{
    private const string WebSocket = "System.Net.WebSockets.WebSocket";

    /// <summary>How many methods of the same file are followed into one another.</summary>
    private const int DeepestCall = 3;

    /// <summary>Some path leads from where the value is made to something that sends it.</summary>
    /// <param name="body">Where it is made.</param>
    /// <param name="made">The operation that makes it.</param>
    /// <param name="asItStands">Only ways count that write each member as it stands: no serializer that has been given options.</param>
    public static bool IsSent(Body body, IOperation made, bool asItStands = false) =>
        body.Graph is { } graph && Reaches(body, graph, new Carrier(made, parameter: null, asItStands), depth: 0);

    private static bool Reaches(Body body, ControlFlowGraph graph, Carrier carrier, int depth)
    {
        var sent = false;
        ForwardTaint.Follow(graph, carrier, (operation, flow) =>
        {
            if (!sent && operation is IArgumentOperation { Parameter: { } parameter, Parent: IInvocationOperation { TargetMethod: var method } } argument && flow.IsTainted(argument.Value))
            {
                sent = Sends(body, method, parameter) || IsSentBy(body, method, parameter, carrier.AsItStands, depth);
            }
        });
        return sent;
    }

    private static bool Sends(Body body, IMethodSymbol method, IParameterSymbol parameter) =>
        (body.World.Apis.ActOf(method) & Act.SendRaw) != 0 || (method.Name == "SendAsync" && parameter.Ordinal == 0 && IsWebSocket(method.ContainingType));

    private static bool IsSentBy(Body body, IMethodSymbol method, IParameterSymbol parameter, bool asItStands, int depth)
    {
        if (depth == DeepestCall
            || method.OriginalDefinition is not { MethodKind: MethodKind.Ordinary, DeclaringSyntaxReferences: { Length: 1 } references }
            || references[0].SyntaxTree != body.Model.SyntaxTree
            || body.Model.GetOperation(references[0].GetSyntax(body.Cancellation), body.Cancellation) is not IMethodBodyOperation helper)
        {
            return false;
        }

        return Reaches(body, ControlFlowGraph.Create(helper, body.Cancellation), new Carrier(made: null, parameter.OriginalDefinition, asItStands), depth + 1);
    }

    private static bool IsWebSocket(INamedTypeSymbol? type)
    {
        for (; type is not null; type = type.BaseType)
        {
            if (type.Name == "WebSocket" && type.ToDisplayString() == WebSocket)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>How one JSON value travels through a program.</summary>
    private sealed class Carrier(IOperation? made, IParameterSymbol? parameter, bool asItStands) : ITaintPolicy
    {
        private static readonly ImmutableHashSet<string> Passing =
        [
            "Serialize", "SerializeToUtf8Bytes", "SerializeToNode", "SerializeToElement", "SerializeToDocument", "SerializeObject",
            "ToJsonString", nameof(ToString), "GetBytes", "FromString", "FromBytes", "FromObjectAsJson", "AsMemory", "AsSpan", "ToArray", "ToMemory", "ToBytes", "Trim", "DeepClone", "AsObject",
        ];

        private static readonly ImmutableHashSet<string> Wrapping = ["ArraySegment", "ReadOnlyMemory", "Memory", "BinaryData", "RawJson", "ReadOnlySequence"];

        public bool AsItStands => asItStands;

        public bool IsSource(IOperation value) => made is not null && value.Kind == made.Kind && value.Syntax == made.Syntax;

        public bool IsSource(IParameterSymbol other) => parameter is not null && SymbolEqualityComparer.Default.Equals(other.OriginalDefinition, parameter);

        public Content ContentOf(IOperation value) => value switch
        {
            IInvocationOperation { TargetMethod: { IsStatic: true, Name: "Parse" or "FromUtf8", ContainingType: { Name: "RawJson" } raw } } call when IsKnown(raw) => Content.CopyOf(call.Arguments[0].Value),
            IInvocationOperation call when IsKnown(call.TargetMethod.ContainingType) && Passing.Contains(call.TargetMethod.Name) && !IsToldMore(call) =>
                Content.CopyOf([.. call.Arguments.Select(static argument => argument.Value), .. call.Instance is { } instance ? [instance] : ImmutableArray<IOperation>.Empty]),
            IObjectCreationOperation { Arguments.Length: > 0 } creation when Wrapping.Contains(creation.Type?.Name ?? "") => Content.CopyOf(creation.Arguments[0].Value),
            IPropertyReferenceOperation { Instance: { } owner, Property.Name: "Memory" or "Span" or "Utf8" } => Content.CopyOf(owner),
            _ => Content.None,
        };

        public IEnumerable<BufferWrite> WritesOf(IOperation call, ImmutableArray<IArgumentOperation> arguments) => [];

        // A serializer with options may leave members out or write numbers as text.
        private bool IsToldMore(IInvocationOperation call) => asItStands
            && (call.TargetMethod.Name == "SerializeObject" || call.Arguments.Any(static argument =>
                argument.Parameter is { Ordinal: > 0, Type.Name: "JsonSerializerOptions" or "JsonSerializerContext" or "JsonTypeInfo" }
                && argument.ArgumentKind != ArgumentKind.DefaultValue && argument.Value.ConstantValue is not { HasValue: true, Value: null }));

        private static bool IsKnown(INamedTypeSymbol? type)
        {
            var space = type?.ContainingNamespace;
            while (space is { ContainingNamespace: { IsGlobalNamespace: false } outer })
            {
                space = outer;
            }

            return space is { Name: "System" or "Newtonsoft" or "Realtime" };
        }
    }
}
