using System.Text.RegularExpressions;
using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Transport.Tests.Sessions;

/// <summary>Nothing that the machine tells is told to nobody.</summary>
public sealed partial class SessionChangeTests
{
    [Fact]
    public void EveryChange_IsMatchedBySomeFileOfTheShell()
    {
        string shell = RepositoryFolder.PathOf("src", "Realtime.Protocol.Transport");
        HashSet<string> matched = [.. Directory.EnumerateFiles(shell, "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Match().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value))];
        string[] changes = [.. typeof(SessionChange).GetNestedTypes().Where(type => type.IsSubclassOf(typeof(SessionChange))).Select(type => type.Name)];

        Assert.True(changes.Length > 15);
        Assert.Empty(changes.Except(matched));
    }

    [GeneratedRegex("""\b(?:case|is|or)\s+SessionChange\.(\w+)""")]
    private static partial Regex Match();
}
