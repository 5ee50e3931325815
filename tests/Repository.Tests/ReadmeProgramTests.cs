using Realtime.Protocol;
using Realtime.Protocol.Testing.Hosting;

namespace Repository.Tests;

/// <summary>The README's program, run as it stands against the simulator. It names its files relative to the current folder, which belongs to the whole process: nothing else runs beside it.</summary>
[Collection("The current folder")]
public class ReadmeProgramTests
{
    [Fact]
    public async Task Program02_TheReadmesProgram_HearsBackWhatItSaid()
    {
        string before = Environment.CurrentDirectory;
        DirectoryInfo folder = Directory.CreateTempSubdirectory("readme-program-");
        try
        {
            byte[] question = new byte[48_000];
            new Random(1).NextBytes(question);
            await File.WriteAllBytesAsync(Path.Combine(folder.FullName, "question.pcm"), question, TestContext.Current.CancellationToken);
            await using RealtimeSimulatorHost simulator = await RealtimeSimulatorHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);

            Environment.CurrentDirectory = folder.FullName;
            await ReadmeProgram.RunAsync([simulator.Endpoint.ToString()]);

            Assert.Equal(question, await File.ReadAllBytesAsync(Path.Combine(folder.FullName, "answer.pcm"), TestContext.Current.CancellationToken));
        }
        finally
        {
            Environment.CurrentDirectory = before;
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task TheReadmesChanges_HoldOrAreRefused()
    {
        await using RealtimeSimulatorHost simulator = await RealtimeSimulatorHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using VoiceSession session = await VoiceSession.ConnectAsync(new() { Endpoint = simulator.Endpoint }, TestContext.Current.CancellationToken);

        await ReadmeProgram.ChangeAsync(session);

        Assert.Equal(("Now speak French.", 400, 1.0), (session.Configuration.Instructions, session.Configuration.MaxOutputTokens, session.Configuration.Speed));
    }
}

[CollectionDefinition("The current folder", DisableParallelization = true)]
public class TheCurrentFolder;
