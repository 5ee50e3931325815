namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>Whatever the interleaving: never two requests at once, every turn and operation ends once, nothing is stuck, and nothing unheard is kept or heard is cut.</summary>
public class RandomScheduleTests
{
    private const int Schedules = 3_000;

    [Fact]
    public void EverySchedule_KeepsTheRules()
    {
        for (int seed = 0; seed < Schedules; seed++)
        {
            var schedule = new RandomSchedule(seed);
            try
            {
                schedule.Run(steps: 20 + (seed % 181));
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                Assert.Fail($"Seed {seed}: {e.Message}\n{schedule.Log}\n{e.StackTrace}");
            }
        }
    }
}
