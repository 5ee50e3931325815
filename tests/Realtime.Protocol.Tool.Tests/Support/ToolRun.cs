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
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken, setting.Ending);
        var output = new WatchedWriter(setting.EndAt, ending, setting.OutputTakes);
        var error = new WatchedWriter(setting.EndAt, ending, setting.ErrorTakes);
        var world = new Surroundings
        {
            AudioIn = setting.InputFailsAtTheEnd ? new FailingStream(setting.AudioIn) : new TrickleStream(setting.AudioIn, 1000),
            AudioOut = new WatchedStream(run._audioOut, setting.EndAtFirstAudio ? ending : null, setting.PipeBreaksAtTheEnd, setting.ReaderTakes),
            Output = new TextOutput(output),
            Error = new TextOutput(error),
            OutputIsTerminal = setting.IsTerminal,
            ErrorIsTerminal = setting.IsTerminal,
            Time = setting.Time,
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

        /// <summary>Presses Ctrl-C when it is cancelled.</summary>
        public CancellationToken Ending { get; init; }

        /// <summary>Presses Ctrl-C when this text is printed.</summary>
        public string? EndAt { get; init; }

        /// <summary>Presses Ctrl-C when the first audio is written to standard output.</summary>
        public bool EndAtFirstAudio { get; init; }

        /// <summary>Fails standard output's last flush, the one that follows no write.</summary>
        public bool PipeBreaksAtTheEnd { get; init; }

        /// <summary>How many bytes the reader of standard output takes before it closes the pipe.</summary>
        public long ReaderTakes { get; init; } = long.MaxValue;

        /// <summary>How many lines of text the disk under standard output has room for.</summary>
        public int OutputTakes { get; init; } = int.MaxValue;

        /// <summary>How many lines of text the disk under standard error has room for.</summary>
        public int ErrorTakes { get; init; } = int.MaxValue;

        /// <summary>Fails the read of standard input that would find its end.</summary>
        public bool InputFailsAtTheEnd { get; init; }

        public TimeProvider Time { get; init; } = TimeProvider.System;
    }

    private sealed class FailingStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Position < Length ? new(Read(buffer.Span)) : throw new IOException("Input/output error");
    }

    private sealed class WatchedWriter(string? endAt, CancellationTokenSource ending, int room) : StringWriter
    {
        private int _room = room;

        public override void Write(char value) => Write(value.ToString());

        public override void Write(string? value)
        {
            if (_room == 0)
            {
                throw new IOException("No space left on device");
            }

            _room -= value?.EndsWith('\n') == true ? 1 : 0;
            base.Write(value);
        }

        public override void WriteLine(string? value)
        {
            Write(value + NewLine);
            if (endAt is not null && value?.Contains(endAt, StringComparison.Ordinal) == true)
            {
                ending.Cancel();
            }
        }
    }

    private sealed class WatchedStream(MemoryStream inner, CancellationTokenSource? ending, bool breaksAtTheEnd, long readerTakes) : MemoryStream
    {
        private const int BrokenPipe = 32;

        private bool _isFlushed;

        public override Task FlushAsync(CancellationToken cancellationToken)
        {
            if (breaksAtTheEnd && _isFlushed)
            {
                throw new IOException("Broken pipe");
            }

            _isFlushed = true;
            return Task.CompletedTask;
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (inner.Length + buffer.Length > readerTakes)
            {
                throw new IOException("Broken pipe", BrokenPipe);
            }

            await inner.WriteAsync(buffer, CancellationToken.None);
            _isFlushed = false;
            ending?.Cancel();
        }
    }
}
