namespace Realtime.Protocol.Testing.Hosting;

/// <summary>What waits for all clients together. Above the limit somebody is called to make room, on another thread and once at a time.</summary>
internal sealed class QueueAccount(long maxBytes, Action relieve)
{
    private long _bytes;
    private int _isRelieving;

    public long Bytes => Interlocked.Read(ref _bytes);

    public bool IsOverdrawn => Bytes > maxBytes;

    public void Add(long bytes)
    {
        if (Interlocked.Add(ref _bytes, bytes) > maxBytes && bytes > 0 && Interlocked.Exchange(ref _isRelieving, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static account => account.Relieve(), this, preferLocal: false);
        }
    }

    private void Relieve()
    {
        relieve();
        Volatile.Write(ref _isRelieving, 0);
    }
}
