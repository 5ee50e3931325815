using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using FlowBody = Realtime.Protocol.Analyzers.Flow.FlowBody<Realtime.Protocol.Analyzers.Flow.TaintState>;

namespace Realtime.Protocol.Analyzers.Flow;

/// <summary>Follows tainted values forward through one method and every lambda and local function in it.</summary>
/// <remarks>
/// A may-analysis over the compiler's own control-flow graph: a place is tainted where some path leads there with a tainted value.
/// It is exact about order (a reassigned variable is clean again) and knows locals, parameters and the buffers that they share.
/// Fields, properties and the results of other methods are only what the policy says about them. A variable that a nested function
/// assigns is never tainted, because the order of such assignments is not known: the engine rather stays silent than guesses.
/// Entry states only grow and are made of finitely many facts, so the work ends by itself (see <see cref="TaintState"/>).
/// </remarks>
internal sealed class ForwardTaint
{
    private readonly ITaintPolicy _policy;
    private readonly HashSet<ISymbol> _assignedElsewhere;
    private readonly Dictionary<IMethodSymbol, FlowBody> _functions = new(SymbolEqualityComparer.Default);
    private readonly List<FlowBody> _bodies = [];
    private readonly HashSet<IMethodSymbol> _returning = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<(FlowBody Body, CaptureId Id), ImmutableHashSet<IOperation>> _origins = [];
    private readonly Queue<FlowBody> _pending = new();
    private FlowBody _body = null!;
    private TaintState _state = TaintState.Empty;
    private Action<IOperation, ForwardTaint>? _observer;

    private ForwardTaint(ITaintPolicy policy, HashSet<ISymbol> assignedElsewhere) => (_policy, _assignedElsewhere) = (policy, assignedElsewhere);

    /// <summary>Something in the body is tainted by itself. Where nothing is, nothing can be followed, and no graph is needed.</summary>
    public static bool MayBegin(ImmutableArray<IOperation> operations, ITaintPolicy policy)
    {
        foreach (var operation in operations)
        {
            if (policy.IsSource(operation) || operation switch
            {
                // The graph asks the enumerator, which no operation of the body names.
                IForEachLoopOperation => true,
                IParameterReferenceOperation { Parameter: var parameter } => policy.IsSource(parameter),
                IInvocationOperation call => policy.WritesOf(call, call.Arguments).Any(static write => write.Tainted),
                IObjectCreationOperation creation => policy.WritesOf(creation, creation.Arguments).Any(static write => write.Tainted),
                _ => false,
            })
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Runs to the fixpoint, then walks every reachable operation once more and shows it to <paramref name="observer"/>.</summary>
    /// <remarks>The observer is called when the operands of the operation have been evaluated; its questions are answered for that moment.</remarks>
    public static void Follow(ControlFlowGraph graph, ITaintPolicy policy, Action<IOperation, ForwardTaint> observer)
    {
        var taint = new ForwardTaint(policy, NestedAssignments.In(graph.OriginalOperation));
        taint.Enter(taint.Add(graph), taint.OnEntry(ParametersIn(graph.OriginalOperation)));
        while (taint._pending.Count > 0)
        {
            taint.Walk(taint._pending.Dequeue(), everyBlock: false);
        }

        taint._observer = observer;
        foreach (var body in taint._bodies.ToList())
        {
            taint.Walk(body, everyBlock: true);
        }
    }

    /// <summary>Some path leads here with a tainted value.</summary>
    public bool IsTainted(IOperation value)
    {
        if (Place.Named(value) is { } place)
        {
            return _state.IsTainted(place) && (place.Symbol is null || !_assignedElsewhere.Contains(place.Symbol));
        }

        return _policy.IsSource(value) || value switch
        {
            IConversionOperation conversion => IsTainted(conversion.Operand),
            IParenthesizedOperation inner => IsTainted(inner.Operand),
            IAwaitOperation awaited => IsTainted(awaited.Operation),
            IDelegateCreationOperation made => IsTainted(made.Target),
            IFlowAnonymousFunctionOperation lambda => _returning.Contains(lambda.Symbol),
            IMethodReferenceOperation { Method.MethodKind: MethodKind.LocalFunction } local => _returning.Contains(local.Method.OriginalDefinition),
            IInvocationOperation { TargetMethod: { MethodKind: MethodKind.LocalFunction } local } => _returning.Contains(local.OriginalDefinition),
            ISimpleAssignmentOperation assignment => IsTainted(assignment.Value),
            _ => _policy.ContentOf(value).From.Any(IsTainted),
        };
    }

    /// <summary>The tainted parts of a value that is chosen: of <c>a ? b : c</c>, <c>a ?? b</c> and a switch the branches that are; otherwise the value.</summary>
    public IEnumerable<IOperation> BranchesOf(IOperation value)
    {
        var chosen = Unwrapped(value);
        return chosen is IFlowCaptureReferenceOperation { Id: var id } && _origins.TryGetValue((_body, id), out var origins) ? origins : [value];
    }

    /// <summary>What is really assigned where the graph assigns to a capture; otherwise the target itself.</summary>
    public IEnumerable<IOperation> TargetsOf(IOperation target) =>
        target is IFlowCaptureReferenceOperation { Id: var capture } ? _body.Behind(capture) : [target];

    private FlowBody Add(ControlFlowGraph graph, IMethodSymbol? function = null)
    {
        var body = new FlowBody(graph, function);
        _bodies.Add(body);
        foreach (var local in graph.LocalFunctions)
        {
            var nested = _functions[local] = Add(graph.GetLocalFunctionControlFlowGraph(local), local);
            Enter(nested, OnEntry(local.Parameters));
        }

        return body;
    }

    private TaintState OnEntry(IEnumerable<IParameterSymbol> parameters) =>
        parameters.Where(_policy.IsSource).Select(parameter => Place.Of(parameter)).Aggregate(TaintState.Empty, (state, place) => state.Taint(place));

    // Those of the method and of its lambdas, and those of a primary constructor, which belong to another method.
    private static IEnumerable<IParameterSymbol> ParametersIn(IOperation root) =>
        root.Descendants().OfType<IParameterReferenceOperation>().Select(reference => reference.Parameter);

    private void Enter(FlowBody function, TaintState state)
    {
        if (function.Reach(function.Graph.Blocks[0], state.WithoutCaptures()))
        {
            _pending.Enqueue(function);
        }
    }

    private void Walk(FlowBody body, bool everyBlock)
    {
        _body = body;
        foreach (var block in everyBlock ? body.Reached() : body.Changed())
        {
            _state = body.At(block);
            var handlers = body.HandlersOf(block).ToList();
            ReachEach(handlers);
            foreach (var operation in block.BranchValue is { } value ? block.Operations.Add(value) : block.Operations)
            {
                var before = _state;
                Visit(operation);
                if (_state != before)
                {
                    ReachEach(handlers);
                }
            }

            NoteReturn(body, block);
            body.Leave(block, _state);
        }
    }

    // A function that returns a tainted value makes its results tainted, also where they were looked at before.
    private void NoteReturn(FlowBody body, BasicBlock block)
    {
        if (block is { BranchValue: { } value, FallThroughSuccessor.Semantics: ControlFlowBranchSemantics.Return }
            && body.Function is { } function
            && IsTainted(value)
            && _returning.Add(function))
        {
            foreach (var other in _bodies)
            {
                other.Revisit();
                _pending.Enqueue(other);
            }
        }
    }

    // An exception may leave after any operation, and the graph draws no edge for it.
    private void ReachEach(List<BasicBlock> handlers)
    {
        foreach (var handler in handlers)
        {
            _body.Reach(handler, _state);
        }
    }

    // Operands before the operation, left before right. Not recursive: a concatenation of a thousand lines is a tree a thousand deep.
    private void Visit(IOperation root)
    {
        var unvisited = new Stack<IOperation>([root]);
        var backwards = new Stack<IOperation>();
        while (unvisited.Count > 0)
        {
            var operation = unvisited.Pop();
            backwards.Push(operation);
            foreach (var child in operation.ChildOperations)
            {
                unvisited.Push(child);
            }
        }

        foreach (var operation in backwards)
        {
            Apply(operation);
            _observer?.Invoke(operation, this);
        }
    }

    private void Apply(IOperation operation)
    {
        switch (operation)
        {
            case IFlowCaptureOperation capture:
                _body.Capture(capture);
                NoteOrigin(capture);
                _state = _state.Assign(Place.Of(capture.Id), IsTainted(capture.Value), StorageOf(capture.Value));
                break;
            case ISimpleAssignmentOperation assignment:
                AssignTo(assignment.Target, assignment.Value);
                break;
            case ICompoundAssignmentOperation { OperatorKind: BinaryOperatorKind.Add } append when IsTainted(append.Value):
                _state = PlacesOf(append.Target).Aggregate(_state, (state, place) => state.Taint(place));
                break;
            case IDeconstructionAssignmentOperation deconstruction:
                AssignTo(deconstruction.Target, deconstruction.Value);
                break;
            case IIsPatternOperation match:
                Bind(match.Pattern, IsTainted(match.Value), StorageOf(match.Value));
                break;
            case IInvocationOperation call:
                Write(call, call.Arguments);
                Call(call.TargetMethod, call.Arguments);
                break;
            case IObjectCreationOperation creation:
                Write(creation, creation.Arguments);
                break;
            case IMethodReferenceOperation group:
                Call(group.Method, []);
                break;
            case IFlowAnonymousFunctionOperation lambda:
                Create(lambda);
                break;
        }
    }

    private void NoteOrigin(IFlowCaptureOperation capture)
    {
        if (IsTainted(capture.Value))
        {
            _origins.TryGetValue((_body, capture.Id), out var known);
            _origins[(_body, capture.Id)] = (known ?? []).Union(BranchesOf(capture.Value));
        }
    }

    private void AssignTo(IOperation target, IOperation value)
    {
        // All values before the first assignment: "(a, b) = (b, a)" exchanges the two.
        var assigned = Pairs(target, value)
            .SelectMany(pair => PlacesOf(pair.Target).Select(place => (
                Place: place,
                Tainted: pair.Value is not null && IsTainted(pair.Value),
                Storage: pair.Value is null ? [] : StorageOf(pair.Value))))
            .ToList();
        foreach (var (place, tainted, storage) in assigned)
        {
            _state = _state.Assign(place, tainted, storage);
        }
    }

    // A value that is taken apart by a method of its own has no parts that the graph knows: null.
    private static IEnumerable<(IOperation Target, IOperation? Value)> Pairs(IOperation target, IOperation? value)
    {
        if (Unwrapped(target) is not ITupleOperation targets)
        {
            return [(target, value)];
        }

        var values = value is not null && Unwrapped(value) is ITupleOperation tuple ? tuple.Elements : [];
        return targets.Elements.SelectMany((element, i) => Pairs(element, i < values.Length ? values[i] : null));
    }

    private void Bind(IPatternOperation pattern, bool tainted, ImmutableHashSet<object> storage)
    {
        var declared = pattern switch
        {
            IDeclarationPatternOperation declaration => declaration.DeclaredSymbol,
            IRecursivePatternOperation recursive => recursive.DeclaredSymbol,
            _ => null,
        };
        if (declared is not null)
        {
            _state = _state.Assign(Place.Of(declared), tainted, storage);
        }

        foreach (var part in pattern.ChildOperations)
        {
            switch (part)
            {
                case IPropertySubpatternOperation property:
                    Bind(property.Pattern, _policy.IsSource(property.Member), []);
                    break;
                // "and", "or", "not": the same value again.
                case IPatternOperation same when pattern is IBinaryPatternOperation or INegatedPatternOperation:
                    Bind(same, tainted, storage);
                    break;
            }
        }
    }

    private void Write(IOperation call, ImmutableArray<IArgumentOperation> arguments)
    {
        foreach (var write in _policy.WritesOf(call, arguments).ToList())
        {
            var tainted = write.Source is { } source ? IsTainted(source) : write.Tainted;
            if (write.Adds && !tainted)
            {
                continue;
            }

            if (write.Destination.Parent is IArgumentOperation { Parameter.RefKind: RefKind.Out or RefKind.Ref })
            {
                if (Place.Named(Unwrapped(write.Destination)) is { } variable)
                {
                    _state = _state.Assign(variable, tainted, []);
                }
            }
            else
            {
                _state = _state.Fill(StorageOf(write.Destination), tainted);
            }
        }
    }

    private void Call(IMethodSymbol method, ImmutableArray<IArgumentOperation> arguments)
    {
        if (!_functions.TryGetValue(method.OriginalDefinition, out var function))
        {
            return;
        }

        var entry = _state;
        foreach (var argument in arguments)
        {
            if (argument.Parameter is { } parameter && IsTainted(argument.Value))
            {
                entry = entry.Taint(Place.Of(parameter.OriginalDefinition));
            }
        }

        Enter(function, entry);
    }

    private void Create(IFlowAnonymousFunctionOperation lambda)
    {
        if (!_functions.TryGetValue(lambda.Symbol, out var function))
        {
            function = _functions[lambda.Symbol] = Add(_body.Graph.GetAnonymousFunctionControlFlowGraph(lambda), lambda.Symbol);
        }

        Enter(function, _state);
    }

    private IEnumerable<Place> PlacesOf(IOperation target) =>
        TargetsOf(Unwrapped(target)).Select(Place.Named).OfType<Place>();

    /// <summary>The storage in which a value lies: that of a buffer which it is, slices or spans, or one of its own.</summary>
    private ImmutableHashSet<object> StorageOf(IOperation value)
    {
        value = Unwrapped(value);
        if (value.Type is { SpecialType: not SpecialType.None })
        {
            // Nobody can write into a text or a number.
            return [];
        }

        return Place.Named(value) is { } place ? _state.StorageOf(place)
            : _policy.ContentOf(value) is { SharesStorage: true } content ? [.. content.From.SelectMany(StorageOf)]
            : [value];
    }

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
