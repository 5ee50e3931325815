using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;
using OpenAI.Realtime;

#pragma warning disable OPENAI002, MEAI001 // Named here, and never called.

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

    [Theory]
    [InlineData(typeof(RealtimeClient))]
    [InlineData(typeof(RealtimeSessionClient))]
    [InlineData(typeof(RealtimeConversationSessionOptions))]
    [InlineData(typeof(RealtimeConversationSessionAudioOptions))]
    [InlineData(typeof(RealtimeConversationSessionInputAudioOptions))]
    [InlineData(typeof(RealtimeConversationSessionOutputAudioOptions))]
    [InlineData(typeof(RealtimeTranscriptionSessionOptions))]
    [InlineData(typeof(RealtimeAudioTranscriptionOptions))]
    [InlineData(typeof(RealtimeServerVadTurnDetection))]
    [InlineData(typeof(RealtimeSemanticVadTurnDetection))]
    [InlineData(typeof(RealtimeFunctionTool))]
    [InlineData(typeof(RealtimeMcpTool))]
    [InlineData(typeof(RealtimeResponseOptions))]
    [InlineData(typeof(RealtimeSessionClientOptions))]
    public void EverySettingAndEventOfTheOfficialSdk_HasALine(Type type)
    {
        string page = Section("From openai-dotnet");
        string[] members =
        [
            .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Select(static property => property.Name),
            .. type.GetEvents(BindingFlags.Public | BindingFlags.Instance).Select(static happening => happening.Name),
        ];

        // Patch and Kind belong to every one of its models.
        string[] settings = [.. members.Except(["Patch", "Kind"])];
        Assert.NotEmpty(settings);
        Assert.All(settings, setting => Assert.Contains($"`{setting}`", page, StringComparison.Ordinal));
    }

    [Fact]
    public void EveryCommandAndItemOfTheOfficialSdk_HasALine()
    {
        string page = Section("From openai-dotnet");
        string[] commands = [.. typeof(RealtimeClientCommand).Assembly.GetExportedTypes().Where(static type => type.IsSubclassOf(typeof(RealtimeClientCommand))).Select(static type => type.Name["RealtimeClientCommand".Length..])];
        string[] items = [.. typeof(RealtimeItem).GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly).Select(static method => method.Name).Where(static name => name.StartsWith("Create", StringComparison.Ordinal)).Distinct()];

        Assert.NotEmpty(commands);
        Assert.All(commands, command => Assert.Matches($"`(…|RealtimeClientCommand){command}`", page));
        Assert.NotEmpty(items);
        Assert.All(items, item => Assert.Contains($"`{item}`", page, StringComparison.Ordinal));
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
    public void EveryCallMessageAndSettingOfMicrosoftsAbstractions_HasALine()
    {
        string page = Section("From Microsoft.Extensions.AI");
        string[] calls = [.. typeof(IRealtimeClient).GetMethods().Concat(typeof(IRealtimeClientSession).GetMethods()).Where(static method => !method.IsSpecialName).Select(static method => method.Name).Distinct()];
        string[] messages =
        [
            .. typeof(IRealtimeClient).Assembly.GetExportedTypes()
                .Where(static type => type.IsSubclassOf(typeof(RealtimeClientMessage)) || type.IsSubclassOf(typeof(RealtimeServerMessage)))
                .Select(static type => type.Name),
        ];
        string[] settings = [.. typeof(Microsoft.Extensions.AI.RealtimeSessionOptions).GetProperties().Select(static property => property.Name)];

        Assert.Equal(4, calls.Length);
        Assert.True(messages.Length >= 9, "messages are found");
        Assert.All(calls, call => Assert.Contains(call, page, StringComparison.Ordinal));
        Assert.All(messages.Concat(settings), name => Assert.Contains($"`{name}`", page, StringComparison.Ordinal));
    }

    [Fact]
    public void WhatItPromises_IsThere()
    {
        string listing = RepositoryFiles.Read("src/Realtime.Protocol.Transport/PublicApi.approved.txt") + RepositoryFiles.Read("src/Realtime.Protocol/PublicApi.approved.txt") + RepositoryFiles.Read("src/Realtime.Protocol.AI/PublicApi.approved.txt");
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
