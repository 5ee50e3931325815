using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;
using Realtime.Protocol.Analyzers.Flow;
using Realtime.Protocol.Analyzers.Walk;

namespace Realtime.Protocol.Analyzers.Rules;

/// <summary>RT3002: borrowed memory is put where it outlives the borrowing.</summary>
/// <remarks>
/// This file knows such places: fields of objects that do not own the lender, collections, channels, lambdas that nobody waits for, and
/// results of methods whose callers are not told. A collection in a local is judged by what happens next: it is reported when somebody
/// looks into it after the lender moved on.
/// </remarks>
internal sealed class RT3002BorrowedValueKept : Rule
{
    public const string Id = "RT3002";

    /// <summary>A property of the finding where a copy in its place is a repair.</summary>
    public const string Copyable = "copyable";

    private static readonly DiagnosticDescriptor Descriptor = new(
        Id,
        "Borrowed memory is kept beyond its time",
        "'{0}' is memory of '{1}', lent for a while, and is kept for longer here; keep a copy",
        RuleCategories.Borrowing,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "A reader lends its memory until it moves on. What is stored, queued, captured or handed out without saying so is read later, when other bytes lie there.",
        helpLinkUri: RulePages.Root + Id + RulePages.Extension);

    private static readonly ImmutableDictionary<string, string?> IsCopyable = ImmutableDictionary<string, string?>.Empty.Add(Copyable, "true");

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> Descriptors { get; } = [Descriptor];

    /// <inheritdoc/>
    public override void Begin(Interests asked)
    {
        if (asked.World is { Borrowed: { } borrowed, InvalidatesBorrows: var invalidates, Compilation: var compilation })
        {
            var policy = new BorrowPolicy(compilation, borrowed, invalidates);
            asked
                .Group(words: BorrowPolicy.PipeSources, marks: [borrowed])
                .OnBody(body => new Findings(body, policy).Check());
        }
    }

    private sealed class Findings(Body body, BorrowPolicy policy)
    {
        private readonly HashSet<TextSpan> _reported = [];
        private BorrowFlow _flow = null!;

        public void Check()
        {
            if ((!policy.TakesBorrowed(body.Member as IMethodSymbol) && !body.Operations.Any(policy.Lends)) || body.Graph is not { } graph)
            {
                return;
            }

            BorrowFlow.Follow(graph, body.Member as IMethodSymbol, policy, (operation, isReturned, flow) =>
            {
                _flow = flow;
                Look(operation);
                if (isReturned)
                {
                    Return(operation);
                }
            });
        }

        private void Look(IOperation operation)
        {
            switch (operation)
            {
                case ISimpleAssignmentOperation { Target: IDiscardOperation, Value: IInvocationOperation call }:
                    Start(call);
                    break;
                case ISimpleAssignmentOperation or IDeconstructionAssignmentOperation when operation is IAssignmentOperation assignment:
                    foreach (var pair in BorrowFlow.Pairs(assignment.Target, assignment.Value).Where(static pair => pair.Value is not null))
                    {
                        foreach (var target in _flow.TargetsOf(pair.Target))
                        {
                            Store(target, pair.Value!);
                        }
                    }

                    break;
                case IEventAssignmentOperation { Adds: true, HandlerValue: var handler }:
                    Capture(handler);
                    break;
                case IInvocationOperation call:
                    foreach (var value in policy.KeptBy(call).Where(value => !IsLocal(call.Instance) && !IsKnownToBeLent(call, value)))
                    {
                        Keep(value);
                    }

                    LookInto(call, call.Instance, call.Arguments);
                    if (call.Parent is IExpressionStatementOperation)
                    {
                        Start(call);
                    }

                    break;
                case IObjectCreationOperation creation:
                    LookInto(creation, null, creation.Arguments);
                    break;
                case IReturnOperation { Kind: OperationKind.YieldReturn, ReturnedValue: { } value }:
                    Return(value);
                    break;
            }
        }

        private void Store(IOperation target, IOperation value)
        {
            var symbol = (target as IMemberReferenceOperation)?.Member;
            var instance = target is IArrayElementReferenceOperation element ? element.ArrayReference : (target as IMemberReferenceOperation)?.Instance;
            if (target is not (IMemberReferenceOperation or IArrayElementReferenceOperation)
                || instance?.Type is { IsValueType: true }
                || (symbol is not null && policy.IsBorrowed(symbol, out _))
                || (instance is not null && _flow.TargetsOf(instance).Any(static made => made is IObjectCreationOperation)))
            {
                return;
            }

            if (value is IDelegateCreationOperation && symbol is not null)
            {
                Capture(value);
                return;
            }

            // What is put into a collection of this method is judged when somebody looks into it; another object may live as short as the value.
            if (IsLocal(instance) || IsMarked(instance))
            {
                return;
            }

            var holder = symbol is IFieldSymbol or IPropertySymbol { IsIndexer: false } ? _flow.OwnerOf(instance) : null;
            foreach (var part in _flow.PartsOf(value))
            {
                Keep(part, holder);
            }
        }

        // Whoever holds the lender knows when it moves on.
        private void Keep(IOperation value, Owner? holder = null)
        {
            foreach (var part in _flow.PartsOf(value))
            {
                Report(part, _flow.LoansOf(part), loan => loan.KeptAt is null && (holder is null || loan.Owner is null || !holder.Holds(loan.Owner)));
            }
        }

        // A task hands on one value, whose type says what it is.
        private bool IsKnownToBeLent(IInvocationOperation call, IOperation value) =>
            IsMarked(call.Instance) || (call.TargetMethod.ContainingType.Name == "TaskCompletionSource" && policy.SpeaksForItself(value.Type));

        private bool IsMarked(IOperation? collection) =>
            collection is not null && _flow.TargetsOf(collection).Any(target => target is IMemberReferenceOperation { Member: var member } && policy.IsBorrowed(member, out _));

        private void LookInto(IOperation use, IOperation? instance, ImmutableArray<IArgumentOperation> arguments)
        {
            if (use is IInvocationOperation call && (policy.Forgets(call) || policy.KeptBy(call).Any()))
            {
                return;
            }

            foreach (var value in arguments.Select(static argument => argument.Value).Concat(instance is null ? [] : [instance]))
            {
                LookInto(value);
            }
        }

        private void LookInto(IOperation collection)
        {
            foreach (var (loan, status) in _flow.LoansOf(collection).All)
            {
                if (loan.KeptAt is { } kept && status.MayBeOver)
                {
                    Report(kept, loan);
                }
            }
        }

        private void Return(IOperation value)
        {
            LookInto(value);
            if (_flow.Function is { MethodKind: MethodKind.Ordinary or MethodKind.PropertyGet or MethodKind.ExplicitInterfaceImplementation, DeclaredAccessibility: not Accessibility.Private } function
                && !policy.IsBorrowed(function.AssociatedSymbol ?? function, out _)
                && !policy.IsBorrowed(function, out _)
                && !policy.SpeaksForItself(value.Type))
            {
                foreach (var part in _flow.PartsOf(value))
                {
                    Report(part, _flow.LoansOf(part), static loan => loan.KeptAt is null && loan.Owner is not null);
                }
            }
        }

        // Work that nobody waits for.
        private void Start(IInvocationOperation call)
        {
            if ((call.TargetMethod.Name, call.TargetMethod.ContainingType.Name) is ("Run", "Task") or ("StartNew", "TaskFactory") or ("ContinueWith", "Task")
                or ("QueueUserWorkItem" or "UnsafeQueueUserWorkItem", "ThreadPool")
                && call.TargetMethod.ContainingNamespace.ToDisplayString().StartsWith("System.Threading", System.StringComparison.Ordinal))
            {
                foreach (var argument in call.Arguments)
                {
                    Capture(argument.Value);
                }
            }
        }

        private void Capture(IOperation function)
        {
            if (Unwrapped(function) is not IFlowAnonymousFunctionOperation lambda
                || body.Operations.OfType<IAnonymousFunctionOperation>().FirstOrDefault(original => original.Syntax == lambda.Syntax) is not { } original)
            {
                return;
            }

            foreach (var reference in original.Descendants().Where(static inner => inner is ILocalReferenceOperation or IParameterReferenceOperation))
            {
                var symbol = Place.Named(reference)!.Value.Symbol;
                if (symbol is not null && !SymbolEqualityComparer.Default.Equals(symbol.ContainingSymbol, original.Symbol))
                {
                    Report(reference, _flow.LoansOf(reference), static loan => loan.KeptAt is null, isCopyable: false);
                }
            }
        }

        private void Report(IOperation value, Loans loans, System.Func<Loan, bool> isWrong, bool isCopyable = true)
        {
            // What is over already is an error of its own, RT3001.
            var wrong = loans.All.FirstOrDefault(entry => !entry.Status.MayBeOver && isWrong(entry.Loan)).Loan;
            if (wrong is not null && value.Type is { IsRefLikeType: false })
            {
                Report(value.Syntax, wrong, isCopyable);
            }
        }

        private void Report(SyntaxNode at, Loan loan, bool isCopyable = true)
        {
            if (_reported.Add(at.Span))
            {
                body.Report(Descriptor, at, isCopyable ? IsCopyable : ImmutableDictionary<string, string?>.Empty, at.ToString(), loan.From);
            }
        }

        // A channel hands on what it is given, and so does the source of a task: they are judged at once.
        private bool IsLocal(IOperation? collection) =>
            collection is not null
            && collection.Type?.ContainingNamespace?.ToDisplayString().StartsWith("System.Threading", System.StringComparison.Ordinal) != true
            && _flow.TargetsOf(Unwrapped(collection)).All(static target => target is ILocalReferenceOperation);

        private static IOperation Unwrapped(IOperation value)
        {
            while (true)
            {
                switch (value)
                {
                    case IConversionOperation conversion: value = conversion.Operand; break;
                    case IDelegateCreationOperation creation: value = creation.Target; break;
                    default: return value;
                }
            }
        }
    }
}
