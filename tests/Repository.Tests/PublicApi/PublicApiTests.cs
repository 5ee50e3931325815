using System.Reflection;

namespace Repository.Tests.PublicApi;

/// <summary>
/// The public surface of each shipped assembly is a file under review: a change of it shows in the change. After an
/// intended one: <c>REALTIME_APPROVE=1 dotnet run --project tests/Repository.Tests -- --filter-class '*PublicApiTests'</c>.
/// </summary>
public class PublicApiTests
{
    private const string Approve = "REALTIME_APPROVE";

    [Theory]
    [InlineData("Realtime.Protocol")]
    [InlineData("Realtime.Protocol.Transport")]
    [InlineData("Realtime.Protocol.Hosting")]
    [InlineData("Realtime.Protocol.AI")]
    [InlineData("Realtime.Protocol.Journal.PostgreSql")]
    [InlineData("Realtime.Protocol.Journal.Redis")]
    [InlineData("Realtime.Protocol.Gateway")]
    [InlineData("Realtime.Protocol.Testing")]
    public void ThePublicSurface_IsTheApprovedOne(string assembly)
    {
        string path = Path.Combine(RepositoryFiles.Root, "src", assembly, "PublicApi.approved.txt");
        string found = ApiListing.Of(Assembly.Load(assembly));
        if (Environment.GetEnvironmentVariable(Approve) == "1")
        {
            File.WriteAllText(path, found);
        }

        string[] approved = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n").Split('\n') : [];
        string[] lines = found.Split('\n');
        string[] changes = [.. lines.Except(approved).Select(static line => "+ " + line), .. approved.Except(lines).Select(static line => "- " + line)];
        Assert.True(changes.Length == 0, $"{changes.Length} lines of {assembly} differ from PublicApi.approved.txt; CONTRIBUTING.md says how to approve them.\n{string.Join('\n', changes.Take(40))}");
    }

    [Fact]
    public void TheListing_SeesMembersOfEveryKind()
    {
        string listing = ApiListing.Of(Assembly.Load("Realtime.Protocol"));
        Assert.Contains("Realtime.Protocol.Events.ServerEventKind.ResponseDone = 25\n", listing, StringComparison.Ordinal);
        Assert.Contains("Realtime.Protocol.Events.ResponseView: readonly ref struct", listing, StringComparison.Ordinal);
        Assert.Contains("Realtime.Protocol.Events.ConversationItemTruncate.ItemId: required Realtime.Protocol.Events.Text { get; set; }\n", listing, StringComparison.Ordinal);
        Assert.Contains("Realtime.Protocol.Events.Text.op_Implicit(string value): static Realtime.Protocol.Events.Text\n", listing, StringComparison.Ordinal);
        Assert.Contains("Realtime.Protocol.Events.EventWriter.Write(System.Buffers.IBufferWriter<byte> output, in Realtime.Protocol.Events.ResponseCancel value): static void\n", listing, StringComparison.Ordinal);
        Assert.DoesNotContain("MeasuringSink", listing, StringComparison.Ordinal);
    }
}
