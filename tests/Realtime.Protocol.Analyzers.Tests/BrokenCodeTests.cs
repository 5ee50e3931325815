using Realtime.Protocol.Analyzers.Tests.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests;

/// <summary>Rules run at every keystroke, mostly over code that does not compile. They may be silent there; they may not throw.</summary>
public class BrokenCodeTests
{
    private static readonly string Sequenced = RT1001ResponseCreateOutsideSequencerTests.Wire + """
        class Caller
        {
            readonly Request _request = new() { Body = null };
            int Depth { get { Wire.Write(1); return 1; } set { _request.Body ??= ""; } }
            void Talk(List<int> list) { Action a = () => Wire.Write(nameof(Wire.Write)); void F() { list.Send(1); _ = new LongLine(); } (_request.Body, _) = ("", 1); }
        }
        """;

    private static readonly string Encoded = RT2001Base64TextAsRawAudioTests.Line + """
        class Caller([Base64Text] string text) : Sink(Encoding.UTF8.GetBytes(text))
        {
            [RawAudio] byte[] _field = Encoding.UTF8.GetBytes(Convert.ToBase64String([1]));
            async Task<int> Talk(byte[] pcm, Source s)
            {
                var (t, n) = (s.Property, 1);
                try { Line.Append(n > 0 ? pcm : Encoding.UTF8.GetBytes(t)); } catch (Exception e) when (t.Length > 0) { t += "="; } finally { t ??= ""; }
                foreach (var c in t[1..]) { if (await s.LaterAsync() is { Length: > 1 } u and not "") { F(u); goto end; } }
                end: Func<string, byte[]> f = x => Encoding.UTF8.GetBytes(x); void F(string v) { Line.AppendSpan([.. f(v)]); }
                return pcm switch { [1, ..] => 1, _ => Base64.EncodeToUtf8(pcm, pcm.AsSpan(), out _, out var w) > 0 ? w : 0 };
            }
        }
        """;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task SourceWithDamagedText_NeverMakesARuleThrow(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 10; round++)
        {
            await AssertNoThrow(Damaged(Sequenced, random), seed, round);
            await AssertNoThrow(Damaged(Encoded, random), seed, round);
        }
    }

    [Theory]
    [InlineData("using Realtime.Protocol; class C { [Sequenced] void A(int i) { } void M() { A(); A(1, 2); A(missing); Missing.A(1); this.A; A = null; new C(1) { A = 1 }; } }")]
    [InlineData("using Realtime.Protocol; class C : Missing, IMissing { [Sequenced] public override void A() => base.A(); void IMissing.B() => A(); int this[int i] => A; }")]
    [InlineData("using Realtime.Protocol; class C { [RawAudio] byte[] F = System.Convert.ToBase64String(); void M([RawAudio] x) { M(); M(F, F); M(Missing.GetBytes(F)); (F, F) = (1, 2, 3); (F, F, F) = (1, 2); (F, F) = 1; } }")]
    [InlineData("using Realtime.Protocol; class C { void M([RawAudio] byte[] a) { var a = a; M(a => M(a)); void L() { L(); M(L); } goto x; try { M(null } catch { } } }")]
    [InlineData("using Realtime.Protocol; [Sequenced] class C : C { C() : this() { new C(); } } [SequencerEntry] [RawAudio] namespace N { }")]
    [InlineData("[assembly: Realtime.Protocol.SequencerEntry(1)] namespace Realtime.Protocol { class SequencedAttribute : SequencedAttribute { [Sequenced] void M() => M(); } }")]
    public async Task SourceThatDoesNotCompile_NeverMakesARuleThrow(string source)
    {
        await AssertNoThrow(source, seed: 0, round: 0);
    }

    // A beginning of a source is what stands there while its next character is typed. Unless the run is a thorough one, a ninth of these beginnings are tried.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task HalfTypedSource_NeverMakesARuleThrow(int from)
    {
        var start = Encoded.IndexOf("class Caller", StringComparison.Ordinal);
        for (var end = start + from; end < Encoded.Length; end += Thoroughness.IsWhole ? 9 : 81)
        {
            await AssertNoThrow(Encoded[..end], seed: 0, round: end);
        }
    }

    // The names are all there, and what they name is not: a restore that failed.
    [Theory]
    [InlineData(Knows.Nothing)]
    [InlineData(Knows.Ours)]
    public async Task MissingReferences_AreNoErrorsOfTheRules(Knows knows)
    {
        const string Talk = """
            using System; using System.Net.WebSockets; using System.Text; using System.Text.Json.Nodes; using Realtime.Protocol; using Realtime.Protocol.Events; using OpenAI.Realtime; using Microsoft.Extensions.AI; using Newtonsoft.Json.Linq;
            class Caller
            {
                async Task Talk(VoiceSession session, RealtimeSessionClient client, IRealtimeClientSession other, ClientWebSocket socket, ResponseCreate create, string id)
                {
                    session.Output.WriteEvent(create); await client.StartResponseAsync(); await other.SendAsync(new CreateResponseRealtimeClientMessage());
                    await socket.SendAsync(Encoding.UTF8.GetBytes("{\"type\":\"response.create\",\"response\":null}"), WebSocketMessageType.Text, true, default);
                    await session.SendRawAsync(RawJson.Parse(new JsonObject { ["type"] = "response.create", ["response"] = null, ["metadata"] = id }.ToJsonString()));
                    session.AppendAudio(Encoding.UTF8.GetBytes(Convert.ToBase64String(session.Audio.Delta))); await session.TruncateAsync(id, 0, TimeSpan.Zero);
                    await foreach (var update in client.ReceiveUpdatesAsync()) { if (update is RealtimeServerUpdateResponseOutputItemAdded added) { Run(added.Item.FunctionArguments); await client.AddItemAsync(new FunctionCallOutput(id, "")); await client.StartResponseAsync(); } }
                }
            }
            """;
        var compilation = TestProject.Compile(Talk, knows);

        Assert.DoesNotContain(await AnalyzerVerifier.Run(compilation, new RealtimeAnalyzer()), static found => found.Severity == Microsoft.CodeAnalysis.DiagnosticSeverity.Error);
    }

    private static async Task AssertNoThrow(string source, int seed, int round)
    {
        var compilation = TestProject.Compile(source);
        var exception = await Record.ExceptionAsync(() => AnalyzerVerifier.Run(compilation, new RealtimeAnalyzer()));
        Assert.True(exception is null, $"seed {seed}, round {round}: {exception}\n{source}");
    }

    /// <summary>Cuts, doubles and swaps pieces of the text, as someone who is editing does.</summary>
    private static string Damaged(string source, Random random)
    {
        var start = source.IndexOf("class Caller", StringComparison.Ordinal);
        for (var cuts = random.Next(1, 5); cuts > 0; cuts--)
        {
            var from = random.Next(start, source.Length);
            var length = random.Next(1, Math.Min(30, source.Length - from) + 1);
            source = random.Next(3) switch
            {
                0 => source.Remove(from, length),
                1 => source.Insert(from, source.Substring(from, length)),
                _ => source.Remove(from, length).Insert(random.Next(start, from + 1), source.Substring(from, length)),
            };
        }

        return source;
    }
}
