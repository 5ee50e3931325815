using Realtime.Protocol.Testing.Grammar;
using Realtime.Protocol.Testing.Grammar.Client;
using Realtime.Protocol.Testing.Tests.Support;

namespace Realtime.Protocol.Testing.Tests.Grammar;

/// <summary>Each rule of a client is broken by one wire and kept by another that is as near to it as possible.</summary>
public class ClientGrammarTests
{
    private static readonly RuleCase[] Cases = [.. ResponseCases.All, .. EventCases.All];

    public static TheoryData<int, string> Numbered => [.. Cases.Select(static (one, number) => (number, $"{one.Rule} {one.Level}"))];

    [Theory]
    [MemberData(nameof(Numbered))]
    public void BrokenRule_IsNamedAlone(int number, string name)
    {
        RuleCase broken = Cases[number];
        IReadOnlyList<Violation> found = WatchedWire.Judge(broken.Broken);

        // Whoever gives no id breaks that rule beside the other one.
        Violation violation = Assert.Single(found, entry => broken.Rule == "event-id-missing" ? entry.Rule == broken.Rule : entry.Rule != "event-id-missing");
        Assert.Equal((broken.Rule, broken.Level, name), (violation.Rule, violation.Level, $"{violation.Rule} {violation.Level}"));
        Assert.Contains(broken.Says, violation.Says, StringComparison.Ordinal);
        Assert.Equal(ClientRules.Of(broken.Rule).Instead, violation.Instead);
        Assert.Equal(1, violation.Times);
    }

    [Theory]
    [MemberData(nameof(Numbered))]
    public void WireNextToIt_BreaksNothing(int number, string name)
    {
        Assert.Empty(WatchedWire.Judge(Cases[number].Clean));
        Assert.NotEmpty(name);
    }

    [Fact]
    public void EveryRule_HasACase() => Assert.Empty(ClientRules.All.Select(static rule => rule.Id).Except(Cases.Where(static one => one.Level != ViolationLevel.Race).Select(static one => one.Rule)));

    [Fact]
    public void EveryRule_IsBrokenAtItsLevel_OrIsARace() => Assert.All(Cases, static one => Assert.True(one.Level == ViolationLevel.Race || one.Level == ClientRules.Of(one.Rule).Level, one.Rule));
}
