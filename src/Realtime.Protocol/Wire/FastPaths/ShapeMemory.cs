using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Realtime.Protocol.Wire;

/// <summary>
/// What a reader remembers of a connection: for each hot kind the shape of its last message. Most messages of a session
/// are pieces of one item, so they differ from the one before in an id and a payload.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ShapeMemory
{
    /// <summary>The longest that learning is put off for a kind whose messages never repeat a shape, in messages of that kind.</summary>
    private const int MaxPause = 127;

    private MessageShape[] _shapes = [];
    private Pause[] _pauses = [];
    private MessageShape? _recent;
    private bool _hasBegun;

    /// <summary>Reads a message that has the shape of an earlier one. False says only that the strict reader must answer.</summary>
    /// <param name="message">One whole message.</param>
    /// <param name="audioDestination">Where its audio goes; a failure may have written to it.</param>
    /// <param name="slots">Where the members lie, when the answer is true; valid until the next message.</param>
    /// <param name="kind">Which kind it is.</param>
    /// <param name="decoded">The bytes of audio, or -1 without audio.</param>
    public bool TryRead(ReadOnlySpan<byte> message, Span<byte> audioDestination, out ReadOnlySpan<Slot> slots, out int kind, out int decoded)
    {
        MessageShape? recent = _recent;
        if (recent is null)
        {
            slots = default;
            kind = 0;
            decoded = -1;
            return false;
        }

        if (recent.TryRead(message, audioDestination, out decoded))
        {
            slots = recent.Slots;
            kind = recent.Kind;
            return true;
        }

        return TryReadAsOther(message, audioDestination, out slots, out kind, out decoded);
    }

    /// <summary>Messages of several kinds take turns.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryReadAsOther(ReadOnlySpan<byte> message, Span<byte> audioDestination, out ReadOnlySpan<Slot> slots, out int kind, out int decoded)
    {
        foreach (MessageShape shape in _shapes)
        {
            if (shape.IsKnown && shape != _recent && shape.TryRead(message, audioDestination, out decoded))
            {
                slots = shape.Slots;
                kind = shape.Kind;
                _recent = shape;
                return true;
            }
        }

        slots = default;
        kind = 0;
        decoded = -1;
        return false;
    }

    /// <summary>
    /// Says whether a message that could be remembered should be, and forgets the one before of its kind if not: it would be an older message's.
    /// Not the first such message of a connection: in a new process, remembering is forty methods to compile, for which the first sound should
    /// not wait.
    /// </summary>
    /// <param name="kind">The message's kind.</param>
    public bool IsWorthLearning(int kind)
    {
        if (_hasBegun)
        {
            return IsWorthLearningAgain(IndexOf(kind));
        }

        _hasBegun = true;
        return false;
    }

    /// <summary>
    /// Learning costs half of what reading costs. For a kind of which it never pays, because every message looks different, it is put
    /// off for longer and longer; one hit ends that. Meanwhile there is no shape of that kind to be tried in vain.
    /// </summary>
    private bool IsWorthLearningAgain(int index)
    {
        if (index == _shapes.Length)
        {
            return true;
        }

        ref Pause pause = ref _pauses[index];
        if (_shapes[index].HasPaid)
        {
            pause = default;
        }

        if (pause.Left == 0)
        {
            return true;
        }

        pause.Left--;
        _shapes[index].Forget();
        return false;
    }

    /// <summary>Remembers a message that the strict reader has accepted.</summary>
    /// <param name="message">The message.</param>
    /// <param name="slots">Where its members lie.</param>
    /// <typeparam name="TView">The view of its kind.</typeparam>
    public void Learn<TView>(ReadOnlySpan<byte> message, ReadOnlySpan<Slot> slots)
        where TView : struct, IHotView, allows ref struct
    {
        int index = IndexOf(TView.HotKind);
        if (index == _shapes.Length)
        {
            Array.Resize(ref _pauses, index + 1);
            _shapes = [.. _shapes, new MessageShape(TView.HotKind, TView.HotMembers.ToArray())];
        }

        ref Pause pause = ref _pauses[index];
        pause.Length = Math.Min((2 * pause.Length) + 1, MaxPause);
        pause.Left = pause.Length;
        _recent = _shapes[index];
        _recent.Learn(message, slots);
    }

    /// <summary>Forgets the last message of a kind.</summary>
    public void Forget(int kind)
    {
        int index = IndexOf(kind);
        if (index < _shapes.Length)
        {
            _shapes[index].Forget();
        }
    }

    private int IndexOf(int kind)
    {
        int index = 0;
        while (index < _shapes.Length && _shapes[index].Kind != kind)
        {
            index++;
        }

        return index;
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
        _recent = _shapes[shape];
        return true;
    }

    /// <summary>How long learning is put off after it was in vain, and how much of that is left, in messages of one kind.</summary>
    private struct Pause
    {
        public int Length;
        public int Left;
    }
}
