using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Realtime.Protocol.Benchmarks.Generation;

/// <summary>What the core project says about its schema files in MSBuild: that they are schema files, and the namespace of each family.</summary>
public sealed class SchemaFamilies : AnalyzerConfigOptionsProvider
{
    private static readonly Metadata None = new([]);

    private static readonly Dictionary<string, Metadata> Families = new()
    {
        ["realtime"] = Family("Realtime", "Realtime.Protocol.Events"),
        ["translation"] = Family("Translation", "Realtime.Protocol.Events.Translation"),
    };

    public override AnalyzerConfigOptions GlobalOptions => None;

    public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => None;

    public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => Families[((SchemaFile)textFile).Family];

    private static Metadata Family(string name, string @namespace) => new(new()
    {
        ["build_metadata.AdditionalFiles.RealtimeFamily"] = name,
        ["build_metadata.AdditionalFiles.RealtimeNamespace"] = @namespace,
    });

    private sealed class Metadata(Dictionary<string, string> values) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, out string value) => values.TryGetValue(key, out value!);
    }
}
