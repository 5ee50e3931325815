using System.Reflection;
using System.Reflection.Metadata;
using System.Runtime.Loader;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Repository.Tests.PublicApi;

namespace Repository.Tests.Packages;

/// <summary>What every package carries, looked at in the package itself: a page, an icon, a licence, documentation, where its sources are, and the public surface that was approved.</summary>
public partial class PackageTests
{
    private const string Repository = "https://github.com/realtime-protocol/realtime-protocol";

    private static readonly Guid SourceLink = new("CC110556-A091-4D38-9FEC-25AB9A351A6A");

    public static TheoryData<string> Ids => PackedPackage.Ids;

    [Theory]
    [MemberData(nameof(Ids))]
    public void EveryPackage_SaysWhatItIs(string id)
    {
        using PackedPackage package = PackedPackage.Open(id);

        Assert.Equal("MIT", package.Said("license"));
        Assert.True(package.Said("description").Length > 40, package.Said("description"));
        Assert.Contains("openai", package.Said("tags"), StringComparison.Ordinal);
        Assert.Equal(Repository, package.Said("projectUrl"));
        XElement source = package.Metadata.Element(package.Metadata.Name.Namespace + "repository")!;
        Assert.Equal(Repository, source.Attribute("url")!.Value);
        Assert.Matches("^[0-9a-f]{40}$", source.Attribute("commit")!.Value);
        Assert.Contains(package.Said("icon"), package.Files);
        Assert.Contains(package.Said("readme"), package.Files);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void EveryPage_LeadsOnFromOutsideTheRepository(string id)
    {
        using PackedPackage package = PackedPackage.Open(id);

        string page = Fenced().Replace(package.Text(package.Said("readme")), "");
        string[] links = [.. Link().Matches(page).Select(static link => link.Groups[1].Value)];
        Assert.NotEmpty(links);
        Assert.All(links, static link => Assert.StartsWith("https://", link, StringComparison.Ordinal));
        Assert.All(links.Where(static link => link.StartsWith(Repository + "/blob/main/", StringComparison.Ordinal)), static link =>
        {
            string path = Path.Combine(RepositoryFiles.Root, link[(Repository.Length + "/blob/main/".Length)..].Split('#')[0]);
            Assert.True(File.Exists(path) || Directory.Exists(path), link);
        });
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void EveryAssembly_HasItsDocumentationAndItsSymbols(string id)
    {
        using PackedPackage package = PackedPackage.Open(id);

        Assert.Equal(id is not ("Realtime.Protocol.Tool" or "Realtime.Protocol.Generator"), package.Assemblies.Count > 0);
        foreach (string assembly in package.Assemblies)
        {
            Assert.Contains("<member name=", package.Text(Path.ChangeExtension(assembly, ".xml")), StringComparison.Ordinal);
            string map = SourcesIn(package.Symbols(assembly));
            Assert.Contains($"\"{Repository.Replace("github.com", "raw.githubusercontent.com", StringComparison.Ordinal)}/", map, StringComparison.Ordinal);
            Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(map).RootElement.GetProperty("documents").ValueKind);
        }
    }

    [Theory]
    [InlineData("Realtime.Protocol", 2)]
    [InlineData("Realtime.Protocol.Hosting", 1)]
    [InlineData("Realtime.Protocol.AI", 1)]
    [InlineData("Realtime.Protocol.Journal.PostgreSql", 1)]
    [InlineData("Realtime.Protocol.Journal.Redis", 1)]
    [InlineData("Realtime.Protocol.Gateway", 1)]
    [InlineData("Realtime.Protocol.Testing", 1)]
    public void ThePublicSurfaceInThePackage_IsTheApprovedOne(string id, int assemblies)
    {
        using PackedPackage package = PackedPackage.Open(id);
        using var around = id == "Realtime.Protocol" ? null : PackedPackage.Open("Realtime.Protocol");

        var context = new Packed([package, .. around is null ? Array.Empty<PackedPackage>() : [around]]);
        Assert.Equal(assemblies, package.Assemblies.Count);
        foreach (string assembly in package.Assemblies.Select(static path => Path.GetFileNameWithoutExtension(path)))
        {
            string[] approved = RepositoryFiles.Read($"src/{assembly}/PublicApi.approved.txt").Split('\n');
            string[] packed = ApiListing.Of(context.LoadFromAssemblyName(new(assembly))).Split('\n');
            Assert.Equal([], packed.Except(approved).Concat(approved.Except(packed)));
        }

        context.Unload();
    }

    [Theory]
    [InlineData("Realtime.Protocol", "analyzers/dotnet/cs/Realtime.Protocol.Analyzers.dll")]
    [InlineData("Realtime.Protocol", "analyzers/dotnet/cs/Realtime.Protocol.CodeFixes.dll")]
    [InlineData("Realtime.Protocol.Generator", "analyzers/dotnet/cs/Realtime.Protocol.Generator.dll")]
    [InlineData("Realtime.Protocol.Generator", "build/Realtime.Protocol.Generator.props")]
    [InlineData("Realtime.Protocol.Generator", "build/Realtime.Protocol.Generator.targets")]
    [InlineData("Realtime.Protocol.Generator", "schema/event.schema.json")]
    [InlineData("Realtime.Protocol.Testing", "schema/scenario.schema.json")]
    public void WhatACompilerOrAnEditorLooksFor_LiesWhereItLooks(string id, string path)
    {
        using PackedPackage package = PackedPackage.Open(id);

        Assert.Contains(path, package.Files);
    }

    [Fact]
    public void ThePageOfEveryRule_TravelsWithTheAnalyzers()
    {
        using PackedPackage package = PackedPackage.Open("Realtime.Protocol");
        string[] pages = [.. RepositoryFiles.All("*.md").Where(static page => page.StartsWith("analyzers/docs/", StringComparison.Ordinal))];

        Assert.NotEmpty(pages);
        Assert.All(pages, page => Assert.Equal(RepositoryFiles.Read(page), package.Text(page)));
    }

    private static string SourcesIn(byte[] symbols)
    {
        using var provider = MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(symbols));
        MetadataReader reader = provider.GetMetadataReader();
        return reader.CustomDebugInformation.Select(reader.GetCustomDebugInformation)
            .Where(information => reader.GetGuid(information.Kind) == SourceLink)
            .Select(information => Encoding.UTF8.GetString(reader.GetBlobBytes(information.Value)))
            .Single();
    }

    [GeneratedRegex(@"^```.*?^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fenced();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    /// <summary>The assemblies of packages, apart from those that these tests run on.</summary>
    private sealed class Packed(PackedPackage[] packages) : AssemblyLoadContext(isCollectible: true)
    {
        protected override Assembly? Load(AssemblyName assemblyName) => packages
            .SelectMany(static package => package.Assemblies.Select(path => (package, path)))
            .Where(found => Path.GetFileNameWithoutExtension(found.path) == assemblyName.Name)
            .Select(found => LoadFromStream(new MemoryStream(found.package.Bytes(found.path))))
            .FirstOrDefault();
    }
}
