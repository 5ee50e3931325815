using System.Buffers;
using System.Text;

namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// The words of an item that did not come with the item: the pieces of an answer while it is made, the transcript of the user's speech. Kept as UTF-8 in blocks of the pool, so
/// that a piece costs nothing.
/// </summary>
internal sealed class HeardWords
{
    private readonly List<Part> _parts = [];

    /// <summary>How many bytes of words there are.</summary>
    public int Length { get; private set; }

    public void Hear(int contentIndex, PartWords words)
    {
        Part part = FindOrAdd(contentIndex, words.IsTranscript);
        if (part.IsWhole && !words.IsWhole)
        {
            return; // it is among them (TX-02)
        }

        if (words.IsWhole)
        {
            part.IsWhole = true;
            Length -= part.Length;
            part.Length = 0;
        }

        Span<byte> free = part.Free(words.Text.MaxLength);
        words.Text.TryCopyTo(free, out int written);
        part.Length += written;
        Length += written;
    }

    public void Set(int contentIndex, ReadOnlySpan<byte> utf8)
    {
        Part part = FindOrAdd(contentIndex, isTranscript: true);
        Length += utf8.Length - part.Length;
        part.Length = 0;
        utf8.CopyTo(part.Free(utf8.Length));
        part.Length = utf8.Length;
    }

    /// <summary>What the server says of a part replaces what came of it before; a part of which it says nothing keeps its words.</summary>
    public void GiveWayTo(IReadOnlyList<ItemContent> content)
    {
        for (int i = _parts.Count - 1; i >= 0; i--)
        {
            if (_parts[i].ContentIndex < content.Count && content[_parts[i].ContentIndex] is ItemContent.Text { Value.Length: > 0 } or ItemContent.Audio { Transcript.Length: > 0 })
            {
                Length -= _parts[i].Length;
                _parts[i].GiveBack();
                _parts.RemoveAt(i);
            }
        }
    }

    /// <summary>The parts of a message with these words in them, in order; a part of which the server said nothing yet is added.</summary>
    public ItemContent[] In(IReadOnlyList<ItemContent> content)
    {
        List<ItemContent> parts = [.. content];
        foreach (Part part in _parts)
        {
            string words = Encoding.UTF8.GetString(part.Written);
            ItemContent? said = part.ContentIndex < parts.Count ? parts[part.ContentIndex] : null;
            ItemContent with = said switch
            {
                ItemContent.Audio audio => audio with { Transcript = words },
                null or ItemContent.Text when !part.IsTranscript => new ItemContent.Text(words),
                _ => new ItemContent.Audio(default, words),
            };
            if (said is null)
            {
                parts.Add(with);
            }
            else
            {
                parts[part.ContentIndex] = with;
            }
        }

        return [.. parts];
    }

    /// <summary>Gives the blocks back.</summary>
    public void Clear()
    {
        foreach (Part part in _parts)
        {
            part.GiveBack();
        }

        _parts.Clear();
        Length = 0;
    }

    private Part FindOrAdd(int contentIndex, bool isTranscript)
    {
        int place = 0;
        while (place < _parts.Count && _parts[place].ContentIndex < contentIndex)
        {
            place++;
        }

        if (place == _parts.Count || _parts[place].ContentIndex != contentIndex)
        {
            _parts.Insert(place, new Part(contentIndex, isTranscript));
        }

        return _parts[place];
    }

    private sealed class Part(int contentIndex, bool isTranscript)
    {
        private byte[] _block = [];

        public int ContentIndex { get; } = contentIndex;

        public bool IsTranscript { get; } = isTranscript;

        public int Length { get; set; }

        /// <summary>All its words are there, so no further piece belongs to it.</summary>
        public bool IsWhole { get; set; }

        public ReadOnlySpan<byte> Written => _block.AsSpan(0, Length);

        public Span<byte> Free(int bytes)
        {
            if (_block.Length - Length < bytes)
            {
                byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(Length + bytes, 2 * _block.Length));
                Written.CopyTo(larger);
                GiveBack();
                _block = larger;
            }

            return _block.AsSpan(Length);
        }

        public void GiveBack()
        {
            if (_block.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(_block);
                _block = [];
            }
        }
    }
}
