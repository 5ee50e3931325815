using System.Buffers;
using System.Globalization;
using System.Text;
using Realtime.Protocol.Tests.Wire;

namespace Realtime.Protocol.Tests.Schema;

/// <summary>
/// A message that must be refused, tried on every way into the reader: whole with and without room for audio, cut in two
/// at every byte, and byte by byte. All of them must report one and the same error.
/// </summary>
internal sealed class Refusal
{
    private readonly string _marked;
    private readonly int _offset;
    private readonly ReadError _error;

    private Refusal(string direction, string marked, byte[] message, int offset)
    {
        (_marked, _offset) = (marked, offset);
        EventFamily events = EventFamily.Of("realtime", direction);
        byte[] room = new byte[256];
        Assert.False(events.TryRead(message, default, out EventFacts facts, out _error), $"{marked} was read");
        AssertTheSame(facts, _error, "without room for audio");
        Assert.False(events.TryRead(message, room, out facts, out ReadError error));
        AssertTheSame(facts, error, "with room for audio");
        for (int split = 0; split <= message.Length; split++)
        {
            ReadOnlySequence<byte> halves = Segments.Of(message.AsMemory(0, split), message.AsMemory(split));
            Assert.False(events.TryRead(in halves, room, out EventFacts cut, out error));
            AssertTheSame(cut, error, $"cut at {split}");
        }

        ReadOnlySequence<byte> bytes = Segments.Of([default, .. message.Select((_, i) => (ReadOnlyMemory<byte>)message.AsMemory(i, 1))]);
        Assert.False(events.TryRead(in bytes, room, out EventFacts dust, out error));
        AssertTheSame(dust, error, "byte by byte");
    }

    /// <summary>Tries a text in which <c>§</c> marks the place of the error, and <c>�</c> stands for bytes that no text can hold.</summary>
    public static Refusal Of(string direction, string marked, byte[]? bytes = null)
    {
        int mark = marked.IndexOf('§', StringComparison.Ordinal);
        byte[] before = Encoding.UTF8.GetBytes(marked[..mark]);
        string[] behind = marked[(mark + 1)..].Split('\uFFFD');
        byte[] message = [.. before, .. Encoding.UTF8.GetBytes(behind[0]), .. behind.Length == 2 ? [.. bytes!, .. Encoding.UTF8.GetBytes(behind[1])] : Array.Empty<byte>()];
        return new Refusal(direction, marked, message, before.Length);
    }

    public void AssertReason(ReadErrorReason reason) => Assert.True(reason == _error.Reason && _offset == _error.Offset, $"{_marked}: {_error}");

    /// <param name="text">The whole message, with <c>§</c> for the marked byte.</param>
    public void AssertSays(string text) => Assert.Equal(text.Replace("§", _offset.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal), _error.ToString());

    /// <param name="reason">Why.</param>
    /// <param name="path">Where.</param>
    /// <param name="member">Which member is missing or given twice.</param>
    public void AssertIs(ReadErrorReason reason, string path, string? member = null)
    {
        AssertReason(reason);
        Assert.Equal((path, member), (_error.Path, _error.Member));
    }

    private void AssertTheSame(in EventFacts facts, in ReadError error, string way)
    {
        Assert.False(facts.IsKnown);
        Assert.True(facts.Json.IsEmpty);
        Assert.True(_error == error, $"{_marked}, {way}: {error} instead of {_error}");
    }
}
