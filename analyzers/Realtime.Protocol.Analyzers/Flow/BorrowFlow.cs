using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using FlowBody = Realtime.Protocol.Analyzers.Flow.FlowBody<Realtime.Protocol.Analyzers.Flow.BorrowState>;

namespace Realtime.Protocol.Analyzers.Flow;

/// <summary>Follows borrowed values through one method, and through every lambda and local function in it for itself.</summary>
/// <remarks>
/// It tells a value that is over on every path from one that is over on some. It knows locals and parameters, the members that hand a
/// value on, and the names of owners; it is silent about everything else. A variable that a nested function assigns, and whatever such a
/// function does to an owner, is not followed, because the order of such things is not known.
/// </remarks>
internal sealed class BorrowFlow
{
    // A method of ten thousand lines takes about as many; past that a person is waiting, and the flow says nothing.
    private const int MostBlocks = 50_000;

    private readonly IBorrowPolicy _policy;
    private readonly HashSet<ISymbol> _assignedElsewhere;
    private FlowBody _body = null!;
    private BorrowState _state = BorrowState.Empty;
    private int _walked;

    private BorrowFlow(IBorrowPolicy policy, HashSet<ISymbol> assignedElsewhere) => (_policy, _assignedElsewhere) = (policy, assignedElsewhere);

    /// <summary>The method, local function or lambda whose operations are shown at present; null for the body itself.</summary>
    public IMethodSymbol? Function { get; private set; }

    /// <summary>Walks every reachable operation, and shows it to the observer when its operands have been evaluated and before it has done what it does.</summary>
    /// <remarks>What a block ends with, a returned value or a condition, is shown with <c>true</c> when the method returns it.</remarks>
    public static void Follow(ControlFlowGraph graph, IMethodSymbol? member, IBorrowPolicy policy, Action<IOperation, bool, BorrowFlow> observer) =>
        new BorrowFlow(policy, NestedAssignments.In(graph.OriginalOperation)).Run(graph, member, observer);

    /// <summary>What the value borrows; nothing for a value that is its own.</summary>
    public Loans LoansOf(IOperation value)
    {
        if (Place.Named(value) is { } place)
        {
            return place.Symbol is not null && _assignedElsewhere.Contains(place.Symbol) ? Loans.None : _state.Of(place);
        }

        switch (value)
        {
            case IConversionOperation { OperatorMethod: null } conversion: return LoansOf(conversion.Operand);
            case IConversionOperation { OperatorMethod: { } method } conversion when _policy.HandsOn(method) && IsView(conversion): return LoansOf(conversion.Operand);
            case IParenthesizedOperation inner: return LoansOf(inner.Operand);
            case IAwaitOperation awaited: return LoansOf(awaited.Operation);
            case ISimpleAssignmentOperation assignment: return LoansOf(assignment.Value);
            case IInvocationOperation call: return Given(call.TargetMethod, call.Instance, call.Arguments, call);
            case IPropertyReferenceOperation property: return Given(property.Property, property.Instance, property.Arguments, property);
            case IObjectCreationOperation { Constructor: { } constructor } creation: return Given(constructor, null, creation.Arguments, creation);
            case IImplicitIndexerReferenceOperation slice when IsView(slice): return LoansOf(slice.Instance);
            default: return Loans.None;
        }
    }

    /// <summary>What an assignment really assigns to, where the graph assigns to a capture; otherwise the target itself.</summary>
    public IEnumerable<IOperation> TargetsOf(IOperation target) => target is IFlowCaptureReferenceOperation { Id: var capture } ? _body.Behind(capture) : [target];

    private void Run(ControlFlowGraph graph, IMethodSymbol? member, Action<IOperation, bool, BorrowFlow> observer)
    {
        var pending = new Queue<(ControlFlowGraph Graph, IMethodSymbol? Function)>([(graph, member)]);
        while (pending.Count > 0)
        {
            var (current, function) = pending.Dequeue();
            (_body, Function) = (new FlowBody(current), function);
            IEnumerable<IParameterSymbol> parameters = function?.Parameters ?? [];
            _body.Reach(current.Blocks[0], OnEntry(current == graph ? parameters.Concat(Receivers.In(graph.OriginalOperation.Descendants())) : parameters));
            foreach (var block in _body.Changed())
            {
                Walk(block, observer: null);
                if (++_walked > MostBlocks)
                {
                    return;
                }
            }

            foreach (var block in _body.Reached().ToList())
            {
                Walk(block, observer);
            }

            foreach (var local in current.LocalFunctions)
            {
                pending.Enqueue((current.GetLocalFunctionControlFlowGraph(local), local));
            }

            foreach (var lambda in current.Blocks.SelectMany(OperationsOf).SelectMany(Evaluation.OperandsFirst).OfType<IFlowAnonymousFunctionOperation>())
            {
                pending.Enqueue((current.GetAnonymousFunctionControlFlowGraph(lambda), lambda.Symbol));
            }
        }
    }

    private BorrowState OnEntry(IEnumerable<IParameterSymbol> parameters)
    {
        var state = BorrowState.Empty;
        foreach (var parameter in parameters)
        {
            if (parameter.RefKind is RefKind.None or RefKind.In
                && _policy.IsBorrowed(parameter, out _)
                && parameter.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is { } syntax)
            {
                state = state.Assign(Place.Of(parameter), Loans.Fresh(new(Owner: null, parameter, syntax)));
            }
        }

        return state;
    }

    private static IEnumerable<IOperation> OperationsOf(BasicBlock block) => block.BranchValue is { } value ? block.Operations.Add(value) : block.Operations;

    private void Walk(BasicBlock block, Action<IOperation, bool, BorrowFlow>? observer)
    {
        _state = _body.At(block);
        var handlers = _body.HandlersOf(block).ToList();
        foreach (var root in OperationsOf(block))
        {
            // An exception may leave during any operation, before it has done what it does; the graph draws no edge for it.
            handlers.ForEach(handler => _body.Reach(handler, _state));
            foreach (var operation in Evaluation.OperandsFirst(root))
            {
                observer?.Invoke(operation, operation == block.BranchValue && block.FallThroughSuccessor is { Semantics: ControlFlowBranchSemantics.Return }, this);
                Apply(operation);
            }
        }

        _body.Leave(block, _state);
    }

    private void Apply(IOperation operation)
    {
        switch (operation)
        {
            case IFlowCaptureOperation capture:
                _body.Capture(capture);
                _state = _state.Assign(Place.Of(capture.Id), LoansOf(capture.Value));
                break;
            case ISimpleAssignmentOperation assignment:
                AssignTo(assignment.Target, assignment.Value);
                KeepIn(assignment.Target, assignment.Value);
                break;
            case IDeconstructionAssignmentOperation deconstruction:
                AssignTo(deconstruction.Target, deconstruction.Value);
                break;
            case IAssignmentOperation other:
                Assign(other.Target, Loans.None);
                break;
            case IIsPatternOperation match:
                Bind(match.Pattern, LoansOf(match.Value));
                break;
            case IInvocationOperation call:
                End(call, call.Instance);
                Fill(call.TargetMethod, call.Instance, call.Arguments, call);
                KeepIn(call);
                break;
            case IObjectCreationOperation { Constructor: { } constructor } creation:
                Fill(constructor, null, creation.Arguments, creation);
                break;
            case IPropertyReferenceOperation property:
                End(property, property.Instance);
                break;
            case IAwaitOperation or IDynamicInvocationOperation:
                _state = _state.Weaken();
                break;
        }
    }

    // The receiver moves on, or other code runs that may assign what leads to an owner.
    private void End(IOperation use, IOperation? receiver)
    {
        var ending = _policy.EndOf(use);
        if (ending != Ending.None && OwnerOf(receiver) is { } owner)
        {
            _state = _state.End(owner, ending == Ending.Certain, use);
        }
        else if (ending == Ending.None && use is IInvocationOperation { TargetMethod: var method } && !method.DeclaringSyntaxReferences.IsEmpty)
        {
            _state = _state.Weaken();
        }
    }

    private Loans Given(ISymbol member, IOperation? instance, ImmutableArray<IArgumentOperation> arguments, IOperation operation)
    {
        if (operation.Type is not { } type)
        {
            return Loans.None;
        }

        // A property of a value type is part of a value that was lent as a whole.
        var isOwned = instance?.Type is { IsValueType: true } && member is IPropertySymbol;
        if (_policy.IsBorrowed(member, out var fromArgumentsOnly))
        {
            return isOwned ? LoansOf(instance!) : Lent(instance, arguments, operation, fromArgumentsOnly);
        }

        return _policy.IsView(type) && _policy.HandsOn(member) ? Behind(instance, arguments) : Loans.None;
    }

    private Loans Lent(IOperation? instance, ImmutableArray<IArgumentOperation> arguments, IOperation operation, bool fromArgumentsOnly) => fromArgumentsOnly
        ? Behind(null, arguments)
        : Behind(null, arguments).And(Loans.Fresh(new(OwnerOf(instance), Lender: null, operation.Syntax)));

    private Loans Behind(IOperation? instance, ImmutableArray<IArgumentOperation> arguments) => arguments
        .Where(static argument => argument.Parameter?.RefKind != RefKind.Out)
        .Aggregate(instance is null ? Loans.None : LoansOf(instance), (loans, argument) => loans.And(LoansOf(argument.Value)));

    // Variables that a call fills, and those that it may have filled.
    private void Fill(ISymbol member, IOperation? instance, ImmutableArray<IArgumentOperation> arguments, IOperation call)
    {
        foreach (var argument in arguments)
        {
            if (argument.Parameter is not { RefKind: RefKind.Out or RefKind.Ref } parameter)
            {
                continue;
            }

            var variable = Unwrapped(argument.Value);
            if (parameter.RefKind == RefKind.Ref)
            {
                foreach (var place in PlacesOf(variable))
                {
                    _state = _state.Weaken(place);
                }

                if (AssignedSymbol(variable) is { } symbol)
                {
                    _state = _state.Detach(symbol);
                }
            }
            else
            {
                Assign(
                    variable,
                    _policy.IsBorrowed(parameter, out var fromArgumentsOnly) ? Lent(instance, arguments, call, fromArgumentsOnly)
                        : variable.Type is { } type && _policy.IsView(type) && _policy.HandsOn(member) ? Behind(instance, arguments)
                        : Loans.None);
            }
        }
    }

    private void AssignTo(IOperation target, IOperation value)
    {
        // All values before the first assignment: "(a, b) = (b, a)" exchanges the two.
        var assigned = Pairs(target, value).Select(pair => (pair.Target, Loans: pair.Value is null ? Loans.None : LoansOf(pair.Value))).ToList();
        foreach (var (place, loans) in assigned)
        {
            Assign(place, loans);
        }
    }

    private void Assign(IOperation target, Loans loans)
    {
        foreach (var assigned in TargetsOf(Unwrapped(target)))
        {
            // First the owners that the old value led to, and only then the loans of the new one.
            if (AssignedSymbol(assigned) is { } symbol)
            {
                _state = _state.Detach(symbol);
            }

            if (Place.Named(assigned) is { } place)
            {
                _state = _state.Assign(place, loans);
            }
        }
    }

    // A collection in a local has the loans of what was put into it, each with the place where that was.
    private void KeepIn(IInvocationOperation call)
    {
        if (call.Instance is null)
        {
            return;
        }

        foreach (var value in _policy.KeptBy(call))
        {
            Keep(call.Instance, value, beside: true);
        }

        if (_policy.Forgets(call))
        {
            foreach (var place in PlacesOf(call.Instance))
            {
                _state = _state.Assign(place, Loans.None);
            }
        }
    }

    private void KeepIn(IOperation target, IOperation value)
    {
        switch (target)
        {
            case IArrayElementReferenceOperation element: Keep(element.ArrayReference, value, beside: false); break;
            case IPropertyReferenceOperation { Property.IsIndexer: true, Instance: { Type.IsReferenceType: true } collection }: Keep(collection, value, beside: false); break;
        }
    }

    // Beside what the same line put there in an earlier round, or in its place, as an assignment does.
    private void Keep(IOperation collection, IOperation value, bool beside)
    {
        foreach (var part in PartsOf(value))
        {
            var loans = LoansOf(part).Map((loan, status) => (loan with { KeptAt = part.Syntax }, status));
            foreach (var place in PlacesOf(collection))
            {
                _state = _state.Assign(place, beside ? _state.Of(place).And(loans) : _state.Of(place).With(loans));
            }
        }
    }

    /// <summary>The values that a value is made of: the elements of a tuple, the branches of a condition, or itself.</summary>
    public IEnumerable<IOperation> PartsOf(IOperation value) => Unwrapped(value) switch
    {
        ITupleOperation tuple => tuple.Elements.SelectMany(PartsOf),
        IFlowCaptureReferenceOperation capture => TargetsOf(capture),
        _ => [value],
    };

    private static ISymbol? AssignedSymbol(IOperation target) => target switch
    {
        IFieldReferenceOperation field => field.Field,
        IPropertyReferenceOperation property => property.Property,
        _ => Place.Named(target)?.Symbol,
    };

    // A value that is taken apart by a method of its own has no parts that the graph knows: null.
    public static IEnumerable<(IOperation Target, IOperation? Value)> Pairs(IOperation target, IOperation? value)
    {
        if (Unwrapped(target) is not ITupleOperation targets)
        {
            return [(target, value)];
        }

        var values = value is not null && Unwrapped(value) is ITupleOperation tuple ? tuple.Elements : [];
        return targets.Elements.SelectMany((element, i) => Pairs(element, i < values.Length ? values[i] : null));
    }

    private void Bind(IPatternOperation pattern, Loans loans)
    {
        var declared = pattern switch
        {
            IDeclarationPatternOperation declaration => declaration.DeclaredSymbol,
            IRecursivePatternOperation recursive => recursive.DeclaredSymbol,
            IListPatternOperation list => list.DeclaredSymbol,
            _ => null,
        };
        if (declared is not null)
        {
            _state = _state.Detach(declared).Assign(Place.Of(declared), loans);
        }

        switch (pattern)
        {
            case IRecursivePatternOperation recursive:
                foreach (var part in recursive.PropertySubpatterns)
                {
                    var isHandedOn = part.Member is IPropertyReferenceOperation { Property: var property, Type: { } type }
                        && _policy.IsView(type)
                        && (_policy.HandsOn(property) || _policy.IsBorrowed(property, out _));
                    Bind(part.Pattern, isHandedOn ? loans : Loans.None);
                }

                foreach (var part in recursive.DeconstructionSubpatterns)
                {
                    Bind(part, Loans.None);
                }

                break;
            case IBinaryPatternOperation both:
                Bind(both.LeftPattern, loans);
                Bind(both.RightPattern, loans);
                break;
            case INegatedPatternOperation not:
                Bind(not.Pattern, loans);
                break;
        }
    }

    /// <summary>The object that an expression names, if its names prove which one.</summary>
    public Owner? OwnerOf(IOperation? instance) =>
        instance is null || Owner.Of(instance, TargetsOf, _policy.IsStable) is not { } owner || _assignedElsewhere.Any(owner.LeadsOver) ? null : owner;

    private IEnumerable<Place> PlacesOf(IOperation target) => TargetsOf(Unwrapped(target)).Select(Place.Named).OfType<Place>();

    private bool IsView(IOperation value) => value.Type is { } type && _policy.IsView(type);

    private static IOperation Unwrapped(IOperation value)
    {
        while (true)
        {
            switch (value)
            {
                case IConversionOperation conversion: value = conversion.Operand; break;
                case IParenthesizedOperation inner: value = inner.Operand; break;
                case IDeclarationExpressionOperation declaration: value = declaration.Expression; break;
                default: return value;
            }
        }
    }
}
