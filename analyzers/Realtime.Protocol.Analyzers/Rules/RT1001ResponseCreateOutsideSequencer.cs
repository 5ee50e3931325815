using System.Collections.Immutable;
using System.Linq;
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
                new Scope(sequenced, entry).Check,
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

    private sealed class Scope(Annotation sequenced, Annotation entry)
    {
        public void Check(Body body, IOperation operation)
        {
            if (Used(operation) is { } member && IsSequenced(member) && !IsAnsweredFor(operation, body.Member))
            {
                body.Report(Descriptor, Named(operation.Syntax), member.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat));
            }
        }

        private static ISymbol? Used(IOperation operation) => operation switch
        {
            IInvocationOperation call => call.TargetMethod,
            IObjectCreationOperation creation => creation.Constructor,
            IMethodReferenceOperation { Parent: not INameOfOperation } group => group.Method,
            IPropertyReferenceOperation access => IsWritten(access) ? access.Property : access.Property.GetMethod,
            IConversionOperation conversion => conversion.OperatorMethod,
            IUnaryOperation unary => unary.OperatorMethod,
            IBinaryOperation binary => binary.OperatorMethod,
            ICompoundAssignmentOperation compound => compound.OperatorMethod,
            IIncrementOrDecrementOperation step => step.OperatorMethod,
            _ => null,
        };

        private static bool IsWritten(IOperation target) => target.Parent switch
        {
            IAssignmentOperation assignment => assignment.Target == target,
            IIncrementOrDecrementOperation => true,
            ITupleOperation tuple => IsWritten(tuple),
            _ => false,
        };

        private bool IsSequenced(ISymbol member) => member switch
        {
            // Reading sends nothing, so a getter counts only when it was marked by itself.
            IMethodSymbol { MethodKind: MethodKind.PropertyGet or MethodKind.LocalFunction or MethodKind.AnonymousFunction } => sequenced.IsOn(member),
            IMethodSymbol { MethodKind: MethodKind.PropertySet, AssociatedSymbol: IPropertySymbol property } => IsSequenced(property),
            IPropertySymbol { SetMethod: { } setter } when sequenced.IsOn(setter) => true,
            // Constructing a derived object runs the constructor of its base.
            IMethodSymbol { MethodKind: MethodKind.Constructor } => sequenced.IsOn(member) || IsSequencedType(member.ContainingType),
            // Never called from code that could answer for it.
            IMethodSymbol { MethodKind: MethodKind.StaticConstructor or MethodKind.Destructor } => false,
            _ => Declarations.Of(member).Any(declared => sequenced.IsWrittenOn(declared) || IsMarkedType(declared.ContainingType)),
        };

        private bool IsSequencedType(INamedTypeSymbol? type)
        {
            for (; type is not null; type = type.BaseType)
            {
                if (IsMarkedType(type))
                {
                    return true;
                }
            }

            return false;
        }

        private bool IsMarkedType(INamedTypeSymbol? type)
        {
            // An extension block is a nameless type inside the static class that people see and mark.
            while (type is { CanBeReferencedByName: false, ContainingType: { } outer })
            {
                type = outer;
            }

            return type is not null && sequenced.IsWrittenOn(type);
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

        private bool Answers(ISymbol symbol) => entry.IsWrittenOn(symbol) || (symbol is IMethodSymbol && IsSequenced(symbol));

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
