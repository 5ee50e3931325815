using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace Realtime.Protocol.Analyzers.Apis;

/// <summary>The libraries that one compilation speaks of, and the questions what a member of them does and which event a type of them stands for.</summary>
/// <remarks>Types are looked up by metadata name, never by what they look like: a <c>RealtimeSessionClient</c> in another namespace is not known.</remarks>
internal sealed class KnownApis(Compilation compilation, ImmutableArray<ApiTable> spoken)
{
    private readonly ConcurrentDictionary<string, ImmutableArray<INamedTypeSymbol>> _types = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<ISymbol, (Act Act, Library Library)> _acts = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<ISymbol, ServerEvent> _events = new(SymbolEqualityComparer.Default);
    private readonly ILookup<string, (KnownMember Known, Library Library)> _members =
        spoken.SelectMany(static table => table.Members.Select(known => (Known: known, table.Library))).ToLookup(static row => row.Known.Member, StringComparer.Ordinal);
    private readonly ILookup<string, KnownEvent> _eventNames =
        spoken.SelectMany(static table => table.Events).ToLookup(static known => known.Member ?? SimpleName(known.Type), StringComparer.Ordinal);

    /// <summary>The libraries that some file of the compilation speaks of.</summary>
    public Library Spoken { get; } = spoken.Aggregate(Library.None, static (all, table) => all | table.Library);

    /// <summary>What a method, constructor or property does; <see cref="Act.None"/> for everything that is in no table.</summary>
    public Act ActOf(ISymbol? member) => Known(member).Act;

    /// <summary>Which library a member with an act belongs to.</summary>
    public Library LibraryOf(ISymbol? member) => Known(member).Library;

    /// <summary>What the operation does: a call, a construction, or the use of a property.</summary>
    public Act ActOf(IOperation operation) => ActOf(Used(operation));

    /// <summary>The member that the operation uses.</summary>
    public static ISymbol? Used(IOperation operation) => operation switch
    {
        Microsoft.CodeAnalysis.Operations.IInvocationOperation call => call.TargetMethod,
        Microsoft.CodeAnalysis.Operations.IObjectCreationOperation creation => creation.Constructor,
        Microsoft.CodeAnalysis.Operations.IPropertyReferenceOperation access => access.Property,
        Microsoft.CodeAnalysis.Operations.IMethodReferenceOperation group => group.Method,
        _ => null,
    };

    /// <summary>The event that a type stands for, or a member of a type of kinds.</summary>
    public ServerEvent EventOf(ISymbol? symbol) => symbol is null ? ServerEvent.None : _events.GetOrAdd(symbol.OriginalDefinition, LookEvent);

    /// <summary>The names that a file has to have somewhere for one of these to be in it.</summary>
    public IEnumerable<string> NamesOf(Act acts, ServerEvent events) =>
    [
        .. from table in spoken from row in table.Members where (row.Act & acts) != 0 select row.Member == ".ctor" ? SimpleName(row.Type) : row.Member,
        .. from table in spoken from row in table.Events where (row.Event & events) != 0 select row.Member ?? SimpleName(row.Type),
    ];

    private static string SimpleName(string metadataName) => metadataName.Substring(metadataName.LastIndexOfAny(['.', '+']) + 1);

    private (Act Act, Library Library) Known(ISymbol? member) =>
        member is null || !_members.Contains(NameOf(member)) ? default : _acts.GetOrAdd(member.OriginalDefinition, LookAct);

    // The constructor is named like that; an explicit implementation is named after its interface.
    private static string NameOf(ISymbol member) => member.Name.LastIndexOf('.') is > 0 and var dot ? member.Name.Substring(dot + 1) : member.Name;

    private (Act Act, Library Library) LookAct(ISymbol member)
    {
        foreach (var declared in Declarations.Of(member))
        {
            foreach (var row in _members[NameOf(declared)])
            {
                if (declared.ContainingType is { } type && Types(row.Known.Type).Contains(type.OriginalDefinition, SymbolEqualityComparer.Default))
                {
                    return (row.Known.Act, row.Library);
                }
            }
        }

        return default;
    }

    private ServerEvent LookEvent(ISymbol symbol)
    {
        foreach (var row in _eventNames[symbol.Name])
        {
            var type = row.Member is null ? symbol as INamedTypeSymbol : symbol.ContainingType;
            if (type is not null && Types(row.Type).Contains(type.OriginalDefinition, SymbolEqualityComparer.Default))
            {
                return row.Event;
            }
        }

        return ServerEvent.None;
    }

    private ImmutableArray<INamedTypeSymbol> Types(string metadataName) => _types.GetOrAdd(metadataName, compilation.GetTypesByMetadataName);
}
