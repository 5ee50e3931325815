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

/// <summary>RT3001: borrowed memory is looked at after its lender moved on.</summary>
/// <remarks>
/// This file knows what looking is; who lends and what ends it is <see cref="BorrowPolicy"/>, and what is true where is
/// <see cref="BorrowFlow"/>. It is an error where the value is over on every path that leads there, and a warning where it is on some:
/// whether such a path can be taken is more than a graph says.
/// </remarks>
internal sealed class RT3001BorrowedValueAfterItsTime : Rule
{
    public const string Id = "RT3001";

    private static readonly DiagnosticDescriptor Descriptor = new(
        Id,
        "Borrowed memory is used after its lender moved on",
        "'{0}' looks at memory of '{1}', which '{2}' gave back; use it before, or keep a copy",
        RuleCategories.Borrowing,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: "A reader lends its memory until it moves on. What is read there afterwards is another message, another session's audio, or an exception.",
        helpLinkUri: RulePages.Root + Id + RulePages.Extension);

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> Descriptors { get; } = [Descriptor];

    /// <inheritdoc/>
    public override void Begin(Interests asked)
    {
        if (asked.World is { Borrowed: { } borrowed, InvalidatesBorrows: var invalidates, Compilation: var compilation })
        {
            asked
                .Group(words: BorrowPolicy.PipeEnds, marks: [invalidates])
                .Group(words: BorrowPolicy.PipeSources, marks: [borrowed])
                .OnBody(new Bodies(new BorrowPolicy(compilation, borrowed, invalidates)).Check);
        }
    }

    private sealed class Bodies(BorrowPolicy policy)
    {
        public void Check(Body body)
        {
            if (!body.Operations.Any(operation => policy.EndOf(operation) != Ending.None)
                || (!policy.TakesBorrowed(body.Member as IMethodSymbol) && !body.Operations.Any(operation => operation is IForEachLoopOperation || policy.Lends(operation)))
                || body.Graph is not { } graph)
            {
                return;
            }

            var reported = new HashSet<TextSpan>();
            BorrowFlow.Follow(graph, body.Member as IMethodSymbol, policy, (operation, isReturned, flow) =>
            {
                foreach (var value in isReturned ? LookedAt(operation).Append(operation) : LookedAt(operation))
                {
                    Report(value, flow);
                }
            });

            void Report(IOperation value, BorrowFlow flow)
            {
                var over = flow.LoansOf(value).All.Where(static loan => loan.Status.MayBeOver && loan.Loan.KeptAt is null).OrderByDescending(static loan => loan.Status.IsOver).FirstOrDefault();
                if (over.Loan is not null && value.Syntax is { } syntax && reported.Add(syntax.Span))
                {
                    body.Report(
                        Descriptor,
                        over.Status.IsOver && IsWhole(body, over.Status.EndedBy) ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning,
                        syntax,
                        syntax.ToString(),
                        over.Loan.From,
                        KnownApis.Used(over.Status.EndedBy!)?.Name ?? "");
                }
            }
        }

        // The end of a slice may lie before that of the buffer, and what lies behind it was not given back.
        private static bool IsWhole(Body body, IOperation? endedBy) =>
            endedBy is not IInvocationOperation { TargetMethod.Name: "AdvanceTo" } advance
            || (advance.Arguments.FirstOrDefault(static argument => argument.Parameter?.Ordinal == 0)?.Value is IPropertyReferenceOperation { Instance: { } buffer }
                && SoleValue.Behind(body, buffer) is IPropertyReferenceOperation { Property.Name: "Buffer" });

        // The values whose memory this operation looks at. One that makes another view of them does not; whoever looks at that view does.
        private IEnumerable<IOperation> LookedAt(IOperation operation)
        {
            switch (operation)
            {
                case IInvocationOperation call when !policy.IsHarmless(call) && !IsView(call, call.TargetMethod) && policy.EndOf(call) == Ending.None:
                    return Inputs(call.Instance, call.Arguments);
                case IPropertyReferenceOperation property when !policy.IsHarmless(property) && !IsView(property, property.Property) && !IsAssigned(property):
                    return Inputs(property.Instance, property.Arguments);
                case IObjectCreationOperation { Constructor: { } constructor } creation when !IsView(creation, constructor):
                    return Inputs(null, creation.Arguments);
                case IImplicitIndexerReferenceOperation { Type: { } type } element when !policy.IsView(type):
                    return [element.Instance];
                case IReturnOperation { ReturnedValue: { } value }:
                    return [value];
                case ISpreadOperation spread:
                    return [spread.Operand];
                case ISimpleAssignmentOperation { Target: IMemberReferenceOperation or IArrayElementReferenceOperation, Value: var value }:
                    return [value];
                default:
                    return [];
            }
        }

        private bool IsView(IOperation result, ISymbol member) =>
            result.Type is { } type && policy.IsView(type) && (policy.HandsOn(member) || (member is IPropertySymbol && policy.IsBorrowed(member, out _)));

        private static bool IsAssigned(IOperation target) => target.Parent is IAssignmentOperation assignment && assignment.Target == target;

        private static IEnumerable<IOperation> Inputs(IOperation? instance, ImmutableArray<IArgumentOperation> arguments) =>
            arguments.Where(static argument => argument.Parameter?.RefKind != RefKind.Out).Select(static argument => argument.Value)
                .Concat(instance is null ? [] : [instance]);
    }
}
