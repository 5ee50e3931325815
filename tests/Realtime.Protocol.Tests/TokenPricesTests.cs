using System.Text;

namespace Realtime.Protocol.Tests;

/// <summary>What tokens cost: in decimal numbers, each kind at its price, the cached ones at theirs; and what counts as a price.</summary>
public class TokenPricesTests
{
    private static readonly TokenPrices Prices = new()
    {
        TextInput = 4m,
        CachedTextInput = 0.4m,
        TextOutput = 16m,
        AudioInput = 32m,
        CachedAudioInput = 0.5m,
        AudioOutput = 64m,
        ImageInput = 5m,
        CachedImageInput = 0.25m,
    };

    [Fact]
    public void EachKindHasItsPrice_AndCachedTokensTheirs()
    {
        var usage = new TokenUsage(new(1_000, 500, 100), new(400, 200, 50), new(300, 700), 100);
        Assert.Equal(((600 * 4m) + (400 * 0.4m) + (300 * 32m) + (200 * 0.5m) + (50 * 5m) + (50 * 0.25m) + (300 * 16m) + (700 * 64m)) / 1_000_000m, usage.Cost(Prices));
    }

    [Fact]
    public void ATenthOfACentIsExact_HoweverOftenItIsAdded()
    {
        TokenUsage sum = default;
        for (int i = 0; i < 1_000; i++)
        {
            sum += new TokenUsage(new(1, 0), default, default);
        }

        Assert.Equal(0.0001m, sum.Cost(new() { TextInput = 0.1m }));
    }

    [Fact]
    public void CachedTokensWithoutAPrice_CostWhatOthersDo() =>
        Assert.Equal(0.4m, new TokenUsage(new(100_000, 0), new(60_000, 0), default).Cost(new() { TextInput = 4m }));

    [Fact]
    public void CountsThatCannotBe_CostNothing()
    {
        Assert.Equal(0m, new TokenUsage(new(-5, -5, -5), new(-5, 5, 0), new(-1, -1), -1).Cost(Prices));
        Assert.Equal(0.4m, new TokenUsage(new(1_000_000, 0), new(9_000_000, 0), default).Cost(Prices)); // more cached than there were
    }

    [Fact]
    public void TheHighestCountsAtTheHighestPrice_AreANumber()
    {
        var most = new ModalityTokens(long.MaxValue, long.MaxValue, long.MaxValue);
        var prices = new TokenPrices
        {
            TextInput = TokenPrices.Highest,
            AudioInput = TokenPrices.Highest,
            ImageInput = TokenPrices.Highest,
            TextOutput = TokenPrices.Highest,
            AudioOutput = TokenPrices.Highest,
        };
        var usage = new TokenUsage(most, default, most);
        Assert.Equal(5m * long.MaxValue, (usage + usage).Cost(prices));
        Assert.Equal(10m * long.MaxValue, new SessionUsage(usage, usage, default, 0).Cost(prices, prices));
    }

    [Fact]
    public void APriceIsNotNegative_NorInAnotherUnit()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new TokenPrices { TextInput = -0.01m });
        Assert.Throws<ArgumentOutOfRangeException>(() => new TokenPrices { CachedAudioInput = -1m });
        Assert.Throws<ArgumentOutOfRangeException>(() => new TokenPrices { AudioOutput = TokenPrices.Highest + 1 });
        Assert.Throws<ArgumentNullException>(() => default(TokenUsage).Cost(null!));
    }

    [Fact]
    public void SessionCost_LeavesTheTranscriptionOut_WithoutItsPrices()
    {
        var usage = new SessionUsage(new(new(1_000_000, 0), default, default), new(new(0, 500_000), default, default), TimeSpan.FromSeconds(3), 2);
        Assert.Equal(4m, usage.Cost(Prices));
        Assert.Equal(4m + 3m, usage.Cost(Prices, new() { AudioInput = 6m }));
    }

    [Theory]
    [InlineData("""{"textInput":4,"cachedTextInput":0.4,"textOutput":16,"audioInput":32,"cachedAudioInput":0.5,"audioOutput":64,"imageInput":5,"cachedImageInput":0.25}""")]
    [InlineData("\uFEFF{\"TextInput\":4.0,\"CACHEDTEXTINPUT\":4e-1,\"TextOutput\":16,\"AudioInput\":32,\"CachedAudioInput\":0.5,\"AudioOutput\":64,\"ImageInput\":5,\"CachedImageInput\":0.25}")]
    public void PricesAreReadFromJson(string json) => Assert.Equal(Prices, TokenPrices.Parse(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void NoPrices_AreFree() => Assert.Equal(new TokenPrices(), TokenPrices.Parse("{}"u8));

    [Theory]
    [InlineData("", "line 1")]
    [InlineData("[1]", "expected an object")]
    [InlineData("{\"textInput\":4", "line 1")]
    [InlineData("{\"textInput\":4}{", "line 1")]
    [InlineData("{\"textInput\":-1}", "\"textInput\"")]
    [InlineData("{\"textInput\":1e300}", "\"textInput\"")]
    [InlineData("{\"textInput\":1000001}", "\"textInput\"")]
    [InlineData("{\"textInput\":NaN}", "line 1")]
    [InlineData("{\"textInput\":\"4\"}", "\"textInput\"")]
    [InlineData("{\"textInput\":null}", "\"textInput\"")]
    [InlineData("{\"textInput\":{}}", "\"textInput\"")]
    [InlineData("{\"textInput\":4,\"TextInput\":5}", "stands twice")]
    [InlineData("{\"speech\":4}", "\"speech\" is unknown")]
    [InlineData("[1]", "The prices are an array; expected an object with a number for each price: line 1, byte 0.")]
    [InlineData("\n 4", "The prices are a number; expected an object with a number for each price: line 2, byte 1.")]
    [InlineData("null", "The prices are null")]
    [InlineData("{\n\"textInput\":4,\n  \"textOutput\":[1]}", "The price \"textOutput\" is an array; expected a number from 0 to 1000000: line 3, byte 15.")]
    [InlineData("{\"textInput\":{}}", "is an object; expected a number")]
    [InlineData("{\"textInput\":true}", "is true or false; expected a number")]
    [InlineData("{\"textInput\":4,\n\"TextInput\":5}", "The price \"TextInput\" stands twice: line 2, byte 0.")]
    public void WhatIsNoPriceList_IsRefusedByName(string json, string named) =>
        Assert.Contains(named, Assert.Throws<FormatException>(() => TokenPrices.Parse(Encoding.UTF8.GetBytes(json))).Message, StringComparison.Ordinal);

    [Fact]
    public void WhatIsNoText_IsRefusedByItsPlace() =>
        Assert.Equal("The prices are no UTF-8: line 1, byte 1.", Assert.Throws<FormatException>(() => TokenPrices.Parse([(byte)'{', (byte)'"', 0xFF, (byte)'"', (byte)':', (byte)'1', (byte)'}'])).Message);
}
