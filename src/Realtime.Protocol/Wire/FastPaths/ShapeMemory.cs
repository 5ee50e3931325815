using System.ComponentModel;

namespace Realtime.Protocol.Wire;

/// <summary>
/// What a reader remembers of a connection: for each hot kind the shape of its last message. Most messages of a session
/// are pieces of one item, so they differ from the one before in an id and a payload.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ShapeMemory
{
    /// <summary>The longest that learning is put off on a connection whose messages never repeat a shape.</summary>
    private const int MaxPause = 31;

    private MessageShape[] _shapes = [];
    private int _recent;
    private int _pause;
    private int _pausedFor;
    private int _seen;

    /// <summary>Reads a message that has the shape of an earlier one. False says only that the strict reader must answer.</summary>
    /// <param name="message">One whole message.</param>
    /// <param name="audioDestination">Where its audio goes; a failure may have written to it.</param>
    /// <param name="slots">Where the members lie, when the answer is true; valid until the next message.</param>
    /// <param name="kind">Which kind it is.</param>
    /// <param name="decoded">The bytes of audio, or -1 without audio.</param>
    public bool TryRead(ReadOnlySpan<byte> message, Span<byte> audioDestination, out ReadOnlySpan<Slot> slots, out int kind, out int decoded)
    {
        kind = 0;
        slots = default;
        decoded = -1;
        MessageShape[] shapes = _shapes;
        for (int tried = 0, i = _recent; tried < shapes.Length; tried++, i = i + 1 < shapes.Length ? i + 1 : 0)
        {
            MessageShape shape = shapes[i];
            if (shape.IsKnown && shape.TryRead(message, audioDestination, out decoded))
            {
                slots = shape.Slots;
                kind = shape.Kind;
                _recent = i;
                _pause = 0;
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// False until the second message that could be remembered. In a new process, remembering is forty methods to compile,
    /// for which the first sound should not wait.
    /// </summary>
    public bool IsWorthLearning => _seen > 1;

    /// <summary>Notes that a message came that could be remembered.</summary>
    public void NoteMessage() => _seen = Math.Min(_seen + 1, 2);

    /// <summary>Remembers a message that the strict reader has accepted.</summary>
    /// <param name="message">The message.</param>
    /// <param name="slots">Where its members lie.</param>
    /// <typeparam name="TView">The view of its kind.</typeparam>
    public void Learn<TView>(ReadOnlySpan<byte> message, ReadOnlySpan<Slot> slots)
        where TView : struct, IHotView, allows ref struct
    {
        int index = 0;
        while (index < _shapes.Length && _shapes[index].Kind != TView.HotKind)
        {
            index++;
        }

        if (index == _shapes.Length)
        {
            _shapes = [.. _shapes, new MessageShape(TView.HotKind, TView.HotMembers.ToArray())];
        }

        LearnOrPause(index, message, slots);
    }

    /// <summary>
    /// Learning costs half of what reading costs. Where it never pays, because every message looks different, it is put
    /// off for longer and longer; one hit ends that. A shape that is not renewed is forgotten: it would be an older message's.
    /// </summary>
    private void LearnOrPause(int index, ReadOnlySpan<byte> message, ReadOnlySpan<Slot> slots)
    {
        if (_pausedFor < _pause)
        {
            _pausedFor++;
            _shapes[index].Forget();
            return;
        }

        _pausedFor = 0;
        _pause = Math.Min((2 * _pause) + 1, MaxPause);
        _shapes[index].Learn(message, slots);
        _recent = index;
    }

    /// <summary>Where the base64 begins in a message that begins like an earlier one with audio, and like which, as far as its first piece tells.</summary>
    internal bool TryFindAudio(ReadOnlySpan<byte> firstPiece, out int shape, out int start)
    {
        for (shape = 0; shape < _shapes.Length; shape++)
        {
            if (_shapes[shape].IsKnown && _shapes[shape].TryFindAudio(firstPiece, out start))
            {
                return true;
            }
        }

        start = 0;
        return false;
    }

    /// <summary>Reads a message whose audio was left out, if it has this shape and no other.</summary>
    internal bool TryReadAs(int shape, ReadOnlySpan<byte> message, out ReadOnlySpan<Slot> slots, out int kind)
    {
        slots = default;
        kind = 0;
        if (!_shapes[shape].TryRead(message, default, out _))
        {
            return false;
        }

        slots = _shapes[shape].Slots;
        kind = _shapes[shape].Kind;
        _recent = shape;
        _pause = 0;
        return true;
    }
}
