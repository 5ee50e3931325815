using System.Threading.Channels;
using Microsoft.Extensions.AI;
using Realtime.Protocol.Events;

namespace Realtime.Protocol.AI;

/// <summary>
/// What waits for the reader of messages: copies of the server's events, in their order, and what the session says beside them. A middleware may stop reading while a tool runs, so much may wait: 32 MiB of events with sound and
/// 16,384 others, whoever says them. What does not fit is left out, counted, and told at its place; sound never takes the place of what decides, and the end always has one.
/// </summary>
internal sealed class MessageInbox
{
    internal const int MostAudioBytes = 32 * 1024 * 1024;
    internal const int MostOthers = 16_384;

    private readonly Channel<Entry> _entries = Channel.CreateUnbounded<Entry>();
    private readonly Lock _lock = new();
    private long _audioBytes;
    private int _others;
    private int _missed;
    private int _begun;

    /// <summary>How many responses have begun so far.</summary>
    public int Begun => Volatile.Read(ref _begun);

    /// <summary>One thing that waits: an event, an update, or a message that is made already.</summary>
    internal readonly record struct Entry(OwnedServerEvent? Event, object? Told, int AudioBytes);

    public void Take(in ServerEvent e)
    {
        if (e.Kind is ServerEventKind.ResponseCreated)
        {
            Interlocked.Increment(ref _begun);
        }

        int audio = e.Kind is ServerEventKind.ResponseOutputAudioDelta ? e.Json.Length : 0;
        lock (_lock)
        {
            if (audio > 0 ? _audioBytes + audio > MostAudioBytes : _others >= MostOthers)
            {
                _missed++;
                return;
            }

            Put(new(e.ToOwned(), null, audio));
        }
    }

    public void Add(VoiceSessionUpdate update) => AddTold(update);

    public void Add(RealtimeServerMessage message) => AddTold(message);

    /// <param name="end">The last message, which has its place beyond the bound; null for an end that needs no word.</param>
    public void Complete(ErrorRealtimeServerMessage? end = null)
    {
        lock (_lock)
        {
            TellMissed();
            if (end is not null)
            {
                Put(new(null, end, 0));
            }

            _entries.Writer.TryComplete();
        }
    }

    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => _entries.Reader.WaitToReadAsync(cancellationToken);

    public bool TryTake(out Entry entry)
    {
        if (!_entries.Reader.TryRead(out entry))
        {
            return false;
        }

        lock (_lock)
        {
            _audioBytes -= entry.AudioBytes;
            _others -= entry.AudioBytes > 0 ? 0 : 1;
        }

        return true;
    }

    private void AddTold(object told)
    {
        lock (_lock)
        {
            if (_others >= MostOthers)
            {
                _missed++;
                return;
            }

            Put(new(null, told, 0));
        }
    }

    private void Put(Entry entry)
    {
        TellMissed();
        Write(entry);
    }

    // At the place of what was left out: one message before the next that has a place, so there are never more of them than of those.
    private void TellMissed()
    {
        if (_missed > 0)
        {
            Write(new(null, ErrorMessages.Missed(_missed), 0));
            _missed = 0;
        }
    }

    private void Write(Entry entry)
    {
        if (_entries.Writer.TryWrite(entry))
        {
            _audioBytes += entry.AudioBytes;
            _others += entry.AudioBytes > 0 ? 0 : 1;
        }
    }
}
