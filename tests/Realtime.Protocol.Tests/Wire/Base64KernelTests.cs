using System.Text;

namespace Realtime.Protocol.Tests.Wire;

/// <summary>
/// Every kernel of base64 against the platform's <see cref="Convert"/> and a hand-written idea of what a character is,
/// under the contract of Base64Blocks: whole quanta from the front, as many as it can, never past a fault, never a
/// byte outside what it was given.
/// </summary>
public class Base64KernelTests
{
    private const int Alignments = 64;
    private const byte Guard = 0xA5;

    // In every run some turns of the longest loop, which takes 256 characters.
    private static readonly int LargestSize = Math.Clamp(Thoroughness.Of(7_000), 450, 2_000);

    public static TheoryData<string> Decoders => [.. Base64Kernel.All.Where(static kernel => kernel.Value.Decode is not null).Select(static kernel => kernel.Key)];

    public static TheoryData<string> Encoders => [.. Base64Kernel.All.Where(static kernel => kernel.Value.Encode is not null).Select(static kernel => kernel.Key)];

    [Fact]
    public void EveryKernel_HasItsInstructionsHere() =>
        Assert.SkipUnless(Base64Kernel.Missing.Count == 0, $"This processor, in this mode, lacks {string.Join(" and ", Base64Kernel.Missing)}.");

    [Theory]
    [MemberData(nameof(Decoders))]
    public void EverySize_DecodesAtEveryAlignment(string name)
    {
        Base64Kernel kernel = Base64Kernel.All[name];
        byte[] audio = Noise(LargestSize);
        byte[] source = new byte[(LargestSize * 4 / 3) + 4 + Alignments];
        byte[] destination = new byte[LargestSize + 128 + Alignments];
        for (int size = 0; size <= LargestSize; size++)
        {
            byte[] text = Encode(audio.AsSpan(0, size));
            for (int offset = kernel.IsEmulated ? size % 61 : 0; offset < Alignments; offset += kernel.IsEmulated ? 61 : 1)
            {
                text.CopyTo(source, offset);
                int at = ((offset * 29) + size) % Alignments;
                AssertDecodes(kernel, source.AsSpan(offset, text.Length), audio.AsSpan(0, size), size / 3 * 4, destination, at, size);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Decoders))]
    public void EverySize_DecodesBetweenGuardPages(string name)
    {
        Base64Kernel kernel = Base64Kernel.All[name];
        using var sources = new GuardedMemory(4 * LargestSize);
        using var destinations = new GuardedMemory(4 * LargestSize);
        byte[] audio = Noise(LargestSize);
        for (int size = 0; size <= LargestSize; size++)
        {
            byte[] text = Encode(audio.AsSpan(0, size));
            int capacity = size + (size * 7 % 65);
            foreach ((Span<byte> source, Span<byte> destination) in new Places(sources, destinations, text.Length, capacity))
            {
                text.CopyTo(source);
                int taken = kernel.Decode!(source, destination);
                AssertTook(kernel, taken, size / 3 * 4, capacity);
                Assert.True(audio.AsSpan(0, taken / 4 * 3).SequenceEqual(destination[..(taken / 4 * 3)]), $"{name}: {size} bytes");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Decoders))]
    public void WrongByte_EndsTheWorkAtEveryPlace(string name)
    {
        Base64Kernel kernel = Base64Kernel.All[name];
        byte[] audio = Noise(3 * (256 + 128 + 64 + 32 + 4) / 4);
        byte[] text = Encode(audio);
        byte[] destination = new byte[audio.Length + 128];
        for (int place = 0; place < text.Length; place++)
        {
            byte right = text[place];
            for (int wrong = 0; wrong <= byte.MaxValue; wrong++)
            {
                if (!IsCharacter((byte)wrong))
                {
                    text[place] = (byte)wrong;
                    int taken = kernel.Decode!(text, destination);
                    AssertTook(kernel, taken, place / 4 * 4, destination.Length);
                    Assert.True(audio.AsSpan(0, taken / 4 * 3).SequenceEqual(destination.AsSpan(0, taken / 4 * 3)), $"{name}: byte {wrong} at {place}");
                }
            }

            text[place] = right;
        }
    }

    /// <summary>Where a kernel takes several turns at once, a fault in any of them ends the work at the same place.</summary>
    [Theory]
    [MemberData(nameof(Decoders))]
    public void WrongByteInLongText_EndsTheWorkAtEveryPlace(string name)
    {
        Base64Kernel kernel = Base64Kernel.All[name];
        byte[] audio = Noise(3 * ((9 * 256) + 64 + 4) / 4);
        byte[] text = Encode(audio);
        byte[] destination = new byte[audio.Length + 128];
        for (int place = 0; place < text.Length; place++)
        {
            byte right = text[place];
            text[place] = (place % 3) switch { 0 => (byte)'"', 1 => (byte)'=', _ => byte.MaxValue };
            int taken = kernel.Decode!(text, destination);
            AssertTook(kernel, taken, place / 4 * 4, destination.Length);
            Assert.True(audio.AsSpan(0, taken / 4 * 3).SequenceEqual(destination.AsSpan(0, taken / 4 * 3)), $"{name}: byte {text[place]} at {place}");
            text[place] = right;
        }
    }

    [Theory]
    [MemberData(nameof(Decoders))]
    public void EveryCharacter_HasItsValueAtEveryPlace(string name)
    {
        Base64Kernel kernel = Base64Kernel.All[name];
        byte[] text = Encode(Noise(384));
        byte[] destination = new byte[512];
        for (int place = 0; place < text.Length; place++)
        {
            byte before = text[place];
            foreach (byte character in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"u8)
            {
                text[place] = character;
                int quantum = place / 4;
                int taken = kernel.Decode!(text, destination);
                Assert.Equal(text.Length, taken);
                Assert.Equal(Convert.ToHexString(Convert.FromBase64String(Encoding.ASCII.GetString(text, 4 * quantum, 4))), Convert.ToHexString(destination, 3 * quantum, 3));
            }

            text[place] = before;
        }
    }

    [Theory]
    [MemberData(nameof(Decoders))]
    public void EveryCapacity_IsKeptByDecoding(string name)
    {
        Base64Kernel kernel = Base64Kernel.All[name];
        using var memory = new GuardedMemory(4_096);
        foreach (int size in new[] { 3, 24, 48, 96, 192, 191, 216, 384, 459, 600 })
        {
            byte[] audio = Noise(size);
            byte[] text = Encode(audio);
            byte[] destination = new byte[size + 64 + 128];
            for (int capacity = 0; capacity <= size + 64; capacity++)
            {
                AssertDecodes(kernel, text, audio, size / 3 * 4, destination, 0, capacity);
                int taken = kernel.Decode!(text, memory.AtEnd(capacity));
                Assert.True(audio.AsSpan(0, taken / 4 * 3).SequenceEqual(memory.AtEnd(capacity)[..(taken / 4 * 3)]), $"{name}: {size} bytes into {capacity}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Encoders))]
    public void EverySize_EncodesAtEveryAlignment(string name)
    {
        Base64Kernel kernel = Base64Kernel.All[name];
        byte[] audio = Noise(LargestSize);
        byte[] source = new byte[LargestSize + Alignments];
        byte[] destination = new byte[(LargestSize * 4 / 3) + 4 + 128 + Alignments];
        for (int size = 0; size <= LargestSize; size++)
        {
            byte[] text = Encode(audio.AsSpan(0, size));
            for (int offset = kernel.IsEmulated ? size % 61 : 0; offset < Alignments; offset += kernel.IsEmulated ? 61 : 1)
            {
                audio.AsSpan(0, size).CopyTo(source.AsSpan(offset));
                AssertEncodes(kernel, source.AsSpan(offset, size), text, destination, ((offset * 29) + size) % Alignments, text.Length);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Encoders))]
    public void EverySize_EncodesBetweenGuardPages(string name)
    {
        Base64Kernel kernel = Base64Kernel.All[name];
        using var sources = new GuardedMemory(4 * LargestSize);
        using var destinations = new GuardedMemory(4 * LargestSize);
        byte[] audio = Noise(LargestSize);
        for (int size = 0; size <= LargestSize; size++)
        {
            byte[] text = Encode(audio.AsSpan(0, size));
            foreach ((Span<byte> source, Span<byte> destination) in new Places(sources, destinations, size, text.Length))
            {
                audio.AsSpan(0, size).CopyTo(source);
                int taken = kernel.Encode!(source, destination);
                AssertTookToEncode(kernel, taken, size, text.Length);
                Assert.True(text.AsSpan(0, taken / 3 * 4).SequenceEqual(destination[..(taken / 3 * 4)]), $"{name}: {size} bytes");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Encoders))]
    public void EveryCapacity_IsKeptByEncoding(string name)
    {
        Base64Kernel kernel = Base64Kernel.All[name];
        using var memory = new GuardedMemory(4_096);
        foreach (int size in new[] { 3, 24, 48, 64, 100, 192, 208, 400, 601 })
        {
            byte[] audio = Noise(size);
            byte[] text = Encode(audio);
            byte[] destination = new byte[text.Length + 64 + 128];
            for (int capacity = 0; capacity <= text.Length + 64; capacity++)
            {
                AssertEncodes(kernel, audio, text, destination, 0, capacity);
                int taken = kernel.Encode!(audio, memory.AtEnd(capacity));
                Assert.True(text.AsSpan(0, taken / 3 * 4).SequenceEqual(memory.AtEnd(capacity)[..(taken / 3 * 4)]), $"{name}: {size} bytes into {capacity}");
            }
        }
    }

    [Fact]
    public void EverySize_EncodesToItsEnd()
    {
        byte[] audio = Noise(LargestSize);
        using var memory = new GuardedMemory(4 * LargestSize);
        for (int size = 0; size <= LargestSize; size++)
        {
            byte[] text = Encode(audio.AsSpan(0, size));
            Protocol.Wire.Base64Blocks.EncodeLast(audio.AsSpan(0, size), memory.AtEnd(text.Length));
            Assert.True(text.AsSpan().SequenceEqual(memory.AtEnd(text.Length)), $"{size} bytes");
        }
    }

    private static void AssertDecodes(Base64Kernel kernel, ReadOnlySpan<byte> text, ReadOnlySpan<byte> audio, int clean, byte[] destination, int at, int capacity)
    {
        destination.AsSpan().Fill(Guard);
        int taken = kernel.Decode!(text, destination.AsSpan(at, capacity));
        AssertTook(kernel, taken, clean, capacity);
        Assert.True(audio[..(taken / 4 * 3)].SequenceEqual(destination.AsSpan(at, taken / 4 * 3)), $"{audio.Length} bytes into {capacity} at {at}");
        AssertUntouched(destination, at, capacity);
    }

    private static void AssertEncodes(Base64Kernel kernel, ReadOnlySpan<byte> audio, ReadOnlySpan<byte> text, byte[] destination, int at, int capacity)
    {
        destination.AsSpan().Fill(Guard);
        int taken = kernel.Encode!(audio, destination.AsSpan(at, capacity));
        AssertTookToEncode(kernel, taken, audio.Length, capacity);
        Assert.True(text[..(taken / 3 * 4)].SequenceEqual(destination.AsSpan(at, taken / 3 * 4)), $"{audio.Length} bytes into {capacity} at {at}");
        AssertUntouched(destination, at, capacity);
    }

    private static void AssertUntouched(byte[] destination, int at, int capacity)
    {
        Assert.False(destination.AsSpan(0, at).ContainsAnyExcept(Guard), "wrote in front of the destination");
        Assert.False(destination.AsSpan(at + capacity).ContainsAnyExcept(Guard), "wrote behind the destination");
    }

    /// <summary>Whole quanta, not past the fault, not past the room, and less than a block left where there was room for one.</summary>
    private static void AssertTook(Base64Kernel kernel, int taken, int clean, int capacity)
    {
        int room = capacity - (taken / 4 * 3);
        Assert.True(taken % 4 == 0 && taken <= clean && room >= 0, $"took {taken} of {clean} into {capacity}");
        Assert.True(clean - taken < kernel.Block || room < kernel.BlockRoom, $"left {clean - taken} of {clean} with room for {room}");
        Assert.True(!kernel.FinishesDecoding || taken == 0 || taken == clean || room < 3, $"took {taken} of {clean} with room for {room}");
    }

    private static void AssertTookToEncode(Base64Kernel kernel, int taken, int size, int capacity)
    {
        int room = capacity - (taken / 3 * 4);
        Assert.True(taken % 3 == 0 && taken <= size && room >= 0, $"took {taken} of {size} into {capacity}");
        Assert.True(size - taken < kernel.EncodeBlock || room < kernel.Block, $"left {size - taken} of {size} with room for {room}");
        Assert.True(!kernel.FinishesEncoding || taken == 0 || size - taken < 3 || room < 4, $"took {taken} of {size} with room for {room}");
    }

    private static bool IsCharacter(byte value) =>
        value is (>= (byte)'A' and <= (byte)'Z') or (>= (byte)'a' and <= (byte)'z') or (>= (byte)'0' and <= (byte)'9') or (byte)'+' or (byte)'/';

    private static byte[] Encode(ReadOnlySpan<byte> audio) => Encoding.ASCII.GetBytes(Convert.ToBase64String(audio));

    private static byte[] Noise(int size)
    {
        byte[] audio = new byte[size];
        new Random(Seeds.Next()).NextBytes(audio);
        return audio;
    }

    /// <summary>Source and destination, each right behind a guard and right before one.</summary>
    private ref struct Places(GuardedMemory sources, GuardedMemory destinations, int sourceLength, int destinationLength)
    {
        private int _next = -1;

        public readonly Pair Current => new(
            (_next & 1) == 0 ? sources.AtEnd(sourceLength) : sources.AtStart(sourceLength),
            (_next & 2) == 0 ? destinations.AtEnd(destinationLength) : destinations.AtStart(destinationLength));

        public readonly Places GetEnumerator() => this;

        public bool MoveNext() => ++_next < 4;
    }

    private readonly ref struct Pair(Span<byte> source, Span<byte> destination)
    {
        private readonly Span<byte> _source = source;
        private readonly Span<byte> _destination = destination;

        public void Deconstruct(out Span<byte> source, out Span<byte> destination)
        {
            source = _source;
            destination = _destination;
        }
    }
}
