using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Realtime.Protocol.Analyzers.Walk;

namespace Realtime.Protocol.Analyzers.Rules;

/// <summary>RT1001: a <c>[Sequenced]</c> member is used where no <c>[SequencerEntry]</c> answers for it.</summary>
/// <remarks>
/// The rule looks at uses, never at values: whoever calls, constructs, writes or makes a delegate of a sequenced member needs a mark
/// on the way out from that place to the assembly. A member that is itself sequenced passes the question on to its own users.
/// </remarks>
internal sealed class RT1001ResponseCreateOutsideSequencer : Rule
{
    public const string Id = "RT1001";

    private static readonly DiagnosticDescriptor Descriptor = new(
        Id,
        "Response requested past the response sequencer",
        "'{0}' sends an event that only the response sequencer may send; ask the session for a response, or mark a sequencer, relay or simulator with [SequencerEntry]",
        RuleCategories.Lifecycle,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: "A conversation has one response at a time. The server refuses a second response.create while one is active, and only the sequencer knows whether one is. It also sends those that run beside the conversation.",
        helpLinkUri: RulePages.Root + Id + RulePages.Extension);

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> Descriptors { get; } = [Descriptor];

    /// <inheritdoc/>
    public override void Begin(Interests asked)
    {
        if (asked.World is { Sequenced: { } sequenced, SequencerEntry: { } entry, Compilation.Assembly: var assembly } && !entry.IsWrittenOn(assembly))
        {
            asked.Group(marks: [sequenced]).On(
                new Scope(new SequencedMembers(sequenced), entry).Check,
                OperationKind.Invocation,
                OperationKind.ObjectCreation,
                OperationKind.MethodReference,
                OperationKind.PropertyReference,
                OperationKind.Conversion,
                OperationKind.Unary,
                OperationKind.Binary,
                OperationKind.CompoundAssignment,
                OperationKind.Increment,
                OperationKind.Decrement);
        }
    }

    private sealed class Scope(SequencedMembers members, Annotation entry)
    {
        public void Check(Body body, IOperation operation)
        {
            if (members.UsedBy(operation) is { } member && !IsAnsweredFor(operation, body.Member))
            {
                body.Report(Descriptor, Named(operation.Syntax), member.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat));
            }
        }

        private bool IsAnsweredFor(IOperation operation, ISymbol member)
        {
            for (var outer = operation.Parent; outer is not null; outer = outer.Parent)
            {
                var function = outer switch
                {
                    ILocalFunctionOperation local => local.Symbol,
                    IAnonymousFunctionOperation lambda => lambda.Symbol,
                    _ => null,
                };
                if (function is not null && Answers(function))
                {
                    return true;
                }
            }

            for (var outer = member; outer is not (null or INamespaceSymbol); outer = outer.ContainingSymbol)
            {
                if (Answers(outer) || (Owner(outer) is { } owner && Answers(owner)))
                {
                    return true;
                }
            }

            return false;
        }

        private bool Answers(ISymbol symbol) => entry.IsWrittenOn(symbol) || (symbol is IMethodSymbol && members.IsSequenced(symbol));

        private static ISymbol? Owner(ISymbol symbol) => symbol switch
        {
            IMethodSymbol accessor => accessor.AssociatedSymbol,
            IFieldSymbol backing => backing.AssociatedSymbol,
            _ => null,
        };

        // The name is what has to change; an underlined argument list of ten lines hides it.
        private static SyntaxNode Named(SyntaxNode node) => node switch
        {
            InvocationExpressionSyntax call => Named(call.Expression),
            MemberAccessExpressionSyntax access => access.Name,
            MemberBindingExpressionSyntax binding => binding.Name,
            ObjectCreationExpressionSyntax creation => creation.Type,
            _ => node,
        };
    }
}
