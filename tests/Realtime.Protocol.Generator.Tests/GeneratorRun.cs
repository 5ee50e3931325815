using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Realtime.Protocol.Generator.Tests;

/// <summary>Runs the generator on schema files given as text, and keeps its driver so that a second run can be compared with the first.</summary>
internal sealed class GeneratorRun
{
    private static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.Preview);

    // As few as generated code needs: every compilation merges the namespaces of all of its references anew.
    private static readonly string[] ReferencedFiles =
    [
        "System.Private.CoreLib.dll", "System.Runtime.dll", "System.Memory.dll", "System.Collections.dll", "System.Linq.dll", "System.Text.Json.dll", "System.IO.Pipelines.dll", "Realtime.Protocol.dll",
    ];

    // Compilations that grow out of one another share the symbols of their references.
    private static readonly CSharpCompilation Empty = CSharpCompilation.Create(
        "Foreign",
        references:
        [
            .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Distinct()
                .Where(static path => ReferencedFiles.Contains(Path.GetFileName(path)))
                .Select(static path => MetadataReference.CreateFromFile(path)),
        ],
        options: new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));

    private readonly Dictionary<string, SchemaFile> _files;
    private GeneratorDriver _driver;

    public GeneratorRun(params (string Key, string Json)[] files)
        : this(UsualFamily, files)
    {
    }

    /// <param name="familyOf">The family and namespace of a file, by its path: the metadata of its item in a project.</param>
    public GeneratorRun(Func<string, (string Family, string Namespace)> familyOf, params (string Key, string Json)[] files)
        : this(familyOf, files.Select(static file => new SchemaFile(file.Key, file.Json)))
    {
    }

    private GeneratorRun(Func<string, (string Family, string Namespace)> familyOf, IEnumerable<SchemaFile> files)
    {
        _files = files.ToDictionary(static file => file.Key);
        Compilation = Compile("class Program { }");
        _driver = CSharpGeneratorDriver.Create(
            [new ProtocolGenerator().AsSourceGenerator()],
            _files.Values,
            ParseOptions,
            new Options(familyOf),
            new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));
        Run();
    }

    /// <summary>Runs on files as they lie on a disk, each under its whole path, their encoding found as a compiler finds it.</summary>
    public static GeneratorRun OnFiles(params (string Path, byte[] Content)[] files) =>
        new(UsualFamily, files.Select(static file => new SchemaFile(file.Path, file.Path, SourceText.From(new MemoryStream(file.Content)))));

    public CSharpCompilation Compilation { get; private set; }

    public GeneratorRunResult Result => _driver.GetRunResult().Results.Single();

    public IEnumerable<string> OutputNames => Result.GeneratedSources.Select(static source => source.HintName);

    public IEnumerable<Diagnostic> Problems => Result.Diagnostics;

    /// <summary>Why each output of the last run is as it is, by hint name where it changed.</summary>
    public IEnumerable<IncrementalStepRunReason> OutputReasons =>
        Result.TrackedOutputSteps.SelectMany(static step => step.Value).SelectMany(static step => step.Outputs).Select(static output => output.Reason);

    public string Output(string hintName) => Result.GeneratedSources.Single(source => source.HintName == hintName).SourceText.ToString();

    public GeneratorRun EditCSharp(string source)
    {
        Compilation = Compile(source);
        return Run();
    }

    public GeneratorRun Edit(string key, string json)
    {
        var edited = new SchemaFile(key, json);
        _driver = _driver.ReplaceAdditionalText(_files[key], edited);
        _files[key] = edited;
        return Run();
    }

    public GeneratorRun Delete(string key)
    {
        _driver = _driver.RemoveAdditionalTexts([_files[key]]);
        _files.Remove(key);
        return Run();
    }

    /// <summary>What the compiler says about the generated code.</summary>
    public IEnumerable<Diagnostic> CompilerProblems() =>
        Compilation.AddSyntaxTrees(Result.GeneratedSources.Select(static source => source.SyntaxTree)).GetDiagnostics().Where(static diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning);

    /// <summary>Why no assembly can be made of the generated code: limits of names and sizes are looked at when it is.</summary>
    public IEnumerable<Diagnostic> Breaks() =>
        Compilation.AddSyntaxTrees(Result.GeneratedSources.Select(static source => source.SyntaxTree)).Emit(Stream.Null).Diagnostics.Where(static diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning);

    /// <summary>What the compiler says about code that stands beside the generated code.</summary>
    public IEnumerable<Diagnostic> ProblemsOfUser(string source)
    {
        SyntaxTree user = CSharpSyntaxTree.ParseText(source, ParseOptions, "User.cs", Encoding.UTF8);
        return Compilation
            .AddSyntaxTrees([user, .. Result.GeneratedSources.Select(static generated => generated.SyntaxTree)])
            .GetSemanticModel(user)
            .GetDiagnostics()
            .Where(static diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning);
    }

    private GeneratorRun Run()
    {
        _driver = _driver.RunGenerators(Compilation);
        GeneratorRunResult result = Result;
        Assert.True(result.Exception is null, result.Exception?.ToString());
        return this;
    }

    private static CSharpCompilation Compile(string source) => Empty.AddSyntaxTrees(CSharpSyntaxTree.ParseText(source, ParseOptions, "Program.cs", Encoding.UTF8));

    private sealed class SchemaFile(string key, string path, SourceText text) : AdditionalText
    {
        public SchemaFile(string key, string json)
            : this(key, $"/schemas/{key}.json", SourceText.From(json, Encoding.UTF8))
        {
        }

        public string Key => key;

        public override string Path => path;

        public override SourceText GetText(CancellationToken cancellationToken = default) => text;
    }

    private static (string Family, string Namespace) UsualFamily(string path) =>
        path.StartsWith("/schemas/translation/", StringComparison.Ordinal) ? ("Translation", "Foreign.Events.Translation") : ("Foreign", "Foreign.Events");

    private sealed class Options(Func<string, (string Family, string Namespace)> familyOf) : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new Values([]);

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile)
        {
            (string family, string ns) = familyOf(textFile.Path);
            return new Values(new()
            {
                ["build_metadata.AdditionalFiles.RealtimeFamily"] = family,
                ["build_metadata.AdditionalFiles.RealtimeNamespace"] = ns,
            });
        }

        private sealed class Values(Dictionary<string, string> values) : AnalyzerConfigOptions
        {
            public override bool TryGetValue(string key, out string value) => values.TryGetValue(key, out value!);
        }
    }
}
