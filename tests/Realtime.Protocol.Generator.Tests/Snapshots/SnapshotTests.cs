using System.Reflection;

namespace Realtime.Protocol.Generator.Tests.Snapshots;

/// <summary>
/// What the generator writes is under review: one whole file for each feature of a schema, so that a change of an
/// emitter shows in the change as users will meet it. After an intended one:
/// <c>REALTIME_APPROVE=1 dotnet run --project tests/Realtime.Protocol.Generator.Tests -- --filter-class '*SnapshotTests'</c>.
/// </summary>
public class SnapshotTests
{
    private const string Approve = "REALTIME_APPROVE";
    private const string HowToApprove = $"{Approve}=1 dotnet run --project tests/Realtime.Protocol.Generator.Tests -- --filter-class '*SnapshotTests'";

    private static readonly string Folder = typeof(SnapshotTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static attribute => attribute.Key == "SnapshotFolder").Value!;

    private static readonly GeneratorRun Run = new(Schemas.Foreign);

    public static TheoryData<string, string> Features => new()
    {
        { "an event with plain members", "Foreign.Ping.g.cs" },
        { "an event with audio", "Foreign.Chunk.g.cs" },
        { "an event with fast paths", "Foreign.Tone.g.cs" },
        { "an event with a short way out", "Foreign.Hum.g.cs" },
        { "an object", "Foreign.ChunkInline.g.cs" },
        { "an object that is a variant", "Foreign.Square.g.cs" },
        { "an enum", "Foreign.PingMood.g.cs" },
        { "a tagged union", "Foreign.Shape.g.cs" },
        { "a mixed union", "Foreign.ChunkStyle.g.cs" },
        { "the kinds", "Foreign.ServerEventKind.g.cs" },
        { "the dispatch", "Foreign.ServerEvent.g.cs" },
    };

    [Theory]
    [MemberData(nameof(Features))]
    public void TheGeneratedFile_IsTheApprovedOne(string feature, string hintName)
    {
        string path = Path.Combine(Folder, hintName + ".txt");
        string found = Run.Output(hintName).ReplaceLineEndings("\n");
        if (Environment.GetEnvironmentVariable(Approve) == "1")
        {
            File.WriteAllText(path, found);
        }

        Assert.True(File.Exists(path), $"Nobody has approved what is generated for {feature}: {path} is missing. To approve: {HowToApprove}");
        string approved = File.ReadAllText(path).ReplaceLineEndings("\n");
        Assert.True(found == approved, $"{FirstDifference(feature, hintName, approved.Split('\n'), found.Split('\n'))}\nTo approve: {HowToApprove}");
    }

    [Fact]
    public void EveryApprovedFile_BelongsToAFeature()
    {
        string[] abandoned = [.. Directory.GetFiles(Folder, "*.txt").Select(static path => Path.GetFileName(path)).Except(Features.Select(static row => row.Data.Item2 + ".txt"))];
        Assert.True(abandoned.Length == 0, $"Nothing is compared with these files any more; delete them from {Folder}: {string.Join(", ", abandoned)}");
    }

    private static string FirstDifference(string feature, string hintName, string[] approved, string[] found)
    {
        int same = approved.Zip(found).TakeWhile(static pair => pair.First == pair.Second).Count();
        return $"What is generated for {feature} differs from {hintName}.txt at line {same + 1}.\n- {Line(approved, same)}\n+ {Line(found, same)}";
    }

    private static string Line(string[] lines, int index) => index < lines.Length ? lines[index] : "(the file ends)";
}
