using Realtime.Protocol.Testing.Scenarios;
using Realtime.Protocol.Testing.Simulation;

namespace Realtime.Protocol.Testing.Tests.Scenarios;

/// <summary>Whatever can be built can be written, and read again as the same; the schema agrees, and it can be played.</summary>
public sealed class RandomScenarioTests
{
    [Fact]
    public void WhatIsWritten_IsReadAsTheSame_AndFitsTheSchema()
    {
        for (int seed = 1; seed <= 400; seed++)
        {
            Scenario built = RandomScenario.Next(new Random(seed));
            string written = built.ToJson();
            Scenario read = Scenario.Parse(written, $"seed {seed}");

            Assert.True(written == read.ToJson(), $"seed {seed}:\n{written}\n{read.ToJson()}");
            (bool fits, string why) = SchemaTests.Fit(written);
            Assert.True(fits, $"seed {seed}: {why}\n{written}");
            (SimulatorOptions mine, SimulatorOptions its) = (built.ToOptions(), read.ToOptions());
            Assert.Equal((mine.Service, mine.Pace, mine.Seed, mine.Model, mine.Kind), (its.Service, its.Pace, its.Seed, its.Model, its.Kind));
            Assert.Equal(mine.Faults.Wishes.Count(), its.Faults.Wishes.Count());
        }
    }

    [Fact]
    public void AFile_IsReadAsATextIs()
    {
        string folder = Directory.CreateTempSubdirectory("realtime-scenario-").FullName;
        try
        {
            for (int seed = 1; seed <= 20; seed++)
            {
                string path = Path.Combine(folder, $"{seed}.json");
                string written = RandomScenario.Next(new Random(seed)).ToJson();
                File.WriteAllText(path, written);
                Assert.Equal(written, Scenario.Load(path).ToJson());
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
