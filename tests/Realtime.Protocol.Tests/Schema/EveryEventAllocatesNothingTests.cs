using System.Buffers;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Tests.Schema;

/// <summary>
/// Reading and writing an event allocates nothing, whatever the event. Tiered compilation may charge a few bytes to a
/// thread once, so each measurement warms up and the least of several rounds counts.
/// </summary>
public class EveryEventAllocatesNothingTests
{
    private const int Rounds = 5;
    private const int Repeats = 50;

    [Theory]
    [MemberData(nameof(Example.Names), MemberType = typeof(Example))]
    public void Reading_AllocatesNothing(string name)
    {
        Example example = Example.Named(name);
        var server = new ServerEventReader();
        var client = new ClientEventReader();
        byte[] audio = new byte[256];
        Assert.Equal(0, Measure(() =>
        {
            bool read = example.IsServer
                ? server.TryRead(example.Json, audio, out ServerEvent _, out _)
                : client.TryRead(example.Json, audio, out ClientEvent _, out _);
            if (!read)
            {
                throw new InvalidOperationException("The example was read before; it must be read again.");
            }
        }));
    }

    [Theory]
    [MemberData(nameof(Example.Names), MemberType = typeof(Example))]
    public void Writing_AllocatesNothing(string name)
    {
        Example example = Example.Named(name);
        var meter = new Meter(new ArrayBufferWriter<byte>(1 << 16), new long[1]);
        Reading.Visit(example, example.Json, ref meter);
        Assert.Equal(0, meter.Allocated);
    }

    [Fact]
    public void TheMeasurement_SeesWhatIsAllocated()
    {
        object? kept = null;
        Assert.True(Measure(() => kept = new byte[16]) > 0);
        Assert.NotNull(kept);
    }

    private static long Measure(Action action)
    {
        action();
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
            for (int round = 0; round < Rounds + 1; round++)
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
