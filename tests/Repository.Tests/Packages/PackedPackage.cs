using System.IO.Compression;
using System.Xml.Linq;

namespace Repository.Tests.Packages;

/// <summary>
/// A package as <c>dotnet pack -c Release</c> wrote it into the folder that REALTIME_PACKAGES names, opened. Nothing is packed here: without that folder the test is skipped.
/// </summary>
internal sealed class PackedPackage : IDisposable
{
    private const string Folder = "REALTIME_PACKAGES";

    private readonly ZipArchive _package;
    private readonly ZipArchive? _symbols;

    private PackedPackage(string id, string path)
    {
        Id = id;
        _package = ZipFile.OpenRead(path);
        string symbols = Path.ChangeExtension(path, ".snupkg");
        _symbols = File.Exists(symbols) ? ZipFile.OpenRead(symbols) : null;
        XElement root = XDocument.Parse(Text(id + ".nuspec")).Root!;
        Metadata = root.Element(root.Name.Namespace + "metadata")!;
    }

    /// <summary>Every package of this repository.</summary>
    public static TheoryData<string> Ids { get; } = ["Realtime.Protocol", "Realtime.Protocol.Hosting", "Realtime.Protocol.Gateway", "Realtime.Protocol.AI", "Realtime.Protocol.Journal.PostgreSql", "Realtime.Protocol.Journal.Redis", "Realtime.Protocol.Testing", "Realtime.Protocol.Tool", "Realtime.Protocol.Generator"];

    /// <summary>True where <see cref="Feed"/> does not skip the test that asks for it.</summary>
    public static bool AreThere => Environment.GetEnvironmentVariable(Folder) is { Length: > 0 };

    public static string Feed
    {
        get
        {
            Assert.SkipUnless(AreThere, $"The packages are tested where {Folder} names their folder, as in .ci/run: dotnet pack -c Release writes them to artifacts/package/release.");
            return Path.GetFullPath(Environment.GetEnvironmentVariable(Folder)!, RepositoryFiles.Root);
        }
    }

    public string Id { get; }

    public XElement Metadata { get; }

    /// <summary>The paths of all files in the package.</summary>
    public IReadOnlyList<string> Files => [.. _package.Entries.Select(static entry => entry.FullName)];

    /// <summary>The package's own assemblies for applications.</summary>
    public IReadOnlyList<string> Assemblies => [.. Files.Where(static path => path.StartsWith("lib/", StringComparison.Ordinal) && path.EndsWith(".dll", StringComparison.Ordinal))];

    public static PackedPackage Open(string id)
    {
        Assert.True(Directory.Exists(Feed), $"{Feed} is not there.");
        string[] found = [.. Directory.GetFiles(Feed, id + ".*.nupkg").Where(path => char.IsAsciiDigit(Path.GetFileName(path)[id.Length + 1]))];
        Assert.True(found.Length == 1, $"{Feed} holds {found.Length} packages of {id}.");
        return new(id, found[0]);
    }

    /// <summary>What the package says of itself under this name.</summary>
    public string Said(string name) => Metadata.Element(Metadata.Name.Namespace + name)?.Value ?? "";

    public string Text(string path) => new StreamReader(new MemoryStream(Bytes(path))).ReadToEnd();

    public byte[] Bytes(string path) => Bytes(_package.GetEntry(path));

    /// <summary>The symbols of an assembly, from the package of symbols.</summary>
    public byte[] Symbols(string assembly) => Bytes(_symbols?.GetEntry(Path.ChangeExtension(assembly, ".pdb")));

    public void Dispose()
    {
        _package.Dispose();
        _symbols?.Dispose();
    }

    private static byte[] Bytes(ZipArchiveEntry? entry)
    {
        Assert.NotNull(entry);
        using Stream stream = entry.Open();
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
