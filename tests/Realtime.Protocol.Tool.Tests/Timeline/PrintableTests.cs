using Realtime.Protocol.CommandLine.Timeline;

namespace Realtime.Protocol.CommandLine.Tests.Timeline;

public class PrintableTests
{
    [Theory]
    [InlineData("Grüße, 世界 👋!", "Grüße, 世界 👋!")]
    [InlineData("a\nb\r\tc", "a b  c")]
    [InlineData("\u001b]0;title\u0007", " ]0;title ")]
    [InlineData("\u009b31m", " 31m")]
    [InlineData("left\u202eright\u2066\u200b", "left right  ")]
    [InlineData("a\u2028b", "a b")]
    public void WhatDoesNotPrint_IsASpace(string text, string line) => Assert.Equal(line, Printable.Line(text));

    [Fact]
    public void HalfACharacter_BecomesAWholeOne() => Assert.Equal("a\uFFFDb", Printable.Line("a\ud83db"));

    [Fact]
    public void LongText_EndsInAnEllipsis() => Assert.Equal(new string('x', 300) + "…", Printable.Line(new string('x', 301)));
}
