using System.IO.Pipelines;

namespace Realtime.Protocol.Transport;

/// <summary>
/// The audio of one turn: written by the receiving loop without ever waiting, read by the application at its own pace, and cut off in the
/// middle when the turn is silenced. It also remembers which bytes belong to which item, because the application reports playback as a
/// position in the stream and the conversation is cut at a position in an item.
/// </summary>
/// <remarks>Everything but the reader is called under the engine's lock. What it holds is bounded by the cap on a response's audio.</remarks>
internal sealed class TurnAudio
{
    // Nothing pauses the writer: a receiving loop that waits for a listener misses pongs, and the keep-alive ends the connection.
    private readonly Pipe _pipe = new(new PipeOptions(pauseWriterThreshold: 0, minimumSegmentSize: 32 * 1024, useSynchronizationContext: false));
    private readonly List<Stretch> _stretches = [];
    private bool _completed;
    private bool _abandoned;
    private long _played;
    private int _playing;

    public TurnAudio() => Reader = new SilenceableReader(_pipe.Reader);

    public SilenceableReader Reader { get; }

    public long Bytes { get; private set; }

    /// <summary>Takes one delta. Nothing is kept for an application that has completed its reader, or after the end.</summary>
    public void Write(ReadOnlySpan<byte> itemId, int contentIndex, Base64View audio)
    {
        if (_completed)
        {
            return;
        }

        int count = audio.DecodedLength;
        if (!_abandoned)
        {
            audio.DecodeTo(_pipe.Writer);

            // Completes at once, as nothing pauses it; the result says whether the application still reads.
            _abandoned = _pipe.Writer.FlushAsync().GetAwaiter().GetResult().IsCompleted;
        }

        Extend(itemId, contentIndex, count);
        Bytes += count;
    }

    public void Complete()
    {
        if (!_completed)
        {
            _completed = true;
            _pipe.Writer.Complete();
        }
    }

    /// <summary>Ends the stream where its reader stands: what was not read yet is not to be heard.</summary>
    public void Silence()
    {
        Complete();
        Reader.Silence();
    }

    /// <summary>
    /// Moves the playback position forward to <paramref name="total"/> bytes of the stream and tells, item by item, how far it is now.
    /// A position behind the last one, or past the end, is brought into range.
    /// </summary>
    public void Play(long total, Action<string, int, long> played)
    {
        _played = Math.Clamp(total, _played, Bytes);
        for (; _playing < _stretches.Count; _playing++)
        {
            Stretch stretch = _stretches[_playing];
            long within = Math.Min(_played - stretch.StartInStream, stretch.Bytes);
            if (within > 0)
            {
                played(stretch.ItemId, stretch.ContentIndex, stretch.StartInItem + within);
            }

            if (within < stretch.Bytes || _playing == _stretches.Count - 1)
            {
                return;
            }
        }
    }

    private void Extend(ReadOnlySpan<byte> itemId, int contentIndex, int count)
    {
        if (_stretches.Count != 0 && _stretches[^1] is var last && last.ContentIndex == contentIndex && itemId.SequenceEqual(last.ItemIdUtf8))
        {
            last.Bytes += count;
            return;
        }

        // Parts of two items may take turns in the stream (AU-01), so a stretch can be the second of its item.
        long before = 0;
        foreach (Stretch stretch in _stretches)
        {
            if (stretch.ContentIndex == contentIndex && itemId.SequenceEqual(stretch.ItemIdUtf8))
            {
                before += stretch.Bytes;
            }
        }

        _stretches.Add(new(itemId.ToArray(), contentIndex, Bytes, before) { Bytes = count });
    }

    private sealed class Stretch(byte[] itemId, int contentIndex, long startInStream, long startInItem)
    {
        public byte[] ItemIdUtf8 => itemId;

        public string ItemId { get; } = System.Text.Encoding.UTF8.GetString(itemId);

        public int ContentIndex => contentIndex;

        public long StartInStream => startInStream;

        public long StartInItem => startInItem;

        public long Bytes { get; set; }
    }
}
