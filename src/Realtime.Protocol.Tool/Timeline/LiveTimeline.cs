using Realtime.Protocol.CommandLine.Audio;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Realtime.Protocol.CommandLine.Timeline;

/// <summary>The timeline on a terminal: coloured lines, and below them a bar for each speaker while there is something to hear.</summary>
internal sealed class LiveTimeline(IAnsiConsole console) : ITimelineView
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Speaker, ProgressTask> _bars = [];
    private ProgressContext? _progress;

    /// <summary>A timeline on the terminal that this writer leads to.</summary>
    public static LiveTimeline On(TextWriter terminal, bool isMonochrome) => new(AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = AnsiSupport.Yes,
        ColorSystem = isMonochrome ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
        Out = new AnsiConsoleOutput(terminal),
    }));

    public void Show(TimelineEntry entry)
    {
        var line = new Paragraph();
        line.Append(entry.Time + "  ", new Style(Color.Grey));
        line.Append($"{entry.Name,-7}  ", ColourOf(entry.Who));
        line.Append(entry.Text + "\n");
        console.Write(line);
    }

    public void ShowProgress(Speaker who, long bytes, long? totalBytes)
    {
        lock (_lock)
        {
            if (_progress is null)
            {
                return;
            }

            if (!_bars.TryGetValue(who, out ProgressTask? bar))
            {
                _bars[who] = bar = _progress.AddTask(who.ToString().ToLowerInvariant());
            }

            bar.IsIndeterminate = totalBytes is null;
            bar.MaxValue = Math.Max(1, totalBytes ?? bytes);
            bar.Value = bytes;
        }
    }

    public Task RunAsync(Func<Task> conversation) => console.Progress()
        .AutoClear(true)
        .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new SecondsColumn())
        .StartAsync(async progress =>
        {
            lock (_lock)
            {
                _progress = progress;
            }

            await conversation();
        });

    private static Style ColourOf(Speaker who) => new(who switch
    {
        Speaker.You => Color.Aqua,
        Speaker.Model => Color.Green,
        Speaker.Tool => Color.Yellow,
        _ => Color.Grey,
    });

    private sealed class SecondsColumn : ProgressColumn
    {
        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Spectre.Console.Text(FormattableString.Invariant($"{Pcm.Duration((long)task.Value).TotalSeconds:0.0} s of {Pcm.Duration((long)task.MaxValue).TotalSeconds:0.0} s"), new Style(Color.Grey));
    }
}
