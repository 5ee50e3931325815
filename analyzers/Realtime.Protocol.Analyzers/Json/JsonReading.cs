using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Realtime.Protocol.Analyzers.Walk;

namespace Realtime.Protocol.Analyzers.Json;

/// <summary>Finds the JSON objects that a body writes, in every form in which programs write them, and reads what can be known of them.</summary>
/// <remarks>
/// Literals (plain, verbatim, raw, UTF-8, concatenated, interpolated), anonymous objects, <c>Dictionary&lt;string, …&gt;</c>, <c>JsonObject</c> and
/// <c>JObject</c>. Objects of the program's own classes are not read: how they are named on the wire is decided elsewhere.
/// </remarks>
internal static class JsonReading
{
    private const string Dictionary = "System.Collections.Generic.Dictionary<TKey, TValue>";
    private const string JsonObject = "System.Text.Json.Nodes.JsonObject";
    private const string JsonArray = "System.Text.Json.Nodes.JsonArray";
    private const string JsonValue = "System.Text.Json.Nodes.JsonValue";
    private const string JObject = "Newtonsoft.Json.Linq.JObject";
    private const string JArray = "Newtonsoft.Json.Linq.JArray";
    private const string JValue = "Newtonsoft.Json.Linq.JValue";
    private const string JProperty = "Newtonsoft.Json.Linq.JProperty";

    /// <summary>The JSON objects that the body writes, outermost only, each with the operation that makes it.</summary>
    public static IEnumerable<(IOperation Made, WrittenJson Json)> In(Body body)
    {
        foreach (var operation in body.Operations)
        {
            if (MayWrite(operation) && !IsInside(operation) && Read(operation) is { Form: JsonForm.Object } json)
            {
                yield return (operation, json);
            }
        }
    }

    /// <summary>The value that an operation writes; a value that only exists at run time has the form <see cref="JsonForm.Unknown"/>.</summary>
    public static WrittenJson Value(IOperation operation)
    {
        var value = Unwrapped(operation);
        return Constant(value, operation) ?? Read(value) ?? value switch
        {
            IArrayCreationOperation or ICollectionExpressionOperation => new(JsonForm.Array, operation.Syntax) { Operation = value },
            IObjectCreationOperation creation when IsOf(creation.Type, JsonArray, JArray) => new(JsonForm.Array, operation.Syntax) { Operation = value },
            IObjectCreationOperation { Arguments.Length: > 0 } creation when IsOf(creation.Type, JValue) => Value(creation.Arguments[0].Value),
            IInvocationOperation { Arguments.Length: > 0, TargetMethod: { Name: "Create", ContainingType: var type } } call when IsOf(type, JsonValue) => Value(call.Arguments[0].Value),
            IInterpolatedStringOperation or IBinaryOperation { Type.SpecialType: SpecialType.System_String } => new(JsonForm.Text, operation.Syntax) { Operation = value },
            _ => new(JsonForm.Unknown, operation.Syntax) { Operation = value },
        };
    }

    private static bool MayWrite(IOperation operation) => operation
        is ILiteralOperation or IUtf8StringOperation or IInterpolatedStringOperation
        or IBinaryOperation { OperatorKind: BinaryOperatorKind.Add, Type.SpecialType: SpecialType.System_String }
        or IAnonymousObjectCreationOperation or IObjectCreationOperation;

    /// <summary>Part of a larger text or object, which is read as a whole.</summary>
    private static bool IsInside(IOperation operation)
    {
        if (operation.Parent is IBinaryOperation { OperatorKind: BinaryOperatorKind.Add, Type.SpecialType: SpecialType.System_String } or IInterpolatedStringTextOperation)
        {
            return true;
        }

        for (var outer = operation.Parent; outer is not null; outer = outer.Parent)
        {
            switch (outer)
            {
                case IAnonymousObjectCreationOperation:
                    return true;
                case IObjectCreationOperation creation when IsJson(creation):
                    return true;
                case IAnonymousFunctionOperation or ILocalFunctionOperation or IBlockOperation:
                    return false;
            }
        }

        return false;
    }

    private static WrittenJson? Read(IOperation operation) => operation switch
    {
        ILiteralOperation { ConstantValue: { HasValue: true, Value: string text } } => LooksLikeJson(text) ? JsonTextReader.Read([(text, null)], operation.Syntax) : null,
        IUtf8StringOperation utf8 => LooksLikeJson(utf8.Value) ? JsonTextReader.Read([(utf8.Value, null)], operation.Syntax) : null,
        IInterpolatedStringOperation or IBinaryOperation => Pieces(operation).ToList() is { Count: > 0 } pieces && pieces[0].Characters is { } first && LooksLikeJson(first)
            ? JsonTextReader.Read(pieces, operation.Syntax)
            : null,
        IAnonymousObjectCreationOperation anonymous => new(JsonForm.Object, operation.Syntax)
        {
            Operation = operation,
            IsObjectToSerialize = true,
            Members =
            [
                .. from initializer in anonymous.Initializers.OfType<ISimpleAssignmentOperation>()
                   where initializer.Target is IPropertyReferenceOperation
                   select (((IPropertyReferenceOperation)initializer.Target).Property.Name, Value(initializer.Value)),
            ],
        },
        IObjectCreationOperation creation when IsJson(creation) => new(JsonForm.Object, operation.Syntax) { Operation = operation, Members = [.. Members(creation)] },
        _ => null,
    };

    private static bool LooksLikeJson(string text)
    {
        var start = 0;
        while (start < text.Length && char.IsWhiteSpace(text[start]))
        {
            start++;
        }

        return start < text.Length && text[start] == '{';
    }

    // A concatenation leans to the left; following it in a loop keeps the stack flat.
    private static IEnumerable<(string? Characters, IOperation? Hole)> Pieces(IOperation text)
    {
        var terms = new Stack<IOperation>();
        var left = text;
        while (left is IBinaryOperation { OperatorKind: BinaryOperatorKind.Add, ConstantValue.HasValue: false, Type.SpecialType: SpecialType.System_String } sum)
        {
            terms.Push(sum.RightOperand);
            left = Unwrapped(sum.LeftOperand);
        }

        terms.Push(left);
        foreach (var term in terms.Select(Unwrapped))
        {
            if (term.ConstantValue is { HasValue: true, Value: string constant })
            {
                yield return (constant, null);
            }
            else if (term is IInterpolatedStringOperation interpolated)
            {
                foreach (var part in interpolated.Parts)
                {
                    yield return part switch
                    {
                        IInterpolatedStringTextOperation { Text.ConstantValue: { HasValue: true, Value: string characters } } => (characters, null),
                        IInterpolationOperation { Expression.ConstantValue: { HasValue: true, Value: string content } } => (content, null),
                        IInterpolationOperation hole => (null, hole.Expression),
                        _ => (null, part),
                    };
                }
            }
            else
            {
                yield return (null, term);
            }
        }
    }

    private static IEnumerable<(string Name, WrittenJson Value)> Members(IObjectCreationOperation creation)
    {
        foreach (var argument in creation.Arguments.SelectMany(static argument => Elements(argument.Value)))
        {
            if (Unwrapped(argument) is IObjectCreationOperation { Arguments: { Length: 2 } pair } property
                && IsOf(property.Type, JProperty)
                && pair[0].Value.ConstantValue is { HasValue: true, Value: string key })
            {
                yield return (key, Value(pair[1].Value));
            }
        }

        foreach (var element in creation.Initializer?.Initializers ?? [])
        {
            if (PairOf(element) is var (name, value) && Unwrapped(name).ConstantValue is { HasValue: true, Value: string constant })
            {
                yield return (constant, Value(value));
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

    // "params object[] content"
    private static IEnumerable<IOperation> Elements(IOperation argument) =>
        argument is IArrayCreationOperation { Initializer.ElementValues: var elements } ? elements : [argument];

    private static WrittenJson? Constant(IOperation value, IOperation written)
    {
        if (value is IDefaultValueOperation { Type.IsReferenceType: true })
        {
            return new(JsonForm.Null, written.Syntax) { Operation = value };
        }

        return value.ConstantValue is not { HasValue: true, Value: var constant } ? null : constant switch
        {
            null => new(JsonForm.Null, written.Syntax) { Operation = value },
            string text => new(JsonForm.Text, written.Syntax) { Operation = value, Content = text },
            char character => new(JsonForm.Text, written.Syntax) { Operation = value, Content = character.ToString() },
            bool => new(JsonForm.Flag, written.Syntax) { Operation = value },
            IFormattable number when value.Type?.TypeKind != TypeKind.Enum =>
                new(JsonForm.Number, written.Syntax) { Operation = value, Content = number.ToString(null, CultureInfo.InvariantCulture) },
            _ => null,
        };
    }

    private static bool IsJson(IObjectCreationOperation creation) =>
        IsOf(creation.Type, JsonObject, JObject)
        || (IsOf(creation.Type, Dictionary) && creation.Type is INamedTypeSymbol { TypeArguments: { Length: 2 } key } && key[0].SpecialType == SpecialType.System_String);

    private static bool IsOf(ITypeSymbol? type, params string[] names) => type is not null && names.Contains(type.OriginalDefinition.ToDisplayString());

    private static IOperation Unwrapped(IOperation value)
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
}
