using System.Text;
using System.Text.Json;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Tests.Wire;

public class JsonNestedTests
{
    [Fact]
    public void TheEndOfANestedValue_IsWhereThePlatformFindsIt()
    {
        int seed = Seeds.Next();
        var random = new Random(seed);
        for (int i = 0; i < 20_000; i++)
        {
            var text = new StringBuilder();
            Append(random, text, depth: 0);
            byte[] json = Encoding.UTF8.GetBytes(text + "}],\"x\":[{");
            var reader = new Utf8JsonReader(json.AsSpan(0, json.Length - 9));
            reader.Read();
            reader.Skip();
            Assert.True(reader.BytesConsumed == JsonNested.End(json, 0), $"seed {seed}: {text}");
        }
    }

    /// <summary>Looking ahead happens before text is checked.</summary>
    [Fact]
    public void TheEndInTextThatIsNoJson_IsThatOfTheSlowestPath()
    {
        int seed = Seeds.Next();
        var random = new Random(seed);
        ReadOnlySpan<byte> marks = "{}[]\"\\,aaaaaaaaaa"u8;
        for (int i = 0; i < Thoroughness.Of(50_000); i++)
        {
            byte[] text = new byte[random.Next(1, 200)];
            ReadOnlySpan<byte> some = marks[..random.Next(5, marks.Length)];
            random.GetItems(some, text);
            text[0] = (byte)'{';
            Assert.True(JsonNested.EndByBytes(text, 0) == JsonNested.End(text, 0), $"seed {seed}: {Encoding.ASCII.GetString(text)}");
        }
    }

    private static void Append(Random random, StringBuilder text, int depth)
    {
        bool isObject = random.Next(2) == 0;
        text.Append(isObject ? '{' : '[');
        for (int left = random.Next(5), first = left; left > 0; left--)
        {
            text.Append(left == first ? "" : ",").Append(isObject ? "\"a]}\":" : "");
            if (depth < 5 && random.Next(3) == 0)
            {
                Append(random, text, depth + 1);
            }
            else
            {
                text.Append(random.Next(6) switch { 0 => "1", 1 => "\"\"", 2 => "\"}}]{\"", 3 => "\"\\\"}\\\\\"", 4 => "\"[[é\"", _ => $"\"{new string('}', random.Next(40))}\"" });
            }
        }

        text.Append(isObject ? '}' : ']');
    }
}
