using Realtime.Protocol.Testing.Simulation.Faults;

namespace Realtime.Protocol.Testing.Tests.Support;

/// <summary>Any combination of the switches under which a server still keeps its own order, so that the grammar must stay silent.</summary>
internal static class RandomSwitches
{
    public static ServiceSwitches Next(Random random) => new()
    {
        AutoResponse = new() { Winner = random.One<AutoResponseWinner>(), Rejection = random.One<RejectionTime>(), Loser = random.One<FailedAttempt>() },
        LateDeltas = random.Next(3),
        ErrorsNameTheirEvent = random.Next(4) > 0,
        EchoMetadata = random.Next(4) > 0,
        RateLimits = random.One<RateLimitReport>(),
        DuplicateItemIds = (DuplicateItemIds)random.Next(2),
        StatusDetails = random.One<StatusDetailsShape>(),
        Usage = random.One<UsageReport>(),
        FailedOutput = random.Next(2) == 0,
        AudioDone = random.One<AudioDoneOrder>(),
        TruncationSkewMs = 85 * random.Next(2),
        TruncateInProgress = random.One<Verdict>(),
        DeleteInProgress = random.One<Verdict>(),
        CreateDuringSpeech = random.One<Verdict>(),
        McpProgress = random.One<McpProgress>(),
        ResponseNull = random.One<Verdict>(),
        UnknownVoice = random.One<Verdict>(),
        SpeedDuringResponse = random.One<Verdict>(),
        Whisper = random.One<WholeTranscripts>(),
        IdleTimeout = random.One<IdleTimeout>(),
        MinSpeechMs = random.Next(2) * random.Next(500),
        HysteresisDb = random.Next(7),
        ConversationCreated = random.Next(4) == 0,
    };

    private static T One<T>(this Random random)
        where T : struct, Enum => Enum.GetValues<T>()[random.Next(Enum.GetValues<T>().Length)];
}
