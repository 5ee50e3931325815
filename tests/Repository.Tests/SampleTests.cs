using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Repository.Tests;

/// <summary>
/// The C# of the pages compiles and is silent with every rule of our own on: what a page shows is what the analyzers would have its reader write. Whole programs are compiled from the files that a page is compared with
/// (<see cref="DocumentationTests"/>), other blocks with what <c>Samples.txt</c> puts around them. The pages of the rules have a test of their own, beside the rules.
/// </summary>
public partial class SampleTests
{
    private const string Journals = "../Realtime.Protocol.Journals.Tests/Programs.cs";

    private const string Around = "tests/Repository.Tests/Samples.txt";

    private const string Usings = """
        global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;
        internal static class Entry { private static void Main() { } }
        """;

    /// <summary>Pages whose blocks are whole programs: the files that they are compared with.</summary>
    private static readonly Dictionary<string, string[]> Programs = new()
    {
        ["README.md"] = ["ReadmeProgram.cs"],
        ["src/Realtime.Protocol.Transport/README.md"] = ["Programs/SessionPrograms.cs", "Programs/EventPrograms.cs", "Programs/TelemetryPrograms.cs", "Programs/Surroundings.cs"],
        ["src/Realtime.Protocol.Hosting/README.md"] = ["Programs/HostingPrograms.cs"],
        ["src/Realtime.Protocol.Gateway/README.md"] = ["Programs/GatewayPrograms.cs"],
        ["src/Realtime.Protocol.AI/README.md"] = ["Programs/AIPrograms.cs", "Programs/Surroundings.cs"],
        ["src/Realtime.Protocol.Journal.PostgreSql/README.md"] = [Journals],
        ["src/Realtime.Protocol.Journal.Redis/README.md"] = [Journals],
    };

    private static readonly string Runtime = RuntimeEnvironment.GetRuntimeDirectory();

    private static readonly string DotNet = Path.GetFullPath(Path.Combine(Runtime, "..", "..", ".."));

    private static readonly string Compiler = Path.Combine(Directory.GetDirectories(Path.Combine(DotNet, "sdk"), "10.*").Order(StringComparer.Ordinal).Last(), "Roslyn", "bincore", "csc.dll");

    // One compiler for all of these tests, which has our rules compiled when the second asks; it ends ten seconds behind the last.
    private static readonly string Server = $"-shared:samples-{Environment.ProcessId}";

    /// <summary>Our rules, and the platform's generator that a program of ours uses.</summary>
    private static readonly string[] Analyzers =
    [
        Path.Combine(AppContext.BaseDirectory, "Realtime.Protocol.Analyzers.dll"),
        .. Directory.GetDirectories(Path.Combine(DotNet, "packs", "Microsoft.NETCore.App.Ref"), "10.*").Order(StringComparer.Ordinal).TakeLast(1).Select(static pack => Path.Combine(pack, "analyzers", "dotnet", "cs", "System.Text.Json.SourceGeneration.dll")),
    ];

    private static readonly IReadOnlyDictionary<string, string> Surroundings = PageBlock.SurroundingsIn(Around);

    public static TheoryData<string> PagesOfPrograms => [.. Programs.Keys];

    public static TheoryData<string> Blocks => [.. Surroundings.Keys];

    [Theory]
    [MemberData(nameof(PagesOfPrograms))]
    public async Task ThePrograms_AreSilent(string page)
    {
        string[] sources = [.. Programs[page].Select(static file => RepositoryFiles.Read("tests/Repository.Tests/" + file))];

        Assert.All(sources, static source => Assert.DoesNotMatch(Silenced(), source));
        Assert.Empty(await ComplaintsAsync(sources));
    }

    [Theory]
    [MemberData(nameof(Blocks))]
    public async Task TheBlock_IsSilent(string block)
    {
        string[] parts = block.Split(' ');
        string source = PageBlock.Of(parts[0])[int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture) - 1].Within(Surroundings[block]).Source;

        Assert.DoesNotMatch(Silenced(), source);
        Assert.Empty(await ComplaintsAsync("global using Xunit;", source));
    }

    [Fact]
    public void EveryBlockOfThePages_IsCompiledSo()
    {
        string[] pages = ["README.md", .. RepositoryFiles.All("*.md").Where(static page => page.StartsWith("src/", StringComparison.Ordinal) && page.Count(static letter => letter == '/') <= 2)];
        IEnumerable<string> blocks = pages.Where(static page => !Programs.ContainsKey(page)).SelectMany(static page => PageBlock.Of(page).Select(block => $"{page} {block.Number}"));

        Assert.Contains("src/Realtime.Protocol.Transport/ComingFrom.md", pages);
        Assert.Equal(blocks.Order(StringComparer.Ordinal), Surroundings.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task AMistake_WouldBeSaid() => Assert.Contains("RT2001", Assert.Single(await ComplaintsAsync(
        """
        public static class Mistake
        {
            public static async Task SayAsync(Realtime.Protocol.VoiceSession session, byte[] pcm) => await session.Input.WriteAsync(System.Text.Encoding.UTF8.GetBytes(Convert.ToBase64String(pcm)));
        }
        """)), StringComparison.Ordinal);

    // The SDK's own compiler: what it says in the way of errors that the source does not suppress, and what our rules say of any severity.
    private static async Task<IReadOnlyList<string>> ComplaintsAsync(params string[] sources)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("samples-");
        try
        {
            string log = Path.Combine(folder.FullName, "said.sarif");
            foreach ((int number, string source) in sources.Prepend(Usings).Index())
            {
                await File.WriteAllTextAsync(Path.Combine(folder.FullName, $"Sample{number}.cs"), source, TestContext.Current.CancellationToken);
            }

            string answers = Path.Combine(folder.FullName, "csc.rsp");
            await File.WriteAllLinesAsync(
                answers,
                [
                    "-nologo", "-nostdlib", "-target:exe", "-langversion:latest", "-nullable:enable", $"-errorlog:\"{log}\",version=2.1", $"-out:\"{Path.Combine(folder.FullName, "Samples.dll")}\"",
                    .. Analyzers.Select(static path => $"-analyzer:\"{path}\""),
                    .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(static path => $"-reference:\"{path}\""),
                    .. Directory.EnumerateFiles(folder.FullName, "*.cs").Select(static path => $"\"{path}\""),
                ],
                TestContext.Current.CancellationToken);
            TimedProcess compiled = await TimedProcess.RunAsync("dotnet", "exec", Compiler, "-noconfig", Server, "-keepalive:10", "@" + answers);

            Assert.True(File.Exists(log), compiled.Output);
            using JsonDocument said = JsonDocument.Parse(await File.ReadAllBytesAsync(log, TestContext.Current.CancellationToken));
            return
            [
                .. from result in said.RootElement.GetProperty("runs")[0].GetProperty("results").EnumerateArray()
                   let id = result.GetProperty("ruleId").GetString()!
                   where id.StartsWith("RT", StringComparison.Ordinal) || id == "AD0001" || (result.TryGetProperty("level", out JsonElement level) && level.ValueEquals("error") && !result.TryGetProperty("suppressions", out _))
                   select $"{id}: {result.GetProperty("message").GetProperty("text").GetString()}",
            ];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [GeneratedRegex(@"(pragma warning disable|SuppressMessage).*RT\d{4}")]
    private static partial Regex Silenced();
}
