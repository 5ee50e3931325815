using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Tests.Wire;

public class PlainTextTests
{
    [Fact]
    public void EveryByteAtEveryPlace_EndsPlainTextOrDoesNot()
    {
        byte[] text = new byte[100];
        for (int place = 0; place < text.Length; place++)
        {
            for (int value = 0; value <= byte.MaxValue; value++)
            {
                text.AsSpan().Fill((byte)'a');
                text[place] = (byte)value;
                bool isPlain = value is >= 0x20 and <= 0x7F and not '"' and not '\\';
                Assert.Equal(isPlain ? text.Length : place, PlainText.End(text, 0));
                Assert.Equal(isPlain || place < 60 ? text.Length : place, PlainText.End(text, 60));
                Assert.Equal(isPlain || place < 90 ? text.Length : place, PlainText.End(text, 90));
            }
        }
    }

    [Fact]
    public void EveryLength_EndsWhereTheTextEnds()
    {
        using var memory = new GuardedMemory(200);
        for (int length = 0; length <= 200; length++)
        {
            memory.AtEnd(length).Fill((byte)'a');
            for (int start = 0; start <= length; start++)
            {
                Assert.Equal(length, PlainText.End(memory.AtEnd(length), start));
            }
        }
    }
}
