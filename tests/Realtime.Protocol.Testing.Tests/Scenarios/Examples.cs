namespace Realtime.Protocol.Testing.Tests.Scenarios;

/// <summary>Where the example scenarios lie.</summary>
internal static class Examples
{
    public static readonly string[] Names = ["bakery", "library", "long-list", "minutes", "reception"];

    private static readonly string Folder = RepositoryFolder.PathOf("tests", "Realtime.Protocol.Testing.Tests", "Scenarios", "Examples");

    public static string Readme { get; } = RepositoryFolder.PathOf("src", "Realtime.Protocol.Testing", "README.md");

    public static string SchemaFile { get; } = RepositoryFolder.PathOf("src", "Realtime.Protocol.Testing", "Scenarios", "scenario.schema.json");

    public static string PathOf(string name, string extension = "json") => Path.Combine(Folder, $"{name}.{extension}");
}
