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
/// </summary>
internal sealed record SchemaText(AdditionalText File, string Key, SchemaRole Role, FamilyModel Family)
{
    private const string Metadata = "build_metadata.AdditionalFiles.";

    public static SchemaText? TryCreate(AdditionalText file, AnalyzerConfigOptionsProvider provider)
    {
        AnalyzerConfigOptions options = provider.GetOptions(file);
        return Option(options, "RealtimeFamily") is { } family && SchemaPath.TryGetKey(file.Path, out string key, out SchemaRole role)
            ? new SchemaText(file, key, role, new FamilyModel(family, Option(options, "RealtimeNamespace") ?? family))
            : null;
    }

    public ReadFile Read(CancellationToken cancellation)
    {
        SourceText text = File.GetText(cancellation) ?? SourceText.From("");
        FileModel model = SchemaFileReader.Read(text, File.Path, Key, Family, Role, out EquatableArray<ReferenceModel> references);
        return new ReadFile(model, references, new ProblemList(text, File.Path).Create("RT9004", 0, 1, ""));
    }

    private static string? Option(AnalyzerConfigOptions options, string name) =>
        options.TryGetValue(Metadata + name, out string? value) && value.Length > 0 ? value : null;
}
