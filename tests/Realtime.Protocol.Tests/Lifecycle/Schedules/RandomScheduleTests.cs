namespace Realtime.Protocol.Tests.Lifecycle.Schedules;

/// <summary>
/// Whatever the interleaving, and whatever the link does: never two requests at once, every turn and operation ends once, nothing is stuck, and nothing unheard is kept or heard is cut.
/// A hundred thousand schedules; how many of them are run says <see cref="Shared.Thoroughness"/>.
/// </summary>
public class RandomScheduleTests
{
    /// <param name="trouble">What goes wrong.</param>
    /// <param name="schedules">How many schedules.</param>
    [Theory]
    [InlineData(Trouble.None, 20_000)]
    [InlineData(Trouble.Loss, 6_000)]
    [InlineData(Trouble.Duplication, 6_000)]
    [InlineData(Trouble.Swap, 6_000)]
    [InlineData(Trouble.LostRequest, 6_000)]
    [InlineData(Trouble.IdlessErrors, 3_500)]
    [InlineData(Trouble.NoEcho, 3_500)]
    [InlineData(Trouble.NullConversation, 3_500)]
    [InlineData(Trouble.Disconnect, 3_500)]
    [InlineData(Trouble.Mute, 3_500)]
    [InlineData(Trouble.StuckTools, 3_500)]
    [InlineData(Trouble.NoItemDone, 3_500)]
    [InlineData(Trouble.OddMembers, 3_500)]
    [InlineData(Trouble.OldNames, 3_500)]
    [InlineData(Trouble.OwnResponses, 3_500)]
    [InlineData(Trouble.OwnResponses | Trouble.NoEcho, 2_500)]
    [InlineData(Trouble.OwnResponses | Trouble.SomeEcho, 2_500)]
    [InlineData(Trouble.OwnResponses | Trouble.NoEcho | Trouble.IdlessErrors, 2_500)]
    [InlineData(Trouble.OwnResponses | Trouble.SomeEcho | Trouble.Loss | Trouble.Swap, 2_500)]
    [InlineData(Trouble.Loss | Trouble.Duplication | Trouble.Swap | Trouble.LostRequest | Trouble.OddMembers, 6_000)]
    [InlineData(Trouble.NoEcho | Trouble.IdlessErrors | Trouble.NoItemDone, 3_500)]
    [InlineData(Trouble.NoEcho | Trouble.NullConversation, 3_500)]
    internal void EverySchedule_KeepsTheRules(Trouble trouble, int schedules) => Run(new ScheduleKind(Small, trouble), schedules);

    /// <summary>What the schedules are about is in them, so that none of it passes a whole run only for want of being tried.</summary>
    [Fact]
    public void TheSchedules_ContainEveryKindOfStep() => Assert.Empty(ScheduleRuns.Missing(Kinds, 1_000, new ScheduleKind(Small)));

    private static readonly string[] Kinds =
    [
        "session response.create", "session response.cancel", "session input_audio_buffer.commit", "session session.update", "session session.update speed", "session response.create aside",
        "session response.create about items", "session response.create with an output", "session response.create with an answer",
        "session conversation.item.create", "session conversation.item.create at the start", "session conversation.item.create behind another", "session conversation.item.delete",
        "session conversation.item.truncate", "session conversation.item.retrieve",
        "own session.update", "own session.update speed", "own response.cancel", "own conversation.item.create", "own conversation.item.delete", "own conversation.item.truncate", "own conversation.item.retrieve",
        "server response.created", "server response.done", "server response.done aside", "server error", "server session.updated", "server session.updated speed", "server conversation.item.retrieved",
        "server conversation.item.truncated", "server conversation.item.deleted", "server input_audio_buffer.speech_started", "server input_audio_buffer.committed",
        "server conversation.item.input_audio_transcription.delta", "server conversation.item.input_audio_transcription.completed", "server conversation.item.input_audio_transcription.failed",
        "server mcp_list_tools.completed", "server mcp_list_tools.failed", "server response.mcp_call.completed", "server response.mcp_call.failed",
    ];

    private static void Run(ScheduleKind kind, int schedules)
    {
        string? failure = ScheduleRuns.FirstFailure(schedules, kind);
        Assert.True(failure is null, failure);
    }

    private static SmallServer Small(Tape tape, bool takesTurns, bool echoesMetadata, Trouble trouble) => new(tape, takesTurns, echoesMetadata, trouble);
}
