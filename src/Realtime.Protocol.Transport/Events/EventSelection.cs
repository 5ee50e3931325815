namespace Realtime.Protocol.Events;

/// <summary>Which events <see cref="VoiceSession.ReadEventsAsync"/> gives. At least one direction.</summary>
[Flags]
public enum EventSelection
{
    /// <summary>What the server sends.</summary>
    Received = 1,

    /// <summary>What this side sends.</summary>
    Sent = 2,

    /// <summary>Leaves out <c>response.output_audio.delta</c> and <c>input_audio_buffer.append</c>, which are most of the bytes. They do not count as missed.</summary>
    WithoutAudio = 4,

    /// <summary>Both directions.</summary>
    All = Received | Sent,
}
