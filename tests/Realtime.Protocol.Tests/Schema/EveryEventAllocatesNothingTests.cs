using System.Buffers;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Tests.Schema;

/// <summary>
/// Reading, passing on and writing an event allocates nothing, whatever the event. Tiered compilation may charge a few
/// bytes to a thread once, so each measurement warms up and the least of several rounds counts.
/// </summary>
public class EveryEventAllocatesNothingTests
{
    private const int Rounds = 6;
    private const int Repeats = 50;

    [Theory]
    [MemberData(nameof(Example.Names), MemberType = typeof(Example))]
    public void Reading_AllocatesNothing(string name)
    {
        Example example = Example.Named(name);
        EventFamily events = example.Events;
        byte[] audio = new byte[256];
        Assert.Equal(0, LeastAllocated(() => MustRead(events, example.Json, audio)));
    }

    /// <summary>An event whose type is not known is skipped, but every byte of it is checked.</summary>
    [Theory]
    [MemberData(nameof(Example.Names), MemberType = typeof(Example))]
    public void Skipping_AllocatesNothing(string name)
    {
        Example example = Example.Named(name);
        EventFamily events = example.Events;
        byte[] unknown = [.. example.Json];
        unknown.AsSpan(unknown.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(example.Type)), example.Type.Length).Fill((byte)'~');
        Assert.Equal(0, LeastAllocated(() => MustRead(events, unknown, default)));
    }

    [Theory]
    [MemberData(nameof(Example.Names), MemberType = typeof(Example))]
    public void PassingOn_AllocatesNothing(string name)
    {
        Example example = Example.Named(name);
        EventFamily events = example.Events;
        var output = new ArrayBufferWriter<byte>(1 << 16);
        Assert.Equal(0, LeastAllocated(() =>
        {
            output.ResetWrittenCount();
            events.WriteTo(example.Json, output);
        }));
        Assert.Equal(example.Json.Length, output.WrittenCount);
    }

    [Theory]
    [MemberData(nameof(Example.Names), MemberType = typeof(Example))]
    public void Writing_AllocatesNothing(string name)
    {
        Example example = Example.Named(name);
        var meter = new Meter(new ArrayBufferWriter<byte>(1 << 16), new long[1]);
        Assert.True(example.Events.TryVisit(example.Json, ref meter));
        Assert.Equal(0, meter.Allocated);
    }

    [Fact]
    public void TheMeasurement_SeesWhatIsAllocated()
    {
        object? kept = null;
        Assert.True(LeastAllocated(() => kept = new byte[16]) > 0);
        Assert.NotNull(kept);
    }

    private static void MustRead(EventFamily events, byte[] message, Span<byte> audio)
    {
        if (!events.TryRead(message, audio, out _, out ReadError error))
        {
            throw new InvalidOperationException(error.ToString());
        }
    }

    private static long LeastAllocated(Action action)
    {
        long least = long.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < Repeats; i++)
            {
                action();
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }

    private readonly struct Meter(ArrayBufferWriter<byte> output, long[] allocated) : IEventVisitor
    {
        public long Allocated => allocated[0];

        [SequencerEntry]
        public void Visit<TEvent>(scoped in TEvent value)
            where TEvent : struct, IJsonWritable, allows ref struct
        {
            long least = long.MaxValue;
            for (int round = 0; round < Rounds; round++)
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                for (int i = 0; i < Repeats; i++)
                {
                    output.ResetWrittenCount();
                    JsonWrite.Write(output, in value);
                }

                least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            }

            Assert.True(output.WrittenCount > 0);
            allocated[0] = least;
        }
    }
}
