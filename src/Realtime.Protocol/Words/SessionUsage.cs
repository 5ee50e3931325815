namespace Realtime.Protocol;

/// <summary>
/// The tokens of a session so far: of every response, whoever asked for it and however it ended, once each (US-01), and apart from them those of the transcription of what the user said, which
/// another model does at a price of its own. What was not reported is counted, and never taken for zero (CX-07). A value.
/// </summary>
/// <param name="Responses">Of all responses that reported their tokens.</param>
/// <param name="Transcription">Of all transcripts of the user that were billed by tokens.</param>
/// <param name="TranscribedAudio">Of all transcripts of the user that were billed by time.</param>
/// <param name="ResponsesWithoutUsage">How many responses have ended without a report. One whose report came late is no longer among them.</param>
public sealed record SessionUsage(TokenUsage Responses, TokenUsage Transcription, TimeSpan TranscribedAudio, int ResponsesWithoutUsage)
{
    /// <summary>How many transcripts of the user came without a report.</summary>
    public int TranscriptsWithoutUsage { get; init; }

    /// <summary>What the tokens cost, in the currency of the prices. What was not reported, and <see cref="TranscribedAudio"/>, are not in it.</summary>
    /// <param name="prices">Of the model that answers.</param>
    /// <param name="transcription">Of the model that transcribes; null leaves its tokens out.</param>
    public decimal Cost(TokenPrices prices, TokenPrices? transcription = null) =>
        Responses.Cost(prices) + (transcription is null ? 0 : Transcription.Cost(transcription));
}
