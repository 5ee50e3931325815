namespace Realtime.Protocol.Transport.Tests.Sessions;

/// <summary>A place in the audio becomes the time at which it was handed over.</summary>
public sealed class SentAudioTests
{
    private const int Milliseconds100 = 4_800;

    private readonly ManualTime _time = new();

    [Fact]
    public void APlace_HasTheTimeAtWhichItsLastByteWasHandedOver()
    {
        var sent = new SentAudio(_time, AudioEncoding.Pcm16);
        for (int i = 0; i < 5; i++)
        {
            sent.Add(Milliseconds100, sent.Now);
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.Equal([0, 0, 1, 3, 4], new long[] { 0, 100, 101, 400, 401 }.Select(place => Tenths(sent, place)));
        Assert.Equal([4, 4, 0], new long[] { 500, long.MaxValue, long.MinValue }.Select(place => Tenths(sent, place)));
        Assert.Equal(TimeSpan.FromMilliseconds(500), sent.Duration);
    }

    [Fact]
    public void BeforeAnythingWasSent_NoPlaceHasATime()
    {
        var sent = new SentAudio(_time, AudioEncoding.Pcm16);

        Assert.Null(sent.HandedAt(0));
        Assert.Equal(TimeSpan.Zero, sent.Duration);
    }

    [Fact]
    public void APlaceThatLiesFarBack_IsForgotten()
    {
        var sent = new SentAudio(_time, AudioEncoding.Pcm16);
        for (int i = 0; i < SentAudio.MaxMarks + 10; i++)
        {
            sent.Add(Milliseconds100, sent.Now);
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.Null(sent.HandedAt(500));
        Assert.Equal(20, Tenths(sent, 2_100));
    }

    [Fact]
    public void WhatIsHandedOverAtOnce_IsOneMark()
    {
        var sent = new SentAudio(_time, AudioEncoding.G711MuLaw);
        for (int i = 0; i < 10 * SentAudio.MaxMarks; i++)
        {
            sent.Add(8, sent.Now);
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.NotNull(sent.HandedAt(1));
        Assert.Equal(TimeSpan.FromMilliseconds(10 * SentAudio.MaxMarks), sent.Duration);
    }

    [Theory]
    [InlineData(24_000, 3, 416)]
    [InlineData(44_100, 44_100, 5_000_000)]
    [InlineData(11_025, 2, 907)]
    public void HowLongItSounds_ComesFromTheBytes_RoundedDown(int rate, int bytes, long ticks)
    {
        var sent = new SentAudio(_time, AudioEncoding.Pcm(rate));
        sent.Add(bytes, sent.Now);

        Assert.Equal(ticks, sent.Duration.Ticks);
    }

    [Fact]
    public void EveryPlaceThatIsNotForgotten_HasItsTime_HowLittleOrMuchWasSent()
    {
        var sent = new SentAudio(_time, AudioEncoding.Pcm16);
        for (int pieces = 1; pieces <= 2 * SentAudio.MaxMarks; pieces++)
        {
            sent.Add(Milliseconds100, sent.Now);
            _time.Advance(TimeSpan.FromMilliseconds(100));

            int oldest = Math.Max(0, pieces - SentAudio.MaxMarks);
            Assert.Equal(Enumerable.Range(oldest + 1, pieces - oldest - 1).Select(static piece => (long)piece), Enumerable.Range(oldest + 1, pieces - oldest - 1).Select(piece => Tenths(sent, (100 * piece) + 1)));
        }
    }

    [Fact]
    public void ASessionThatHasSaidLittle_HoldsLittle()
    {
        SentAudio[] all = [.. Enumerable.Range(0, 100).Select(_ => new SentAudio(_time, AudioEncoding.Pcm16))];
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10; i++)
        {
            Array.ForEach(all, static sent => sent.Add(Milliseconds100, sent.Now));
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / all.Length, 100, 400);
    }

    [Fact]
    public void Counting_AllocatesNothing()
    {
        var sent = new SentAudio(TimeProvider.System, AudioEncoding.Pcm16);
        sent.Add(Milliseconds100, sent.Now);

        // A concurrent collection that takes a thread's piece of the heap meanwhile counts what was left of it (up to 8 KiB) as allocated.
        long least = long.MaxValue;
        for (int attempt = 0; attempt < 10; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 1_000; i++)
            {
                sent.Add(Milliseconds100, sent.Now);
                sent.HandedAt(i);
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    private static long Tenths(SentAudio sent, long place) => sent.HandedAt(place)!.Value / TimeSpan.FromMilliseconds(100).Ticks;
}
