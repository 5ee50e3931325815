using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace Realtime.Protocol.Analyzers;

/// <summary>One of our attributes as a compilation sees it, and the question whether a symbol carries it.</summary>
/// <remarks>
/// The compilation may know the attribute more than once, for instance when a referenced library embeds its own copy; each of them counts.
/// Answers are remembered for as long as the compilation is analysed, because the same few symbols are asked about at every call.
/// </remarks>
internal sealed class Annotation
{
    private readonly ImmutableArray<INamedTypeSymbol> _classes;
    private readonly ConcurrentDictionary<ISymbol, bool> _direct = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<ISymbol, bool> _inherited = new(SymbolEqualityComparer.Default);

    private Annotation(string metadataName, ImmutableArray<INamedTypeSymbol> classes) => (MetadataName, _classes) = (metadataName, classes);

    /// <summary>The attribute's name with its namespace.</summary>
    public string MetadataName { get; }

    /// <summary>Null when the compilation does not know the attribute: then no symbol of it can carry one.</summary>
    public static Annotation? Find(Compilation compilation, string metadataName)
    {
        var classes = compilation.GetTypesByMetadataName(metadataName);
        return classes.IsEmpty ? null : new Annotation(metadataName, classes);
    }

    /// <summary>How the attribute may be written in an attribute list.</summary>
    public IEnumerable<string> Spellings =>
        _classes.Select(static attribute => attribute.Name).Distinct().SelectMany(static name =>
            name.EndsWith(Suffix, System.StringComparison.Ordinal) ? new[] { name, name.Substring(0, name.Length - Suffix.Length) } : [name]);

    private const string Suffix = "Attribute";

    /// <summary>The attribute is written on this very symbol; for a method, on its return value counts as well.</summary>
    public bool IsWrittenOn(ISymbol symbol) => _direct.GetOrAdd(symbol.OriginalDefinition, Look);

    /// <summary>The attribute is written on this symbol or on one that it overrides or implements.</summary>
    public bool IsOn(ISymbol symbol) =>
        _inherited.GetOrAdd(symbol.OriginalDefinition, s => Declarations.Of(s).Any(IsWrittenOn));

    private bool Look(ISymbol symbol) =>
        Contains(symbol.GetAttributes()) || (symbol is IMethodSymbol method && Contains(method.GetReturnTypeAttributes()));

    private bool Contains(IEnumerable<AttributeData> attributes) =>
        attributes.Any(attribute => _classes.Contains(attribute.AttributeClass!, SymbolEqualityComparer.Default));
}
