using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Realtime.Protocol.Analyzers.Walk;

/// <summary>Where bodies begin and end in the syntax, and what the compiler makes of them.</summary>
internal static class BodySyntax
{
    /// <summary>The bodies that a token belongs to: the one that it stands in, or those that its declaration heads.</summary>
    public static IEnumerable<SyntaxNode> Around(SyntaxToken token)
    {
        for (var node = token.Parent; node is not null; node = node.Parent)
        {
            switch (node)
            {
                case BaseMethodDeclarationSyntax method:
                    return method.Body is null && method.ExpressionBody is null && method is not ConstructorDeclarationSyntax { Initializer: not null } ? [] : [method];
                case AccessorDeclarationSyntax accessor:
                    return HasBody(accessor) ? [accessor] : [];
                case ArrowExpressionClauseSyntax { Parent: BasePropertyDeclarationSyntax } arrow:
                    return [arrow];
                case EqualsValueClauseSyntax { Parent: PropertyDeclarationSyntax or VariableDeclaratorSyntax { Parent.Parent: BaseFieldDeclarationSyntax } } value:
                    return [value];
                case BasePropertyDeclarationSyntax property:
                    return BodiesOf(property);
                case BaseFieldDeclarationSyntax field:
                    return field.Declaration.Variables.Select(static variable => variable.Initializer).OfType<EqualsValueClauseSyntax>();
                case GlobalStatementSyntax:
                    return [node.SyntaxTree.GetRoot()];
                case TypeDeclarationSyntax { ParameterList: not null } type when type.BaseList?.Types.FirstOrDefault() is PrimaryConstructorBaseTypeSyntax:
                    return [type];
                case BaseTypeDeclarationSyntax or DelegateDeclarationSyntax:
                    return [];
            }
        }

        return [];
    }

    /// <summary>What is inside of a body, bound.</summary>
    public static IOperation? RootOf(SemanticModel model, SyntaxNode body, CancellationToken cancel)
    {
        var operation = model.GetOperation(body, cancel);
        while (operation?.Parent is { } outer)
        {
            operation = outer;
        }

        return operation;
    }

    /// <summary>The member that a body belongs to.</summary>
    public static ISymbol? MemberOf(SemanticModel model, SyntaxNode body, CancellationToken cancel) => body switch
    {
        ArrowExpressionClauseSyntax { Parent: { } property } => (model.GetDeclaredSymbol(property, cancel) as IPropertySymbol)?.GetMethod,
        EqualsValueClauseSyntax { Parent: { } declared } => model.GetDeclaredSymbol(declared, cancel),
        TypeDeclarationSyntax type => (model.GetDeclaredSymbol(type, cancel) as INamedTypeSymbol)?.InstanceConstructors
            .FirstOrDefault(constructor => constructor.DeclaringSyntaxReferences.Any(reference => reference.Span == type.Span)),
        _ => model.GetDeclaredSymbol(body, cancel),
    };

    private static bool HasBody(AccessorDeclarationSyntax accessor) => accessor.Body is not null || accessor.ExpressionBody is not null;

    private static IEnumerable<SyntaxNode> BodiesOf(BasePropertyDeclarationSyntax property)
    {
        foreach (var accessor in property.AccessorList?.Accessors.Where(HasBody) ?? [])
        {
            yield return accessor;
        }

        switch (property)
        {
            case PropertyDeclarationSyntax { ExpressionBody: { } arrow }: yield return arrow; break;
            case PropertyDeclarationSyntax { Initializer: { } value }: yield return value; break;
            case IndexerDeclarationSyntax { ExpressionBody: { } arrow }: yield return arrow; break;
        }

        if (property is PropertyDeclarationSyntax { Initializer: { } initial, ExpressionBody: not null })
        {
            yield return initial;
        }
    }
}
