namespace Realtime.Protocol.Lifecycle;

/// <summary>How far a translation is on its way to its end.</summary>
internal enum TranslationPhase
{
    /// <summary>Speech goes in, its translation comes out.</summary>
    Open = 0,

    /// <summary>Our <c>session.close</c> was sent: no speech goes in any more, and what is left of the translation comes out.</summary>
    Closing,

    /// <summary>The server has said its last word, or the connection has ended without it.</summary>
    Over,
}
