using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Realtime.Protocol.Events;
using Realtime.Protocol.Testing.Hosting;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Responses;

namespace Repository.Tests;

/// <summary>
/// A program on these libraries can be trimmed, and compiled ahead of time: <c>tests/TrimmedProgram</c> is published so, every warning of the
/// linker an error, and then holds a spoken turn and a tool round with the simulator over loopback, and a call of a host whose signals it reads. The command line, simulator and all, is
/// compiled ahead of time too, and talks. Sizes and start times go into <c>artifacts/publish/&lt;project&gt;/&lt;how&gt;.txt</c>. What this machine can't get is a skip that says what was missing. Publishing keeps all cores busy for minutes: it is done when
/// <c>REALTIME_PUBLISH</c> is 1.
/// </summary>
public sealed class TrimmedProgramTests(ITestOutputHelper output)
{
    private const string Program = "tests/TrimmedProgram";
    private const string Tool = "src/Realtime.Protocol.Tool";

    // 28 MB when this was written, 15 of them native libraries of the runtime. More by a third means that something roots what it does not use.
    private const long MostBytes = 37_000_000;

    /// <summary>What listeners are told of one turn of one call, in the order of the names.</summary>
    private static readonly string[] Told =
    [
        "gen_ai.client.operation.duration", "gen_ai.client.operation.time_to_first_chunk", "gen_ai.client.token.usage",
        "realtime", "realtime connect", "realtime turn",
        "realtime.session.active", "realtime.session.duration", "realtime.turn.duration", "realtime.turn.first_audio",
    ];

    [Theory]
    [InlineData(typeof(ServerEvent))]
    [InlineData(typeof(Realtime.Protocol.VoiceSession))]
    [InlineData(typeof(Realtime.Protocol.Hosting.VoiceSessionFactory))]
    [InlineData(typeof(Realtime.Protocol.AI.AIFunctionExtensions))]
    [InlineData(typeof(Realtime.Protocol.PostgreSqlJournal))]
    [InlineData(typeof(Realtime.Protocol.RedisJournal))]
    [InlineData(typeof(Realtime.Protocol.Gateway.VoiceCall))]
    [InlineData(typeof(RealtimeSimulatorHost))]
    public void EveryLibrary_IsMarkedForTrimmingAndForCompilingAheadOfTime(Type member)
    {
        Dictionary<string, string?> marks = member.Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().ToDictionary(static mark => mark.Key, static mark => mark.Value);

        Assert.Equal("True", marks.GetValueOrDefault("IsTrimmable"));
        Assert.Equal("True", marks.GetValueOrDefault("IsAotCompatible"));
    }

    [Fact]
    public async Task PublishedTrimmed_ASmallProgram_TalksToTheSimulator()
    {
        (TimedProcess published, string folder) = await PublishAsync(Program, "trimmed");
        Assert.SkipWhen(Publishing.MissingFrom(published.Output) is { }, $"A trimmed program can't be published here: {Publishing.MissingFrom(published.Output)}");
        Assert.True(published.ExitCode == 0, published.Output);

        await TalkAsync("trimmed", folder);

        // The core is marked as trimmable and leaves out what the program does not use: another protocol, and the readers of its own events. The machine, which every session needs, is a sixth of it.
        const string Core = "Realtime.Protocol.dll";
        string trimmed = Path.Combine(folder, Core);
        Assert.InRange(new FileInfo(trimmed).Length, 1, new FileInfo(Path.Combine(AppContext.BaseDirectory, Core)).Length * 3 / 4);
        IReadOnlyList<string> kept = TypesOf(trimmed);
        Assert.Contains("Realtime.Protocol.Lifecycle.SessionMachine", kept);
        Assert.DoesNotContain(kept, static type => type.StartsWith("Realtime.Protocol.Events.Translation.", StringComparison.Ordinal));
        Assert.DoesNotContain("Realtime.Protocol.Events.ConversationItemRetrieveView", kept);
    }

    private static IReadOnlyList<string> TypesOf(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        MetadataReader metadata = file.GetMetadataReader();
        return [.. metadata.TypeDefinitions.Select(metadata.GetTypeDefinition).Select(type => $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}")];
    }

    [Fact]
    public async Task CompiledAheadOfTime_ASmallProgram_TalksToTheSimulator()
    {
        (TimedProcess published, string folder) = await PublishAsync(Program, "aot");
        Assert.SkipWhen(Publishing.MissingFrom(published.Output) is { }, $"A program can't be compiled ahead of time here: {Publishing.MissingFrom(published.Output)}");
        Assert.True(published.ExitCode == 0, published.Output);

        await TalkAsync("aot", folder);
    }

    [Fact]
    public async Task CompiledAheadOfTime_TheTool_TalksToTheSimulatorInIt()
    {
        (TimedProcess published, string folder) = await PublishAsync(Tool, "aot");
        Assert.SkipWhen(Publishing.MissingFrom(published.Output) is { }, $"The tool can't be compiled ahead of time here: {Publishing.MissingFrom(published.Output)}");
        Assert.True(published.ExitCode == 0, published.Output);

        string answer = Path.Combine(folder, "answer.wav");
        TimedProcess fastest = await FastestOfThreeAsync(Path.Combine(folder, "realtime"), "talk", "--fast", "--out", answer);
        Assert.True(fastest.ExitCode == 0, fastest.Output);
        Assert.Contains(fastest.Lines, static line => line.Text.Contains("model    says: I heard 3.1 seconds of speech.", StringComparison.Ordinal));
        Assert.True(File.ReadAllBytes(answer).AsSpan().EndsWith(File.ReadAllBytes(Path.Combine(RepositoryFiles.Root, Tool, "Speech", "question.wav")).AsSpan(44)));
        File.Delete(answer);

        await ReportAsync(FormattableString.Invariant(
            $"realtime, aot: {SizeOf(folder) / 1e6:F0} MB in all; first line after {Milliseconds(fastest, "connects to"):F0} ms, session ready after {Milliseconds(fastest, "open, with"):F0} ms, talk done after {fastest.Ended.TotalMilliseconds:F0} ms (fastest of three)"), folder);
    }

    private async Task TalkAsync(string how, string folder)
    {
        await using RealtimeSimulatorHost simulator = await RealtimeSimulatorHost.StartAsync(
            new() { Simulator = new SimulatorOptions { Pace = ResponsePace.Immediate } }, TestContext.Current.CancellationToken);
        TimedProcess fastest = await FastestOfThreeAsync(Path.Combine(folder, "TrimmedProgram"), simulator.Endpoint.ToString());
        Assert.True(fastest.ExitCode == 0, fastest.Output);
        Assert.StartsWith("heard 48000 bytes and \"I heard 1.0 seconds of speech.\", then \"The tool returned: ", fastest.Lines[^2].Text);
        Assert.Equal($"hosted: cedar of 1 call said \"You wrote: Hello\"; told of {string.Join(", ", Told)}", fastest.Lines[^1].Text);
        long bytes = SizeOf(folder);
        Assert.InRange(bytes, 1, MostBytes);

        await ReportAsync(FormattableString.Invariant(
            $"{how}: {bytes / 1e6:F0} MB in all; first line after {Milliseconds(fastest, "started"):F0} ms, session ready after {Milliseconds(fastest, "connected"):F0} ms, two turns after {Milliseconds(fastest, "heard "):F0} ms, a host with a call done after {fastest.Ended.TotalMilliseconds:F0} ms (fastest of three)"), folder);
    }

    private static async Task<TimedProcess> FastestOfThreeAsync(string file, params string[] arguments)
    {
        TimedProcess fastest = await TimedProcess.RunAsync(file, arguments);
        for (int run = 1; run < 3; run++)
        {
            TimedProcess next = await TimedProcess.RunAsync(file, arguments);
            fastest = next.Ended < fastest.Ended ? next : fastest;
        }

        return fastest;
    }

    private async Task ReportAsync(string report, string folder)
    {
        output.WriteLine(report);
        await File.WriteAllTextAsync(folder + ".txt", report + "\n");
    }

    private static long SizeOf(string folder) =>
        new DirectoryInfo(folder).EnumerateFiles().Where(static file => file.Extension is not (".pdb" or ".dbg" or ".xml")).Sum(static file => file.Length);

    private static double Milliseconds(TimedProcess result, string said) => result.Lines.First(line => line.Text.Contains(said, StringComparison.Ordinal)).At.TotalMilliseconds;

    private static async Task<(TimedProcess Result, string Folder)> PublishAsync(string project, string how)
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("REALTIME_PUBLISH") is "1", "Publishing takes minutes: REALTIME_PUBLISH=1 does it.");
        return (await Publishing.PublishAsync(project, how), Publishing.FolderOf(project, how));
    }
}
