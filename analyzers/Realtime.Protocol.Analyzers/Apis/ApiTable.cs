using System.Collections.Generic;
using System.Collections.Immutable;

namespace Realtime.Protocol.Analyzers.Apis;

/// <summary>A type's member and what it does: a method (all of its overloads), a property, or <c>.ctor</c>.</summary>
internal sealed record KnownMember(string Type, string Member, Act Act);

/// <summary>What speaks of an event of the server: a type (<paramref name="Member"/> is null), or a member of a type of kinds.</summary>
internal sealed record KnownEvent(string Type, string? Member, ServerEvent Event);

/// <summary>One library: how a compilation shows that it knows it, how a file shows that it speaks of it, and its table.</summary>
/// <param name="Library">Which one.</param>
/// <param name="Assembly">The simple name of its assembly; null when types of it may be anywhere.</param>
/// <param name="Anchor">The metadata name of a type without which none of its members can be used.</param>
/// <param name="Mention">A word that a file has to have somewhere before one of its types can appear: the last part of its namespace.</param>
internal sealed record ApiTable(Library Library, string Assembly, string Anchor, string Mention)
{
    /// <summary>All of them; a new library is a file with its table and a line here.</summary>
    public static readonly ImmutableArray<ApiTable> All = [OurApi.Table, OpenAIApi.Table, OpenAIBetaApi.Table, VoiceLiveApi.Table, ExtensionsAIApi.Table];

    /// <summary>The anchor's name without its namespace.</summary>
    public string AnchorName { get; } = Anchor.Substring(Anchor.LastIndexOf('.') + 1);

    /// <summary>Members and what they do.</summary>
    public IReadOnlyList<KnownMember> Members { get; init; } = [];

    /// <summary>Types and kinds that speak of events.</summary>
    public IReadOnlyList<KnownEvent> Events { get; init; } = [];
}
