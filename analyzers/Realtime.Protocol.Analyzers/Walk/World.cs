using System;
using System.Collections.Immutable;
using System.Linq;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Realtime.Protocol.Analyzers.Apis;

namespace Realtime.Protocol.Analyzers.Walk;

/// <summary>What one compilation knows of us and of the libraries of others, found out before a single body is bound.</summary>
/// <remarks>
/// Two questions come first, each cheaper than the next: does the compilation reference a library or declare its types itself, and does
/// any file mention the library's namespace, or any other reference hand its types out. Where the answer is no, none of its members can
/// be used, and nothing about it is looked for.
/// </remarks>
internal sealed class World
{
    // A file keeps its answer for as long as it lives: an editor makes a new compilation for each key, with all but one file the same.
    private static readonly ConditionalWeakTable<SyntaxTree, StrongBox<Groups>> Mentions = new();
    private static readonly Words MentionWords = WordsOf(ApiTable.All);

    private readonly Lazy<MarkedNames> _marks;

    private World(Compilation compilation, ImmutableArray<ApiTable> spoken)
    {
        Compilation = compilation;
        Apis = new KnownApis(compilation, spoken);
        if ((Apis.Spoken & Library.Ours) != 0)
        {
            Sequenced = Annotation.Find(compilation, KnownSymbols.SequencedAttribute);
            SequencerEntry = Annotation.Find(compilation, KnownSymbols.SequencerEntryAttribute);
            RawAudio = Annotation.Find(compilation, KnownSymbols.RawAudioAttribute);
            Base64Text = Annotation.Find(compilation, KnownSymbols.Base64TextAttribute);
            Borrowed = Annotation.Find(compilation, KnownSymbols.BorrowedAttribute);
            InvalidatesBorrows = Annotation.Find(compilation, KnownSymbols.InvalidatesBorrowsAttribute);
            Cursor = Annotation.Find(compilation, KnownSymbols.CursorAttribute);
        }

        _marks = new(() => MarkedNames.Find(compilation, [Sequenced, RawAudio, Base64Text, Borrowed, InvalidatesBorrows, Cursor]));
    }

    /// <summary>The compilation.</summary>
    public Compilation Compilation { get; }

    /// <summary>What members of known libraries do.</summary>
    public KnownApis Apis { get; }

    /// <summary>Our attributes; null where the compilation does not know or never mentions us.</summary>
    public Annotation? Sequenced { get; }

    /// <inheritdoc cref="Sequenced"/>
    public Annotation? SequencerEntry { get; }

    /// <inheritdoc cref="Sequenced"/>
    public Annotation? RawAudio { get; }

    /// <inheritdoc cref="Sequenced"/>
    public Annotation? Base64Text { get; }

    /// <inheritdoc cref="Sequenced"/>
    public Annotation? Borrowed { get; }

    /// <inheritdoc cref="Sequenced"/>
    public Annotation? InvalidatesBorrows { get; }

    /// <inheritdoc cref="Sequenced"/>
    public Annotation? Cursor { get; }

    /// <summary>The names that carry a mark. Asking for them reads the metadata of what references us.</summary>
    public MarkedNames Marks => _marks.Value;

    /// <summary>Some file speaks of one of these libraries.</summary>
    public bool Speaks(Library libraries) => (Apis.Spoken & libraries) != 0;

    /// <summary>Null where the compilation knows none of the libraries: then no rule has anything to say.</summary>
    public static World? Of(Compilation compilation)
    {
        var known = ApiTable.All.Where(table => Knows(compilation, table)).ToImmutableArray();
        return known.IsEmpty ? null : new World(compilation, SpokenIn(compilation, known));
    }

    private static bool Knows(Compilation compilation, ApiTable table) =>
        compilation.ReferencedAssemblyNames.Any(name => name.Name == table.Assembly) && !compilation.GetTypesByMetadataName(table.Anchor).IsEmpty
        || IsDeclaredHere(compilation, table);

    // The library itself, a copy of our attributes, or a stub.
    private static bool IsDeclaredHere(Compilation compilation, ApiTable table) =>
        compilation.ContainsSymbolsWithName(table.AnchorName, SymbolFilter.Type) && compilation.Assembly.GetTypeByMetadataName(table.Anchor) is not null;

    private static ImmutableArray<ApiTable> SpokenIn(Compilation compilation, ImmutableArray<ApiTable> known)
    {
        var wanted = known.Aggregate(default(Groups), static (all, table) => all | GroupOf(table));
        var spoken = known.Where(table => IsHandedOut(compilation, table)).Aggregate(default(Groups), static (all, table) => all | GroupOf(table));
        foreach (var tree in compilation.SyntaxTrees)
        {
            if (spoken.Contains(wanted))
            {
                break;
            }

            spoken |= Mentions.GetValue(tree, static tree => new(MentionWords.MentionedIn(tree.GetText(), All))).Value;
        }

        return [.. known.Where(table => spoken.Contains(GroupOf(table)))];
    }

    /// <summary>A reference other than the library speaks of its types, so that they may appear where nobody names them.</summary>
    private static bool IsHandedOut(Compilation compilation, ApiTable table) => compilation.SourceModule.ReferencedAssemblySymbols.Any(reference =>
        !reference.Name.StartsWith(table.Assembly, StringComparison.Ordinal)
        && reference.Modules.Any(module => module.ReferencedAssemblies.Any(name => name.Name == table.Assembly)));

    private static Groups GroupOf(ApiTable table) => Groups.Of(ApiTable.All.IndexOf(table));

    private static Groups All => ApiTable.All.Aggregate(default(Groups), static (all, table) => all | GroupOf(table));

    private static Words WordsOf(ImmutableArray<ApiTable> tables)
    {
        var words = new Words();
        foreach (var table in tables)
        {
            words.Add(table.Mention, GroupOf(table));
        }

        return words.Seal();
    }
}
