namespace Realtime.Protocol.Tests.Lifecycle.Schedules;

/// <summary>
/// Whatever the interleaving, and whatever the link does: never two requests at once, every turn and operation ends once, nothing is stuck, and nothing unheard is kept or heard is cut.
/// A hundred thousand schedules; <c>REALTIME_SCHEDULES=10</c> makes them a million.
/// </summary>
public class RandomScheduleTests
{
    /// <param name="trouble">What goes wrong.</param>
    /// <param name="schedules">How many schedules.</param>
    [Theory]
    [InlineData(Trouble.None, 30_000)]
    [InlineData(Trouble.Loss, 10_000)]
    [InlineData(Trouble.Duplication, 10_000)]
    [InlineData(Trouble.Swap, 10_000)]
    [InlineData(Trouble.LostRequest, 10_000)]
    [InlineData(Trouble.IdlessErrors, 5_000)]
    [InlineData(Trouble.NoEcho, 5_000)]
    [InlineData(Trouble.NullConversation, 5_000)]
    [InlineData(Trouble.Disconnect, 5_000)]
    [InlineData(Trouble.Mute, 5_000)]
    [InlineData(Trouble.StuckTools, 5_000)]
    [InlineData(Trouble.NoItemDone, 5_000)]
    [InlineData(Trouble.OddMembers, 5_000)]
    [InlineData(Trouble.OldNames, 5_000)]
    [InlineData(Trouble.OwnResponses, 5_000)]
    [InlineData(Trouble.OwnResponses | Trouble.NoEcho, 3_000)]
    [InlineData(Trouble.OwnResponses | Trouble.SomeEcho, 3_000)]
    [InlineData(Trouble.OwnResponses | Trouble.NoEcho | Trouble.IdlessErrors, 3_000)]
    [InlineData(Trouble.OwnResponses | Trouble.SomeEcho | Trouble.Loss | Trouble.Swap, 3_000)]
    [InlineData(Trouble.Loss | Trouble.Duplication | Trouble.Swap | Trouble.LostRequest | Trouble.OddMembers, 10_000)]
    [InlineData(Trouble.NoEcho | Trouble.IdlessErrors | Trouble.NoItemDone, 5_000)]
    [InlineData(Trouble.NoEcho | Trouble.NullConversation, 5_000)]
    internal void EverySchedule_KeepsTheRules(Trouble trouble, int schedules) => Run(new ScheduleKind(Small, trouble), schedules);

    private static void Run(ScheduleKind kind, int schedules)
    {
        string? failure = ScheduleRuns.FirstFailure(schedules, kind);
        Assert.True(failure is null, failure);
    }

    private static SmallServer Small(Tape tape, bool takesTurns, bool echoesMetadata, Trouble trouble) => new(tape, takesTurns, echoesMetadata, trouble);
}
