using System.Text;
using Realtime.Protocol.Tests.Wire;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Tests.Differential;

/// <summary>An audio event of every size, wherever in memory it lies, and one in pieces of every size.</summary>
public class AudioPlacesTests
{
    private const int LargestSize = 2_000;
    private const int Alignments = 64;

    [Fact]
    public void EverySize_IsReadAtEveryAlignment()
    {
        byte[] audio = Noise(LargestSize);
        byte[] memory = new byte[4 * LargestSize];
        byte[] destination = new byte[LargestSize + Alignments];
        var learned = new ServerEventReader();
        for (int size = 0; size <= LargestSize; size++)
        {
            byte[] message = Message(audio.AsSpan(0, size));
            for (int offset = 0; offset < Alignments; offset++)
            {
                message.CopyTo(memory, offset);
                Span<byte> room = destination.AsSpan(((offset * 29) + size) % Alignments, size);
                Check(learned.TryRead(memory.AsSpan(offset, message.Length), room, out ServerEvent value, out _), value);
                Assert.Equal((size * Alignments) + offset > 1, value.SameItemAsPrevious);
                if (offset == size % Alignments)
                {
                    Check(new ServerEventReader().TryRead(memory.AsSpan(offset, message.Length), room, out value, out _), value);
                    Check(ServerEvent.TryRead(memory.AsSpan(offset, message.Length), room, strict: true, out value, out _), value);
                }

                room.Clear();
            }

            void Check(bool read, scoped in ServerEvent value)
            {
                Assert.True(read && value.TryGetResponseOutputAudioDelta(out ResponseOutputAudioDeltaView view) && view.Delta.IsDecoded && view.ContentIndex == 7, $"{size} bytes");
                Assert.True(value.Audio.SequenceEqual(audio.AsSpan(0, size)), $"{size} bytes");
            }
        }
    }

    [Fact]
    public void EveryPieceSize_GivesTheSameEvent()
    {
        byte[] audio = Noise(19_200);
        byte[] message = Message(audio);
        byte[] destination = new byte[audio.Length];
        Assert.True(ServerEvent.TryRead(message, destination, strict: true, out ServerEvent strict, out _));
        byte[] slots = Places(strict.Slots);
        var reader = new ServerEventReader();
        Assert.True(reader.TryRead(message, destination, out _, out _));
        Assert.True(reader.TryRead(message, destination, out _, out _));
        for (int size = 1; size <= 4_096; size++)
        {
            destination.AsSpan().Clear();
            Assert.True(reader.TryRead(Segments.Every(size, message), destination, out ServerEvent value, out ReadError error), $"{size}: {error}");
            Assert.True(value.SameItemAsPrevious && value.TryGetResponseOutputAudioDelta(out ResponseOutputAudioDeltaView view) && view.Delta.IsDecoded && view.ContentIndex == 7, $"pieces of {size}");
            Assert.True(value.Audio.SequenceEqual(audio), $"pieces of {size}");
            if (size % 64 == 1)
            {
                Assert.True(value.Json.SequenceEqual(message), $"pieces of {size}");
                Assert.Equal(slots, Places(value.ToOwned().View.Slots));
            }
        }
    }

    private static byte[] Places(ReadOnlySpan<Slot> slots) => System.Runtime.InteropServices.MemoryMarshal.AsBytes(slots).ToArray();

    private static byte[] Message(ReadOnlySpan<byte> audio) =>
        Encoding.ASCII.GetBytes($$"""{"type":"response.output_audio.delta","event_id":"event_1","response_id":"r","item_id":"i","output_index":0,"delta":"{{Convert.ToBase64String(audio)}}","content_index":7}""");

    private static byte[] Noise(int size)
    {
        byte[] audio = new byte[size];
        new Random(Seeds.Next()).NextBytes(audio);
        return audio;
    }
}
