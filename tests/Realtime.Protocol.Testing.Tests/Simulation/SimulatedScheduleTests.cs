using Realtime.Protocol.Testing.Tests.Support;
using Realtime.Protocol.Tests.Lifecycle.Schedules;

namespace Realtime.Protocol.Testing.Tests.Simulation;

/// <summary>
/// The client's machine against the simulator, in random schedules: two pure machines that know nothing of each other but the bytes between them, and a link that may lose, double and swap.
/// <c>REALTIME_SCHEDULES=10</c> runs ten times as many.
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
    internal void EverySchedule_KeepsTheRules(Trouble trouble, int schedules)
    {
        var kind = new ScheduleKind(static (tape, takesTurns, echoes, trouble) => new SimulatedScheduleServer(tape, takesTurns, echoes, trouble), trouble);
        string? failure = ScheduleRuns.FirstFailure(schedules, kind);
        Assert.True(failure is null, failure);
    }
}
