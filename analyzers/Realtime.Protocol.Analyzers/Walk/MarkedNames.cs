using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Realtime.Protocol.Analyzers.Walk;

/// <summary>For each of our marks the words by which code can use what carries it: a body that has none of them uses nothing that is marked.</summary>
/// <remarks>
/// Most uses name the member. Some do not: a conversion, an operator, an indexer, <c>new()</c> and a call of a delegate name at most the
/// type. Those types count as words, and so does every member whose signature names one, because an expression of that type has to come
/// from somewhere. References are read as metadata, and only those that know us; the compilation's own files are read as syntax, where the
/// attributes stand. Overrides and implementations are named like what they override.
/// </remarks>
internal sealed class MarkedNames
{
    private readonly ImmutableDictionary<Annotation, (ImmutableHashSet<string> Used, ImmutableHashSet<string> Declared)> _names;

    private MarkedNames(ImmutableDictionary<Annotation, (ImmutableHashSet<string> Used, ImmutableHashSet<string> Declared)> names) => _names = names;

    /// <summary>The words of one mark, its own name among them.</summary>
    public ImmutableHashSet<string> NamesOf(Annotation annotation) => _names.TryGetValue(annotation, out var names) ? names.Used : [];

    /// <summary>Words that speak of the mark only where a member of that name is declared: an override need not repeat the mark of its parameter.</summary>
    public ImmutableHashSet<string> DeclaredNamesOf(Annotation annotation) => _names.TryGetValue(annotation, out var names) ? names.Declared : [];

    public static MarkedNames Find(Compilation compilation, IEnumerable<Annotation?> annotations)
    {
        var marks = annotations.OfType<Annotation>().Select(static annotation => new Mark(annotation)).ToList();
        if (marks.Count > 0)
        {
            foreach (var reference in compilation.SourceModule.ReferencedAssemblySymbols.Where(KnowsUs))
            {
                if (MetadataMarks.Of(compilation.GetMetadataReference(reference)) is { } metadata)
                {
                    marks.ForEach(mark => mark.Read(metadata));
                }
                else
                {
                    ReadTypes(reference.GlobalNamespace, marks);
                    ReadDelegates(reference.GlobalNamespace, marks.Where(static mark => mark.NeedsVariable && mark.Types.Count > 0).ToList());
                    CloseOver(reference.GlobalNamespace, marks);
                }
            }

            ReadFiles(compilation, marks);
        }

        return new MarkedNames(marks.ToImmutableDictionary(static mark => mark.Annotation, static mark => (mark.Names.ToImmutableHashSet(StringComparer.Ordinal), mark.Declared.ToImmutableHashSet(StringComparer.Ordinal))));
    }

    private static bool KnowsUs(IAssemblySymbol assembly) =>
        assembly.Name == KnownSymbols.OurNamespace || assembly.Modules.Any(static module => module.ReferencedAssemblies.Any(static name => name.Name == KnownSymbols.OurNamespace));

    private static void ReadTypes(INamespaceOrTypeSymbol container, List<Mark> marks)
    {
        foreach (var member in container.GetMembers())
        {
            switch (member)
            {
                case INamespaceSymbol space:
                    ReadTypes(space, marks);
                    break;
                case INamedTypeSymbol type:
                    foreach (var mark in marks)
                    {
                        mark.Read(type);
                    }

                    ReadTypes(type, marks);
                    break;
                case IMethodSymbol or IPropertySymbol or IFieldSymbol or IEventSymbol:
                    foreach (var mark in marks)
                    {
                        mark.Read(member);
                    }

                    break;
            }
        }
    }

    // A lambda's parameter has a type that nobody writes.
    private static void ReadDelegates(INamespaceOrTypeSymbol container, List<Mark> marks)
    {
        if (marks.Count == 0)
        {
            return;
        }

        foreach (var member in container.GetMembers().OfType<INamespaceOrTypeSymbol>())
        {
            if (member is INamedTypeSymbol { DelegateInvokeMethod: { } invoke })
            {
                marks.ForEach(mark => mark.ReadDelegate(invoke));
            }

            ReadDelegates(member, marks);
        }
    }

    private static void CloseOver(INamespaceOrTypeSymbol container, List<Mark> marks)
    {
        var open = marks.Where(static mark => mark.Types.Count > 0).ToList();
        if (open.Count == 0)
        {
            return;
        }

        foreach (var member in container.GetMembers())
        {
            if (member is INamespaceOrTypeSymbol inner)
            {
                CloseOver(inner, open);
                continue;
            }

            foreach (var mark in open)
            {
                mark.ReadSignature(member);
            }
        }
    }

    private static void ReadFiles(Compilation compilation, List<Mark> marks)
    {
        var words = new Words();
        for (var i = 0; i < marks.Count; i++)
        {
            marks[i].Names.UnionWith(marks[i].Annotation.Spellings);
            foreach (var spelling in marks[i].Annotation.Spellings)
            {
                words.Add(spelling, Groups.Of(i));
            }
        }

        AddFreshTypes(marks, words);

        // Each further round looks for the types of the round before; a chain of types that contain one another is short.
        do
        {
            Search(compilation, words.Seal(), marks);
            words = new Words();
        }
        while (AddFreshTypes(marks, words));
    }

    // The first groups are the attributes of the marks, the next their types.
    private static bool AddFreshTypes(List<Mark> marks, Words words)
    {
        for (var i = 0; i < marks.Count; i++)
        {
            foreach (var type in marks[i].Types.Where(marks[i].Closed.Add))
            {
                words.Add(type, Groups.Of(marks.Count + i));
            }
        }

        return !words.IsEmpty;
    }

    private static void Search(Compilation compilation, Words words, List<Mark> marks)
    {
        foreach (var tree in compilation.SyntaxTrees)
        {
            var hits = words.In(tree.GetText());
            if (hits.Count == 0)
            {
                continue;
            }

            var root = tree.GetRoot();
            foreach (var (position, groups) in hits)
            {
                var token = root.FindToken(position);
                if (!token.Span.Contains(position) || !token.IsKind(SyntaxKind.IdentifierToken))
                {
                    continue;
                }

                for (var i = 0; i < marks.Count; i++)
                {
                    if (groups.Contains(Groups.Of(i)))
                    {
                        marks[i].ReadAttribute(token);
                    }

                    if (groups.Contains(Groups.Of(marks.Count + i)))
                    {
                        marks[i].ReadMention(token);
                    }
                }
            }
        }
    }

    /// <summary>One mark while its names are gathered.</summary>
    private sealed class Mark(Annotation annotation)
    {
        public Annotation Annotation => annotation;

        public HashSet<string> Names { get; } = new(StringComparer.Ordinal);

        /// <summary>Names that count where they are declared.</summary>
        public HashSet<string> Declared { get; } = new(StringComparer.Ordinal);

        /// <summary>What matters is a variable of a marked type, wherever it comes from; its own members and what is given such a variable make none.</summary>
        public bool NeedsVariable { get; } = annotation.MetadataName == KnownSymbols.CursorAttribute;

        /// <summary>A marked parameter that is not <c>out</c> matters inside of its method, and to nobody who calls it.</summary>
        public bool ParametersAreInside { get; } = annotation.MetadataName == KnownSymbols.BorrowedAttribute;

        /// <summary>Types of which a use need not name a marked member.</summary>
        public HashSet<string> Types { get; } = new(StringComparer.Ordinal);

        public HashSet<string> Closed { get; } = new(StringComparer.Ordinal);

        /// <summary>Those of the types that carry the mark themselves.</summary>
        public HashSet<string> Marked { get; } = new(StringComparer.Ordinal);

        public void Read(MetadataMarks metadata)
        {
            if (metadata.Of(annotation.MetadataName) is { } names)
            {
                Names.UnionWith(names.Members);
                Names.UnionWith(names.Types);
                Types.UnionWith(names.Types);
                Marked.UnionWith(names.Marked);
                Declared.UnionWith(names.Declared);
            }
        }

        public void Read(INamedTypeSymbol type)
        {
            if (annotation.IsWrittenOn(type) || (type.BaseType is { } parent && Types.Contains(parent.Name)))
            {
                AddType(type.Name);
                Marked.Add(type.Name);
                if (!NeedsVariable)
                {
                    Names.UnionWith(type.GetMembers().Where(static member => member.CanBeReferencedByName).Select(static member => member.Name));
                }
            }
        }

        public void ReadDelegate(IMethodSymbol invoke)
        {
            if (invoke.Parameters.Any(parameter => Mentions(parameter.Type)))
            {
                AddType(invoke.ContainingType.Name);
            }
        }

        public void Read(ISymbol member)
        {
            var parameters = member switch
            {
                IMethodSymbol method => method.Parameters,
                IPropertySymbol property => property.Parameters,
                _ => [],
            };
            if (!annotation.IsWrittenOn(member) && !parameters.Any(annotation.IsWrittenOn))
            {
                return;
            }

            if (ParametersAreInside
                && member is IMethodSymbol { MethodKind: MethodKind.Ordinary, CanBeReferencedByName: true }
                && !annotation.IsWrittenOn(member)
                && parameters.All(parameter => parameter.RefKind != RefKind.Out || !annotation.IsWrittenOn(parameter)))
            {
                Declared.Add(member.Name);
                return;
            }

            if (member.CanBeReferencedByName && member is not IMethodSymbol { MethodKind: MethodKind.DelegateInvoke })
            {
                Names.Add(member.Name);
            }
            else if (member is IMethodSymbol { AssociatedSymbol: { CanBeReferencedByName: true } owner })
            {
                Names.Add(owner.Name);
            }
            else
            {
                AddType(member.ContainingType.Name);
            }
        }

        public void ReadSignature(ISymbol member)
        {
            var mentions = member switch
            {
                IMethodSymbol method => Mentions(method.ReturnType) || method.Parameters.Any(Mentions),
                IPropertySymbol property => Mentions(property.Type) || property.Parameters.Any(Mentions),
                IFieldSymbol field => Mentions(field.Type),
                IEventSymbol @event => Mentions(@event.Type),
                _ => false,
            };
            if (mentions && member.CanBeReferencedByName)
            {
                Names.Add(member.Name);
            }
        }

        /// <summary>An identifier that may be the name in an attribute list: then what the list stands on is marked.</summary>
        public void ReadAttribute(SyntaxToken token)
        {
            if (token.Parent?.FirstAncestorOrSelf<AttributeSyntax>() is not { Parent: AttributeListSyntax { Parent: { } owner } } attribute
                || !attribute.Name.Span.Contains(token.Span))
            {
                return;
            }

            switch (owner)
            {
                // The mark of a method's parameter stands in the head of that method, so the parameter's own name is no word; a primary constructor heads no body.
                case ParameterSyntax { Parent.Parent: MethodDeclarationSyntax { ExplicitInterfaceSpecifier: null } method } parameter when ParametersAreInside:
                    (parameter.Modifiers.Any(SyntaxKind.OutKeyword) ? Names : Declared).Add(method.Identifier.ValueText);
                    break;
                case ParameterSyntax parameter:
                    if (!ParametersAreInside || parameter.Parent?.Parent is TypeDeclarationSyntax)
                    {
                        Names.Add(parameter.Identifier.ValueText);
                    }

                    AddDeclared(parameter.Parent?.Parent);
                    break;
                case AccessorDeclarationSyntax accessor:
                    AddDeclared(accessor.Parent?.Parent);
                    break;
                case TypeDeclarationSyntax type:
                    AddType(type.Identifier.ValueText);
                    Marked.Add(type.Identifier.ValueText);
                    foreach (var member in type.DescendantNodes(static node => node is TypeDeclarationSyntax))
                    {
                        if (!NeedsVariable || HandsItselfOver(member))
                        {
                            AddDeclared(member);
                        }
                    }

                    break;
                default:
                    AddDeclared(owner);
                    break;
            }
        }

        /// <summary>A type's name in a signature: what is declared there may hold, take or be such a value.</summary>
        public void ReadMention(SyntaxToken token)
        {
            for (var node = token.Parent; node is not null; node = node.Parent)
            {
                switch (node)
                {
                    case BlockSyntax or ArrowExpressionClauseSyntax or EqualsValueClauseSyntax or AttributeListSyntax or LocalFunctionStatementSyntax or GlobalStatementSyntax:
                        return;
                    case ParameterSyntax { Parent.Parent: TypeDeclarationSyntax } parameter:
                        Names.Add(parameter.Identifier.ValueText);
                        break;
                    case ParameterSyntax { Parent.Parent: not DelegateDeclarationSyntax } parameter when NeedsVariable && !parameter.Modifiers.Any(SyntaxKind.OutKeyword) && IsNamedBy(parameter.Type, token):
                        return;
                    case BaseListSyntax { Parent: BaseTypeDeclarationSyntax type }:
                        AddType(type.Identifier.ValueText);
                        return;
                    case UsingDirectiveSyntax { Alias.Name.Identifier: var alias }:
                        AddType(alias.ValueText);
                        return;
                    case TypeDeclarationSyntax type when type.Identifier != token:
                        AddType(type.Identifier.ValueText);
                        return;
                    case MemberDeclarationSyntax member:
                        AddDeclared(member);
                        return;
                }
            }
        }

        // "var copy = this;" in a member of the marked type: a variable that no word announces.
        private static bool HandsItselfOver(SyntaxNode member) =>
            member.DescendantNodes().Any(static node => node is ThisExpressionSyntax { Parent: not MemberAccessExpressionSyntax });

        // A marked type itself, and no type that is made with it or leads to it.
        private bool IsNamedBy(TypeSyntax? type, SyntaxToken name)
        {
            while (true)
            {
                switch (type)
                {
                    case RefTypeSyntax reference: type = reference.Type; break;
                    case ScopedTypeSyntax scoped: type = scoped.Type; break;
                    case NullableTypeSyntax nullable: type = nullable.ElementType; break;
                    case QualifiedNameSyntax qualified: type = qualified.Right; break;
                    case AliasQualifiedNameSyntax aliased: type = aliased.Name; break;
                    default: return type is SimpleNameSyntax simple && simple.Identifier == name && Marked.Contains(name.ValueText);
                }
            }
        }

        private void AddDeclared(SyntaxNode? declaration)
        {
            switch (declaration)
            {
                case MethodDeclarationSyntax { ExplicitInterfaceSpecifier: not null, Parent: TypeDeclarationSyntax type } hidden:
                    Names.Add(hidden.Identifier.ValueText);
                    AddType(type.Identifier.ValueText);
                    break;
                case MethodDeclarationSyntax method:
                    Names.Add(method.Identifier.ValueText);
                    break;
                case PropertyDeclarationSyntax property:
                    Names.Add(property.Identifier.ValueText);
                    break;
                case EventDeclarationSyntax @event:
                    Names.Add(@event.Identifier.ValueText);
                    break;
                case BaseFieldDeclarationSyntax field:
                    Names.UnionWith(field.Declaration.Variables.Select(static variable => variable.Identifier.ValueText));
                    break;
                case DelegateDeclarationSyntax @delegate:
                    AddType(@delegate.Identifier.ValueText);
                    break;
                case TypeDeclarationSyntax primary:
                    AddType(primary.Identifier.ValueText);
                    break;
                // An extension block's parameter is a parameter of each of its members; a constructor, operator or indexer has no name of its own.
                case MemberDeclarationSyntax { Parent: TypeDeclarationSyntax type }:
                    AddType(type.Identifier.ValueText);
                    break;
            }
        }

        private void AddType(string name)
        {
            if (name.Length > 0)
            {
                Names.Add(name);
                Types.Add(name);
            }
        }

        private bool Mentions(IParameterSymbol parameter) =>
            Mentions(parameter.Type) && !(NeedsVariable && parameter.RefKind != RefKind.Out && parameter.Type is INamedTypeSymbol { IsValueType: true } named && Types.Contains(named.Name));

        private bool Mentions(ITypeSymbol type) => type switch
        {
            IArrayTypeSymbol array => Mentions(array.ElementType),
            INamedTypeSymbol named => Types.Contains(named.Name) || named.TypeArguments.Any(Mentions),
            _ => false,
        };
    }
}
