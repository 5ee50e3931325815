using System.Text;

namespace Realtime.Protocol.Tests.Schema;

/// <summary>
/// The law of the tolerant reader, on every example of the schema and every member in it: an odd message is read as the same message without the odd member, and a strict reader refuses it as ever.
/// </summary>
public class ToleranceTests
{
    public static TheoryData<string> Names => Example.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void OddMember_IsReadAsAbsent(string name)
    {
        foreach (OddExample odd in OddExamples.Of(Example.Named(name)))
        {
            TolerantReading strict = Read(odd, odd.Odd, ReadTolerance.Strict);
            TolerantReading mended = Read(odd, odd.Odd, ReadTolerance.Mend);
            if (strict.WasRead)
            {
                Assert.True(mended.WasRead, odd.What);
                Assert.Equal(strict with { Members = [] }, mended with { Members = [] });
                Assert.True(strict.Members.SequenceEqual(mended.Members), odd.What);
                Assert.Equal(0, mended.Oddities.Count);
                continue;
            }

            if (odd.IsType)
            {
                Assert.False(mended.WasRead, odd.What);
                Assert.Equal(strict.Error, mended.Error);
                continue;
            }

            Assert.True(mended.WasRead, $"{odd.What}: {mended.Error}\n{Encoding.UTF8.GetString(odd.Odd)}");
            AssertReadAs(odd, mended);
            Assert.Equal(strict.Error, mended.Oddities.First);
            Assert.True(odd.Faults == mended.Oddities.Count, $"{odd.What}: {mended.Oddities.Count} faults");
        }
    }

    private static void AssertReadAs(OddExample odd, TolerantReading mended)
    {
        string meant = Encoding.UTF8.GetString(odd.Meant);
        Assert.True(mended.Text == meant, $"{odd.What}: read as\n{mended.Text}\nand meant was\n{meant}");
        Assert.Equal(Encoding.UTF8.GetString(odd.Odd), mended.Json);
        TolerantReading expected = Read(odd, odd.Meant, ReadTolerance.Mend);
        Assert.Equal(expected.Kind, mended.Kind);
        Assert.True(expected.Members.SequenceEqual(mended.Members), $"{odd.What}: {string.Join(" | ", mended.Members)}\nand not {string.Join(" | ", expected.Members)}");
    }

    private static TolerantReading Read(OddExample odd, byte[] message, ReadTolerance tolerance) => TolerantReading.Of(odd.Example.Family, odd.Example.Direction, message, tolerance);
}
