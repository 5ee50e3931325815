using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Realtime.Protocol.Generator.Schema;

/// <summary>What a file says, and where its references lead.</summary>
internal sealed record ReadFile(FileModel File, EquatableArray<ReferenceModel> References, SchemaProblem Place);

/// <summary>
/// A schema file before it is read. Files are chosen by the metadata of their AdditionalFiles item: one with a
/// <c>RealtimeFamily</c> is a schema, and <c>RealtimeNamespace</c> says where its types go, or the family's name does.
/// What is marked so and lies where no schema can lie is kept, and says so: nothing that a project marks is passed over.
/// </summary>
/// <param name="Role">Null for a file that lies in none of the folders of schemas.</param>
internal sealed record SchemaText(AdditionalText File, string Key, SchemaRole? Role, FamilyModel Family)
{
    private const string Metadata = "build_metadata.AdditionalFiles.";

    public static SchemaText? TryCreate(AdditionalText file, AnalyzerConfigOptionsProvider provider)
    {
        AnalyzerConfigOptions options = provider.GetOptions(file);
        string? family = Option(options, "RealtimeFamily");
        string? ns = Option(options, "RealtimeNamespace");
        return family is null && ns is null
            ? null
            : new SchemaText(file, SchemaPath.KeyOf(file.Path), SchemaPath.RoleOf(file.Path), new FamilyModel(family ?? "", ns ?? family!));
    }

    public ReadFile Read(CancellationToken cancellation)
    {
        SourceText text = File.GetText(cancellation) ?? SourceText.From("");
        SchemaProblem place = new ProblemList(text, File.Path).Create("RT9004", 0, 1, "");
        if (Role is not { } role)
        {
            SchemaProblem misplaced = place with { Id = "RT9009", Message = $"'{File.Path}' has a RealtimeFamily and is no file '<folder>/client/<type>.json', '<folder>/server/<type>.json' or '<folder>/objects/<name>.json'; move it there, or leave it out of the AdditionalFiles of the family" };
            return new ReadFile(new FileModel(File.Path, Key, Family, SchemaRole.Object, default, new EquatableArray<SchemaProblem>([misplaced])), default, place);
        }

        FileModel model = SchemaFileReader.Read(text, File.Path, Key, Family, role, out EquatableArray<ReferenceModel> references);
        return new ReadFile(model, references, place);
    }

    private static string? Option(AnalyzerConfigOptions options, string name) =>
        options.TryGetValue(Metadata + name, out string? value) && value.Length > 0 ? value : null;
}
