using System;
using System.Collections.Generic;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Realtime.Protocol.Analyzers.Walk;

/// <summary>Words of which a body needs one, and where they count.</summary>
/// <param name="Used">Count wherever they stand in code or literals.</param>
/// <param name="Declared">Count only where a member of that name is declared: what is marked there matters inside of the member, and to nobody who calls it.</param>
/// <param name="Where">By the syntax around a word, whether it counts; null where it always does.</param>
internal sealed record WordGroup(HashSet<string> Used, HashSet<string> Declared, Func<SyntaxToken, bool>? Where)
{
    public bool IsEmpty => Used.Count == 0 && Declared.Count == 0;

    /// <summary>Whether what was found counts at all; asked of words whose place matters.</summary>
    public bool Counts(SyntaxToken token) => (Where is null || Where(token)) && (Declared.Count == 0 || !Declared.Contains(token.ValueText) || IsDeclaration(token));

    public bool DependsOnPlace => Where is not null || Declared.Count > 0;

    private static bool IsDeclaration(SyntaxToken token) => token.IsKind(SyntaxKind.IdentifierToken) && token.Parent switch
    {
        MethodDeclarationSyntax method => method.Identifier == token,
        PropertyDeclarationSyntax property => property.Identifier == token,
        EventDeclarationSyntax @event => @event.Identifier == token,
        _ => false,
    };
}
