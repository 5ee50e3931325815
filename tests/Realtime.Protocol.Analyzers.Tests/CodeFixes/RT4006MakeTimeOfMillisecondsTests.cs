using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;
using Realtime.Protocol.CodeFixes;

namespace Realtime.Protocol.Analyzers.Tests.CodeFixes;

public class RT4006MakeTimeOfMillisecondsTests
{
    [Theory]
    [InlineData("await sdk.TruncateItemAsync(id, 0, new TimeSpan(1500));", "await sdk.TruncateItemAsync(id, 0, TimeSpan.FromMilliseconds(1500));")]
    [InlineData("await sdk.TruncateItemAsync(id, 0, new(ticks: 1500));", "await sdk.TruncateItemAsync(id, 0, TimeSpan.FromMilliseconds(1500));")]
    [InlineData("await sdk.TruncateItemAsync(id, 0, /* a */ TimeSpan.FromTicks(1500) /* b */);", "await sdk.TruncateItemAsync(id, 0, /* a */ TimeSpan.FromMilliseconds(1500) /* b */);")]
    [InlineData("var elapsed = new TimeSpan(_latest - _start.Value); await sdk.TruncateItemAsync(id, 0, elapsed);", "var elapsed = TimeSpan.FromMilliseconds(_latest - _start.Value); await sdk.TruncateItemAsync(id, 0, elapsed);")]
    public Task Ticks_BecomeMilliseconds(string before, string after) => CodeFixVerifier.VerifyFix<RT1032HeardInAnotherUnit, RT4006MakeTimeOfMilliseconds>(
        RT1032HeardInAnotherUnitTests.Source(before), RT1032HeardInAnotherUnitTests.Source(after), RT1032HeardInAnotherUnitTests.Libraries);

    [Fact]
    public Task FixAll_MakesEach() => CodeFixVerifier.VerifyFixAll<RT1032HeardInAnotherUnit, RT4006MakeTimeOfMilliseconds>(
        RT1032HeardInAnotherUnitTests.Source("await sdk.TruncateItemAsync(id, 0, new TimeSpan(1500)); beta.TruncateItem(id, 0, new TimeSpan(played));"),
        RT1032HeardInAnotherUnitTests.Source("await sdk.TruncateItemAsync(id, 0, TimeSpan.FromMilliseconds(1500)); beta.TruncateItem(id, 0, TimeSpan.FromMilliseconds(played));"),
        RT1032HeardInAnotherUnitTests.Libraries);

    [Theory]
    [InlineData("await sdk.TruncateItemAsync(id, 0, TimeSpan.FromMilliseconds(pcm.Length));")]
    [InlineData("await sdk.TruncateItemAsync(id, 0, new TimeSpan(pcm.Length));")]
    [InlineData("await sdk.TruncateItemAsync(id, 0, _watch.Elapsed);")]
    public Task OtherMistakes_AreLeftToAPerson(string statements) =>
        CodeFixVerifier.VerifyNoFix<RT1032HeardInAnotherUnit, RT4006MakeTimeOfMilliseconds>(RT1032HeardInAnotherUnitTests.Source(statements), RT1032HeardInAnotherUnitTests.Libraries);

    /// <summary>The JSON that the SDK makes of it: cut at zero before, where it was heard after.</summary>
    [Theory]
    [InlineData("new TimeSpan(1500)")]
    [InlineData("TimeSpan.FromTicks(1500)")]
    [InlineData("new(played)")]
    public async Task Program_CutsWhereItWasHeard(string time)
    {
        string source = RT1032HeardInAnotherUnitTests.Usings + $$"""
            public static class Program
            {
                public static string Run() => Cut("item_1", 1500);
                static string Cut(string id, long played) => JsonNode.Parse(System.ClientModel.Primitives.ModelReaderWriter.Write(new RealtimeClientCommandConversationItemTruncate(id, 0, {{time}})))!["audio_end_ms"]!.ToString();
            }
            """;
        string repaired = await CodeFixVerifier.Fixed<RT1032HeardInAnotherUnit, RT4006MakeTimeOfMilliseconds>(source, RT1032HeardInAnotherUnitTests.Libraries);

        Assert.Equal("0", await FixedProgram.Run(source, RT1032HeardInAnotherUnitTests.Libraries));
        Assert.Equal("1500", await FixedProgram.Run(repaired, RT1032HeardInAnotherUnitTests.Libraries));
    }
}
