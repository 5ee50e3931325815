using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Realtime.Protocol.Generator.Schema;

/// <summary>What a file must know of all others: where references lead, and which of its types give way to one of the same name, or to none.</summary>
internal sealed record SchemaContext(SymbolTable Symbols, EquatableArray<FamilyModel> Refused, EquatableArray<SupersededType> Superseded)
{
    public static SchemaContext Create(ImmutableArray<ReadFile> files) =>
        new(SymbolTable.Create(files.Select(static read => read.File)), FamilyCheck.FindRefused(files), ClashCheck.FindSuperseded(FamilyCheck.Accept(files)));

    /// <summary>The types of a file that are to be generated, every reference replaced by what it leads to.</summary>
    public IEnumerable<ResolvedType> Resolve(FileModel file)
    {
        if (Refused.Contains(file.Family))
        {
            return [];
        }

        SymbolTable own = Symbols.Of(file.Family);
        return file.Types
            .Where(type => !Superseded.Contains(new SupersededType(file.Key, type.Name)))
            .Select(type => new ResolvedType(file.Family, own.Resolve(type, file.Key)));
    }
}
