namespace Realtime.Protocol.CommandLine.Talking;

/// <summary>The programs that answer calls of one conversation: where they complain, and that none of them outlives it.</summary>
/// <param name="complain">Gets one line for the user each.</param>
internal sealed class Programs(Action<string> complain)
{
    private readonly Lock _lock = new();
    private readonly HashSet<Task> _running = [];

    /// <summary>Tells the user what went wrong with a program.</summary>
    public void Complain(string complaint) => complain(complaint);

    /// <summary>Runs a program; its end is waited for by <see cref="EndAsync"/>.</summary>
    public async Task<ToolCallOutput> RunAsync(Func<Task<ToolCallOutput>> run)
    {
        Task<ToolCallOutput> running;
        lock (_lock)
        {
            // Started within the lock: whoever waits for the end then misses none.
            running = run();
            _running.Add(running);
        }

        try
        {
            return await running;
        }
        finally
        {
            lock (_lock)
            {
                _running.Remove(running);
            }
        }
    }

    /// <summary>Waits until every program has ended. The session must have ended: it stops those that still run.</summary>
    public async Task EndAsync()
    {
        Task[] running;
        lock (_lock)
        {
            running = [.. _running];
        }

        await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
