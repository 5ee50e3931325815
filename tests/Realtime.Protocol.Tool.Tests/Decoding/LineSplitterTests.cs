using System.Text;
using Realtime.Protocol.CommandLine.Decoding;
using Realtime.Protocol.CommandLine.Tests.Audio;

namespace Realtime.Protocol.CommandLine.Tests.Decoding;

public class LineSplitterTests
{
    private const int Buffer = 64 * 1024;

    // More than the first buffer, so that a line at the limit makes it grow.
    private const int Limit = Buffer + 1000;

    [Theory]
    [InlineData("")]
    [InlineData("a", "a")]
    [InlineData("a\n", "a")]
    [InlineData("a\r\n", "a")]
    [InlineData("a\r", "a")]
    [InlineData("a\nb", "a", "b")]
    [InlineData("a\r\nb\r\n", "a", "b")]
    [InlineData("\n", "")]
    [InlineData("\r\n", "")]
    [InlineData("\n\na\n\n", "", "", "a", "")]
    [InlineData("a\rb\r\r\n", "a\rb\r")]
    [InlineData("é\n漢", "é", "漢")]
    public async Task Lines_EndAtLineFeeds(string text, params string[] expected)
    {
        foreach (int most in (int[])[1, 2, 3, Buffer])
        {
            Assert.Equal(expected.Select(static (line, i) => (i + 1L, line, false)), await ReadAsync(Encoding.UTF8.GetBytes(text), Limit, most));
        }
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("")]
    public async Task Limit_IsThatOfTheLineWithoutItsBreak(string end)
    {
        string longest = new('x', Limit);
        string next = end.Length == 0 ? "" : $"next{end}";
        foreach (int most in (int[])[1, 999, Buffer, int.MaxValue])
        {
            List<(long Number, string Line, bool IsTooLong)> fits = await ReadAsync(Encoding.UTF8.GetBytes(longest + end + next), Limit, most);
            List<(long Number, string Line, bool IsTooLong)> exceeds = await ReadAsync(Encoding.UTF8.GetBytes(longest + "y" + end + next), Limit, most);

            Assert.Equal((1L, longest, false), fits[0]);
            Assert.Equal((1L, longest, true), exceeds[0]);
            Assert.Equal(next.Length == 0 ? [] : [(2L, "next", false)], fits[1..]);
            Assert.Equal(fits[1..], exceeds[1..]);
        }
    }

    [Fact]
    public async Task RestOfALongLine_IsPassedOver()
    {
        string tooLong = new('x', 5 * Limit);
        foreach (int most in (int[])[1, 999, Buffer, int.MaxValue])
        {
            List<(long Number, string Line, bool IsTooLong)> lines = await ReadAsync(Encoding.UTF8.GetBytes($"a\n{tooLong}\nb\n{tooLong}\r\n{tooLong}"), Limit, most);

            Assert.Equal([(1, "a", false), (2, tooLong[..Limit], true), (3, "b", false), (4, tooLong[..Limit], true), (5, tooLong[..Limit], true)], lines);
        }
    }

    [Fact]
    public async Task Cuts_ChangeNothing()
    {
        const int seed = 1207;
        var random = new Random(seed);
        const string alphabet = "ab\r\n\n";
        for (int round = 0; round < 300; round++)
        {
            byte[] text = [.. Enumerable.Range(0, random.Next(60)).Select(_ => (byte)alphabet[random.Next(alphabet.Length)])];
            int limit = random.Next(1, 6);
            List<(long, string, bool)> whole = await ReadAsync(text, limit, int.MaxValue);
            for (int most = 1; most < 8; most++)
            {
                Assert.True(whole.SequenceEqual(await ReadAsync(text, limit, most)), $"round {round} of seed {seed}, {most} bytes a read");
            }

            string[] expected = Encoding.UTF8.GetString(text).Split('\n');
            expected = expected[^1].Length == 0 ? expected[..^1] : expected;
            expected = [.. expected.Select(static line => line.EndsWith('\r') ? line[..^1] : line)];
            Assert.True(expected.Select((line, i) => (i + 1L, line.Length > limit ? line[..limit] : line, line.Length > limit)).SequenceEqual(whole), $"round {round} of seed {seed}");
        }
    }

    [Fact]
    public async Task ManyLines_TakeTheMemoryOfOne()
    {
        const long lines = 2_000_000;
        byte[] line = [.. Enumerable.Repeat((byte)'x', 99), (byte)'\n'];
        await using var source = new RepeatingStream(line, lines);
        var splitter = new LineSplitter(source, Limit);
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        Assert.True(await splitter.ReadAsync(cancellationToken));
        long before = GC.GetAllocatedBytesForCurrentThread();

        long read = 1;
        while (await splitter.ReadAsync(cancellationToken))
        {
            read++;
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 * 1024);
        Assert.Equal((lines, lines, Buffer), (read, splitter.Number, splitter.BufferBytes));
    }

    [Fact]
    public async Task EndlessLine_TakesNoMoreThanTheLimit()
    {
        await using var source = new RepeatingStream([.. Enumerable.Repeat((byte)'x', 1000)], 200_000);
        var splitter = new LineSplitter(source, Limit);

        Assert.True(await splitter.ReadAsync(TestContext.Current.CancellationToken));
        Assert.True(splitter.IsTooLong);
        Assert.False(await splitter.ReadAsync(TestContext.Current.CancellationToken));
        Assert.InRange(splitter.BufferBytes, Limit, Limit + 2);
    }

    [Fact]
    public async Task NextLine_IsHereOrNot()
    {
        var splitter = new LineSplitter(new TrickleStream("a\nb\nc"u8.ToArray(), 4), Limit);
        List<bool> held = [];
        while (await splitter.ReadAsync(TestContext.Current.CancellationToken))
        {
            held.Add(splitter.HoldsNext);
        }

        Assert.Equal([true, false, false], held);
    }

    [Fact]
    public async Task ReadThatNeverEnds_CanBeGivenUp()
    {
        using var ending = new CancellationTokenSource();
        await using var source = new SilentStream();
        ValueTask<bool> reading = new LineSplitter(source, Limit).ReadAsync(ending.Token);
        await ending.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await reading);
    }

    private static async Task<List<(long Number, string Line, bool IsTooLong)>> ReadAsync(byte[] text, int limit, int most)
    {
        var splitter = new LineSplitter(new TrickleStream(text, most), limit);
        List<(long, string, bool)> lines = [];
        while (await splitter.ReadAsync(TestContext.Current.CancellationToken))
        {
            lines.Add((splitter.Number, Encoding.UTF8.GetString(splitter.Line.Span), splitter.IsTooLong));
        }

        Assert.False(await splitter.ReadAsync(TestContext.Current.CancellationToken));
        return lines;
    }

    /// <summary>Hands out the same bytes so many times, and holds them once.</summary>
    private sealed class RepeatingStream(byte[] bytes, long times) : MemoryStream
    {
        private readonly long _length = bytes.Length * times;
        private long _position;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int read = 0;
            while (read < buffer.Length && _position < _length)
            {
                int from = (int)(_position % bytes.Length);
                int count = Math.Min(bytes.Length - from, buffer.Length - read);
                bytes.AsSpan(from, count).CopyTo(buffer.Span[read..]);
                read += count;
                _position += count;
            }

            return new(read);
        }
    }

    /// <summary>A terminal at which nobody types, and whose read hears of no cancellation.</summary>
    private sealed class SilentStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(new TaskCompletionSource<int>().Task);
    }
}
