using System;
using System.Collections.Generic;
using System.Linq;
using Realtime.Protocol.Generator.Naming;

namespace Realtime.Protocol.Generator.Schema;

/// <summary>One type that other files can refer to.</summary>
internal sealed record Symbol(string Key, FamilyModel Family, TypeModel Type);

/// <summary>
/// Everything that a $ref can lead to: the objects, unions, enumerations and aliases of all families. Events are not in it,
/// so an edited event leaves it equal, and nothing but that event is generated anew.
/// </summary>
internal sealed record SymbolTable(EquatableArray<Symbol> Symbols)
{
    private const string UnknownKind = "Unknown";
    private const string TextKind = "Text";

    /// <param name="files">All files, in the order of their keys.</param>
    public static SymbolTable Create(IEnumerable<FileModel> files)
    {
        var symbols = new List<Symbol>();
        foreach (FileModel file in files)
        {
            for (int i = 0; i < file.Types.Count; i++)
            {
                // The file's own type comes first; a union that stands inline matters because it is the base of its alternatives.
                bool own = i == 0 && file.Role == SchemaRole.Object;
                if (own || file.Types[i].Category == TypeCategory.Union)
                {
                    symbols.Add(new Symbol(own ? file.Key : $"{file.Key}#{file.Types[i].Name}", file.Family, file.Types[i]));
                }
            }
        }

        return new SymbolTable(new EquatableArray<Symbol>(symbols));
    }

    /// <summary>What files of this family may refer to: two families may use one name for different things.</summary>
    public SymbolTable Of(FamilyModel family) => new(new EquatableArray<Symbol>(Symbols.Where(symbol => symbol.Family == family)));

    public Symbol? Find(string key) => Symbols.FirstOrDefault(symbol => string.Equals(symbol.Key, key, StringComparison.Ordinal));

    /// <summary>The type with every reference replaced by what it leads to.</summary>
    public TypeModel Resolve(TypeModel type, string key)
    {
        // Of what is no object, or is an object under a name that another one has, Check has said so.
        var kinds = new HashSet<string>(StringComparer.Ordinal) { UnknownKind };
        AlternativeModel[] alternatives = [.. type.Alternatives.Select(Resolve).OrderBy(static alternative => alternative.KindName != TextKind).Where(alternative => alternative.KindName.Length > 0 && kinds.Add(alternative.KindName))];
        return type with
        {
            Members = new EquatableArray<MemberModel>(type.Members.Select(Resolve)),
            Alternatives = new EquatableArray<AlternativeModel>(alternatives),
            CommonMembers = new EquatableArray<MemberModel>(type.Category == TypeCategory.Union ? CommonMembers(type) : []),
            BaseName = type.Category == TypeCategory.Object ? UnionOf(key) : null,
        };
    }

    /// <summary>What is wrong with the references of a file once all files are known.</summary>
    public IEnumerable<SchemaProblem> Check(FamilyModel family, EquatableArray<ReferenceModel> references)
    {
        SymbolTable own = Of(family);
        var kinds = new Dictionary<(string Union, string Kind), string>();
        foreach (ReferenceModel reference in references)
        {
            Symbol? target = Find(reference.Target);
            if (target is null)
            {
                yield return reference.IfMissing;
            }
            else if (target.Family != family)
            {
                yield return reference.IfMissing with { Message = $"'{reference.Target}.json' belongs to the family {NameBeside(target.Family, family)}, this file to {NameBeside(family, target.Family)}; a $ref never leaves its family" };
            }
            else if (LeadsBack(target))
            {
                yield return reference.IfMissing with { Message = $"'{reference.Target}.json' leads back to itself by its own \"$ref\": it never says what it is" };
            }
            else if (target.Type.AliasOf?.Shape == ValueShape.Base64)
            {
                yield return reference.IfMissing with { Id = "RT9002", Message = $"{reference.Target} is audio; say \"contentEncoding\": \"base64\" here, where it stands" };
            }
            else if (reference.IsElement && !IsElement(Resolve(target).Shape))
            {
                yield return reference.IfMissing with { Id = "RT9002", Message = $"The elements of an array are texts, enumerations, integers, objects, unions or any JSON, and never null; {reference.Target} is none" };
            }
            else if (reference.Union is not null)
            {
                if (target.Type.Category != TypeCategory.Object)
                {
                    yield return reference.IfMissing with { Id = "RT9002", Message = $"An alternative of {reference.Union} must be an object; {reference.Target} is none" };
                }
                else if (own.UnionOf(reference.Target) is { } union && union != reference.Union)
                {
                    yield return reference.IfMissing with { Id = "RT9002", Message = $"{reference.Target} is an alternative of {union} already; an object belongs to one union" };
                }
                else
                {
                    string kind = KindOf(target.Type);
                    string name = TagOf(target.Type) ?? reference.Target;
                    if (kind == UnknownKind || (kind == TextKind && own.HasText(reference.Union)))
                    {
                        yield return reference.IfMissing with { Id = "RT9005", Message = $"The alternative '{name}' becomes '{kind}', which {reference.Union} has already" };
                    }
                    else if (!kinds.TryGetValue((reference.Union, kind), out string? other))
                    {
                        kinds.Add((reference.Union, kind), name);
                    }
                    else
                    {
                        yield return other == name
                            ? reference.IfMissing with { Id = "RT9004", Message = $"Two alternatives of {reference.Union} have the type '{name}'" }
                            : reference.IfMissing with { Id = "RT9005", Message = $"The alternatives '{other}' and '{name}' of {reference.Union} both become '{kind}'" };
                    }
                }
            }
        }
    }

    /// <summary>What an array can hold.</summary>
    public static bool IsElement(ValueShape shape) =>
        shape is ValueShape.Text or ValueShape.Enum or ValueShape.Integer or ValueShape.Object or ValueShape.Union or ValueShape.Any or ValueShape.Reference;

    private MemberModel Resolve(MemberModel member) => member with { Type = Resolve(member.Type) };

    private ValueModel Resolve(ValueModel type) => type switch
    {
        { Shape: ValueShape.List, Item: { } item } => type with { Item = Resolve(item) is { } resolved && IsElement(resolved.Shape) ? resolved : new ValueModel(ValueShape.Any) },
        { Shape: ValueShape.Reference } => Find(type.Name) is { } symbol ? Resolve(symbol) : new ValueModel(ValueShape.Any),
        _ => type,
    };

    private ValueModel Resolve(Symbol symbol) => symbol.Type.Category switch
    {
        TypeCategory.Object => new ValueModel(ValueShape.Object, QualifiedName(symbol), IsMadeOnUse: symbol.Type.CanBeEmpty),
        TypeCategory.Union => new ValueModel(ValueShape.Union, QualifiedName(symbol), Text: symbol.Type.TextName),
        TypeCategory.Enum => new ValueModel(ValueShape.Enum, QualifiedName(symbol)),
        TypeCategory.Alias when symbol.Type.AliasOf is { Shape: not ValueShape.Base64 } alias && !LeadsBack(symbol) => Resolve(alias),
        _ => new ValueModel(ValueShape.Any),
    };

    private AlternativeModel Resolve(AlternativeModel alternative)
    {
        if (alternative.Type.Shape != ValueShape.Reference || Find(alternative.Type.Name) is not { Type.Category: TypeCategory.Object } symbol)
        {
            return alternative;
        }

        return new AlternativeModel(TagOf(symbol.Type), KindOf(symbol.Type), Resolve(symbol), symbol.Type.Description);
    }

    /// <summary>Texts and enumerations that every alternative has under one name: a union's view offers them directly.</summary>
    private IEnumerable<MemberModel> CommonMembers(TypeModel union)
    {
        List<TypeModel?> alternatives = [.. union.Alternatives.Select(alternative => alternative.Type.Shape == ValueShape.Reference ? Find(alternative.Type.Name)?.Type : null)];
        if (alternatives.Count == 0 || alternatives.Any(static alternative => alternative is not { Category: TypeCategory.Object }))
        {
            return [];
        }

        return alternatives[0]!.Members
            .Select(member => (First: Resolve(member), Others: alternatives.Skip(1).Select(other => other!.Members.FirstOrDefault(candidate => candidate.WireName == member.WireName))))
            .Where(static pair => pair.First.WireName != "type" && pair.First.Type.Shape is ValueShape.Text or ValueShape.Enum)
            .Where(pair => pair.Others.All(other => other is not null && other.Name == pair.First.Name && Resolve(other).Type.Equals(pair.First.Type)))
            .Select(static pair => pair.First with { IsRequired = false, IsNullable = true });
    }

    private string? UnionOf(string key)
    {
        foreach (Symbol symbol in Symbols)
        {
            if (symbol.Type.Category == TypeCategory.Union && symbol.Type.Alternatives.Any(alternative => alternative.Type.Shape == ValueShape.Reference && alternative.Type.Name == key))
            {
                return symbol.Type.Name;
            }
        }

        return null;
    }

    private bool HasText(string union) => Symbols.Any(symbol => symbol.Type.Category == TypeCategory.Union && symbol.Type.Name == union && symbol.Type.TextAlternative is not null);

    /// <summary>True for a file that is nothing but a $ref, or an array of one, when following these never ends.</summary>
    private bool LeadsBack(Symbol symbol)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (Symbol? at = symbol; at is { Type: { Category: TypeCategory.Alias, AliasOf: var alias } }; at = alias is null ? null : Find(alias.Name))
        {
            if (!seen.Add(at.Key))
            {
                return true;
            }

            while (alias?.Item is { } item)
            {
                alias = item;
            }

            if (alias?.Shape != ValueShape.Reference)
            {
                return false;
            }
        }

        return false;
    }

    /// <summary>An alternative's name in the enumeration of its union's kinds.</summary>
    private static string KindOf(TypeModel type) => TagOf(type) is { } tag ? WireName.ToPascalCase(tag) : type.Name;

    private static string? TagOf(TypeModel type) => type.Members.FirstOrDefault(static member => member.WireName == "type")?.Const;

    /// <summary>What tells a family from another one: its name, or where that is the same, its namespace.</summary>
    private static string NameBeside(FamilyModel family, FamilyModel other) =>
        family.Name == other.Name ? $"{family.Name} in {family.Namespace}" : family.Name;

    private static string QualifiedName(Symbol symbol) => symbol.Type.Name;
}
