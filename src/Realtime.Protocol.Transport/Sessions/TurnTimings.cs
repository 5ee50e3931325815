namespace Realtime.Protocol;

/// <summary>
/// How long the user waited, counted from the moment when the user was done: the last byte of speech was handed to the socket, where the server takes the turns (what it says of the end of the speech, less the
/// silence by which it knew); else the call of <see cref="VoiceSession.EndTurn"/>, <see cref="VoiceSession.SendMessage(string, ResponseRequest?)"/> or <see cref="VoiceSession.Respond"/>. A turn that the server
/// begins for another reason, or whose end of speech nothing tells, counts from where that is first known.
/// </summary>
/// <param name="Detection">To the server's word that the speech is an item: what finding the end of it took. Null where the server did not find it.</param>
/// <param name="FirstText">To the first piece of text or transcript; null when there was none.</param>
/// <param name="FirstAudio">To the first audio; null when there was none.</param>
/// <param name="Total">To the end of the turn.</param>
public readonly record struct TurnTimings(TimeSpan? Detection, TimeSpan? FirstText, TimeSpan? FirstAudio, TimeSpan Total);
