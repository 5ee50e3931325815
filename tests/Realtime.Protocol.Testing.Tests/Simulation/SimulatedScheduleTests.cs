using Realtime.Protocol.Testing.Tests.Support;
using Realtime.Protocol.Tests.Lifecycle.Schedules;

namespace Realtime.Protocol.Testing.Tests.Simulation;

/// <summary>
/// The client's machine against the simulator, in random schedules: two pure machines that know nothing of each other but the bytes between them, and a link that may lose, double and swap.
/// How many of them are run says <see cref="Realtime.Protocol.Tests.Shared.Thoroughness"/>.
/// </summary>
public class SimulatedScheduleTests
{
    /// <param name="trouble">What goes wrong.</param>
    /// <param name="schedules">How many schedules.</param>
    [Theory]
    [InlineData(Trouble.None, 5_000)]
    [InlineData(Trouble.Loss, 1_000)]
    [InlineData(Trouble.Duplication, 1_000)]
    [InlineData(Trouble.Swap, 1_000)]
    [InlineData(Trouble.LostRequest, 1_000)]
    [InlineData(Trouble.IdlessErrors, 1_000)]
    [InlineData(Trouble.NoEcho, 1_000)]
    [InlineData(Trouble.NullConversation, 1_000)]
    [InlineData(Trouble.Disconnect, 1_000)]
    [InlineData(Trouble.Mute, 1_000)]
    [InlineData(Trouble.StuckTools, 1_000)]
    [InlineData(Trouble.NoItemDone, 1_000)]
    [InlineData(Trouble.OtherService, 2_000)]
    [InlineData(Trouble.OtherService | Trouble.IdlessErrors, 1_000)]
    [InlineData(Trouble.OtherService | Trouble.NoEcho, 1_000)]
    internal void EverySchedule_KeepsTheRules(Trouble trouble, int schedules)
    {
        string? failure = ScheduleRuns.FirstFailure(schedules, new ScheduleKind(Simulated, trouble));
        Assert.True(failure is null, failure);
    }

    /// <summary>What the schedules are about is in them, so that none of it passes a whole run only for want of being tried.</summary>
    [Fact]
    public void TheSchedules_ContainEveryKindOfStep() => Assert.Empty(ScheduleRuns.Missing(Kinds, 1_000, new ScheduleKind(Simulated)));

    private static readonly string[] Kinds =
    [
        "session response.create", "session response.cancel", "session input_audio_buffer.commit", "session session.update", "session session.update speed", "session response.create aside",
        "session response.create about items", "session response.create with an output", "session response.create with an answer",
        "session conversation.item.create", "session conversation.item.create at the start", "session conversation.item.create behind another", "session conversation.item.delete",
        "session conversation.item.truncate", "session conversation.item.retrieve",
        "own session.update", "own session.update speed", "own response.cancel", "own conversation.item.create", "own conversation.item.delete", "own conversation.item.truncate", "own conversation.item.retrieve",
        "server response.created", "server response.done", "server response.done aside", "server error", "server session.updated speed", "server conversation.item.retrieved",
        "server conversation.item.truncated", "server conversation.item.deleted", "server input_audio_buffer.speech_started", "server input_audio_buffer.committed",
        "server conversation.item.input_audio_transcription.delta", "server conversation.item.input_audio_transcription.completed", "server conversation.item.input_audio_transcription.failed",
        "server mcp_list_tools.completed", "server mcp_list_tools.failed", "server response.mcp_call.completed", "server response.mcp_call.failed",
    ];

    private static SimulatedScheduleServer Simulated(Tape tape, bool takesTurns, bool echoes, Trouble trouble) => new(tape, takesTurns, echoes, trouble);
}
