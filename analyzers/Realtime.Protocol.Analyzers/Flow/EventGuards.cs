using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Realtime.Protocol.Analyzers.Apis;
using Realtime.Protocol.Analyzers.Json;

namespace Realtime.Protocol.Analyzers.Flow;

/// <summary>Which events of the server may be at hand where a block begins: what the tests on every path there say, and the types of parameters.</summary>
/// <remarks>
/// A test is a type (<c>update is ResponseDone</c>), a kind (<c>update.Kind == Kind.ResponseDone</c>), or the wire's name
/// (<c>case "response.done":</c>). Null means any event or none: then nothing is known, and a rule that needs to know stays silent.
/// A lambda begins with what is known where it is made, because that event is why it is made.
/// </remarks>
internal sealed class EventGuards
{
    private readonly KnownApis _apis;
    private readonly Dictionary<BasicBlock, ServerEvent?> _entries = [];

    private EventGuards(KnownApis apis) => _apis = apis;

    /// <summary>For the member and every function in it.</summary>
    public static EventGuards Of(IReadOnlyList<Function> functions, IMethodSymbol? member, KnownApis apis)
    {
        var guards = new EventGuards(apis);
        foreach (var function in functions)
        {
            var known = guards.OfParameters(function.Symbol ?? member) ?? guards.OfSubscription(function.MadeAt);
            guards.Follow(function.Graph, known ?? (function.MadeIn is { } maker ? guards.At(maker) : null));
        }

        return guards;
    }

    /// <summary>The events that may be at hand at the block's begin; null when nothing is known.</summary>
    public ServerEvent? At(BasicBlock block) => _entries.TryGetValue(block, out var known) ? known : null;

    /// <summary>Only these events can be at hand.</summary>
    public bool IsOnly(BasicBlock block, ServerEvent events) => At(block) is { } known && (known & ~events) == 0;

    /// <summary>The condition asks which event this is.</summary>
    public bool IsTest(IOperation condition) => TestOf(condition) is not (null, null);

    private ServerEvent? OfParameters(IMethodSymbol? method)
    {
        var known = (method?.Parameters ?? []).Select(parameter => _apis.EventOf(parameter.Type)).Aggregate(ServerEvent.None, static (all, one) => all | one);
        return known == ServerEvent.None ? null : known;
    }

    // client.On("response.done", update => …), handlers["response.done"] = update => …
    private ServerEvent? OfSubscription(IFlowAnonymousFunctionOperation? lambda)
    {
        var name = (lambda?.Parent is IDelegateCreationOperation or IConversionOperation ? lambda.Parent.Parent : lambda?.Parent) switch
        {
            IArgumentOperation { Parent: IInvocationOperation call } => call.Arguments.FirstOrDefault(argument => NameOf(argument.Value) is not null)?.Value,
            ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Arguments.Length: 1 } handlers } => handlers.Arguments[0].Value,
            _ => null,
        };
        return name is null ? null : NameOf(name);
    }

    private void Follow(ControlFlowGraph graph, ServerEvent? known)
    {
        var open = new SortedSet<int>();
        Reach(graph.Blocks[0], known);
        while (open.Count > 0)
        {
            var block = graph.Blocks[open.Min];
            open.Remove(block.Ordinal);
            var here = _entries[block];
            foreach (var handler in Steps.ToHandlers(graph, block))
            {
                Reach(handler, here);
            }

            if (block.ConditionKind == ControlFlowConditionKind.None)
            {
                foreach (var next in Steps.After(block))
                {
                    Reach(next, here);
                }

                continue;
            }

            var (whenTrue, whenFalse) = TestOf(block.BranchValue!);
            var (toTrue, toFalse) = Steps.Of(block);
            Reach(toTrue, whenTrue ?? here);
            Reach(toFalse, whenFalse ?? here);
        }

        void Reach(BasicBlock? block, ServerEvent? state)
        {
            if (block is null)
            {
                return;
            }

            var isNew = !_entries.TryGetValue(block, out var entry);
            var joined = isNew ? state : entry is null || state is null ? null : entry | state;
            if (isNew || joined != entry)
            {
                _entries[block] = joined;
                open.Add(block.Ordinal);
            }
        }
    }

    private (ServerEvent? WhenTrue, ServerEvent? WhenFalse) TestOf(IOperation condition) => condition switch
    {
        IUnaryOperation { OperatorKind: UnaryOperatorKind.Not } not => Swapped(TestOf(not.Operand)),
        IParenthesizedOperation inner => TestOf(inner.Operand),
        IIsTypeOperation test => (OfType(test.TypeOperand), null),
        IIsPatternOperation match => OfPattern(match.Pattern),
        IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals } equals => (NameOf(equals.LeftOperand) ?? NameOf(equals.RightOperand), null),
        IBinaryOperation { OperatorKind: BinaryOperatorKind.NotEquals } differs => (null, NameOf(differs.LeftOperand) ?? NameOf(differs.RightOperand)),
        IInvocationOperation { TargetMethod.Name: "Equals" or "ValueEquals" or "SequenceEqual" } call =>
            (call.Arguments.Select(argument => NameOf(argument.Value)).Append(call.Instance is { } instance ? NameOf(instance) : null).FirstOrDefault(static known => known is not null), null),
        _ => (null, null),
    };

    private static (ServerEvent?, ServerEvent?) Swapped((ServerEvent? WhenTrue, ServerEvent? WhenFalse) test) => (test.WhenFalse, test.WhenTrue);

    private (ServerEvent? WhenTrue, ServerEvent? WhenFalse) OfPattern(IPatternOperation pattern)
    {
        switch (pattern)
        {
            case IDeclarationPatternOperation { MatchedType: { } type }:
                return (OfType(type), null);
            case ITypePatternOperation { MatchedType: { } type }:
                return (OfType(type), null);
            case IConstantPatternOperation constant:
                return (NameOf(constant.Value), null);
            case INegatedPatternOperation negated:
                return Swapped(OfPattern(negated.Pattern));
            case IRecursivePatternOperation recursive:
                return (OfType(recursive.MatchedType) ?? recursive.PropertySubpatterns.Select(part => OfPattern(part.Pattern).WhenTrue).FirstOrDefault(static known => known is not null), null);
            case IBinaryPatternOperation { OperatorKind: BinaryOperatorKind.Or } either:
                var (left, right) = (OfPattern(either.LeftPattern).WhenTrue, OfPattern(either.RightPattern).WhenTrue);
                return (left is null || right is null ? null : left | right, null);
            case IBinaryPatternOperation { OperatorKind: BinaryOperatorKind.And } both:
                return (OfPattern(both.LeftPattern).WhenTrue ?? OfPattern(both.RightPattern).WhenTrue, null);
            default:
                return (null, null);
        }
    }

    private ServerEvent? OfType(ITypeSymbol? type) => type is not null && _apis.EventOf(type) is var known and not ServerEvent.None ? known : null;

    // A member of a type of kinds, or what the wire calls the event.
    private ServerEvent? NameOf(IOperation value)
    {
        while (value is IConversionOperation conversion)
        {
            value = conversion.Operand;
        }

        if (value is IMemberReferenceOperation { Member: var member } && _apis.EventOf(member) is var known and not ServerEvent.None)
        {
            return known;
        }

        return JsonWriting.TextOf(value) is { } text && WireNames.Events.TryGetValue(text, out var named) ? named : null;
    }
}
