namespace Realtime.Protocol.CommandLine.Chaos;

/// <summary>Wakes whoever waits for something to come true of a phone. The lock is the phone's.</summary>
internal sealed class PhoneNews(Lock gate, TimeProvider time)
{
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Something is different. Called under the lock.</summary>
    public void Change()
    {
        TaskCompletionSource changed = _changed;
        _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.SetResult();
    }

    /// <summary>Waits until it is true.</summary>
    /// <param name="isTrue">Asked under the lock.</param>
    /// <param name="patience">How long.</param>
    /// <param name="end">Behind its end nothing changes any more.</param>
    /// <returns>False when it never was.</returns>
    public async Task<bool> WaitAsync(Func<bool> isTrue, TimeSpan patience, Task end)
    {
        long begun = time.GetTimestamp();
        while (true)
        {
            Task changed;
            lock (gate)
            {
                if (isTrue())
                {
                    return true;
                }

                changed = _changed.Task;
            }

            TimeSpan left = patience - time.GetElapsedTime(begun);
            if (left <= TimeSpan.Zero || end.IsCompleted)
            {
                return false;
            }

            await Task.WhenAny(changed, end, Task.Delay(left, time));
        }
    }
}
