using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;
using Realtime.Protocol.Generator;

namespace Realtime.Protocol.Benchmarks.Generation;

/// <summary>
/// The core project in memory: its sources and schema files, generated from and compiled as the build does it, but
/// without analyzers and files. The yardstick is therefore shorter than a build, and the ratios to it are stricter.
/// </summary>
public sealed class CoreProject
{
    private static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.Preview);

    private static readonly CSharpCompilationOptions CompilationOptions = new(
        OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable);

    // The usings that the SDK and the project add to every file.
    private static readonly SourceText ImplicitUsings = SourceText.From(
        string.Concat(new[] { "System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks", "Realtime.Protocol.Events" }.Select(name => $"global using global::{name};\n")),
        Encoding.UTF8);

    private static readonly ImmutableArray<MetadataReference> References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Select(path => (MetadataReference)MetadataReference.CreateFromFile(path)),
    ];

    private readonly ImmutableArray<SourceText> _sources;

    private CoreProject(ImmutableArray<SourceText> sources, ImmutableArray<SchemaFile> schema)
    {
        _sources = sources;
        Schema = schema;
        HandWritten = Compile(sources);
    }

    public ImmutableArray<SchemaFile> Schema { get; }

    /// <summary>What the generator sees of the C# sources.</summary>
    public CSharpCompilation HandWritten { get; }

    /// <summary>Reads the copies that lie beside this program.</summary>
    public static CoreProject Load()
    {
        string root = Path.Combine(AppContext.BaseDirectory, "core");
        string schema = Path.Combine(root, "schema");
        return new CoreProject(
            [.. Files(Path.Combine(root, "src"), "*.cs").Select(path => SourceText.From(File.ReadAllText(path), Encoding.UTF8)), ImplicitUsings],
            [
                .. Files(schema, "*.json")
                    .Select(path => (Key: Path.ChangeExtension(Path.GetRelativePath(schema, path), null).Replace('\\', '/'), Path: path))
                    .Where(file => file.Key.Contains('/', StringComparison.Ordinal))
                    .Select(file => new SchemaFile(file.Key, File.ReadAllText(file.Path))),
            ]);
    }

    /// <summary>A driver that has generated nothing yet.</summary>
    public GeneratorDriver NewDriver() =>
        CSharpGeneratorDriver.Create([new ProtocolGenerator().AsSourceGenerator()], Schema, ParseOptions, new SchemaFamilies());

    /// <summary>Parses and compiles the sources and what was generated for them, down to the bytes of the assembly.</summary>
    public EmitResult Build(IEnumerable<SourceText> generated)
    {
        using var assembly = new MemoryStream();
        using var symbols = new MemoryStream();
        return Compile(_sources.AddRange(generated)).Emit(assembly, symbols, options: new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb));
    }

    private static CSharpCompilation Compile(ImmutableArray<SourceText> sources) =>
        CSharpCompilation.Create("Realtime.Protocol", sources.AsParallel().AsOrdered().Select(source => CSharpSyntaxTree.ParseText(source, ParseOptions)), References, CompilationOptions);

    private static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.GetFiles(folder, pattern, SearchOption.AllDirectories).Order(StringComparer.Ordinal);
}
