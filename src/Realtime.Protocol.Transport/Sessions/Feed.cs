using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Realtime.Protocol.Transport;

/// <summary>
/// What waits for one reader: a bounded queue and a signal. Whoever adds never waits and runs no code of the reader's; what happens when
/// the queue is full is for each kind of feed to say.
/// </summary>
internal abstract class Feed<T>
    where T : notnull
{
    // One signal is enough, however much has come.
    private readonly Channel<bool> _arrived = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Lock _lock = new();

    /// <summary>What waits, the oldest first. Used inside <see cref="Put"/> and <see cref="TryTake"/> only.</summary>
    protected Queue<T> Waiting { get; } = [];

    public void Add(T update)
    {
        lock (_lock)
        {
            Put(update);
        }

        _arrived.Writer.TryWrite(true);
    }

    /// <summary>Nothing follows. What waits is still read.</summary>
    public void Complete() => _arrived.Writer.TryComplete();

    public async IAsyncEnumerable<T> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // An earlier reader may have left some, and has taken their signal.
        _arrived.Writer.TryWrite(true);
        bool goesOn = true;
        while (goesOn)
        {
            goesOn = await _arrived.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false);
            _arrived.Reader.TryRead(out _);
            while (TryTakeLocked(out T? update))
            {
                yield return update!;
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }

    /// <summary>Keeps an update, or what the bound leaves of it.</summary>
    protected abstract void Put(T update);

    /// <summary>Takes what is to be read next; false when nothing waits.</summary>
    protected virtual bool TryTake(out T? update) => Waiting.TryDequeue(out update);

    private bool TryTakeLocked(out T? update)
    {
        lock (_lock)
        {
            return TryTake(out update);
        }
    }
}
