namespace Realtime.Protocol;

/// <summary>
/// How the user's words are written down: a second model listens along, is billed apart, and may hear something else than the one that answers (TX-01).
/// A text converts: <c>Transcription = "gpt-4o-transcribe"</c>.
/// </summary>
public sealed record InputTranscription
{
    /// <summary>A transcription by this model.</summary>
    /// <param name="model">For instance <c>gpt-4o-transcribe</c> or <c>whisper-1</c>.</param>
    /// <exception cref="ArgumentException">The name is null or empty.</exception>
    public InputTranscription(string model)
    {
        ArgumentException.ThrowIfNullOrEmpty(model);
        Model = model;
    }

    private InputTranscription() => Model = "";

    /// <summary>Nothing is written down.</summary>
    public static InputTranscription Off { get; } = new();

    /// <summary>The model; empty for <see cref="Off"/>.</summary>
    public string Model { get; }

    internal bool IsOff => Model.Length == 0;

    /// <summary>The language spoken, ISO 639-1 (<c>en</c>), if it is known; the transcript is better and sooner for it.</summary>
    public string? Language { get; init; }

    /// <summary>Words before the user's, for the style; for some models a list of what may be said.</summary>
    public string? Prompt { get; init; }

    /// <summary>Words that are likely to be said: names, products. The list is copied.</summary>
    public IReadOnlyList<string>? Keywords { get; init => field = value is null ? null : [.. value]; }

    /// <summary>Whether each piece comes with how sure the model is of it, as <c>logprobs</c> of the events of the transcription: <see cref="VoiceSession.ReadEventsAsync"/> and <see cref="VoiceSessionOptions.OnServerEvent"/> have them.</summary>
    public bool LogProbabilities { get; init; }

    /// <summary>A transcription by this model.</summary>
    /// <param name="model">As for the constructor.</param>
    /// <exception cref="ArgumentException">The name is null or empty. <see cref="Off"/> is how nothing is written down.</exception>
    public static implicit operator InputTranscription(string model) => new(model);

    /// <summary>The model, or that it is off; words stay out of logs.</summary>
    public override string ToString() => IsOff ? "off" : Model;
}
