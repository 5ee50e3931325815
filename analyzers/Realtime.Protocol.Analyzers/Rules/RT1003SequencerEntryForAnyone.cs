using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Realtime.Protocol.Analyzers.Walk;

namespace Realtime.Protocol.Analyzers.Rules;

/// <summary>RT1003: a <c>[SequencerEntry]</c> that everybody can call sends whatever event its caller gives it.</summary>
/// <remarks>
/// The mark says that this code keeps one response at a time. A method that is given the event keeps nothing: through it, code that RT1001
/// would refuse sends a create unseen. It is a heuristic, and a warning: a relay between two parties looks the same.
/// </remarks>
internal sealed class RT1003SequencerEntryForAnyone : Rule
{
    public const string Id = "RT1003";

    private static readonly DiagnosticDescriptor Descriptor = new(
        Id,
        "Sequencer entry that sends what any caller gives it",
        "'{0}' lets every caller send a response.create past the sequencer; mark it [Sequenced] so that its callers are asked, make it less visible, or constrain it to ISendableEvent",
        RuleCategories.Lifecycle,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "[SequencerEntry] is the promise that one response at a time is kept here. A public method that writes the event which it is given cannot keep it, and its callers are no longer checked.",
        helpLinkUri: RulePages.Root + Id + RulePages.Extension);

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> Descriptors { get; } = [Descriptor];

    /// <inheritdoc/>
    public override void Begin(Interests asked)
    {
        if (asked.World is { Sequenced: { } sequenced, SequencerEntry: { } entry })
        {
            var members = new SequencedMembers(sequenced);
            asked.Group(words: entry.Spellings).Group(marks: [sequenced]).OnBody(body => Check(body, sequenced, entry, members));
        }
    }

    private static void Check(Body body, Annotation sequenced, Annotation entry, SequencedMembers members)
    {
        if (body.Member is not IMethodSymbol { MethodKind: MethodKind.Ordinary or MethodKind.Constructor } method
            || !entry.IsWrittenOn(method)
            || sequenced.IsOn(method)
            || !IsSeenByOthers(method)
            || method.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(body.Cancellation) is not { } declaration)
        {
            return;
        }

        if (body.Operations.Any(operation => members.UsedBy(operation) is not null && SendsParameter(operation, method)))
        {
            body.Report(Descriptor, Identifier(declaration).GetLocation(), method.Name == ".ctor" ? method.ContainingType.Name : method.Name);
        }
    }

    // The event that is written is one of the method's own parameters, and not the place that it is written to.
    private static bool SendsParameter(IOperation use, IMethodSymbol method) => use switch
    {
        IInvocationOperation call => IsParameter(call.Instance, method) || call.Arguments.Any(argument => IsParameter(argument.Value, method) && IsEvent(call, argument)),
        _ => false,
    };

    private static bool IsEvent(IInvocationOperation call, IArgumentOperation argument) =>
        argument.Parameter?.OriginalDefinition.Type is { } type
        && (type.TypeKind == TypeKind.TypeParameter || type.IsValueType || call.TargetMethod.Parameters.Length == 1);

    private static bool IsParameter(IOperation? value, IMethodSymbol method) => value switch
    {
        IParameterReferenceOperation { Parameter: var parameter } => SymbolEqualityComparer.Default.Equals(parameter.ContainingSymbol, method),
        IConversionOperation conversion => IsParameter(conversion.Operand, method),
        _ => false,
    };

    private static bool IsSeenByOthers(ISymbol member)
    {
        for (ISymbol? outer = member; outer is not (null or INamespaceSymbol); outer = outer.ContainingSymbol)
        {
            if (outer.DeclaredAccessibility is not (Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal))
            {
                return false;
            }
        }

        return true;
    }

    private static SyntaxToken Identifier(SyntaxNode declaration) => declaration switch
    {
        MethodDeclarationSyntax method => method.Identifier,
        ConstructorDeclarationSyntax constructor => constructor.Identifier,
        _ => declaration.GetFirstToken(),
    };
}
