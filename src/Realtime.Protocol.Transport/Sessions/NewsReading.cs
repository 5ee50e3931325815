namespace Realtime.Protocol.Transport;

/// <summary>Server events that decide nothing and are told to the application as they are: events in, updates out.</summary>
internal static class NewsReading
{
    /// <summary>The limits of the account.</summary>
    public static VoiceSessionUpdate.RateLimitsChanged Limits(RateLimitsUpdatedView updated)
    {
        List<RateLimitState> limits = [];
        foreach (RateLimitView limit in updated.RateLimits)
        {
            // A limit without a name says nothing.
            if (limit.Name.HasValue)
            {
                limits.Add(new(limit.Name.Raw.ToString(), OrNull(limit.Limit), OrNull(limit.Remaining), Time(limit.ResetSeconds)));
            }
        }

        return new(limits);
    }

    /// <summary>A key of the caller's telephone; null when the event names none.</summary>
    public static VoiceSessionUpdate.DtmfReceived? Digit(InputAudioBufferDtmfEventReceivedView received) =>
        received.Event.ToString() is [var digit] ? new(digit) { ReceivedAt = At(received.ReceivedAt) } : null;

    private static long? OrNull(Field<long> stated) => stated.HasValue ? stated.Value : null;

    // A year is more than any window; what is negative or no number is no time.
    private static TimeSpan? Time(Field<double> seconds) => seconds.HasValue && seconds.Value is >= 0 and <= 31_536_000 ? TimeSpan.FromSeconds(seconds.Value) : null;

    private static DateTimeOffset? At(Field<long> seconds) =>
        seconds.HasValue && seconds.Value is > 0 and < 253_402_300_800 ? DateTimeOffset.FromUnixTimeSeconds(seconds.Value) : null;
}
