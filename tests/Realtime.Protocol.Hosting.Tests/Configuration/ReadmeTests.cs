using System.Text;
using System.Text.RegularExpressions;

namespace Realtime.Protocol.Hosting.Tests.Configuration;

/// <summary>The tables of keys on the package's page are those that the binder reads by. After a change of the tables: <c>REALTIME_APPROVE=1 dotnet run --project tests/Realtime.Protocol.Hosting.Tests -- --filter-class '*ReadmeTests'</c>.</summary>
public partial class ReadmeTests
{
    private static string Page => RepositoryFolder.PathOf("src", "Realtime.Protocol.Hosting", "README.md");

    [Fact]
    public void TheTablesOfKeys_AreThoseThatAreReadBy()
    {
        string page = File.ReadAllText(Page).ReplaceLineEndings("\n");
        string expected = Tables().Replace(page, $"<!-- keys -->\n{Keys()}\n<!-- /keys -->", 1);
        if (Environment.GetEnvironmentVariable("REALTIME_APPROVE") == "1")
        {
            File.WriteAllText(Page, expected);
            page = expected;
        }

        Assert.Contains("<!-- /keys -->", page, StringComparison.Ordinal);
        Assert.Equal(expected, page);
    }

    /// <summary>The example of the page is no ornament: it is read.</summary>
    [Fact]
    public void TheExampleOfThePage_IsAConfiguration()
    {
        string json = JsonBlock().Match(File.ReadAllText(Page)).Groups[1].Value.Trim();

        VoiceSessionOptions options = Read.Options(json[(json.IndexOf(':', StringComparison.Ordinal) + 1)..json.LastIndexOf('}')]);

        Assert.IsType<TurnTaking.ServerVad>(options.Session.TurnTaking);
        options.Validate();
    }

    private static string Keys()
    {
        var text = new StringBuilder("| key | takes |\n|---|---|\n");
        foreach ((string path, string takes) in VoiceSessionKeys.All)
        {
            text.Append($"| `{path}` | {takes} |\n");
        }

        text.Append("\n| set in code | because |\n|---|---|\n");
        foreach ((Type type, string name, string why) in VoiceSessionKeys.InCode)
        {
            text.Append($"| `{(type == typeof(SessionConfiguration) ? "Session:" : "")}{name}` | {why} |\n");
        }

        return text.ToString().TrimEnd('\n');
    }

    [GeneratedRegex("<!-- keys -->\n.*<!-- /keys -->", RegexOptions.Singleline)]
    private static partial Regex Tables();

    [GeneratedRegex("```json\r?\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex JsonBlock();
}
