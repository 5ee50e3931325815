using System.ComponentModel;

namespace Realtime.Protocol;

/// <summary>
/// The events that <see cref="VoiceSession.SendAsync"/> does not take, because only the session sends them. None of these can be called: each is an
/// error of the compiler that names the verb to call instead, where the missing <see cref="ISendableEvent"/> alone would say CS0315.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class EventsOfTheSession
{
    private const string Audio = "The session writes audio itself, in order and in pieces that fit: write to session.Input.";
    private const string Commit = "The session commits audio itself: call session.EndTurn() for an answer, or session.Input.CommitAsync() for the words alone.";
    private const string Clear = "The session clears audio itself: call session.Input.Clear().";
    private const string Create = "The session asks for responses itself, and never while one is active: call session.Respond().";

    /// <summary>Does not compile: write to <see cref="VoiceSession.Input"/>.</summary>
    [Obsolete(Audio, error: true)]
    public static ValueTask SendAsync(this VoiceSession session, in InputAudioBufferAppend clientEvent, CancellationToken cancellationToken = default) => throw new NotSupportedException(Audio);

    /// <summary>Does not compile: call <see cref="VoiceSession.EndTurn"/>, or <see cref="AudioInput.CommitAsync"/>.</summary>
    [Obsolete(Commit, error: true)]
    public static ValueTask SendAsync(this VoiceSession session, in InputAudioBufferCommit clientEvent, CancellationToken cancellationToken = default) => throw new NotSupportedException(Commit);

    /// <summary>Does not compile: call <see cref="AudioInput.Clear"/>.</summary>
    [Obsolete(Clear, error: true)]
    public static ValueTask SendAsync(this VoiceSession session, in InputAudioBufferClear clientEvent, CancellationToken cancellationToken = default) => throw new NotSupportedException(Clear);

    /// <summary>Does not compile: call <see cref="VoiceSession.Respond"/>.</summary>
    [Obsolete(Create, error: true)]
    public static ValueTask SendAsync(this VoiceSession session, in ResponseCreate clientEvent, CancellationToken cancellationToken = default) => throw new NotSupportedException(Create);
}
