using Microsoft.CodeAnalysis.Text;
using Realtime.Protocol.Analyzers.Walk;

namespace Realtime.Protocol.Analyzers.Tests;

/// <summary>The search that comes before the compiler: whole words only, wherever they stand.</summary>
public class WordsTests
{
    [Theory]
    [InlineData("Write", "a.Write(b)", 2)]
    [InlineData("Write", "a.WriteTo(b)", -1)]
    [InlineData("Write", "a.ReWrite(b)", -1)]
    [InlineData("Write", "Write", 0)]
    [InlineData("Write", "@Write", 1)]
    [InlineData("Write", "", -1)]
    [InlineData("response.create", "\"response.create\"", 10)]
    [InlineData("response.create", "\"xresponse.create\"", -1)]
    [InlineData("response.create", "\"response.created\"", -1)]
    [InlineData("response.create", "create", -1)]
    [InlineData("response.create", "response create", -1)]
    [InlineData("Größe", "x.Größe = 1", 2)]
    public void Word_IsFoundWhereItStandsWhole(string word, string text, int position)
    {
        var words = new Words();
        words.Add(word, Groups.Of(3));

        Assert.Equal(position < 0 ? [] : [(position, Groups.Of(3))], words.Seal().In(SourceText.From(text)));
    }

    [Fact]
    public void ManyWords_AreEachFound()
    {
        var words = new Words();
        var names = Enumerable.Range(0, 1_000).Select(i => $"name{i}").ToList();
        foreach (var name in names)
        {
            words.Add(name, Groups.Of(100));
        }

        Assert.Equal(1_000, words.Seal().In(SourceText.From(string.Join(' ', names))).Count);
    }

    [Fact]
    public void WordOfTwoGroups_CountsForBoth()
    {
        var words = new Words();
        Assert.True(words.Add("a", Groups.Of(0)));
        Assert.True(words.Add("a", Groups.Of(127)));
        Assert.False(words.Add("a", Groups.Of(127)));

        Assert.Equal(Groups.Of(0) | Groups.Of(127), words.Seal().MentionedIn(SourceText.From("b a"), Groups.Of(0) | Groups.Of(127)));
    }
}
