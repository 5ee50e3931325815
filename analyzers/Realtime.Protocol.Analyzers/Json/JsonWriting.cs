using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Realtime.Protocol.Analyzers.Json;

/// <summary>How programs write JSON: the text that an operation is, the members that it states, and what a value says.</summary>
/// <remarks>
/// Text is a literal in any form (plain, verbatim, raw, UTF-8), what the compiler folds, an interpolation or a concatenation. Members are stated by
/// anonymous objects, dictionaries, the object models and writers of System.Text.Json and Newtonsoft.Json. Objects of the program's own classes say
/// nothing here: how they are named on the wire is decided elsewhere. Two questions are asked of this: which objects a body writes (<see cref="JsonReading"/>),
/// and what an operation asks a server for (<see cref="Apis.HandWrittenJson"/>).
/// </remarks>
internal static class JsonWriting
{
    /// <summary>The text that an operation is, in pieces: characters, and holes where the program puts a value. Nothing for what is no text.</summary>
    /// <remarks>A concatenation leans to the left; following it in a loop keeps the stack flat.</remarks>
    public static IEnumerable<(string? Characters, IOperation? Hole)> PiecesOf(IOperation text)
    {
        var terms = new Stack<IOperation>();
        var left = text;
        while (IsConcatenation(left) && left is IBinaryOperation { ConstantValue.HasValue: false } sum)
        {
            terms.Push(sum.RightOperand);
            left = Unwrapped(sum.LeftOperand);
        }

        if (terms.Count == 0)
        {
            return PiecesOfTerm(left);
        }

        terms.Push(left);
        return terms.SelectMany(static term => PiecesOfTerm(Unwrapped(term)).DefaultIfEmpty((null, Unwrapped(term))));
    }

    /// <summary>Texts are put behind one another.</summary>
    public static bool IsConcatenation(IOperation? operation) => operation is IBinaryOperation { OperatorKind: BinaryOperatorKind.Add, Type.SpecialType: SpecialType.System_String };

    /// <summary>The member with a known name that this very operation states; what its operands state, they are asked for themselves.</summary>
    public static (string Name, IOperation Value)? MemberOf(IOperation operation)
    {
        var (type, name, value) = operation switch
        {
            ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Property: { IsIndexer: true, ContainingType: var owner }, Arguments: { Length: 1 } index } } assignment => (owner, index[0].Value, assignment.Value),
            IInvocationOperation { TargetMethod: { Name: "Add" or "TryAdd" or "WriteString", ContainingType: var owner }, Arguments: { Length: >= 2 } given } => (owner, given[0].Value, given[1].Value),
            IObjectCreationOperation { Constructor.ContainingType: var owner, Arguments: { Length: >= 2 } given } => (owner, given[0].Value, given[1].Value),
            _ => default,
        };
        return type is not null && TextOf(name) is { } known && JsonTypes.TakesMembers(type) ? (known, value) : null;
    }

    /// <summary>The value that a writer is given alone, after its name was written.</summary>
    public static IOperation? ValueAlone(IOperation operation) =>
        operation is IInvocationOperation { TargetMethod: { Name: "WriteStringValue" or "WriteValue", ContainingType: { } type }, Arguments: { Length: 1 } given } && JsonTypes.TakesMembers(type) ? given[0].Value : null;

    /// <summary>The members of an anonymous object, in the order of the source.</summary>
    public static IEnumerable<(string Name, IOperation Value)> MembersOf(IAnonymousObjectCreationOperation anonymous)
    {
        foreach (var initializer in anonymous.Initializers)
        {
            if (initializer is ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Property.Name: var name }, Value: var value })
            {
                yield return (name, value);
            }
        }
    }

    /// <summary>The members with which an object of nodes or tokens or a dictionary is made, as far as their names are known.</summary>
    public static IEnumerable<(string Name, IOperation Value)> MembersOf(IObjectCreationOperation creation)
    {
        foreach (var argument in creation.Arguments)
        {
            // "params object[] content"
            foreach (var element in argument.Value is IArrayCreationOperation { Initializer.ElementValues: var elements } ? elements : ImmutableArray.Create(argument.Value))
            {
                if (Unwrapped(element) is IObjectCreationOperation { Arguments: { Length: 2 } pair } property
                    && JsonTypes.Of(property.Type) == JsonType.Pair
                    && pair[0].Value.ConstantValue is { HasValue: true, Value: string key })
                {
                    yield return (key, pair[1].Value);
                }
            }
        }

        foreach (var element in creation.Initializer?.Initializers ?? [])
        {
            if (PairOf(element) is var (name, value) && Unwrapped(name).ConstantValue is { HasValue: true, Value: string constant })
            {
                yield return (constant, value);
            }
        }
    }

    /// <summary>Key and value of an element of an initializer: <c>["key"] = value</c>, <c>{ "key", value }</c> or a pair that is made there.</summary>
    public static (IOperation Key, IOperation Value)? PairOf(IOperation element) => element switch
    {
        ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Property.IsIndexer: true, Arguments: { Length: 1 } index } } assigned => (index[0].Value, assigned.Value),
        IInvocationOperation { TargetMethod.Name: "Add", Arguments: { Length: 2 } added } => (added[0].Value, added[1].Value),
        IObjectCreationOperation { Type.Name: "KeyValuePair", Arguments: { Length: 2 } pair } => (pair[0].Value, pair[1].Value),
        IConversionOperation conversion => PairOf(conversion.Operand),
        _ => null,
    };

    /// <summary>The text of a value: a constant, also as UTF-8, and what the object models make of one.</summary>
    public static string? TextOf(IOperation value)
    {
        while (true)
        {
            switch (value)
            {
                case { ConstantValue: { HasValue: true, Value: string text } }:
                    return text;
                case IUtf8StringOperation utf8:
                    return utf8.Value;
                case IConversionOperation conversion:
                    value = conversion.Operand;
                    break;
                case IParenthesizedOperation inner:
                    value = inner.Operand;
                    break;
                case IInvocationOperation { TargetMethod: { Name: "Encode", ContainingType: { } type }, Arguments: { Length: > 0 } given } when JsonTypes.Of(type) == JsonType.Encoded:
                    value = given[0].Value;
                    break;
                default:
                    if (ValueIn(value) is not { } content)
                    {
                        return null;
                    }

                    value = content;
                    break;
            }
        }
    }

    /// <summary>What a node or token of a single value is made of; null for everything else.</summary>
    public static IOperation? ValueIn(IOperation made) => made switch
    {
        IInvocationOperation { TargetMethod: { Name: "Create", ContainingType: { } type }, Arguments: { Length: > 0 } given } when JsonTypes.Of(type) == JsonType.Value => given[0].Value,
        IObjectCreationOperation { Arguments: { Length: 1 } given } creation when JsonTypes.Of(creation.Type) == JsonType.Value => given[0].Value,
        _ => null,
    };

    /// <summary>The value behind conversions and parentheses; a conversion that the compiler folds stays.</summary>
    public static IOperation Unwrapped(IOperation value)
    {
        while (true)
        {
            switch (value)
            {
                case IConversionOperation { ConstantValue.HasValue: false } conversion: value = conversion.Operand; break;
                case IParenthesizedOperation inner: value = inner.Operand; break;
                default: return value;
            }
        }
    }

    private static IEnumerable<(string? Characters, IOperation? Hole)> PiecesOfTerm(IOperation term) => term switch
    {
        { ConstantValue: { HasValue: true, Value: string constant } } => [(constant, null)],
        IUtf8StringOperation utf8 => [(utf8.Value, null)],
        IInterpolatedStringOperation interpolated => interpolated.Parts.Select(static part => part switch
        {
            IInterpolatedStringTextOperation { Text.ConstantValue: { HasValue: true, Value: string characters } } => (characters, (IOperation?)null),
            IInterpolationOperation { Expression.ConstantValue: { HasValue: true, Value: string content } } => (content, null),
            IInterpolationOperation hole => ((string?)null, hole.Expression),
            _ => (null, part),
        }),
        _ => [],
    };
}
