using Realtime.Protocol.CommandLine.Viewing;

namespace Realtime.Protocol.CommandLine.Tests.Viewing;

public sealed class SoundStripTests
{
    [Fact]
    public void HourOfSound_IsNoLongerThanItsBound()
    {
        var strip = new SoundStrip();
        for (int at = 0; at < 3_600_000; at += 20)
        {
            strip.AddBytes(at, 960);
        }

        string bars = strip.Draw();
        Assert.InRange(bars.Length, SoundStrip.Most / 2, SoundStrip.Most);
        Assert.Equal(180_000L * 960, strip.Bytes);
        Assert.All(bars[..^1], static bar => Assert.Equal('z', bar));
    }

    [Fact]
    public void PlaceYearsAway_FoldsTheRest()
    {
        var strip = new SoundStrip();
        strip.AddBytes(0, 1);
        strip.AddBytes(1e9, 4);

        Assert.InRange(strip.Draw().Length, 1, SoundStrip.Most);
    }

    /// <summary>Sizes can't be compared with levels, so the first sound begins anew.</summary>
    [Fact]
    public void SoundBehindSizes_IsLevels()
    {
        var strip = new SoundStrip();
        strip.AddBytes(0, 960);
        strip.AddSamples(20, [0, 0x40, 0, 0x40], 48);
        strip.AddBytes(40, 960);

        Assert.Equal((true, "0p", 1_924L), (strip.IsLevels, strip.Draw(), strip.Bytes));
    }
}
