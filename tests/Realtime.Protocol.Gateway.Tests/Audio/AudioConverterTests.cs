namespace Realtime.Protocol.Gateway.Tests;

/// <summary>Sound from one encoding to another: nothing where they are the same, and the same bytes however it is cut.</summary>
public class AudioConverterTests
{
    private static readonly AudioEncoding[] All = [AudioEncoding.Pcm16, AudioEncoding.G711MuLaw, AudioEncoding.G711ALaw, AudioEncoding.Pcm(8_000), AudioEncoding.Pcm(44_100)];

    [Fact]
    public void TheSameEncoding_PassesThrough()
    {
        byte[] sound = SpeakingModel.Sound(101);
        Assert.All(All, encoding => Assert.True(new AudioConverter(encoding, encoding).Convert(sound).Equals(sound)));
        Assert.All(All, static encoding => Assert.Equal(0, new AudioConverter(encoding, encoding).Flush().Length));
    }

    [Fact]
    public void G711_AndLinearOfItsRate_AreNotResampled()
    {
        byte[] codes = [.. Enumerable.Range(0, 256).Where(static code => code != 0x7F).Select(static code => (byte)code)];
        byte[] linear = new AudioConverter(AudioEncoding.G711MuLaw, AudioEncoding.Pcm(8_000)).Convert(codes).ToArray();

        Assert.Equal(codes.Length * 2, linear.Length);
        Assert.Equal(codes, new AudioConverter(AudioEncoding.Pcm(8_000), AudioEncoding.G711MuLaw).Convert(linear).ToArray());
    }

    [Fact]
    public void HoweverTheBytesAreCut_TheSameComeOut()
    {
        var random = new Random(7);
        foreach ((AudioEncoding from, AudioEncoding to) in All.SelectMany(static from => All.Select(to => (from, to))))
        {
            byte[] sound = SpeakingModel.Sound(9_000);
            var converter = new AudioConverter(from, to);
            byte[] whole = [.. converter.Convert(sound).ToArray(), .. converter.Flush().ToArray()];
            var pieces = new MemoryStream();
            for (int at = 0; at < sound.Length;)
            {
                int length = Math.Min(random.Next(1, 400), sound.Length - at);
                pieces.Write(converter.Convert(sound.AsMemory(at, length)).Span);
                at += length;
            }

            pieces.Write(converter.Flush().Span);
            Assert.Equal(whole, pieces.ToArray());
        }
    }
}
