using System.Globalization;
using System.Numerics;
using System.Text;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Tests.Wire;

public class JsonNumberTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("-0", 0)]
    [InlineData("1.0", 1)]
    [InlineData("-1.000", -1)]
    [InlineData("1e2", 100)]
    [InlineData("1E+2", 100)]
    [InlineData("10e-1", 1)]
    [InlineData("1.5e1", 15)]
    [InlineData("0.0", 0)]
    [InlineData("0e9999999999", 0)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("-9223372036854775808", long.MinValue)]
    [InlineData("9223372036854775807.000", long.MaxValue)]
    [InlineData("-9.223372036854775808e18", long.MinValue)]
    public void WholeNumber_IsAnInteger(string text, long expected)
    {
        Assert.True(JsonNumber.TryGetInteger(Encoding.ASCII.GetBytes(text), out long value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("0.5")]
    [InlineData("1e-1")]
    [InlineData("9223372036854775808")]
    [InlineData("-9223372036854775809")]
    [InlineData("1e19")]
    [InlineData("1e99999999999")]
    [InlineData("1e-99999999999")]
    [InlineData("99999999999999999999999999")]
    public void OtherNumber_IsRefused(string text) => Assert.False(JsonNumber.TryGetInteger(Encoding.ASCII.GetBytes(text), out _));

    [Fact]
    public void RandomDecimals_AreJudgedAsExactArithmeticJudgesThem()
    {
        int seed = Seeds.Next();
        var random = new Random(seed);
        for (int i = 0; i < 100_000; i++)
        {
            string digits = random.NextInt64(0, long.MaxValue >> random.Next(0, 63)).ToString(CultureInfo.InvariantCulture);
            string fraction = random.Next(3) == 0 ? "." + new string('0', random.Next(1, 4)) + (random.Next(2) == 0 ? random.Next(0, 100).ToString(CultureInfo.InvariantCulture) : "") : "";
            int exponent = random.Next(-8, 9);
            string text = (random.Next(2) == 0 ? "-" : "") + digits + fraction + (random.Next(2) == 0 ? $"e{exponent}" : "");
            bool expected = Exact(text, out long exact);
            bool actual = JsonNumber.TryGetInteger(Encoding.ASCII.GetBytes(text), out long value);
            Assert.True(expected == actual && (!expected || exact == value), $"seed {seed}: {text}");
        }
    }

    private static bool Exact(string text, out long value)
    {
        int at = text.IndexOf('e');
        int exponent = at < 0 ? 0 : int.Parse(text[(at + 1)..], CultureInfo.InvariantCulture);
        string mantissa = at < 0 ? text : text[..at];
        int point = mantissa.IndexOf('.');
        exponent -= point < 0 ? 0 : mantissa.Length - point - 1;
        BigInteger number = BigInteger.Parse(mantissa.Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        value = 0;
        if (exponent < 0)
        {
            (number, BigInteger rest) = BigInteger.DivRem(number, BigInteger.Pow(10, -exponent));
            if (!rest.IsZero)
            {
                return false;
            }
        }
        else
        {
            number *= BigInteger.Pow(10, exponent);
        }

        if (number < long.MinValue || number > long.MaxValue)
        {
            return false;
        }

        value = (long)number;
        return true;
    }
}
