namespace Realtime.Protocol.Testing.Tests.Sequences;

/// <summary>The canonical sequences of the service, as data: what a client says, and every event that it hears, none left out and none added.</summary>
public class SequenceTests
{
    private static readonly string Folder = RepositoryFolder.PathOf("tests", "Realtime.Protocol.Testing.Tests", "Sequences");

    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(Folder, "*.txt").Select(static path => Path.GetFileNameWithoutExtension(path)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void TheServerSaysThis_AndNothingElse(string name) => Assert.Null(SequenceRun.FirstDifference(File.ReadAllLines(Path.Combine(Folder, name + ".txt"))));

    [Fact]
    public void EverySequenceOfTheService_HasAFile() =>
        Assert.Equal(Enumerable.Range(0, 12).Select(static number => $"D{number:00}"), Files.Select(static row => ((string)row).Split('-')[0]).Distinct());

    /// <summary>The runner itself can fail: a line more, a line less, another order and another id are told.</summary>
    [Theory]
    [InlineData("← session.created {}", "wait 1", "← error {}")]
    [InlineData("→ {\"type\":\"nonsense\"}")]
    [InlineData("← session.created {\"session\":{\"type\":\"transcription\"}}")]
    [InlineData("← session.created {\"event_id\":\"$a\",\"session\":{\"id\":\"$a\"}}")]
    [InlineData("← session.created {\"session\":{\"tools\":[{}]}}")]
    [InlineData("← session.created {\"event_id\":\"$a\",\"session\":{\"id\":\"sess_{$a}\"}}")]
    public void ADifference_IsTold(params string[] lines) => Assert.NotNull(SequenceRun.FirstDifference(lines));
}
