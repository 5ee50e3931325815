namespace Realtime.Protocol.Transport;

/// <summary>
/// A task that its caller may leave alone: its failure is news for whoever awaits it, and for nobody else. Without this, one that nobody awaits comes up as
/// <see cref="TaskScheduler.UnobservedTaskException"/>, in the middle of an application that has decided not to care.
/// </summary>
internal static class Unawaited
{
    /// <summary>The same task. Whoever awaits it is told its failure all the same.</summary>
    public static TTask MayBeLeftAlone<TTask>(this TTask task)
        where TTask : Task
    {
        if (!task.IsCompletedSuccessfully)
        {
            _ = task.ContinueWith(static failed => failed.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        return task;
    }
}
