using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;
using Realtime.Protocol.Analyzers.Apis;
using Realtime.Protocol.Analyzers.Flow;
using Realtime.Protocol.Analyzers.Walk;

namespace Realtime.Protocol.Analyzers.Rules;

/// <summary>RT2006: a file in a container format is handed over whole as raw samples.</summary>
/// <remarks>The path has to end in the format's name where the file is opened. Whoever reads, seeks or cuts in between may have skipped the header, so then the rule is silent.</remarks>
internal sealed class RT2006FileAsRawAudio : Rule
{
    public const string Id = "RT2006";

    private static readonly DiagnosticDescriptor Descriptor = new(
        Id,
        "A file of another format sent as raw audio",
        "'{0}' takes raw samples, but this is a whole {1} file; skip its header, or convert it first",
        RuleCategories.Audio,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        description: "Samples have no header. That of a .wav file is heard as a click of 44 bytes; a compressed file is noise from its beginning to its end.",
        helpLinkUri: RulePages.Root + Id + RulePages.Extension);

    private static readonly ImmutableArray<string> Formats = [".wav", ".mp3", ".m4a", ".mp4", ".ogg", ".opus", ".flac", ".webm", ".aac"];

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> Descriptors { get; } = [Descriptor];

    /// <inheritdoc/>
    public override void Begin(Interests asked) => asked
        .Group(marks: [asked.World.RawAudio], words: ["CopyToAsync"], acts: Act.SendAudio)
        .Group(words: Formats.SelectMany(static format => new[] { format.Substring(1), format.Substring(1).ToUpperInvariant() }))
        .OnBody(Check);

    private static void Check(Body body)
    {
        foreach (var (opened, format) in Opened(body))
        {
            if (body.Graph is not { } graph)
            {
                return;
            }

            var places = new AudioPlaces(body.World);
            var reported = new HashSet<TextSpan>();
            ForwardTaint.Follow(graph, new Whole(opened), (operation, flow) =>
            {
                foreach (var (name, _, value) in places.Of(operation, flow))
                {
                    if (flow.IsTainted(value) && !IsUsedOtherwise(body, value) && reported.Add(value.Syntax.Span))
                    {
                        body.Report(Descriptor, value.Syntax, name, format);
                    }
                }
            });
        }
    }

    private static IEnumerable<(IOperation Opened, string Format)> Opened(Body body)
    {
        foreach (var operation in body.Operations)
        {
            var path = operation switch
            {
                IInvocationOperation { TargetMethod: { Name: "OpenRead" or "Open" or "ReadAllBytes" or "ReadAllBytesAsync", IsStatic: true, ContainingType: { Name: "File", ContainingNamespace.Name: "IO" } }, Arguments: { Length: > 0 } arguments } => arguments[0].Value,
                IObjectCreationOperation { Type: { Name: "FileStream", ContainingNamespace.Name: "IO" }, Arguments: { Length: > 0 } arguments } => arguments[0].Value,
                _ => null,
            };
            if (path is not null && Ending(body, path, 0) is { } ending && Formats.FirstOrDefault(known => ending.EndsWith(known, StringComparison.OrdinalIgnoreCase)) is { } format)
            {
                yield return (operation, format);
            }
        }
    }

    private static string? Ending(Body body, IOperation path, int depth)
    {
        path = SoleValue.Behind(body, path);
        return depth > 16 ? null : path switch
        {
            { ConstantValue: { HasValue: true, Value: string text } } => text,
            IBinaryOperation { OperatorKind: BinaryOperatorKind.Add } sum => Ending(body, sum.RightOperand, depth + 1),
            IInterpolatedStringOperation { Parts: { Length: > 0 } parts } => parts[parts.Length - 1] is IInterpolatedStringTextOperation { Text.ConstantValue: { HasValue: true, Value: string last } } ? last : null,
            IInvocationOperation { TargetMethod: { Name: "Combine" or "Join", ContainingType: { Name: "Path", ContainingNamespace.Name: "IO" } } } combined =>
                combined.Arguments[combined.Arguments.Length - 1].Value is IArrayCreationOperation { Initializer.ElementValues: { Length: > 0 } elements }
                    ? Ending(body, elements[elements.Length - 1], depth + 1)
                    : Ending(body, combined.Arguments[combined.Arguments.Length - 1].Value, depth + 1),
            IInvocationOperation { TargetMethod: { Name: "GetFullPath", ContainingType.Name: "Path" }, Arguments: { Length: > 0 } full } => Ending(body, full[0].Value, depth + 1),
            _ => null,
        };
    }

    /// <summary>The variable is read, moved or handed on somewhere else as well.</summary>
    private static bool IsUsedOtherwise(Body body, IOperation value)
    {
        while (value is IConversionOperation conversion)
        {
            value = conversion.Operand;
        }

        return value is ILocalReferenceOperation { Local: var local } && body.Operations.Any(operation =>
            operation is ILocalReferenceOperation { Local: var other } && SymbolEqualityComparer.Default.Equals(local, other) && operation.Syntax != value.Syntax && Use(operation) switch
            {
                IInvocationOperation call => call.TargetMethod.Name is not ("Dispose" or "DisposeAsync" or "Close" or "CopyToAsync"),
                IPropertyReferenceOperation { Property.Name: "Position" } => true,
                IArgumentOperation => true,
                _ => false,
            });
    }

    private static IOperation? Use(IOperation reference)
    {
        while (reference.Parent is IConversionOperation conversion)
        {
            reference = conversion;
        }

        return reference.Parent;
    }

    /// <summary>The file as a whole: views of a part of it are not followed.</summary>
    private sealed class Whole(IOperation opened) : ITaintPolicy
    {
        public bool IsSource(IOperation value) => value.Kind == opened.Kind && value.Syntax == opened.Syntax;

        public bool IsSource(IParameterSymbol parameter) => false;

        public Content ContentOf(IOperation value) => value switch
        {
            IInvocationOperation { TargetMethod: { Name: "ConfigureAwait" or "AsTask" or "GetAwaiter" or "GetResult" or "ToArray" or "AsMemory" or "AsSpan" } method } call when call.Arguments.Length <= (method.IsStatic ? 1 : 0) + (method.Name == "ConfigureAwait" ? 1 : 0) =>
                Content.CopyOf(call.Instance ?? call.Arguments[0].Value),
            IInvocationOperation { TargetMethod: { IsStatic: true, Name: "FromBytes" or "FromStream", ContainingType.Name: "BinaryData" }, Arguments.Length: > 0 } made => Content.CopyOf(made.Arguments[0].Value),
            IObjectCreationOperation { Arguments.Length: 1, Type.Name: "BinaryData" or "MemoryStream" or "BufferedStream" or "ReadOnlyMemory" } creation => Content.CopyOf(creation.Arguments[0].Value),
            IPropertyReferenceOperation { Instance: { } task, Property.Name: "Result" } => Content.CopyOf(task),
            _ => Content.None,
        };

        public IEnumerable<BufferWrite> WritesOf(IOperation call, ImmutableArray<IArgumentOperation> arguments) => [];
    }
}
