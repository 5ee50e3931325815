using Realtime.Protocol.CommandLine.Tests.Audio;

namespace Realtime.Protocol.CommandLine.Tests.Support;

/// <summary>Samples that no two places of share, so that a shift, a loss and a repetition all show.</summary>
internal static class Speech
{
    public static byte[] Samples(int milliseconds)
    {
        byte[] samples = new byte[milliseconds * 48];
        new Random(7).NextBytes(samples);
        return samples;
    }

    public static byte[] Wav(byte[] samples) => WavBytes.File(WavBytes.Format(), WavBytes.Samples(samples));

    /// <summary>The samples of a WAV file with the usual header.</summary>
    public static byte[] SamplesOf(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        Assert.Equal(Wav(file[44..])[..44], file[..44]);
        return file[44..];
    }
}
