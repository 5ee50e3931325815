using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Realtime.Protocol.Analyzers.Tests.Costs;

/// <summary>A project of this repository as the last build compiled it: by the compiler's command line, which the build left in the project's intermediate folder.</summary>
internal sealed class BuiltProject
{
    private static readonly ConcurrentDictionary<string, ImmutableArray<ISourceGenerator>> Generators = new(StringComparer.Ordinal);

    // As in a compiler that stays: what one project has read of a library, the next does not read again.
    private static readonly ConcurrentDictionary<(string, MetadataReferenceProperties), MetadataReference> Libraries = [];

    private readonly CSharpCommandLineArguments _command;
    private readonly ImmutableArray<MetadataReference> _references;
    private readonly Settings _settings;
    private readonly AnalyzerOptions _options;

    private BuiltProject(string name, string folder, string command)
    {
        Name = name;
        _command = CSharpCommandLineParser.Default.Parse(File.ReadAllLines(command), folder, sdkDirectory: null);
        _references = [.. _command.MetadataReferences.Select(static reference => Libraries.GetOrAdd((reference.Reference, reference.Properties), static file => MetadataReference.CreateFromFile(file.Item1, file.Item2)))];
        _settings = new(AnalyzerConfigSet.Create(_command.AnalyzerConfigPaths.Select(static path => AnalyzerConfig.Parse(File.ReadAllText(path), path)).ToList()));
        _options = new([.. _command.AdditionalFiles.Select(static file => new Addition(file.Path))], _settings);
    }

    public string Name { get; }

    public int Lines { get; private set; }

    /// <summary>The projects in these folders of the repository; null for one that was not built.</summary>
    public static IEnumerable<(string Name, BuiltProject? Project)> In(params string[] folders) =>
        from folder in folders
        from file in Directory.EnumerateFiles(RepositoryFolder.PathOf(folder), "*.csproj", SearchOption.AllDirectories)
        let name = Path.GetFileNameWithoutExtension(file)
        let command = RepositoryFolder.PathOf("artifacts", "obj", name, "debug", "compiler.rsp")
        orderby file
        select (name, File.Exists(command) ? new BuiltProject(name, Path.GetDirectoryName(file)!, command) : null);

    /// <summary>Parses, generates, binds and emits, on this thread alone; what the compiler does besides reading and writing files.</summary>
    public (Compilation Compilation, ImmutableArray<Diagnostic> Errors, long Nanoseconds) Compile()
    {
        var texts = _command.SourceFiles.Select(static file => (file.Path, Text: SourceText.From(File.ReadAllText(file.Path), Encoding.UTF8))).ToList();
        Lines = texts.Sum(static file => file.Text.Lines.Count);
        // The newest language that this compiler has: the packages of the compiler that the rules are loaded into are older than the SDK.
        var syntax = _command.ParseOptions.WithLanguageVersion(LanguageVersion.Preview);
        var options = _command.CompilationOptions.WithConcurrentBuild(false).WithGeneralDiagnosticOption(ReportDiagnostic.Default);
        ImmutableArray<ISourceGenerator> generators = [.. _command.AnalyzerReferences.SelectMany(static reference => Generators.GetOrAdd(reference.FilePath, GeneratorsIn))];

        var begun = ThreadClock.Now();
        Compilation compilation = CSharpCompilation.Create(
            _command.CompilationName,
            [.. texts.Select(file => CSharpSyntaxTree.ParseText(file.Text, syntax, file.Path))],
            _references,
            options);
        CSharpGeneratorDriver.Create(generators, _options.AdditionalFiles, syntax, _settings).RunGeneratorsAndUpdateCompilation(compilation, out compilation, out _);
        using var assembly = new MemoryStream();
        using var symbols = new MemoryStream();
        using var documentation = new MemoryStream();
        var emitted = compilation.Emit(assembly, symbols, documentation, options: _command.EmitOptions.WithDebugInformationFormat(Microsoft.CodeAnalysis.Emit.DebugInformationFormat.PortablePdb));
        var spent = ThreadClock.Now() - begun;
        return (compilation, [.. emitted.Diagnostics.Where(static found => found.Severity == DiagnosticSeverity.Error)], spent);
    }

    /// <summary>Runs the analyzer as the compiler does; gives what it threw.</summary>
    public async Task<IReadOnlyList<Exception>> Analyze(Compilation compilation, DiagnosticAnalyzer analyzer)
    {
        var thrown = new List<Exception>();
        var run = compilation.WithAnalyzers([analyzer], new CompilationWithAnalyzersOptions(_options, (exception, _, _) => thrown.Add(exception), concurrentAnalysis: false, logAnalyzerExecutionTime: false));
        await run.GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
        return thrown;
    }

    // A generator of a newer compiler does not load here; then the compilation has errors, and says so.
    private static ImmutableArray<ISourceGenerator> GeneratorsIn(string path) => new AnalyzerFileReference(path, Loader.Instance).GetGenerators(LanguageNames.CSharp);

    private sealed class Loader : IAnalyzerAssemblyLoader
    {
        public static readonly Loader Instance = new();

        public void AddDependencyLocation(string fullPath)
        {
        }

        public Assembly LoadFromPath(string fullPath) => Assembly.LoadFrom(fullPath);
    }

    private sealed class Addition(string path) : AdditionalText
    {
        public override string Path => path;

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(File.ReadAllText(path), Encoding.UTF8);
    }

    private sealed class Settings(AnalyzerConfigSet set) : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new Values(set.GlobalConfigOptions.AnalyzerOptions);

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => For(tree.FilePath);

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => For(textFile.Path);

        private Values For(string path) => new(Path.IsPathRooted(path) ? set.GetOptionsForSourcePath(path).AnalyzerOptions : set.GlobalConfigOptions.AnalyzerOptions);
    }

    private sealed class Values(ImmutableDictionary<string, string> values) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? value) => values.TryGetValue(key, out value);
    }
}
