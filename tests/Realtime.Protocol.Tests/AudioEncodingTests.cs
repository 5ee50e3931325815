namespace Realtime.Protocol.Tests;

/// <summary>The encodings that a session can speak, as values.</summary>
public class AudioEncodingTests
{
    [Fact]
    public void TheDefaultValue_IsWhatEveryServiceSpeaks()
    {
        Assert.Equal(AudioEncoding.Pcm16, default);
        Assert.Equal(AudioEncoding.Pcm16, AudioEncoding.Pcm(24_000));
        Assert.Equal((24_000, 2), (default(AudioEncoding).SamplesPerSecond, default(AudioEncoding).BytesPerSample));
    }

    [Fact]
    public void TheLawsOfG711_AreTwoEncodings()
    {
        Assert.NotEqual(AudioEncoding.G711MuLaw, AudioEncoding.G711ALaw);
        Assert.Equal((8_000, 1), (AudioEncoding.G711MuLaw.SamplesPerSecond, AudioEncoding.G711MuLaw.BytesPerSample));
        Assert.NotEqual(AudioEncoding.Pcm(8_000), AudioEncoding.G711ALaw);
    }

    [Theory]
    [InlineData(7_999)]
    [InlineData(48_001)]
    [InlineData(0)]
    [InlineData(-24_000)]
    [InlineData(int.MaxValue)]
    public void ARateThatNoServiceSpeaks_IsRefused(int rate) => Assert.Throws<ArgumentOutOfRangeException>(() => AudioEncoding.Pcm(rate));

    [Theory]
    [InlineData(8_000)]
    [InlineData(16_000)]
    [InlineData(48_000)]
    public void ItSaysItsTypeAndItsRate(int rate)
    {
        Assert.Equal($"audio/pcm {rate}", AudioEncoding.Pcm(rate).ToString());
        Assert.Equal("audio/pcmu 8000", AudioEncoding.G711MuLaw.ToString());
        Assert.Equal("audio/pcma 8000", AudioEncoding.G711ALaw.ToString());
    }
}
