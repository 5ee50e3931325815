using Realtime.Protocol.CommandLine.Audio;
using Realtime.Protocol.CommandLine.Speech;

namespace Realtime.Protocol.CommandLine.Tests.Audio;

public class AudioInputTests
{
    [Fact]
    public async Task Pipe_GivesRawSamplesAsTheyAre() => Assert.Equal([1, 2, 3, 4], await ReadPipeAsync([1, 2, 3, 4], 64));

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(64)]
    public async Task Pipe_NeverGivesHalfASample(int most)
    {
        byte[] odd = [.. Enumerable.Range(1, 31).Select(value => (byte)value)];

        Assert.Equal(odd[..30], await ReadPipeAsync(odd, most));
    }

    [Fact]
    public async Task Pipe_WithAWavInside_GivesItsSamples() => Assert.Equal([1, 2, 3, 4], await ReadPipeAsync(WavBytes.File(WavBytes.Format(), WavBytes.Samples(1, 2, 3, 4)), 5));

    [Fact]
    public async Task Pipe_WithAWavOfAnotherRate_IsRefused()
    {
        using var pipe = new TrickleStream(WavBytes.File(WavBytes.Format(rate: 8000), WavBytes.Samples(1, 2)), 5);

        WavException refusal = await Assert.ThrowsAsync<WavException>(async () => await SoundSource.PipeAsync(pipe, TestContext.Current.CancellationToken));

        Assert.Equal("standard input is 8,000 Hz, 1 channel, 16-bit PCM; expected 24,000 Hz, 1 channel, 16-bit PCM. Convert it with: sox -t wav - -t raw -r 24000 -c 1 -b 16 -e signed -", refusal.Message);
    }

    [Fact]
    public async Task EmptyPipe_IsRefused()
    {
        WavException refusal = await Assert.ThrowsAsync<WavException>(async () => await SoundSource.PipeAsync(new MemoryStream(), TestContext.Current.CancellationToken));

        Assert.Equal(WavFault.Empty, refusal.Fault);
        Assert.StartsWith("standard input is empty", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FileWithoutSamples_IsRefused()
    {
        byte[] file = WavBytes.File(WavBytes.Format(), WavBytes.Samples(), WavBytes.Chunk("LIST", [9, 9, 9, 9]));

        Assert.Equal(WavFault.NoSamples, (await RefusalOfAsync(file)).Fault);
    }

    [Fact]
    public async Task LessThanATenthOfASecond_IsRefused()
    {
        WavException refusal = await RefusalOfAsync(WavBytes.File(WavBytes.Format(), WavBytes.Samples(new byte[4700])));

        Assert.Equal(WavFault.TooShort, refusal.Fault);
        Assert.Equal("a.wav lasts 98 ms; expected 100 ms or more. Record it again.", refusal.Message);
    }

    [Fact]
    public async Task RefusedFile_IsClosed()
    {
        var file = new MemoryStream([1, 2, 3]);

        await Assert.ThrowsAsync<WavException>(async () => await SoundSource.WavAsync(file, "a.wav", TestContext.Current.CancellationToken));

        Assert.False(file.CanRead);
    }

    [Fact]
    public async Task BuiltInSpeech_IsThreeSecondsOfSpeech()
    {
        await using SoundSource input = await SoundSource.WavAsync(BuiltInSpeech.Open(), "question.wav", TestContext.Current.CancellationToken);
        byte[] samples = await ReadAllAsync(input, 4096);

        Assert.Equal(input.TotalBytes, samples.Length);
        Assert.InRange(Pcm.Duration(samples.Length).TotalSeconds, 2.5, 4);
        int loudest = Enumerable.Range(0, samples.Length / 2).Max(index => Math.Abs((int)BitConverter.ToInt16(samples, index * 2)));
        Assert.InRange(loudest, 3000, 32_767);
    }

    [Fact]
    public async Task PipeThatNobodyWritesTo_CanBeAbandoned()
    {
        using var cancellation = new CancellationTokenSource();
        Task opening = SoundSource.PipeAsync(new SilentPipe(), cancellation.Token).AsTask();
        Assert.False(opening.IsCompleted);

        cancellation.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opening);
    }

    private static async Task<WavException> RefusalOfAsync(byte[] file) =>
        await Assert.ThrowsAsync<WavException>(async () => await SoundSource.WavAsync(new MemoryStream(file), "a.wav", TestContext.Current.CancellationToken));

    private static async Task<byte[]> ReadPipeAsync(byte[] bytes, int most)
    {
        await using SoundSource input = await SoundSource.PipeAsync(new TrickleStream(bytes, most), TestContext.Current.CancellationToken);
        return await ReadAllAsync(input, 8);
    }

    private static async Task<byte[]> ReadAllAsync(SoundSource input, int step)
    {
        List<byte> all = [];
        byte[] buffer = new byte[step];
        while (await input.ReadAsync(buffer, TestContext.Current.CancellationToken) is > 0 and int read)
        {
            Assert.Equal(0, read % Pcm.BytesPerSample);
            all.AddRange(buffer[..read]);
        }

        return [.. all];
    }

    /// <summary>As a terminal is: a read takes no notice of cancellation.</summary>
    private sealed class SilentPipe : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(new TaskCompletionSource<int>().Task);
    }
}
