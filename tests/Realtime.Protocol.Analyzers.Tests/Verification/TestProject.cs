using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Realtime.Protocol.Analyzers.Tests.Verification;

/// <summary>The one-file project in which test sources are compiled: the framework, and the libraries that the test is about.</summary>
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
        "System.Private.CoreLib.dll", "System.Runtime.dll", "System.Memory.dll", "System.Collections.dll", "System.Linq.dll", "System.Console.dll", "System.IO.Pipelines.dll",
        "System.Text.Json.dll", "System.Threading.Channels.dll",
    ];

    // What programs of other makers use as well.
    private static readonly string[] FurtherFiles = ["System.Memory.Data.dll", "System.Net.WebSockets.dll", "System.Net.WebSockets.Client.dll", "System.Private.Uri.dll"];

    private static readonly (Knows Knows, string File)[] Libraries =
    [
        (Knows.Ours, "Realtime.Protocol.dll"),
        (Knows.Session, "Realtime.Protocol.Transport.dll"),
        (Knows.Testing, "Realtime.Protocol.Testing.dll"),
        (Knows.OpenAI, "OpenAI.dll"),
        (Knows.ExtensionsAI, "Microsoft.Extensions.AI.Abstractions.dll"),
        (Knows.NewtonsoftJson, "Newtonsoft.Json.dll"),
    ];

    private static readonly string[] Platform = [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Distinct()];

    // Compilations that grow out of one another share the symbols of their references; reading them anew costs more than the test.
    private static readonly ConcurrentDictionary<Knows, CSharpCompilation> Empty = new();

    // A file is read once, and what was read is shared by all who reference it.
    private static readonly ConcurrentDictionary<string, MetadataReference> Known = new();

    /// <summary>What a test source that knows these may reference: files that lie on this machine before the test begins.</summary>
    public static ImmutableArray<MetadataReference> References(Knows knows)
    {
        HashSet<string> files = [.. FrameworkFiles, .. (knows & ~Knows.Ours) == Knows.Nothing ? [] : FurtherFiles];
        foreach (var (library, file) in Libraries)
        {
            if (knows.HasFlag(library))
            {
                AddWithWhatItReferences(file, files);
            }
        }

        return [.. from path in Platform where files.Contains(Path.GetFileName(path)) select Known.GetOrAdd(path, static path => MetadataReference.CreateFromFile(path))];
    }

    // Of the framework what the library names, of other libraries what they name as well.
    private static void AddWithWhatItReferences(string file, HashSet<string> files)
    {
        var path = Path.Combine(AppContext.BaseDirectory, file);
        if (!files.Add(file) || !File.Exists(path))
        {
            return;
        }

        using var image = new PEReader(File.OpenRead(path));
        var metadata = image.GetMetadataReader();
        foreach (var handle in metadata.AssemblyReferences)
        {
            AddWithWhatItReferences(metadata.GetString(metadata.GetAssemblyReference(handle).Name) + ".dll", files);
        }
    }

    public static CSharpCompilation Compile(string code, Knows knows = Knows.Ours, string fileName = FileName) =>
        Empty.GetOrAdd(knows, static knows => CSharpCompilation.Create("Test", [.. Stubs.Of(knows)], References(knows), Options))
            .AddSyntaxTrees(Parse(code, fileName));

    public static SyntaxTree Parse(string code, string fileName) => CSharpSyntaxTree.ParseText(SourceText.From(code, Encoding.UTF8), Syntax, fileName);

    public static void AssertCompiles(Compilation compilation)
    {
        var errors = compilation.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error);
        Assert.True(!errors.Any(), "the test source does not compile: " + string.Join('\n', errors));
    }
}
