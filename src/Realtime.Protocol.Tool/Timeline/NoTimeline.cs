namespace Realtime.Protocol.CommandLine.Timeline;

/// <summary>Shows nothing: a program reads the summary.</summary>
internal sealed class NoTimeline : ITimelineView
{
    public void Show(TimelineEntry entry)
    {
    }

    public void ShowProgress(Speaker who, long bytes, long? totalBytes)
    {
    }

    public Task RunAsync(Func<Task> conversation) => conversation();
}
