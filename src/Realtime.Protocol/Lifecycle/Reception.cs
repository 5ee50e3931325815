namespace Realtime.Protocol.Lifecycle;

/// <summary>Where an event belongs, told in the same call that took it in, so that an audio delta needs no second lookup and no effect.</summary>
/// <param name="Turn">The turn of the event's response; 0 when it has none.</param>
/// <param name="IsDropped">True when the event's output is not to reach anybody: its response was interrupted or given up (CX-05), or its turn is over.</param>
/// <param name="Utterance">The utterance to whose transcript the event added <see cref="SessionMachine.TranscriptPiece"/>; 0 when it added nothing to any that is open.</param>
public readonly record struct Reception(int Turn, bool IsDropped, int Utterance = 0);
