using System.Text.Json;
using Realtime.Protocol.CommandLine.Decoding;
using Realtime.Protocol.Lifecycle;
using Realtime.Protocol.Testing.Grammar.Client;

namespace Realtime.Protocol.CommandLine.Viewing;

/// <summary>What a call used up, as the server counted it. A message of which the count cannot be read has none, and is counted as such.</summary>
internal sealed class LaneUsage
{
    private readonly ServerEventReader _typed = new(EventFile.MaxMessageBytes, ReadTolerance.Mend);

    public SessionUsage Total { get; private set; } = new(default, default, default, 0);

    /// <summary>A response is done.</summary>
    /// <returns>What it used up; null when the server did not say.</returns>
    public TokenUsage? AddResponse(ReadOnlySpan<byte> done)
    {
        TokenUsage? used = _typed.TryRead(done, [], out ServerEvent read, out _) && read.TryGetResponseDone(out ResponseDoneView view) ? UsageWords.Of(view.Response.Usage) : null;
        Total = used is { } usage
            ? Total with { Responses = Total.Responses + usage }
            : Total with { ResponsesWithoutUsage = Total.ResponsesWithoutUsage + 1 };
        return used;
    }

    /// <summary>A transcript is complete. Some are counted in tokens, others in seconds.</summary>
    public void AddTranscript(JsonElement completed, ReadOnlySpan<byte> message)
    {
        if (_typed.TryRead(message, [], out ServerEvent read, out _) && read.TryGetConversationItemInputAudioTranscriptionCompleted(out ConversationItemInputAudioTranscriptionCompletedView view))
        {
            TokenUsage? tokens = view.Usage.TryGetTokens(out TranscriptionTokenUsageView counted) ? UsageWords.Of(counted) : null;
            double seconds = completed.At("usage.seconds") is { ValueKind: JsonValueKind.Number } stated && stated.TryGetDouble(out double given) ? Math.Clamp(given, 0, 86_400) : 0;
            Total = Total with
            {
                Transcription = Total.Transcription + (tokens ?? default),
                TranscribedAudio = Total.TranscribedAudio + TimeSpan.FromSeconds(seconds),
                TranscriptsWithoutUsage = Total.TranscriptsWithoutUsage + (tokens is null && seconds == 0 ? 1 : 0),
            };
        }
    }
}
