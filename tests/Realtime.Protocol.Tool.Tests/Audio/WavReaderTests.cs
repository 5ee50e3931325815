using Realtime.Protocol.CommandLine.Audio;

namespace Realtime.Protocol.CommandLine.Tests.Audio;

public class WavReaderTests
{
    private static readonly byte[] FourSamples = [1, 2, 3, 4, 5, 6, 7, 8];

    [Fact]
    public async Task Samples_AreThoseOfTheDataChunk() => Assert.Equal(FourSamples, await ReadAsync(WavBytes.File(WavBytes.Format(), WavBytes.Samples(FourSamples))));

    [Fact]
    public async Task Samples_EndWhereTheDataChunkEnds() =>
        Assert.Equal(FourSamples, await ReadAsync(WavBytes.File(WavBytes.Format(), WavBytes.Samples(FourSamples), WavBytes.Chunk("LIST", [9, 9, 9, 9]))));

    [Fact]
    public async Task UnknownChunks_AreSkipped_WithTheirPadding() =>
        Assert.Equal(FourSamples, await ReadAsync(WavBytes.File(WavBytes.Chunk("odd ", [7]), WavBytes.Format(), WavBytes.Chunk("LIST", new byte[5001]), WavBytes.Samples(FourSamples))));

    [Fact]
    public async Task Extensible_WithPcmInside_IsAccepted() =>
        Assert.Equal(FourSamples, await ReadAsync(WavBytes.File(WavBytes.Extensible(WavBytes.PcmSubformat), WavBytes.Samples(FourSamples))));

    [Fact]
    public async Task LongFormatChunk_IsAccepted() =>
        Assert.Equal(FourSamples, await ReadAsync(WavBytes.File(WavBytes.Format(extension: new byte[101]), WavBytes.Samples(FourSamples))));

    [Theory]
    [InlineData(0u, 0u)]
    [InlineData(0u, 36u)]
    [InlineData(0u, uint.MaxValue)]
    [InlineData(uint.MaxValue, uint.MaxValue)]
    [InlineData(0x7FFF_F000u, 0x7FFF_F024u)]
    [InlineData(0x8000_0000u, 0x8000_0024u)]
    public async Task UnknownSize_MeansUntilTheEnd(uint dataSize, uint riffSize)
    {
        byte[] file = WavBytes.File(riffSize, WavBytes.Format(), WavBytes.Chunk("data", FourSamples, dataSize));

        WavReader reader = await WavReader.OpenAsync(new MemoryStream(file), "a.wav", TestContext.Current.CancellationToken);

        Assert.Null(reader.SampleBytes);
        Assert.Equal(FourSamples, await ReadAllAsync(reader, 3));
        Assert.Equal(0, reader.MissingBytes);
    }

    [Fact]
    public async Task SizeOfZero_IsASize_WhenFurtherChunksFollow() =>
        Assert.Empty(await ReadAsync(WavBytes.File(WavBytes.Format(), WavBytes.Samples(), WavBytes.Chunk("LIST", [9, 9, 9, 9]))));

    [Fact]
    public async Task MissingSamples_AreCounted()
    {
        byte[] file = WavBytes.File(WavBytes.Format(), WavBytes.Chunk("data", FourSamples, 100));

        WavReader reader = await WavReader.OpenAsync(new MemoryStream(file), "a.wav", TestContext.Current.CancellationToken);

        Assert.Equal(100, reader.SampleBytes);
        Assert.Equal(FourSamples, await ReadAllAsync(reader, 64));
        Assert.Equal(92, reader.MissingBytes);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public async Task SmallReads_GiveTheSameSamples(int most)
    {
        byte[] file = WavBytes.File(WavBytes.Chunk("odd ", [7]), WavBytes.Extensible(WavBytes.PcmSubformat), WavBytes.Samples(FourSamples), WavBytes.Chunk("LIST", [9, 9]));

        WavReader reader = await WavReader.OpenAsync(new TrickleStream(file, most), "a.wav", TestContext.Current.CancellationToken);

        Assert.Equal(FourSamples, await ReadAllAsync(reader, 5));
    }

    [Fact]
    public async Task EveryTruncation_IsRefusedOrReported()
    {
        byte[] file = WavBytes.File(WavBytes.Chunk("LIST", [9]), WavBytes.Format(), WavBytes.Samples(FourSamples));
        for (int length = 0; length < file.Length; length++)
        {
            using var cut = new MemoryStream(file, 0, length);
            WavReader reader;
            try
            {
                reader = await WavReader.OpenAsync(cut, "a.wav", TestContext.Current.CancellationToken);
            }
            catch (WavException)
            {
                continue;
            }

            byte[] samples = await ReadAllAsync(reader, 64);
            Assert.Equal(FourSamples[..samples.Length], samples);
            Assert.Equal(FourSamples.Length - samples.Length, reader.MissingBytes);
            Assert.True(reader.MissingBytes > 0, $"cut at {length}");
        }
    }

    [Theory]
    [InlineData(44_100, 1, 16, 1, "voice.wav is 44,100 Hz, 1 channel, 16-bit PCM; expected 24,000 Hz, 1 channel, 16-bit PCM. Convert it with: sox voice.wav -r 24000 -c 1 -b 16 voice-24k.wav")]
    [InlineData(24_000, 2, 16, 1, "voice.wav is 24,000 Hz, 2 channels, 16-bit PCM; expected 24,000 Hz, 1 channel, 16-bit PCM. Convert it with: sox voice.wav -r 24000 -c 1 -b 16 voice-24k.wav")]
    [InlineData(24_000, 1, 8, 1, "voice.wav is 24,000 Hz, 1 channel, 8-bit PCM; expected 24,000 Hz, 1 channel, 16-bit PCM. Convert it with: sox voice.wav -r 24000 -c 1 -b 16 voice-24k.wav")]
    [InlineData(24_000, 1, 32, 3, "voice.wav is 24,000 Hz, 1 channel, 32-bit floating point; expected 24,000 Hz, 1 channel, 16-bit PCM. Convert it with: sox voice.wav -r 24000 -c 1 -b 16 voice-24k.wav")]
    [InlineData(24_000, 1, 8, 7, "voice.wav is 24,000 Hz, 1 channel, µ-law; expected 24,000 Hz, 1 channel, 16-bit PCM. Convert it with: sox voice.wav -r 24000 -c 1 -b 16 voice-24k.wav")]
    public async Task OtherFormat_IsNamed_WithTheCommandThatConvertsIt(int rate, int channels, int bits, int tag, string message)
    {
        WavException refusal = await RefusalOf(WavBytes.File(WavBytes.Format(tag, channels, rate, bits), WavBytes.Samples(FourSamples)), "voice.wav");

        Assert.Equal(WavFault.OtherFormat, refusal.Fault);
        Assert.Equal(message, refusal.Message);
    }

    [Fact]
    public async Task Extensible_WithFloatInside_IsNamedAsFloat()
    {
        byte[] subformat = [.. WavBytes.PcmSubformat];
        subformat[0] = 3;

        WavException refusal = await RefusalOf(WavBytes.File(WavBytes.Extensible(subformat, bits: 32), WavBytes.Samples(FourSamples)));

        Assert.Equal(WavFault.OtherFormat, refusal.Fault);
        Assert.Contains("32-bit floating point", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NothingAtAll_IsEmpty() => Assert.Equal(WavFault.Empty, (await RefusalOf([])).Fault);

    [Fact]
    public async Task AnotherKindOfFile_IsNotAWav() => Assert.Equal(WavFault.NotAWav, (await RefusalOf("ID3\u0004 and then some"u8.ToArray())).Fault);

    [Fact]
    public async Task RiffOfAnotherKind_IsNotAWav() => Assert.Equal(WavFault.NotAWav, (await RefusalOf([.. "RIFF"u8, 4, 0, 0, 0, .. "AVI "u8])).Fault);

    [Fact]
    public async Task BigEndianRiff_IsNotAWav() => Assert.Equal(WavFault.NotAWav, (await RefusalOf([.. "RIFX"u8, 0, 0, 0, 4, .. "WAVE"u8])).Fault);

    [Fact]
    public async Task DataBeforeFormat_IsDamaged() => Assert.Equal(WavFault.Damaged, (await RefusalOf(WavBytes.File(WavBytes.Samples(FourSamples), WavBytes.Format()))).Fault);

    [Fact]
    public async Task NoFormat_IsDamaged() => Assert.Equal(WavFault.Damaged, (await RefusalOf(WavBytes.File(WavBytes.Chunk("LIST", [1, 2])))).Fault);

    [Fact]
    public async Task NoData_IsWithoutSamples() => Assert.Equal(WavFault.NoSamples, (await RefusalOf(WavBytes.File(WavBytes.Format()))).Fault);

    [Fact]
    public async Task ShortFormat_IsDamaged() => Assert.Equal(WavFault.Damaged, (await RefusalOf(WavBytes.File(WavBytes.Chunk("fmt ", new byte[14]), WavBytes.Samples(FourSamples)))).Fault);

    [Fact]
    public async Task FormatThatContradictsItself_IsDamaged()
    {
        byte[] format = WavBytes.FormatBody();
        format[12] = 3;

        Assert.Equal(WavFault.Damaged, (await RefusalOf(WavBytes.File(WavBytes.Chunk("fmt ", format), WavBytes.Samples(FourSamples)))).Fault);
    }

    private static async Task<WavException> RefusalOf(byte[] file, string name = "a.wav") =>
        await Assert.ThrowsAsync<WavException>(async () => await WavReader.OpenAsync(new MemoryStream(file), name, TestContext.Current.CancellationToken));

    private static async Task<byte[]> ReadAsync(byte[] file) =>
        await ReadAllAsync(await WavReader.OpenAsync(new MemoryStream(file), "a.wav", TestContext.Current.CancellationToken), 64);

    private static async Task<byte[]> ReadAllAsync(WavReader reader, int step)
    {
        List<byte> all = [];
        byte[] buffer = new byte[step];
        while (await reader.ReadAsync(buffer, TestContext.Current.CancellationToken) is > 0 and int read)
        {
            all.AddRange(buffer[..read]);
        }

        return [.. all];
    }
}
