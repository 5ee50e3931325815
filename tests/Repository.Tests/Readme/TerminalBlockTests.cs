namespace Repository.Tests.Readme;

/// <summary>What is compared with a page, and what is not: an experience that fails is told.</summary>
public class TerminalBlockTests
{
    [Theory]
    [InlineData("listening on 127.0.0.1:5005", "listening on 127.0.0.1:5005\n")]
    [InlineData("2.14 #1 connected", "0.07 #1 connected\n")]
    [InlineData("Time: 0.212s", "\e[37mTime: 13.5s\e[0m\n\n")]
    [InlineData("…\nb\n…", "a\na\nb\n")]
    [InlineData("…", "")]
    [InlineData("a … c", "a b c")]
    [InlineData("", "")]
    public void WhatThePageShows_IsSeen(string expected, string output) => Assert.Null(TerminalBlock.Difference(Lines(expected), output));

    [Theory]
    [InlineData("listening on 127.0.0.1:5005", "listening on 127.0.0.2:5005\n")]
    [InlineData("2.14 #1 connected", "2 #1 connected\n")]
    [InlineData("2 rules", "3 rules\n")]
    [InlineData("", "bash: realtime: command not found\n")]
    [InlineData("a\nb", "a\n")]
    [InlineData("a", "a\nb\n")]
    [InlineData("a … c", "a\nc")]
    [InlineData("…\nb", "a\nb\nc\n")]
    public void AnythingElse_IsTold(string expected, string output) => Assert.NotNull(TerminalBlock.Difference(Lines(expected), output));

    [Fact]
    public void ABlock_IsCommandsAndWhatIsSeenOfEach()
    {
        var block = new TerminalBlock("$ one\na\n\nb\n$ two\n");

        Assert.Equal(["one", "two"], block.Steps.Select(static step => step.Typed));
        Assert.Equal(["a", "", "b"], block.Steps[0].Seen);
        Assert.Empty(block.Steps[1].Seen);
        Assert.False(block.IsBeside);
        Assert.True(new TerminalBlock("$ one\na\n^C\n").IsBeside);
    }

    [Fact]
    public void ASection_HasItsBlocks_AndThoseOfNoOther()
    {
        const string Page = "# A\n```sh\nno\n```\n## B\nThe file `shop.json`:\n\n```json\n{}\n```\nthen\n```console\n$ a\n```\n### C\n```\n# no heading\n```\n## D\n```sh\nno\n```\n";

        ReadmeSection section = ReadmeSection.From(Page, "## B");

        Assert.Equal([new("json", "shop.json", "{}\n"), new("console", null, "$ a\n"), new("", null, "# no heading\n")], section.Blocks);
        Assert.Equal([new("", null, "# no heading\n")], ReadmeSection.From(Page, "### C").Blocks);
    }

    private static string[] Lines(string text) => text.Length == 0 ? [] : text.Split('\n');
}
