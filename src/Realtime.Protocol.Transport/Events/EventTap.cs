using System.Runtime.CompilerServices;
using System.Text;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Transport;

/// <summary>
/// Where both loops show what passes, in the order in which it passed: a received event before the session takes it in, a sent one before the socket does, so that an answer never
/// stands before its question. While nobody reads it copies nothing; else it copies each event once for all readers, who are each as slow as they like.
/// </summary>
/// <param name="time">The session's clock; an event's time counts from now on.</param>
internal sealed class EventTap(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly long _start = time.GetTimestamp();
    private EventFeed[] _feeds = [];
    private bool _isComplete;

    private bool IsRead => Volatile.Read(ref _feeds).Length > 0;

    public void Received(scoped in ServerEvent e)
    {
        if (IsRead)
        {
            Tell(EventDirection.Received, e.Json, e.TypeText.ToString(), e.Kind is ServerEventKind.ResponseOutputAudioDelta);
        }
    }

    /// <summary>The same for an event of a translation.</summary>
    public void Received(scoped in Events.Translation.ServerEvent e)
    {
        if (IsRead)
        {
            Tell(EventDirection.Received, e.Json, e.TypeText.ToString(), e.Kind is Events.Translation.ServerEventKind.SessionOutputAudioDelta);
        }
    }

    public void Sent(ReadOnlySpan<byte> message)
    {
        // Only what was read before is sent, so it has a type.
        if (IsRead && EventHeader.TryFindType(message, out Slot slot, out _))
        {
            bool isAudio = JsonEscapes.ValueEquals(message, slot, "input_audio_buffer.append"u8) || JsonEscapes.ValueEquals(message, slot, "session.input_audio_buffer.append"u8);
            Tell(EventDirection.Sent, message, TypeOf(message, slot), isAudio);
        }
    }

    /// <summary>Nothing follows. What waits is still read.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            _isComplete = true;
            foreach (EventFeed feed in _feeds)
            {
                feed.Complete();
            }

            _feeds = [];
        }
    }

    /// <summary>Reads from the first step of the enumeration until its end.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The selection has no direction, or a flag that does not exist.</exception>
    public IAsyncEnumerable<WireEvent> ReadAllAsync(EventSelection selection, CancellationToken cancellationToken)
    {
        if ((selection & EventSelection.All) == 0 || (selection & ~(EventSelection.All | EventSelection.WithoutAudio)) != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(selection), selection, "Select Received, Sent or both, and beside them WithoutAudio at most.");
        }

        return ReadSelectedAsync(selection, cancellationToken);
    }

    private async IAsyncEnumerable<WireEvent> ReadSelectedAsync(EventSelection selection, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        EventFeed feed = Open(selection);
        try
        {
            await foreach (WireEvent e in feed.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                SessionTelemetry.Missed(SignalWords.Events, e.MissedBefore);
                yield return e;
            }
        }
        finally
        {
            Close(feed);
        }
    }

    private static string TypeOf(ReadOnlySpan<byte> message, Slot slot)
    {
        ReadOnlySpan<byte> type = slot.In(message);
        if (!slot.IsEscaped)
        {
            return Encoding.UTF8.GetString(type);
        }

        byte[] decoded = new byte[type.Length];
        return JsonEscapes.TryDecodeName(type, decoded, out int length) ? Encoding.UTF8.GetString(decoded, 0, length) : "";
    }

    private void Tell(EventDirection direction, ReadOnlySpan<byte> json, string type, bool isAudio)
    {
        lock (_lock)
        {
            byte[]? copy = null;
            TimeSpan at = time.GetElapsedTime(_start);
            foreach (EventFeed feed in _feeds)
            {
                if (feed.Wants(direction, isAudio))
                {
                    feed.Add(new WireEvent(direction, at, type, copy ??= MaskedCopy.Of(json), isAudio));
                }
            }
        }
    }

    private EventFeed Open(EventSelection selection)
    {
        var feed = new EventFeed(selection);
        lock (_lock)
        {
            if (_isComplete)
            {
                feed.Complete();
            }
            else
            {
                _feeds = [.. _feeds, feed];
            }
        }

        return feed;
    }

    private void Close(EventFeed feed)
    {
        lock (_lock)
        {
            _feeds = [.. _feeds.Where(other => other != feed)];
        }
    }
}
