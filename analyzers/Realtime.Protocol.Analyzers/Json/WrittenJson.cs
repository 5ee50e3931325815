using System;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace Realtime.Protocol.Analyzers.Json;

/// <summary>What kind of JSON value the source writes, as far as the source shows it.</summary>
internal enum JsonForm
{
    /// <summary>A value that only exists at run time; <see cref="WrittenJson.Operation"/> makes it.</summary>
    Unknown,
    Null,
    Flag,
    Number,
    Text,
    Array,
    Object,
}

/// <summary>A JSON value as a program writes it: in a literal, an interpolation, an anonymous object, a dictionary or a tree of nodes.</summary>
/// <remarks>Only what stands there is known: a value that a variable brings has no form, and a text with a hole in it has no content.</remarks>
/// <param name="Form">The kind of value.</param>
/// <param name="Syntax">What to underline: the value where it stands by itself, otherwise the literal that it is a part of.</param>
internal sealed record WrittenJson(JsonForm Form, SyntaxNode Syntax)
{
    /// <summary>The content of a text or the digits of a number; null where it is not known.</summary>
    public string? Content { get; init; }

    /// <summary>What makes the value, where it is not part of a literal.</summary>
    public IOperation? Operation { get; init; }

    /// <summary>The members of an object, in the order of the source.</summary>
    public ImmutableArray<(string Name, WrittenJson Value)> Members { get; init; } = [];

    /// <summary>The value is written by a serializer of objects, which can be told to leave null members out.</summary>
    public bool IsObjectToSerialize { get; init; }

    /// <summary>The object is an event of this type.</summary>
    public bool IsEvent(string type) => Form == JsonForm.Object && this["type"] is { Form: JsonForm.Text, Content: { } content } && content == type;

    /// <summary>The member of that name; the last one where there are two, as readers take it.</summary>
    public WrittenJson? this[string name] => Members.LastOrDefault(member => member.Name.Equals(name, StringComparison.Ordinal)).Value;
}
