using System.Text;

namespace Realtime.Protocol.Lifecycle;

/// <summary>The transcript of one part of one item, as far as it has come.</summary>
/// <param name="itemId">The item, which the session need not know yet.</param>
/// <param name="contentIndex">The part.</param>
internal sealed class TranscriptEntry(string itemId, int contentIndex)
{
    /// <summary>More text than an hour of speech has.</summary>
    public const int MaxTextBytes = 1024 * 1024;

    /// <summary>More stretches than any item has; further ones are not kept.</summary>
    public const int MaxSegments = 1_024;

    private byte[] _text = [];
    private int _length;
    private List<TranscriptSegment>? _segments;
    private int _pieceStart;

    public string ItemId { get; } = itemId;

    public int ContentIndex { get; } = contentIndex;

    /// <summary>The transcript of a further part of the same item.</summary>
    public TranscriptEntry? Next { get; set; }

    public long AliveAt { get; set; }

    /// <summary>How it ended; null while it goes on. One that ended waits for its item (TX-01).</summary>
    public UtteranceOutcome? Outcome { get; private set; }

    public string? Language { get; private set; }

    public ServerError? Error { get; private set; }

    public TokenUsage? Usage { get; private set; }

    public TimeSpan? BilledAudio { get; private set; }

    /// <summary>All of it, in UTF-8.</summary>
    public ReadOnlySpan<byte> Text => _text.AsSpan(0, _length);

    /// <summary>What the last event added for a reader of pieces.</summary>
    public ReadOnlySpan<byte> Piece => _text.AsSpan(_pieceStart, _length - _pieceStart);

    /// <summary>A piece. One that says again all that came before, and goes on, is the text so far and not what follows it: some services send that.</summary>
    /// <returns>False when the text is longer than any speech; nothing is added.</returns>
    public bool Append(TextView text)
    {
        int before = _length;
        if (!TryWrite(text))
        {
            return false;
        }

        _pieceStart = before;
        ReadOnlySpan<byte> piece = _text.AsSpan(before, _length - before);
        if (before > 0 && piece.Length > before && piece.StartsWith(_text.AsSpan(0, before)))
        {
            piece.CopyTo(_text);
            _length = piece.Length;
        }

        return true;
    }

    public void Add(in TranscriptWords segment)
    {
        _segments ??= [];
        if (_segments.Count < MaxSegments)
        {
            _segments.Add(new(segment.Speaker.HasValue ? segment.Speaker.ToString() : null, Seconds(segment.Start), Seconds(segment.End), segment.Text.ToString()));
        }
    }

    /// <summary>The whole text has the last word over its pieces; one that is left out or empty says nothing, and its pieces stand.</summary>
    /// <returns>True when no piece came before it, so that the whole is the first that there is to see.</returns>
    [LifecycleRule("TX-02")]
    public bool Complete(in TranscriptWords whole)
    {
        Outcome = UtteranceOutcome.Transcribed;
        Language = whole.Language.HasValue ? whole.Language.ToString() : null;
        Usage = whole.Usage;
        BilledAudio = whole.BilledSeconds is { } seconds ? Seconds(seconds) : null;
        int before = _length;
        _length = whole.Text.MaxLength > 0 ? 0 : before;
        if (!TryWrite(whole.Text))
        {
            _length = before;
        }

        _pieceStart = before == 0 ? 0 : _length;
        return before == 0 && _length > 0;
    }

    public void Fail(ServerError error) => (Outcome, Error) = (UtteranceOutcome.Failed, error);

    public UtteranceResult Result(UtteranceOutcome outcome) => new()
    {
        Outcome = outcome,
        Transcript = Encoding.UTF8.GetString(_text.AsSpan(0, _length)),
        Language = Language,
        Segments = _segments?.ToArray() ?? [],
        Error = Error,
        Usage = Usage,
        BilledAudio = BilledAudio,
    };

    private bool TryWrite(TextView text)
    {
        long most = (long)_length + text.MaxLength;
        if (most > MaxTextBytes)
        {
            return false;
        }

        if (most > _text.Length)
        {
            Array.Resize(ref _text, (int)Math.Min(MaxTextBytes, Math.Max(2 * most, 256)));
        }

        text.TryCopyTo(_text.AsSpan(_length), out int written);
        _length += written;
        return true;
    }

    // A service can say any number, and not every number is a time.
    private static TimeSpan Seconds(double seconds) => double.IsFinite(seconds) ? TimeSpan.FromSeconds(Math.Clamp(seconds, 0, 1e9)) : TimeSpan.Zero;
}
