using Realtime.Protocol.CommandLine.Tests.Audio;

namespace Realtime.Protocol.CommandLine.Tests.Support;

/// <summary>One run of the program in this process, with the test as its world: what it printed, and how it ended.</summary>
internal sealed class ToolRun
{
    private readonly MemoryStream _audioOut = new();

    public ExitCode ExitCode { get; private set; }

    public string Output { get; private set; } = "";

    public string Error { get; private set; } = "";

    public byte[] AudioOut => _audioOut.ToArray();

    public string[] ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public static Task<ToolRun> OfAsync(params string[] args) => OfAsync(args, new Setting());

    public static async Task<ToolRun> OfAsync(string[] args, Setting setting)
    {
        var run = new ToolRun();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var output = new WatchedWriter(setting.EndAt, ending);
        var error = new WatchedWriter(setting.EndAt, ending);
        var world = new Surroundings
        {
            AudioIn = new TrickleStream(setting.AudioIn, 1000),
            AudioOut = new WatchedStream(run._audioOut, setting.EndAtFirstAudio ? ending : null),
            Output = output,
            Error = error,
            OutputIsTerminal = setting.IsTerminal,
            ErrorIsTerminal = setting.IsTerminal,
            GetVariable = name => setting.Variables.GetValueOrDefault(name),
        };
        run.ExitCode = await ToolCommands.RunAsync(args, world, ending.Token);
        (run.Output, run.Error) = (output.ToString(), error.ToString());
        return run;
    }

    /// <summary>What is special about a run.</summary>
    internal sealed record Setting
    {
        public byte[] AudioIn { get; init; } = [];

        public bool IsTerminal { get; init; }

        public Dictionary<string, string> Variables { get; init; } = [];

        /// <summary>Presses Ctrl-C when this text is printed.</summary>
        public string? EndAt { get; init; }

        /// <summary>Presses Ctrl-C when the first audio is written to standard output.</summary>
        public bool EndAtFirstAudio { get; init; }
    }

    private sealed class WatchedWriter(string? endAt, CancellationTokenSource ending) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (endAt is not null && value?.Contains(endAt, StringComparison.Ordinal) == true)
            {
                ending.Cancel();
            }
        }
    }

    private sealed class WatchedStream(MemoryStream inner, CancellationTokenSource? ending) : MemoryStream
    {
        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await inner.WriteAsync(buffer, CancellationToken.None);
            ending?.Cancel();
        }
    }
}
