using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol;

/// <summary>Everything a transcription is told before it begins. It is read when connecting; later changes have no effect on a session that exists.</summary>
/// <remarks>
/// It has no <see cref="VoiceSessionOptions.Reconnect"/> and no journal: a transcription has no conversation that a new connection would have to be told. A lost connection ends it, its open utterances end with
/// what was written down of them, and another session goes on with the next word.
/// </remarks>
public sealed class TranscriptionSessionOptions : RealtimeConnectionOptions
{
    /// <summary>The model that writes down what is said, with the language and the words it should expect. It has to be given. <see cref="TranscriptionSession.UpdateAsync"/> changes it later.</summary>
    public InputTranscription Transcription { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); } = InputTranscription.Off;

    /// <summary>
    /// Who decides where one stretch of speech ends: the service, or, with <see cref="TurnTaking.Manual"/>, the application. Null leaves it to the service. What a detection says of answers is not sent: nothing answers here.
    /// </summary>
    public TurnTaking? TurnTaking { get; set; }

    /// <summary>Whether noise is taken out before the model listens; null leaves it to the service.</summary>
    public InputNoiseReduction? NoiseReduction { get; set; }

    /// <summary>The encoding of what is written to <see cref="TranscriptionSession.Input"/>. The server is asked for it.</summary>
    public AudioEncoding InputEncoding { get; set; } = AudioEncoding.Pcm16;

    /// <summary>Called with every event of the server; what holds for <see cref="VoiceSessionOptions.OnServerEvent"/> holds for it.</summary>
    public ServerEventHandler? OnServerEvent { get; set; }

    /// <summary>Called with every event that was sent; what holds for <see cref="VoiceSessionOptions.OnClientEvent"/> holds for it.</summary>
    public ClientEventHandler? OnClientEvent { get; set; }

    /// <inheritdoc/>
    public override TranscriptionSessionOptions Clone() => (TranscriptionSessionOptions)base.Clone();

    /// <summary>The same in the words of a session with turns, which are never begun.</summary>
    /// <exception cref="ArgumentException">There is no model.</exception>
    internal VoiceSessionOptions ToVoice()
    {
        if (Transcription.IsOff)
        {
            throw new ArgumentException($"A transcription needs a model; set {nameof(Transcription)}, for instance to \"gpt-4o-transcribe\".", $"options.{nameof(Transcription)}");
        }

        var voice = new VoiceSessionOptions
        {
            Purpose = SessionPurpose.Transcription,
            Session = new() { Transcription = Transcription, TurnTaking = TurnTaking, NoiseReduction = NoiseReduction },
            InputEncoding = InputEncoding,
            OnServerEvent = OnServerEvent,
            OnClientEvent = OnClientEvent,
        };
        CopyTo(voice);
        return voice;
    }
}
