using System.Reflection;
using System.Text.RegularExpressions;
using OpenAI.Realtime;

#pragma warning disable OPENAI002 // Named here, and never called.

namespace Repository.Tests;

/// <summary>The page for those who come from elsewhere: it leaves out no call of the official SDK, and what it promises is there.</summary>
public partial class ComingFromTests
{
    private const string Page = "src/Realtime.Protocol.Transport/ComingFrom.md";

    // Names of the platform, and of the page's examples.
    private static readonly string[] Others = ["WriteAsync", "CopyToAsync", "AIFunction", "TArguments", "TResult"];

    [Theory]
    [InlineData(typeof(RealtimeClient))]
    [InlineData(typeof(RealtimeSessionClient))]
    public void EveryCallOfTheOfficialSdk_HasALine(Type client)
    {
        string page = Section("From openai-dotnet");
        string[] calls = [.. client.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Where(static method => !method.IsSpecialName).Select(static method => method.Name).Distinct()];

        Assert.NotEmpty(calls);
        Assert.All(calls, call => Assert.Contains(call, page, StringComparison.Ordinal));
    }

    [Fact]
    public void EveryUpdateOfTheOfficialSdk_HasALine()
    {
        string page = Section("From openai-dotnet");
        string[] updates =
        [
            .. typeof(RealtimeServerUpdate).Assembly.GetExportedTypes().Where(static type => type.IsSubclassOf(typeof(RealtimeServerUpdate)))
                .Select(static type => type.Name["RealtimeServerUpdate".Length..].Replace("ConversationItemInputAudioTranscription", "InputAudioTranscription", StringComparison.Ordinal)),
        ];

        Assert.NotEmpty(updates);
        Assert.All(updates, update => Assert.Matches($@"\w*{update}`", page));
    }

    [Fact]
    public void WhatItPromises_IsThere()
    {
        string listing = RepositoryFiles.Read("src/Realtime.Protocol.Transport/PublicApi.approved.txt") + RepositoryFiles.Read("src/Realtime.Protocol/PublicApi.approved.txt");
        HashSet<string> known = [.. Name().Matches(listing).Select(static name => name.Value), .. Others];
        IEnumerable<string> promised = RepositoryFiles.Read(Page).Split('\n')
            .Where(static line => line.StartsWith('|') && line.Count(static letter => letter == '|') >= 3)
            .SelectMany(static line => Code().Matches(line.Split('|')[2]).SelectMany(static code => Name().Matches(code.Value).Select(static name => name.Value)));

        Assert.Empty(promised.Where(name => !known.Contains(name)).Distinct());
    }

    private static string Section(string heading)
    {
        string page = RepositoryFiles.Read(Page);
        int start = page.IndexOf("## " + heading, StringComparison.Ordinal);
        int end = page.IndexOf("\n## ", start + 1, StringComparison.Ordinal);
        return page[start..(end < 0 ? page.Length : end)];
    }

    [GeneratedRegex("`[^`]+`")]
    private static partial Regex Code();

    [GeneratedRegex(@"(?<![\w.""])[A-Z][A-Za-z0-9]+|(?<=\.)[A-Z][A-Za-z0-9]+")]
    private static partial Regex Name();
}
