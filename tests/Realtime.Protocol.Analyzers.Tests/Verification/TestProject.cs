using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Realtime.Protocol.Analyzers.Tests.Verification;

/// <summary>The one-file project in which test sources are compiled: the framework, and our assembly unless the test is about its absence.</summary>
internal static class TestProject
{
    public const string FileName = "Test.cs";

    public static readonly CSharpParseOptions Syntax = new(LanguageVersion.Preview, DocumentationMode.Diagnose);

    public static readonly CSharpCompilationOptions Options = new(
        OutputKind.DynamicallyLinkedLibrary,
        allowUnsafe: true,
        nullableContextOptions: NullableContextOptions.Enable);

    // As few as the test sources need: every compilation merges the namespaces of all of its references anew.
    private static readonly string[] FrameworkFiles =
    [
        "System.Private.CoreLib.dll", "System.Runtime.dll", "System.Memory.dll", "System.Collections.dll", "System.Linq.dll", "System.Console.dll",
    ];

    public static readonly ImmutableArray<MetadataReference> Framework =
    [
        .. from path in ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
           where FrameworkFiles.Contains(Path.GetFileName(path))
           select MetadataReference.CreateFromFile(path),
    ];

    public static readonly ImmutableArray<MetadataReference> FrameworkAndOurs =
        [.. Framework, MetadataReference.CreateFromFile(typeof(SequencedAttribute).Assembly.Location)];

    // Compilations that grow out of one another share the symbols of their references; reading them anew costs more than the test.
    private static readonly CSharpCompilation WithOurs = CSharpCompilation.Create("Test", [], FrameworkAndOurs, Options);
    private static readonly CSharpCompilation WithoutOurs = CSharpCompilation.Create("Test", [], Framework, Options);

    public static CSharpCompilation Compile(string code, bool withOurs = true, string fileName = FileName)
    {
        var tree = CSharpSyntaxTree.ParseText(SourceText.From(code, Encoding.UTF8), Syntax, fileName);
        return (withOurs ? WithOurs : WithoutOurs).AddSyntaxTrees(tree);
    }

    public static void AssertCompiles(Compilation compilation)
    {
        var errors = compilation.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error);
        Assert.True(!errors.Any(), "the test source does not compile: " + string.Join('\n', errors));
    }
}
