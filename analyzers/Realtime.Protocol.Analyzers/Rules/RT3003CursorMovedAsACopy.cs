using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Realtime.Protocol.Analyzers.Flow;
using Realtime.Protocol.Analyzers.Walk;

namespace Realtime.Protocol.Analyzers.Rules;

/// <summary>RT3003: a struct that remembers how far it has read is moved as a copy, so that the original stays where it was.</summary>
/// <remarks>
/// Two ways to do that without seeing it: passing it by value and reading on, and moving it through <c>in</c> or <c>readonly</c>, where the
/// compiler makes the copy. A copy into a variable of its own is how one looks ahead, and is nobody's mistake.
/// </remarks>
internal sealed class RT3003CursorMovedAsACopy : Rule
{
    public const string Id = "RT3003";

    private static readonly DiagnosticDescriptor Descriptor = new(
        Id,
        "A reader is moved as a copy",
        "'{0}' is a struct that remembers how far it has read, and only a copy of it moves here; pass it by ref",
        RuleCategories.Borrowing,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "A copy of such a struct moves on alone. The original stays, so that the same part of the message is read twice, or a loop never ends.",
        helpLinkUri: RulePages.Root + Id + RulePages.Extension);

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> Descriptors { get; } = [Descriptor];

    /// <inheritdoc/>
    public override void Begin(Interests asked)
    {
        if (asked.World is { Cursor: { } cursor, Compilation: var compilation })
        {
            var bodies = new Bodies(cursor, [compilation.GetTypeByMetadataName("System.Buffers.SequenceReader`1"), compilation.GetTypeByMetadataName("System.Text.Json.Utf8JsonReader")]);
            asked
                .Group(words: ["SequenceReader", "Utf8JsonReader"], marks: [cursor])
                .On(bodies.Pass, OperationKind.Argument)
                .On(bodies.Move, OperationKind.Invocation);
        }
    }

    private sealed class Bodies(Annotation cursor, ImmutableArray<INamedTypeSymbol?> known)
    {
        public void Pass(Body body, IOperation operation)
        {
            var argument = (IArgumentOperation)operation;
            if (argument is { Parameter: { RefKind: RefKind.None } parameter, Parent: { } call }
                && IsCursor(argument.Value.Type)
                && Place.Named(argument.Value) is { Symbol: { } variable }
                && IsMovedBy(parameter)
                && body.Graph is { } graph
                && PathsAfter.Lead(graph, call, later => Meet(later, variable)))
            {
                body.Report(Descriptor, argument.Value.Syntax, argument.Value.Syntax.ToString());
            }
        }

        public void Move(Body body, IOperation operation)
        {
            var call = (IInvocationOperation)operation;
            if (call is { Instance: { } instance, TargetMethod: { IsReadOnly: false, ContainingType: var type } }
                && IsCursor(type)
                && IsReadOnly(instance, body.Member)
                && !call.IsImplicit)
            {
                body.Report(Descriptor, instance.Syntax, instance.Syntax.ToString());
            }
        }

        // Read further, or given a new value. A call that only looks at it is neither.
        private static Step Meet(IOperation later, ISymbol variable)
        {
            switch (later)
            {
                case IInvocationOperation { TargetMethod.IsReadOnly: false, Instance: { } instance } when Names(instance, variable):
                    return Step.Found;
                case IArgumentOperation { Parameter.RefKind: RefKind.Ref, Value: var value } when Names(value, variable):
                    return Step.Found;
                case IArgumentOperation { Parameter.RefKind: RefKind.Out, Value: var value } when Names(value, variable):
                    return Step.Stop;
                case ISimpleAssignmentOperation { Target: var target } when Names(target, variable):
                    return Step.Stop;
                default:
                    return Step.On;
            }
        }

        private static bool Names(IOperation operation, ISymbol variable) =>
            Place.Named(operation) is { Symbol: { } named } && SymbolEqualityComparer.Default.Equals(named, variable);

        private static bool IsReadOnly(IOperation instance, ISymbol member) => instance switch
        {
            IParameterReferenceOperation { Parameter.RefKind: RefKind.In or RefKind.RefReadOnlyParameter } => true,
            ILocalReferenceOperation { Local.RefKind: RefKind.RefReadOnly } => true,
            IFieldReferenceOperation { Field: { IsReadOnly: true } field } =>
                member is not IMethodSymbol { MethodKind: MethodKind.Constructor or MethodKind.StaticConstructor } || !SymbolEqualityComparer.Default.Equals(field.ContainingType, member.ContainingType),
            _ => false,
        };

        // A method whose text never calls the parameter, and never passes it by reference, only looks at it. Without a text it is believed to move it.
        private static bool IsMovedBy(IParameterSymbol parameter)
        {
            if (parameter.ContainingSymbol.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is not { } method)
            {
                return true;
            }

            return method.DescendantNodes().OfType<IdentifierNameSyntax>().Any(name => name.Identifier.ValueText == parameter.Name && name.Parent switch
            {
                MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax } access => access.Expression == name,
                ArgumentSyntax { RefKindKeyword.RawKind: not 0 } => true,
                _ => false,
            });
        }

        private bool IsCursor(ITypeSymbol? type) =>
            type is INamedTypeSymbol { IsValueType: true } named
            && (cursor.IsWrittenOn(named) || known.Contains(named.OriginalDefinition, SymbolEqualityComparer.Default));
    }
}
