using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Model;
using Realtime.Protocol.Testing.Simulation.Responses;

namespace Realtime.Protocol.Testing.Tests.Support;

/// <summary>A server of any kind, however it answers, hears and decides. What goes wrong on the way to it is <see cref="RandomFaults"/>.</summary>
internal static class RandomServer
{
    private static readonly SimulatedMcpServer[] Remote =
    [
        new("docs", new SimulatedMcpTool("search", "Thirty days."), new SimulatedMcpTool("broken") { Error = "The index is gone." }),
        new("mail") { ListFails = true },
    ];

    private const long MostKeptInAll = 60_000;

    /// <param name="breaks">Whether it may decide so that it breaks its own order.</param>
    public static SimulatorOptions Next(Random random, int seed, bool breaks)
    {
        SimulatedTurnDetection detection = random.Next(2) == 0 ? SimulatedTurnDetection.Server : (SimulatedTurnDetection)random.Next(4);
        SimulatedSessionKind kind = random.Next(12) switch
        {
            0 or 1 => SimulatedSessionKind.Transcription,
            2 => SimulatedSessionKind.Translation,
            _ => SimulatedSessionKind.Realtime,
        };
        return new SimulatorOptions
        {
            Seed = (ulong)seed,
            Connection = random.Next(1, 3),
            Kind = kind,
            Model = random.Next(2) == 0 ? "gpt-realtime" : "gpt-realtime-mini",
            Pace = random.Next(3) == 0 ? ResponsePace.Immediate : new ResponsePace { AudioSpeed = random.Next(1, 20) },
            Service = RandomSwitches.Next(random, breaks),
            Speaker = random.Next(2) == 0 ? new EchoModel() : new RandomModel(seed),
            TurnDetection = kind == SimulatedSessionKind.Translation ? SimulatedTurnDetection.Server : detection,
            Transcripts = [.. Enumerable.Range(0, random.Next(4)).Select(nth => Transcript(random, nth, detection == SimulatedTurnDetection.Scripted))],
            McpServers = random.Next(2) == 0 ? Remote : [],
            InitialSession = kind == SimulatedSessionKind.Realtime && random.Next(4) == 0 ? """{"type":"realtime","audio":{"input":{"transcription":{"model":"whisper-1"}}}}""" : null,
            IsBeta = random.Next(50) == 0,
            UnixSecondsAtConnect = random.Next(2) * 1_900_000_000L,
            SessionLifetime = TimeSpan.FromSeconds(random.Next(10) == 0 ? random.Next(1, 60) : 3_600),
            MaxInputAudioBytes = random.Next(10) == 0 ? 40_000 : 64 * 1024 * 1024,
            KeptAudioShare = seed % 3 == 0 ? new(MostKeptInAll) : null,
            KeptAudioBytes = random.Next(3) == 0 ? random.Next(60_000) : null,
        };
    }

    private static SimulatedTranscript Transcript(Random random, int nth, bool isScripted)
    {
        var words = new SimulatedTranscript(random.Next(3) switch { 0 => "Do you have the blue ones?", 1 => "and um", _ => "" })
        {
            Spoken = isScripted ? new(nth * 700, (nth * 700) + 100 + random.Next(600)) : null,
        };
        return random.Next(6) switch
        {
            0 => words with { After = Moment.After("response.done") },
            1 => words with { Failure = new ModelFailure("server_error", "audio_unintelligible") },
            2 => words with { Early = true },
            3 => words with { Never = true },
            4 => words with { Segments = [new("A", words.Text)], Language = "en" },
            _ => words,
        };
    }
}
