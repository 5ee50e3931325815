namespace Realtime.Protocol.CommandLine.Timeline;

/// <summary>Shows a conversation while it goes on. May be called from several threads.</summary>
internal interface ITimelineView
{
    /// <summary>Shows one entry.</summary>
    void Show(TimelineEntry entry);

    /// <summary>Shows how far someone has spoken.</summary>
    /// <param name="who">The user or the model.</param>
    /// <param name="bytes">How much of it has sounded.</param>
    /// <param name="totalBytes">How much there is, as far as it is known.</param>
    void ShowProgress(Speaker who, long bytes, long? totalBytes);

    /// <summary>Runs a conversation on this view.</summary>
    Task RunAsync(Func<Task> conversation);
}
