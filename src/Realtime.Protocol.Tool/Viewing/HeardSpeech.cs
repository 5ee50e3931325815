namespace Realtime.Protocol.CommandLine.Viewing;

/// <summary>
/// How much was heard of what the model said: what the client or the server stated; or else, of what somebody cut off, what had sounded until then. Drawn once the whole log was read.
/// </summary>
/// <param name="hasTimes">Whether places are milliseconds; otherwise they count events.</param>
internal sealed class HeardSpeech(bool hasTimes)
{
    /// <summary>The sound of one item as a span.</summary>
    public SpeechSpan Span(ModelSound.Heard sound)
    {
        double? soundMs = sound.SoundMs > 0 ? Math.Round(sound.SoundMs, 1) : null;
        double? heardMs = sound.HeardMs is { } stated ? soundMs is { } all ? Math.Min(stated, all) : stated
            : sound.Response is { CutAt: { } cut } && cut < sound.End && hasTimes ? Math.Clamp(cut - sound.Begin, 0, soundMs ?? double.MaxValue)
            : null;
        double end = hasTimes ? sound.End : sound.End + 1;
        double? until = heardMs is not { } heard ? null
            : hasTimes ? Math.Min(end, sound.Begin + heard)
            : soundMs is { } length ? sound.Begin + ((end - sound.Begin) * heard / length)
            : end;
        return new(false, sound.Begin, end, until, sound.Response?.Turn.Number ?? 0, soundMs, heardMs is { } rounded ? Math.Round(rounded, 1) : null);
    }

    /// <summary>How a response was cut off; null when nobody did.</summary>
    /// <param name="response">The response.</param>
    /// <param name="sounds">What sounded of it.</param>
    public Interruption? Interrupted(PicturedResponse response, IEnumerable<ModelSound.Heard> sounds)
    {
        if (response.CutAt is not { } at)
        {
            return null;
        }

        SpeechSpan[] spans = [.. sounds.Select(Span)];
        double? soundMs = spans.Length > 0 && spans.All(static span => span.SoundMs is not null) ? spans.Sum(static span => span.SoundMs) : null;
        bool isStated = sounds.Any(static sound => sound.HeardMs is not null);
        bool isKnown = spans.Length > 0 && spans.Any(static span => span.HeardMs is not null);

        // Of an answer in several items, those before the one that was cut were heard whole.
        double? heardMs = spans.Length == 0 ? null : isKnown ? spans.Sum(static span => span.HeardMs ?? span.SoundMs) : null;
        string by = response.Reason == "turn_detected" || !response.IsCutByClient ? "user_speech" : "client";
        return new(at, response.Turn.Number, by, soundMs, heardMs, heardMs is null ? null : isStated ? "stated" : "estimated");
    }
}
