using System.Reflection;
using System.Runtime.InteropServices;
using Realtime.Protocol.Testing.Grammar;
using Realtime.Protocol.Testing.Grammar.Client;
using Realtime.Protocol.Testing.Simulation.Audio;
using Realtime.Protocol.Testing.Tests.Support;

namespace Realtime.Protocol.Testing.Tests.Grammar;

/// <summary>Each rule of a client is broken by one wire and kept by another that is as near to it as possible.</summary>
public class ClientGrammarTests
{
    private static readonly RuleCase[] Cases = [.. ResponseCases.All, .. EventCases.All, .. ItemCases.All, .. SessionCases.All];

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

    /// <summary>Rules about what is below events have their tests where there is a wire.</summary>
    private static readonly string[] BelowEvents = ["message-not-text", "key-in-browser", "secret-expired", "reads-too-slowly", "no-pong", "left-without-goodbye"];

    [Fact]
    public void EveryRuleBelowEvents_IsBrokenInATest_AndKeptInAnother()
    {
        ILookup<string, string> traits = typeof(ClientGrammarTests).Assembly.GetTypes().SelectMany(static type => type.GetMethods())
            .SelectMany(static method => method.GetCustomAttributes<TraitAttribute>()).ToLookup(static trait => trait.Name, static trait => trait.Value);
        Assert.Equal(BelowEvents.Order(StringComparer.Ordinal), traits["breaks"].Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(BelowEvents.Order(StringComparer.Ordinal), traits["keeps"].Distinct().Order(StringComparer.Ordinal));
    }

    /// <summary>Recorded speech, softer and louder, is not taken for another format than it has; sent in the wrong one, it is found.</summary>
    [Theory]
    [InlineData(0.05)]
    [InlineData(0.2)]
    [InlineData(0.5)]
    [InlineData(1)]
    [InlineData(2)]
    public void Speech_IsTakenForWhatItIs(double loudness)
    {
        byte[] wav = File.ReadAllBytes(RepositoryFolder.PathOf("src/Realtime.Protocol.Tool/Speech/question.wav"))[44..];
        short[] samples = [.. MemoryMarshal.Cast<byte, short>(wav.AsSpan()).ToArray().Select(sample => (short)Math.Clamp(sample * loudness, short.MinValue, short.MaxValue))];
        foreach (SpeechFormat told in Enum.GetValues<SpeechFormat>())
        {
            foreach (SpeechFormat sent in Enum.GetValues<SpeechFormat>())
            {
                byte[] sound = SpeechEncoding.Encode(samples, sent);
                string session = Frames.Session("null", $"\"format\":{{\"type\":\"{new[] { "audio/pcm", "audio/pcmu", "audio/pcma" }[(int)told]}\"}}");
                string wire = session + string.Concat(sound.Chunk(20 * sent.BytesPerMillisecond()).Select(static (piece, place) => Frames.Line($"{place * 20}", '>', SimulatedServer.Append(piece))));
                string[] found = [.. WatchedWire.Judge(wire).Select(static violation => violation.Rule).Where(static rule => rule == "append-wrong-format")];
                bool isOther = (told == SpeechFormat.Pcm16) != (sent == SpeechFormat.Pcm16);

                // What is very loud has no quiet samples to be told by.
                Assert.True(isOther ? found.Length == 1 || loudness > 0.5 : found.Length == 0, $"{sent} as {told}: {string.Join(',', found)}");
            }
        }
    }

    [Fact]
    public void EveryRule_HasACase() => Assert.Equal(
        ClientRules.All.Select(static rule => rule.Id).Except(BelowEvents).Order(),
        Cases.Where(static one => one.Level != ViolationLevel.Race).Select(static one => one.Rule).Distinct().Order());

    [Fact]
    public void Readme_ShowsTheTable()
    {
        string readme = File.ReadAllText(RepositoryFolder.PathOf("src/Realtime.Protocol.Testing/README.md"));
        string table = string.Join('\n', ClientRules.All.Select(static rule => $"| `{rule.Id}` | {rule.Level.ToString().ToLowerInvariant()} | {rule.Broken} | {rule.Instead} |"));
        Assert.True(readme.Contains(table, StringComparison.Ordinal), $"The README's table of rules is:\n{table}");
    }

    [Fact]
    public void NoEntry_HoldsWhatWasSaid()
    {
        const string Secret = "a-secret-sentence";
        string wire = string.Concat(Cases.Select(static one => one.Broken)).Replace("\"output\":\"7\"", $"\"output\":\"{Secret}\"", StringComparison.Ordinal).Replace("\"message\":\"No.\"", $"\"message\":\"{Secret}\"", StringComparison.Ordinal);
        Assert.All(WatchedWire.Judge(wire), static violation => Assert.DoesNotContain(Secret, violation.ToString() + violation.ToJson(), StringComparison.Ordinal));
    }

    /// <summary>Nothing that anybody says makes it throw, and what it finds stays within its bound: every case cut, doubled and mixed, and both sides' words changed places.</summary>
    [Fact]
    public void AnyWire_IsJudged()
    {
        var random = new Random(7);
        string[] lines = [.. Cases.SelectMany(static one => one.Broken.Split('\n', StringSplitOptions.RemoveEmptyEntries)).Where(static line => line.Length < 2_000)];
        string[] odd = ["null", "{}", "[]", "{\"type\":null}", "{\"type\":{}}", "{\"type\":\"\\ud800\"}", "{\"\\ud800\":1,\"type\":\"response.create\"}", "{\"type\":\"x.y\",\"\\ud800\":1}", "{\"type\":\"session.update\",\"\\ud800\":1,\"session\":{\"type\":\"realtime\",\"\\ud800\":1}}", "{\"type\":\"error\",\"error\":[]}", "{\"type\":\"error\",\"error\":null}",
            "{\"type\":\"session.update\",\"session\":{\"\\ud800\":1}}", "{\"type\":\"session.update\",\"session\":[1]}", "{\"type\":\"conversation.item.create\",\"item\":{\"type\":\"message\",\"role\":7,\"content\":[1,null,{}]}}",
            "{\"type\":\"input_audio_buffer.append\",\"audio\":\"\\u0041\\u0041\\u0041\\u0041\"}", "{\"type\":\"conversation.item.truncate\",\"item_id\":\"item_1\",\"audio_end_ms\":1e300}", "{\"type\":\"response.done\",\"response\":\"x\"}"];
        for (int run = 0; run < 300; run++)
        {
            var wire = new System.Text.StringBuilder();
            for (int step = 0; step < 60; step++)
            {
                string[] parts = lines[random.Next(lines.Length)].Split(' ', 3);
                string message = random.Next(6) == 0 ? odd[random.Next(odd.Length)] : random.Next(8) == 0 ? parts[2][..random.Next(parts[2].Length)] : parts[2];
                wire.Append(random.Next(5) == 0 ? "-" : $"{random.Next(100_000)}").Append(random.Next(4) == 0 ? " > " : " " + parts[1] + " ").Append(message.Length == 0 ? "{" : message).Append('\n');
            }

            Assert.True(WatchedWire.Judge(wire.ToString()).Count <= 200);
        }
    }

    [Fact]
    public void EveryRule_IsBrokenAtItsLevel_OrIsARace() => Assert.All(Cases, static one => Assert.True(one.Level == ViolationLevel.Race || one.Level == ClientRules.Of(one.Rule).Level, one.Rule));
}
