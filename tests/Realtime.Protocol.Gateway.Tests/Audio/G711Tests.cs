using Realtime.Protocol.Companding;

namespace Realtime.Protocol.Gateway.Tests;

/// <summary>G.711 against the recommendation's own values, and there and back.</summary>
public class G711Tests
{
    // ITU-T G.711, tables 1 and 2: decision value numbers and the ends of the scale, times four (µ-law, 14 bits) and eight (A-law, 13 bits).
    [Theory]
    [InlineData(0x80, 32_124, false)]
    [InlineData(0x00, -32_124, false)]
    [InlineData(0xFF, 0, false)]
    [InlineData(0x7F, 0, false)]
    [InlineData(0xFE, 8, false)]
    [InlineData(0xF0, 120, false)]
    [InlineData(0xEF, 132, false)]
    [InlineData(0xAA, 32_256, true)]
    [InlineData(0x2A, -32_256, true)]
    [InlineData(0xD5, 8, true)]
    [InlineData(0x55, -8, true)]
    [InlineData(0xC5, 264, true)]
    public void ACode_IsTheRecommendationsValue(int code, int value, bool isALaw)
    {
        short[] sample = new short[1];
        G711.Decode([(byte)code], sample, isALaw);

        Assert.Equal(value, sample[0]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void EveryCode_ComesBack(bool isALaw)
    {
        byte[] codes = [.. Enumerable.Range(0, 256).Select(static code => (byte)code)];
        short[] samples = new short[256];
        byte[] again = new byte[256];
        G711.Decode(codes, samples, isALaw);
        G711.Encode(samples, again, isALaw);

        // µ-law has two zeros, and one of them is written.
        Assert.Equal(codes.Select(code => !isALaw && code == 0x7F ? (byte)0xFF : code), again);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void EverySample_IsWithinHalfAStepOfItsCode(bool isALaw)
    {
        short[] values = new short[256];
        G711.Decode([.. Enumerable.Range(0, 256).Select(static code => (byte)code)], values, isALaw);
        int[] steps = [.. values.Select(static value => (int)value).Distinct().Order()];
        byte[] code = new byte[1];
        for (int sample = short.MinValue; sample <= short.MaxValue; sample++)
        {
            G711.Encode([(short)sample], code, isALaw);
            int value = values[code[0]];
            int at = Array.BinarySearch(steps, value);

            // The wider of the two steps beside it; beyond the loudest code everything is clipped.
            int step = Math.Max(at == 0 ? 2_048 : value - steps[at - 1], at == steps.Length - 1 ? 2_048 : steps[at + 1] - value);
            Assert.True(Math.Abs(value - sample) <= step / 2, $"{sample} became {value}.");
        }
    }
}
