namespace Realtime.Protocol;

/// <summary>Everything a translation is told before it begins. It is read when connecting; later changes have no effect on a session that exists.</summary>
public sealed class TranslationSessionOptions : RealtimeConnectionOptions
{
    /// <summary>The language to translate into, as a code such as <c>de</c>: for the speech and its text. <see cref="TranslationSession.ChangeLanguageAsync"/> changes it later. Default: <c>en</c>.</summary>
    /// <exception cref="ArgumentException">It is null or empty.</exception>
    public string Language
    {
        get;
        set
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(value);
            field = value;
        }
    } = "en";

    /// <summary>The model that writes down what is said, in the language that is spoken, for instance <c>gpt-realtime-whisper</c>; null for none. The translation is made from the sound either way.</summary>
    /// <exception cref="ArgumentException">It is empty.</exception>
    public string? TranscriptionModel
    {
        get;
        set
        {
            if (value is not null)
            {
                ArgumentException.ThrowIfNullOrWhiteSpace(value);
            }

            field = value;
        }
    }

    /// <summary>Whether noise is taken out before the model listens; null leaves it to the service.</summary>
    public InputNoiseReduction? NoiseReduction { get; set; }

    /// <summary>
    /// Called with every event of the server, in order, after the session itself has taken it in. It runs on the receiving loop and allocates nothing; what holds for
    /// <see cref="VoiceSessionOptions.OnServerEvent"/> holds for it.
    /// </summary>
    public TranslationServerEventHandler? OnServerEvent { get; set; }

    /// <summary>Called with every event that was sent, in order, when the socket has taken it. It runs on the sending loop and allocates nothing; what holds for <see cref="VoiceSessionOptions.OnClientEvent"/> holds for it.</summary>
    public TranslationClientEventHandler? OnClientEvent { get; set; }

    internal override string DefaultAddress => RealtimeEndpoint.OpenAITranslations;

    internal override string? DefaultModel => RealtimeEndpoint.DefaultTranslationModel;

    /// <inheritdoc/>
    public override TranslationSessionOptions Clone() => (TranslationSessionOptions)base.Clone();
}
