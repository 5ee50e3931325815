using System.Text.Json.Nodes;
using Realtime.Protocol.Testing.Scenarios;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Audio;
using Realtime.Protocol.Testing.Tests.Support;
using Sound = Realtime.Protocol.Testing.Tests.Support.Sound;

namespace Realtime.Protocol.Testing.Tests.Simulation;

/// <summary>A session keeps so much sound and no more: that of the oldest turns goes first, its length stays, and what is being said is never taken away.</summary>
public class KeptAudioTests
{
    private const string Commit = """{"type":"input_audio_buffer.commit"}""";
    private const string Create = """{"type":"response.create"}""";
    private const int Second = 1_000 * Sound.BytesPerMs;

    [Fact]
    public void TheOldestSoundGoesFirst_AndARetrieveSaysSo()
    {
        SimulatedServer server = Talked(new() { KeptAudioBytes = 2 * Second }, turns: 4);
        string[] users = Items(server, "user");
        string[] answers = Items(server, "assistant");

        Assert.Equal([true, true, false, false], users.Select(id => IsRefused(server, id)));

        // The echo is the user's sound.
        Assert.Equal([true, true, false, false], answers.Select(id => IsRefused(server, id)));
        Assert.Equal(Sound.Speech(1_000, seed: 3), SoundOf(server, users[3]));
        Assert.Equal(SoundOf(server, users[3]), SoundOf(server, answers[3]));
    }

    [Fact]
    public void WithoutALimit_EverySoundIsThere()
    {
        SimulatedServer server = Talked(new(), turns: 10);

        Assert.Equal(Enumerable.Range(0, 10).Select(static turn => Sound.Speech(1_000, turn)), Items(server, "user").Select(id => SoundOf(server, id)));
    }

    [Fact]
    public void TheCurrentTurn_IsWhole_HoweverLongItIs()
    {
        var server = new SimulatedServer(new SimulatorOptions { KeptAudioBytes = 0 });
        byte[] first = Sound.Speech(3_000);
        byte[] second = Sound.Speech(2_000, seed: 2);

        server.Say(SimulatedServer.Append(first)).Say(Commit).Say(SimulatedServer.Append(second)).Say(Commit);
        Assert.Equal(first, SoundOf(server, Items(server, "user")[0]));
        server.Say(Create).Wait(60_000);

        Assert.Equal([.. first, .. second], server.Audio());
        Assert.All(Items(server, "user"), id => Assert.True(IsRefused(server, id)));
    }

    [Fact]
    public void WhatIsBeingSaid_IsNotTakenAway_ByTheNextTurn()
    {
        var server = new SimulatedServer(new SimulatorOptions { KeptAudioBytes = Second });
        byte[] first = Sound.Speech(4_000);
        server.Say(SimulatedServer.Append(first)).Say(Commit).Say(Create).Wait(900);
        Assert.InRange(server.Audio().Length, 1, first.Length - 1);

        server.Say(SimulatedServer.Append(Sound.Speech(4_000, seed: 2))).Say(Commit).Wait(60_000);

        Assert.Equal(first, server.Audio());
        Assert.Equal([true, false], Items(server, "user").Select(id => IsRefused(server, id)));
    }

    [Theory]
    [InlineData("user")]
    [InlineData("assistant")]
    public void ADeletedItem_LeavesTheSoundOfTheOther(string role)
    {
        SimulatedServer server = Talked(new(), turns: 1);
        string other = role == "user" ? "assistant" : "user";

        server.Say($$"""{"type":"conversation.item.delete","item_id":"{{Items(server, role)[0]}}"}""");

        Assert.Equal(Sound.Speech(1_000, seed: 0), SoundOf(server, Items(server, other)[0]));
    }

    [Fact]
    public void AnItemThatIsDeletedWhileItIsSaid_IsSaidToItsEnd()
    {
        var server = new SimulatedServer(new SimulatorOptions { KeptAudioBytes = 0 });
        byte[] speech = Sound.Speech(4_000);
        server.Say(SimulatedServer.Append(speech)).Say(Commit).Say(Create).Wait(900);

        server.Say($$"""{"type":"conversation.item.delete","item_id":"{{Items(server, "user")[0]}}"}""").Wait(60_000);

        Assert.Equal(speech, server.Audio());
    }

    [Fact]
    public void SoundThatTheClientGaveWithAnItem_CountsToo()
    {
        var server = new SimulatedServer(new SimulatorOptions { KeptAudioBytes = Second });
        byte[] given = Sound.Speech(900);
        server.Say($$$"""{"type":"conversation.item.create","item":{"id":"given","type":"message","role":"user","content":[{"type":"input_audio","audio":"{{{Convert.ToBase64String(given)}}}"}]}}""");
        Assert.Equal(given, SoundOf(server, "given"));

        server.Say(Create).Wait(60_000);
        server.TakeTurn(Sound.Speech(1_000)).Wait(60_000);

        Assert.True(IsRefused(server, "given"));
    }

    [Fact]
    public void ATranscriptionSession_WhereNobodyAnswers_KeepsTheLastTurns()
    {
        var server = new SimulatedServer(new SimulatorOptions { Kind = SimulatedSessionKind.Transcription, TurnDetection = SimulatedTurnDetection.None, KeptAudioBytes = 2 * Second }, manual: false);
        for (int turn = 0; turn < 4; turn++)
        {
            server.Say(SimulatedServer.Append(Sound.Speech(1_000, turn))).Say(Commit);
        }

        Assert.Equal([true, true, false, false], Items(server, "user").Select(id => IsRefused(server, id)));
    }

    [Fact]
    public void ATurnThatNobodyAnswers_HasAnEnd()
    {
        var server = new SimulatedServer(new SimulatorOptions { KeptAudioBytes = 0, MaxInputAudioBytes = 2 * Second });
        for (int turn = 0; turn < 4; turn++)
        {
            server.Say(SimulatedServer.Append(Sound.Speech(1_000, turn))).Say(Commit);
        }

        Assert.Equal([true, true, false, false], Items(server, "user").Select(id => IsRefused(server, id)));
    }

    [Theory]
    [InlineData("audio/pcmu")]
    [InlineData("audio/pcma")]
    public void AnEchoInAnotherFormat_IsTheSameInPieces_AsAsAWhole(string format)
    {
        var server = new SimulatedServer(new SimulatorOptions());
        server.Say("{\"type\":\"session.update\",\"session\":{\"type\":\"realtime\",\"audio\":{\"output\":{\"format\":{\"type\":\"" + format + "\"}}}}}");
        byte[] speech = [.. Sound.Tone(1_234, 300, 9_000), .. new byte[4]];

        server.TakeTurn(speech).Wait(60_000);

        Assert.True(server.All("response.output_audio.delta").Count() > 2);
        byte[] whole = SpeechEncoding.Convert(speech, SpeechFormat.Pcm16, SpeechFormats.FromWire(format)).ToArray();
        Assert.Equal(whole, server.Audio());
        Assert.Equal(whole, SoundOf(server, Items(server, "assistant")[0]));
    }

    [Fact]
    public void AnEchoOfG711InPcm_OfTwoTurns_IsBothBehindEachOther()
    {
        var server = new SimulatedServer(new SimulatorOptions());
        server.Say("""{"type":"session.update","session":{"type":"realtime","audio":{"input":{"format":{"type":"audio/pcmu"}}}}}""");
        byte[] first = [.. Enumerable.Range(0, 8 * 333).Select(static i => (byte)(i % 251))];
        byte[] second = [.. Enumerable.Range(0, 8 * 211).Select(static i => (byte)(i % 13))];

        server.Say(SimulatedServer.Append(first)).Say(Commit).Say(SimulatedServer.Append(second)).Say(Commit).Say(Create).Wait(60_000);

        Assert.Equal(SpeechEncoding.Convert((byte[])[.. first, .. second], SpeechFormat.MuLaw, SpeechFormat.Pcm16).ToArray(), server.Audio());
    }

    [Theory]
    [InlineData(300, null, 500)]
    [InlineData(0, null, 200)]
    [InlineData(5_000, null, 5_200)]
    [InlineData(2_000_000_000, null, 30_200)]
    [InlineData(300, 6_000, 6_000)]
    public void WhileNobodySpeaks_TheBufferHoldsThePadding_AndAFifthOfASecond(int paddingMs, int? idleMs, int keptMs)
    {
        var server = new SimulatedServer(new SimulatorOptions(), manual: false);
        var detection = new JsonObject { ["type"] = "server_vad", ["prefix_padding_ms"] = paddingMs, ["idle_timeout_ms"] = idleMs };
        server.Say(new JsonObject { ["type"] = "session.update", ["session"] = new JsonObject { ["type"] = "realtime", ["audio"] = new JsonObject { ["input"] = new JsonObject { ["turn_detection"] = detection } } } }.ToJsonString());
        for (int i = 0; i < 400; i++)
        {
            server.Say(SimulatedServer.Append(Sound.Silence(100)));
        }

        server.Say(Commit);

        Assert.Equal(keptMs * Sound.BytesPerMs, SoundOf(server, Items(server, "user")[0]).Length);
    }

    [Fact]
    public void AnEventHolds15MiB_AndNoByteMore()
    {
        const int Most = 15 * 1024 * 1024;
        var server = new SimulatedServer(new SimulatorOptions());

        Assert.Equal("audio", (string)server.Refusal(SimulatedServer.Append(new byte[Most + 1]))["param"]!);
        Assert.Empty(server.Ask(SimulatedServer.Append(new byte[Most])));
        server.Say(Commit);

        Assert.Equal(Most, SoundOf(server, Items(server, "user")[0]).Length);
    }

    [Fact]
    public void AnAppendWithEscapes_IsTheSameSound()
    {
        var server = new SimulatedServer(new SimulatorOptions());
        byte[] speech = Sound.Speech(500);

        server.Say(SimulatedServer.Append(speech).Replace("+", "\\u002b", StringComparison.Ordinal).Replace("/", "\\/", StringComparison.Ordinal)).Say(Commit);

        Assert.Equal(speech, SoundOf(server, Items(server, "user")[0]));
    }

    [Fact]
    public void AScenario_SaysHowMuchIsKept()
    {
        Assert.Equal(Scenario.Empty.KeepsAudio(262_144).ToJson(), Scenario.Parse("""{ "session": { "keepAudio": "256KiB" } }""").ToJson());
        Assert.Equal(Scenario.Empty.KeepsAudio(long.MaxValue).ToJson(), Scenario.Parse("""{ "session": { "keepAudio": "all" } }""").ToJson());
        Assert.Equal(262_144, Scenario.Parse("""{ "session": { "keepAudio": "256KiB" } }""").ToOptions().KeptAudioBytes);
        Assert.Null(Scenario.Empty.ToOptions().KeptAudioBytes);
        Assert.Throws<ArgumentOutOfRangeException>(static () => Scenario.Empty.KeepsAudio(-1));
        Assert.Throws<ArgumentOutOfRangeException>(static () => new RealtimeServerSimulator(new SimulatorOptions { KeptAudioBytes = -1 }));
    }

    [Fact]
    public void Pages_AreGivenBackInOrder_AndReadAcrossTheirEdges()
    {
        var pages = new AudioPages();
        byte[] sound = [.. Enumerable.Range(0, 50_000).Select(static i => (byte)(i * 7))];
        int forgotten = 0;
        var random = new Random(1);
        for (int at = 0; at < sound.Length;)
        {
            int more = Math.Min(random.Next(9_000), sound.Length - at);
            pages.Append(sound.AsSpan(at, more));
            at += more;
            int less = random.Next(Math.Min(9_000, pages.Length + 2));
            forgotten += Math.Min(less, pages.Length);
            pages.Forget(less);

            byte[] copy = new byte[pages.Length];
            pages.CopyTo(0, copy);
            Assert.Equal(sound[forgotten..at], copy);
            int from = random.Next(pages.Length + 1);
            byte[] piece = new byte[pages.Length - from];
            pages.Copy(from, piece.Length).CopyTo(0, piece);
            Assert.Equal(sound[(forgotten + from)..at], piece);
        }
    }

    private static SimulatedServer Talked(SimulatorOptions options, int turns)
    {
        var server = new SimulatedServer(options);
        for (int turn = 0; turn < turns; turn++)
        {
            server.TakeTurn(Sound.Speech(1_000, turn)).Wait(60_000);
        }

        return server;
    }

    private static string[] Items(SimulatedServer server, string role) =>
        [.. server.All("conversation.item.added").Select(static added => added["item"]!).Where(item => (string?)item["role"] == role).Select(static item => (string)item["id"]!)];

    private static bool IsRefused(SimulatedServer server, string id)
    {
        JsonObject answer = Assert.Single(server.Ask(Retrieve(id)));
        Assert.True((string)answer["type"]! == "conversation.item.retrieved" || (string)answer["error"]!["code"]! == "item_retrieve_audio_not_kept");
        return (string)answer["type"]! == "error";
    }

    private static byte[] SoundOf(SimulatedServer server, string id) => Convert.FromBase64String((string)server.Ask(Retrieve(id))[0]["item"]!["content"]![0]!["audio"]!);

    private static string Retrieve(string id) => $$"""{"type":"conversation.item.retrieve","item_id":"{{id}}"}""";
}
