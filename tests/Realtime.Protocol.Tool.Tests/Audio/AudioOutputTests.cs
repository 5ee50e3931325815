using Realtime.Protocol.CommandLine.Audio;

namespace Realtime.Protocol.CommandLine.Tests.Audio;

public class AudioOutputTests
{
    [Fact]
    public async Task WavFile_HoldsWhatWasWritten_WithItsSizes()
    {
        byte[] file = await WriteAsync([1, 2, 3, 4], [5, 6]);

        Assert.Equal(WavBytes.File(WavBytes.Format(), WavBytes.Samples(1, 2, 3, 4, 5, 6)), file);
    }

    [Fact]
    public async Task WavFile_WithoutSamples_IsAWholeHeader() => Assert.Equal(WavBytes.File(WavBytes.Format(), WavBytes.Samples()), await WriteAsync());

    [Fact]
    public async Task WavFile_ThatWasNeverEnded_CanBeReadUntilItsEnd()
    {
        var stream = new MemoryStream();
        AudioOutput output = await AudioOutput.WavAsync(stream, TestContext.Current.CancellationToken);
        await output.WriteAsync(new byte[] { 1, 2, 3, 4 }, TestContext.Current.CancellationToken);

        WavReader reader = await WavReader.OpenAsync(new MemoryStream(stream.ToArray()), "a.wav", TestContext.Current.CancellationToken);

        Assert.Null(reader.SampleBytes);
        byte[] samples = new byte[8];
        Assert.Equal(4, await reader.ReadAsync(samples, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task EndedTwice_IsEndedOnce()
    {
        AudioOutput output = await AudioOutput.WavAsync(new MemoryStream(), TestContext.Current.CancellationToken);

        await output.DisposeAsync();
        await output.DisposeAsync();

        Assert.Equal(0, output.SampleBytes);
    }

    [Fact]
    public async Task HeaderThatCannotBeWritten_ClosesTheFile()
    {
        var full = new FullDisk { Room = 0 };

        await Assert.ThrowsAsync<IOException>(async () => await AudioOutput.WavAsync(full, TestContext.Current.CancellationToken));

        Assert.False(full.CanWrite);
    }

    [Fact]
    public async Task SizesThatCannotBePutRight_AreRememberedAndNotThrown()
    {
        var full = new FullDisk { Room = 1 };
        AudioOutput output = await AudioOutput.WavAsync(full, TestContext.Current.CancellationToken);

        await output.DisposeAsync();

        Assert.Equal("No space left on device", output.EndFailure?.Message);
        Assert.False(full.CanWrite);
    }

    [Fact]
    public async Task WriteThatFailed_IsNotReportedAgainAtTheEnd()
    {
        AudioOutput output = await AudioOutput.WavAsync(new FullDisk { Room = 1 }, TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<IOException>(async () => await output.WriteAsync(new byte[2], TestContext.Current.CancellationToken));
        await output.DisposeAsync();

        Assert.Null(output.EndFailure);
    }

    [Fact]
    public async Task RawOutput_IsSamplesAndNothingElse_AndLeavesTheStreamOpen()
    {
        var stream = new MemoryStream();
        await using (AudioOutput output = AudioOutput.Raw(stream))
        {
            await output.WriteAsync(new byte[] { 1, 2 }, TestContext.Current.CancellationToken);
            Assert.Equal(2, output.SampleBytes);
        }

        Assert.True(stream.CanWrite);
        Assert.Equal([1, 2], stream.ToArray());
    }

    [Theory]
    [InlineData(0, 0x24u, 0u)]
    [InlineData(48_000, 48_036u, 48_000u)]
    [InlineData(0x1_0000_0000, 0xFFFF_FFFFu, 0xFFFF_FFDBu)]
    public void Header_NeverWrapsItsSizes(long sampleBytes, uint riffSize, uint dataSize)
    {
        byte[] header = new byte[WavHeader.Bytes];

        WavHeader.Write(header, sampleBytes);

        Assert.Equal(riffSize, BitConverter.ToUInt32(header, 4));
        Assert.Equal(dataSize, BitConverter.ToUInt32(header, 40));
    }

    private static async Task<byte[]> WriteAsync(params byte[][] pieces)
    {
        var stream = new MemoryStream();
        await using (AudioOutput output = await AudioOutput.WavAsync(stream, TestContext.Current.CancellationToken))
        {
            foreach (byte[] piece in pieces)
            {
                await output.WriteAsync(piece, TestContext.Current.CancellationToken);
            }
        }

        return stream.ToArray();
    }

    private sealed class FullDisk : MemoryStream
    {
        /// <summary>How many writes there is room for.</summary>
        public int Room { get; set; }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            Room-- > 0 ? base.WriteAsync(buffer, cancellationToken) : throw new IOException("No space left on device");
    }
}
