using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Transport;

/// <summary>
/// What a session has used so far. Of responses the machine says which are new (US-01); of the user's transcripts each part of an item is counted once here. Told under the gate's lock,
/// read from any thread.
/// </summary>
/// <param name="before">What was used before this session went on from it; null for nothing.</param>
internal sealed class UsageBook(SessionUsage? before = null)
{
    /// <summary>How many transcripts are remembered. One that comes again after so many others is counted anew.</summary>
    internal const int Remembered = 1024;

    private SessionUsage _usage = before ?? new(default, default, default, 0);

    // Made with the first transcript.
    private HashSet<(string Item, long Part)>? _transcribed;
    private Queue<(string Item, long Part)>? _order;

    public SessionUsage Usage => Volatile.Read(ref _usage);

    /// <summary>A response has ended.</summary>
    /// <param name="usage">Its tokens; null when it reported none.</param>
    public void Ended(TokenUsage? usage) => Write(usage is { } tokens
        ? _usage with { Responses = _usage.Responses + tokens }
        : _usage with { ResponsesWithoutUsage = _usage.ResponsesWithoutUsage + 1 });

    /// <summary>The tokens of a response came that had ended without a report.</summary>
    public void Stated(TokenUsage usage) => Write(_usage with { Responses = _usage.Responses + usage, ResponsesWithoutUsage = _usage.ResponsesWithoutUsage - 1 });

    /// <summary>The server has written down what the user said.</summary>
    public void Transcribed(ConversationItemInputAudioTranscriptionCompletedView transcript)
    {
        _transcribed ??= [];
        _order ??= [];
        (string, long) key = (transcript.ItemId.ToString(), transcript.ContentIndex.GetValueOrDefault());
        if (!_transcribed.Add(key))
        {
            return;
        }

        _order.Enqueue(key);
        if (_order.Count > Remembered)
        {
            _transcribed.Remove(_order.Dequeue());
        }

        Write(With(_usage, transcript.Usage));
    }

    private static SessionUsage With(SessionUsage usage, TranscriptionUsageView stated)
    {
        if (stated.TryGetDuration(out TranscriptionDurationUsageView duration) && Time(duration.Seconds) is { } time)
        {
            return usage with { TranscribedAudio = usage.TranscribedAudio + time };
        }

        return stated.TryGetTokens(out TranscriptionTokenUsageView tokens) && UsageWords.Of(tokens) is { } counted
            ? usage with { Transcription = usage.Transcription + counted }
            : usage with { TranscriptsWithoutUsage = usage.TranscriptsWithoutUsage + 1 };
    }

    // A day is more than any session lasts, and a time that is missing or could not be read is 0: neither is a report.
    private static TimeSpan? Time(double seconds) => seconds is > 0 and <= 86_400 ? TimeSpan.FromSeconds(seconds) : null;

    private void Write(SessionUsage usage) => Volatile.Write(ref _usage, usage);
}
