namespace Realtime.Protocol.Wire;

/// <summary>
/// What a reader remembers of a connection: for each hot kind the shape of its last message. Most messages of a session
/// are pieces of one item, so they differ from the one before in an id and a payload.
/// </summary>
public sealed class ShapeMemory
{
    private readonly MessageShape[] _shapes;
    private int _recent;

    /// <summary>Nothing remembered yet.</summary>
    /// <param name="events">The kinds that are worth remembering.</param>
    public ShapeMemory(ReadOnlySpan<HotEvent> events)
    {
        _shapes = new MessageShape[events.Length];
        for (int i = 0; i < events.Length; i++)
        {
            _shapes[i] = new MessageShape(events[i]);
        }
    }

    /// <summary>Reads a message that has the shape of an earlier one. False says only that the strict reader must answer.</summary>
    /// <param name="message">One whole message.</param>
    /// <param name="audioDestination">Where its audio goes; a failure may have written to it.</param>
    /// <param name="slots">Where the members lie, when the answer is true.</param>
    /// <param name="kind">Which kind it is.</param>
    /// <param name="decoded">The bytes of audio, or -1 without audio.</param>
    public bool TryRead(ReadOnlySpan<byte> message, Span<byte> audioDestination, scoped Span<Slot> slots, out int kind, out int decoded)
    {
        kind = 0;
        decoded = -1;
        MessageShape[] shapes = _shapes;
        for (int tried = 0, i = _recent; tried < shapes.Length; tried++, i = i + 1 < shapes.Length ? i + 1 : 0)
        {
            MessageShape shape = shapes[i];
            if (shape.IsKnown && shape.TryRead(message, audioDestination, slots, out decoded))
            {
                kind = shape.Kind;
                _recent = i;
                return true;
            }
        }

        return false;
    }

    /// <summary>Remembers a message that the strict reader has accepted, if its kind is a hot one.</summary>
    public void Learn(int kind, ReadOnlySpan<byte> message, ReadOnlySpan<Slot> slots)
    {
        for (int i = 0; i < _shapes.Length; i++)
        {
            if (_shapes[i].Kind == kind)
            {
                _shapes[i].Learn(message, slots);
                _recent = i;
                return;
            }
        }
    }

    /// <summary>Where the base64 begins in a message that has the shape of an earlier one, as far as its first piece tells.</summary>
    internal bool TryFindAudio(ReadOnlySpan<byte> firstPiece, out int start)
    {
        foreach (MessageShape shape in _shapes)
        {
            if (shape.IsKnown && shape.TryFindAudio(firstPiece, out start))
            {
                return true;
            }
        }

        start = 0;
        return false;
    }
}
