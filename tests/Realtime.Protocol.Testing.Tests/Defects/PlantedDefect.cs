using System.Text.Json;

namespace Realtime.Protocol.Testing.Tests.Defects;

/// <summary>A mistake that somebody could make in the machine: one place of one file, as it is and as it would be. It compiles.</summary>
/// <param name="Defect">What is wrong then, in a sentence.</param>
/// <param name="File">Below <c>Simulation</c>.</param>
/// <param name="Was">What stands there once.</param>
/// <param name="Is">What would stand there instead.</param>
internal sealed record PlantedDefect(string Defect, string File, string Was, string Is)
{
    public static string Repository { get; } = RepositoryFolder.Root;

    public static PlantedDefect[] All { get; } = JsonSerializer.Deserialize<PlantedDefect[]>(
        System.IO.File.ReadAllText(Path.Combine(Repository, "tests/Realtime.Protocol.Testing.Tests/Defects/defects.json")),
        new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.CamelCase })!;

    /// <summary>The file in a copy of the repository, or in this one.</summary>
    public string PathIn(string repository) => Path.Combine(repository, "src/Realtime.Protocol.Testing/Simulation", File);
}
