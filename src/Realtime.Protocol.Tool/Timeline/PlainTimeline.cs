namespace Realtime.Protocol.CommandLine.Timeline;

/// <summary>The timeline as lines of text, for files, pipes and terminals that can do no more.</summary>
internal sealed class PlainTimeline(TextWriter output) : ITimelineView
{
    private readonly Lock _lock = new();

    public void Show(TimelineEntry entry)
    {
        lock (_lock)
        {
            output.WriteLine(entry.ToString());
            output.Flush();
        }
    }

    public void ShowProgress(Speaker who, long bytes, long? totalBytes)
    {
    }

    public Task RunAsync(Func<Task> conversation) => conversation();
}
