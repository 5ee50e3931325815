using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Realtime.Protocol.Analyzers.Walk;

namespace Realtime.Protocol.Analyzers.Json;

/// <summary>The first question to what a program writes (<see cref="JsonWriting"/>): which JSON objects a body makes, and what can be known of their members.</summary>
internal static class JsonReading
{
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
        var value = JsonWriting.Unwrapped(operation);
        return Constant(value, operation) ?? Read(value) ?? value switch
        {
            IArrayCreationOperation or ICollectionExpressionOperation => new(JsonForm.Array, operation.Syntax) { Operation = value },
            IObjectCreationOperation creation when JsonTypes.Of(creation.Type) == JsonType.Array => new(JsonForm.Array, operation.Syntax) { Operation = value },
            IInterpolatedStringOperation => new(JsonForm.Text, operation.Syntax) { Operation = value },
            _ when JsonWriting.IsConcatenation(value) => new(JsonForm.Text, operation.Syntax) { Operation = value },
            _ => JsonWriting.ValueIn(value) is { } content ? Value(content) : new(JsonForm.Unknown, operation.Syntax) { Operation = value },
        };
    }

    private static bool MayWrite(IOperation operation) => operation
        is ILiteralOperation or IUtf8StringOperation or IInterpolatedStringOperation or IAnonymousObjectCreationOperation or IObjectCreationOperation
        || JsonWriting.IsConcatenation(operation);

    /// <summary>Part of a larger text or object, which is read as a whole.</summary>
    private static bool IsInside(IOperation operation)
    {
        if (operation.Parent is IInterpolatedStringTextOperation || JsonWriting.IsConcatenation(operation.Parent))
        {
            return true;
        }

        for (var outer = operation.Parent; outer is not null; outer = outer.Parent)
        {
            switch (outer)
            {
                case IAnonymousObjectCreationOperation:
                    return true;
                case IObjectCreationOperation creation when JsonTypes.Of(creation.Type) == JsonType.Object:
                    return true;
                case IAnonymousFunctionOperation or ILocalFunctionOperation or IBlockOperation:
                    return false;
            }
        }

        return false;
    }

    private static WrittenJson? Read(IOperation operation) => operation switch
    {
        ILiteralOperation or IUtf8StringOperation or IInterpolatedStringOperation or IBinaryOperation =>
            JsonWriting.PiecesOf(operation).ToList() is { Count: > 0 } pieces && pieces[0].Characters is { } first && LooksLikeJson(first) ? JsonTextReader.Read(pieces, operation.Syntax) : null,
        IAnonymousObjectCreationOperation anonymous => new(JsonForm.Object, operation.Syntax)
        {
            Operation = operation,
            IsObjectToSerialize = true,
            Members = [.. JsonWriting.MembersOf(anonymous).Select(static member => (member.Name, Value(member.Value)))],
        },
        IObjectCreationOperation creation when JsonTypes.Of(creation.Type) == JsonType.Object => new(JsonForm.Object, operation.Syntax)
        {
            Operation = operation,
            Members = [.. JsonWriting.MembersOf(creation).Select(static member => (member.Name, Value(member.Value)))],
        },
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
}
