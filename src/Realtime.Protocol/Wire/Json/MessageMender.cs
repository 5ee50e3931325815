using System.ComponentModel;

namespace Realtime.Protocol.Wire;

/// <summary>
/// Reads imperfect messages: the strict reading of the same message with its odd members blanked out. A step takes one form error of the strict reader (a wrong type, a number out of range, bad base64, a member
/// given twice, one that is missing, half a character) and overwrites the innermost member or element around it with spaces; what is missing is forgiven, and half a character becomes U+FFFD. The copy is as
/// long as the message, so every place in it is a place in the original. Syntax, depth, size, UTF-8 and the event's <c>type</c> are never mended.
/// </summary>
/// <remarks>
/// After <see cref="MaxOddities"/> steps whole arrays and objects go, then the members at the top, so that form alone never refuses an event and no message costs more than a few dozen readings: the number of
/// steps is bounded by what the protocol knows, not by what the message holds. A reader has one; it is made for the first odd message. Its texts are valid until the next one.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class MessageMender : OriginalMessage
{
    /// <summary>So many steps take the innermost member or element.</summary>
    public const int MaxOddities = 8;

    /// <summary>After so many blanked elements of one array all of it goes: the others are like them.</summary>
    public const int MaxOdditiesOfArray = 3;

    /// <summary>A longer message is read again so seldom that one step takes the innermost.</summary>
    public const int LongMessageBytes = 1024 * 1024;

    /// <summary>Texts up to this length are kept for the next odd message.</summary>
    private const int MaxKeptBytes = 32 * 1024;

    private const int NoArray = -1;

    private readonly int[] _arrays = new int[MaxOddities];
    private byte[] _whole = [];
    private byte[] _text = [];
    private int _length;
    private int _steps;
    private bool _hadHalves;
    private bool _lacksMembers;
    private ReadError _first;

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Whole => _whole.AsSpan(0, _length);

    /// <summary>The message with its odd members blanked.</summary>
    public ReadOnlySpan<byte> Text => _text.AsSpan(0, _length);

    /// <inheritdoc/>
    public override ReadOddities Oddities => new(_steps + (_hadHalves ? 1 : 0) + (_lacksMembers ? 1 : 0), _first);

    /// <summary>Takes a message that was refused. False when more is wrong with it than its form.</summary>
    /// <param name="message">The message, which is copied.</param>
    /// <param name="error">Why it was refused.</param>
    public bool TryBegin(ReadOnlySpan<byte> message, in ReadError error)
    {
        if (!IsForm(error.Reason))
        {
            return false;
        }

        Fit(message.Length);
        message.CopyTo(_whole);
        message.CopyTo(_text);
        _steps = 0;
        _first = error;
        _lacksMembers = error.Reason == ReadErrorReason.MissingMember;

        // All halves at once, and before anything else: what is blanked must be sound JSON.
        _hadHalves = ReplaceHalves(_text.AsSpan(0, _length));
        return error.Reason is ReadErrorReason.MissingMember or ReadErrorReason.LoneSurrogate || TryForget(error);
    }

    /// <summary>Blanks what the strict reader refused in <see cref="Text"/>. False when that may not be mended: the message is refused for its first fault.</summary>
    public bool TryForget(in ReadError error)
    {
        if (!IsForm(error.Reason) || error.Reason is ReadErrorReason.MissingMember or ReadErrorReason.LoneSurrogate)
        {
            return false;
        }

        Span<OddPlace.Frame> frames = stackalloc OddPlace.Frame[JsonCursor.MaxDepth];
        if (!OddPlace.TryFind(_text.AsSpan(0, _length), error.Offset, frames, out OddPlace place) || place.IsIn(0, "type"u8))
        {
            return false;
        }

        int depth = DepthToBlank(place);
        if (_steps < MaxOddities)
        {
            _arrays[_steps] = place.IsArray(depth) ? place.OpenAt(depth) : NoArray;
        }

        _steps++;
        return place.TryBlank(depth, andLaterOnes: error.Reason == ReadErrorReason.DuplicateMember && depth == place.Depth - 1);
    }

    /// <summary>True when the type that was read is the one that was sent.</summary>
    public bool IsTypeAsSent(Slot type) => type.In(_text).SequenceEqual(type.In(_whole));

    /// <inheritdoc/>
    internal override Slot AudioInWhole(Slot audio) => audio;

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Keep(ReadOnlySpan<byte> read, scoped Span<Slot> slots, out OriginalMessage? original)
    {
        original = new MessageMender { _whole = Whole.ToArray(), _text = Text.ToArray(), _length = _length, _steps = _steps, _hadHalves = _hadHalves, _lacksMembers = _lacksMembers, _first = _first };
        return read;
    }

    private static bool IsForm(ReadErrorReason reason) => reason is ReadErrorReason.WrongType or ReadErrorReason.NumberOutOfRange or ReadErrorReason.InvalidBase64
        or ReadErrorReason.DuplicateMember or ReadErrorReason.MissingMember or ReadErrorReason.LoneSurrogate;

    /// <summary>In which of the open objects and arrays the blank is made: the innermost, until there were too many.</summary>
    private int DepthToBlank(scoped in OddPlace place)
    {
        int innermost = place.Depth - 1;
        if (_length > LongMessageBytes)
        {
            return _steps == 0 ? innermost : BeforeFirstArray(place, otherwise: 0);
        }

        if (_steps >= MaxOddities)
        {
            return BeforeFirstArray(place, otherwise: Math.Max(0, innermost - 1));
        }

        return place.IsArray(innermost) && _arrays.AsSpan(0, _steps).Count(place.OpenAt(innermost)) >= MaxOdditiesOfArray ? Math.Max(0, innermost - 1) : innermost;
    }

    /// <summary>Where the outermost array lies: without it, what stands beside it is kept, the ids of a response among them.</summary>
    private static int BeforeFirstArray(scoped in OddPlace place, int otherwise)
    {
        for (int depth = 1; depth < place.Depth; depth++)
        {
            if (place.IsArray(depth))
            {
                return depth - 1;
            }
        }

        return otherwise;
    }

    /// <summary>Makes every surrogate without its partner U+FFFD, which is as long. Outside strings there is no backslash in sound JSON.</summary>
    internal static bool ReplaceHalves(Span<byte> text)
    {
        bool any = false;
        for (int next = text.IndexOf((byte)'\\'); next >= 0; next = text.IndexOf((byte)'\\'))
        {
            text = text[next..];
            if (!JsonEscapes.TryMeasure(text, out int length, out ReadErrorReason reason))
            {
                if (reason != ReadErrorReason.LoneSurrogate)
                {
                    return any;
                }

                length = "\\ufffd"u8.Length;
                "\\ufffd"u8.CopyTo(text);
                any = true;
            }

            text = text[length..];
        }

        return any;
    }

    private void Fit(int length)
    {
        if (_whole.Length < length || _whole.Length > MaxKeptBytes)
        {
            _whole = new byte[length];
            _text = new byte[length];
        }

        _length = length;
    }
}
