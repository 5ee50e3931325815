using System.Buffers;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Tests.Differential;

/// <summary>What one way of reading found in one message: copies, so that two ways can be compared. Used again and again.</summary>
internal sealed class Reading
{
    private readonly Slot[] _slots = new Slot[64];
    private readonly ArrayBufferWriter<byte> _rewritten = new();
    private byte[] _audio = [];
    private int _slotCount;
    private int _audioLength;
    private string _encoded = "";
    private string _type = "";
    private string _eventId = "";
    private Presence _audioPresence;
    private bool _isDecoded;
    private int _decodedLength;
    private bool _isWhole;

    public bool WasRead { get; private set; }

    public ReadError Error { get; private set; }

    public int Kind { get; private set; }

    public bool SameItem { get; private set; }

    public ReadOnlySpan<Slot> Slots => _slots.AsSpan(0, _slotCount);

    public void Fail(ReadError error)
    {
        WasRead = false;
        Error = error;
        Kind = 0;
        SameItem = false;
    }

    /// <summary>What every event shows. The slots are those of the whole message.</summary>
    public void Take(int kind, bool sameItem, TextView type, TextView eventId, ReadOnlySpan<Slot> slots, bool isWhole, ReadError error)
    {
        WasRead = true;
        Error = error;
        Kind = kind;
        SameItem = sameItem;
        _type = $"{type.Presence} {type.IsEscaped} {type.ToString()}";
        _eventId = $"{eventId.Presence} {eventId.IsEscaped} {eventId.ToString()}";
        slots.CopyTo(_slots);
        _slotCount = slots.Length;
        _isWhole = isWhole;
        _audioPresence = default;
        _isDecoded = false;
        _audioLength = 0;
        _decodedLength = 0;
        _encoded = "";
        _rewritten.ResetWrittenCount();
    }

    /// <summary>What an event with audio shows besides.</summary>
    public void TakeAudio(Base64View audio, ReadOnlySpan<byte> eventAudio)
    {
        _audioPresence = audio.Presence;
        _isDecoded = audio.IsDecoded;
        _decodedLength = audio.DecodedLength;
        _encoded = audio.Encoded.ToString();
        _isWhole &= eventAudio.SequenceEqual(audio.Bytes);
        if (_audio.Length < _decodedLength)
        {
            _audio = new byte[2 * _decodedLength];
        }

        _isWhole &= audio.TryDecode(_audio.AsSpan(0, _decodedLength), out _audioLength) && _audioLength == _decodedLength;
    }

    /// <summary>Where an event is written to that was read by all its getters.</summary>
    public Rewriting Rewrite() => new(_rewritten);

    /// <summary>What this way found otherwise than the definition; null when nothing.</summary>
    public string? DifferenceFrom(Reading strict)
    {
        if (WasRead != strict.WasRead || !Error.Equals(strict.Error))
        {
            return $"read {WasRead} ({Error}), strictly {strict.WasRead} ({strict.Error})";
        }

        if (!WasRead)
        {
            return null;
        }

        return Kind != strict.Kind ? $"kind {Kind}, strictly {strict.Kind}"
            : _type != strict._type ? $"type {_type}, strictly {strict._type}"
            : _eventId != strict._eventId ? $"event id {_eventId}, strictly {strict._eventId}"
            : SlotDifference(strict) is { } slot ? slot
            : !_isWhole ? "the event, its copy or its audio is not what stands in the message"
            : _audioPresence != strict._audioPresence || _isDecoded != strict._isDecoded || _decodedLength != strict._decodedLength || _encoded != strict._encoded
                ? $"audio {_audioPresence}, decoded {_isDecoded}, {_decodedLength} bytes, strictly {strict._audioPresence}, {strict._isDecoded}, {strict._decodedLength}"
            : !_audio.AsSpan(0, _audioLength).SequenceEqual(strict._audio.AsSpan(0, strict._audioLength)) ? "other bytes of audio"
            : !_rewritten.WrittenSpan.SequenceEqual(strict._rewritten.WrittenSpan) ? "other values by its getters"
            : null;
    }

    /// <summary>True for an event with audio.</summary>
    public bool HasAudio => WasRead && _audioPresence == Presence.Value;

    /// <summary>The audio against the platform's encoder, which knows nothing of our decoder: only one text stands for some bytes. Null when it agrees.</summary>
    public string? DifferenceFromPlatform() =>
        HasAudio && Convert.ToBase64String(_audio.AsSpan(0, _audioLength)) != _encoded ? "the platform encodes this audio otherwise" : null;

    private string? SlotDifference(Reading strict)
    {
        for (int i = 0; i < _slotCount; i++)
        {
            Slot mine = _slots[i];
            Slot theirs = strict._slots[i];
            if (mine.Start != theirs.Start || mine.Length != theirs.Length || mine.Presence != theirs.Presence || mine.IsEscaped != theirs.IsEscaped)
            {
                return $"member {i} at {mine.Start}, {mine.Length} long, {mine.Presence}; strictly at {theirs.Start}, {theirs.Length} long, {theirs.Presence}";
            }
        }

        return null;
    }

    /// <summary>Writes an event anew; what may not be written is refused in every way of reading alike.</summary>
    internal readonly struct Rewriting(ArrayBufferWriter<byte> output) : IEventVisitor
    {
        [SequencerEntry]
        public void Visit<TEvent>(scoped in TEvent value)
            where TEvent : struct, IJsonWritable, allows ref struct
        {
            try
            {
                JsonWrite.Write(output, in value);
            }
            catch (ArgumentException refusal)
            {
                output.Write(System.Text.Encoding.UTF8.GetBytes(refusal.Message));
            }
        }
    }
}
