using System.Reflection;
using System.Text;

namespace Realtime.Protocol.Tests.Wire;

/// <summary>What a reader remembers of earlier messages, and what it must not keep.</summary>
public class ShapeMemoryTests
{
    private const string Logprobs = """[{"token":"mySecretWord","logprob":-0.5,"bytes":[1]}]""";

    [Fact]
    public void NothingOfATranscript_IsKept()
    {
        ServerEventReader reader = ReaderThatHasBegun();
        Read(reader, TranscriptDelta("first_item", "spoken", Logprobs));
        Read(reader, TranscriptDelta("first_item", "spoken", Logprobs));
        Assert.DoesNotContain("mySecretWord", Kept(reader), StringComparison.Ordinal);
        Assert.DoesNotContain("spoken", Kept(reader), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("null")]
    [InlineData(null)]
    public void MessageWithoutLogprobs_IsRemembered(string? logprobs)
    {
        ServerEventReader reader = ReaderThatHasBegun();
        Read(reader, TranscriptDelta("first_item", "spoken", logprobs));
        Assert.Contains("first_item", Kept(reader), StringComparison.Ordinal);
        Assert.DoesNotContain("spoken", Kept(reader), StringComparison.Ordinal);
        Assert.True(reader.TryRead(TranscriptDelta("first_item", "other words", logprobs), default, out ServerEvent value, out _));
        Assert.True(value.SameItemAsPrevious);
    }

    [Fact]
    public void MessageThatIsForgotten_IsErased()
    {
        ServerEventReader reader = ReaderThatHasBegun();
        Read(reader, TranscriptDelta("first_item", "spoken", null));
        Read(reader, TranscriptDelta("other_item", "spoken", Logprobs));
        Read(reader, TranscriptDelta("other_item", "spoken", Logprobs));
        Assert.DoesNotContain("first_item", Kept(reader), StringComparison.Ordinal);
    }

    [Fact]
    public void MessageThatIsShorterThanTheOneBefore_LeavesNothingOfIt()
    {
        ServerEventReader reader = ReaderThatHasBegun();
        Read(reader, TranscriptDelta("i" + new string('z', 200), "spoken", null));
        Read(reader, TranscriptDelta("i", "spoken", null));
        Read(reader, TranscriptDelta("i", "spoken", null));
        Assert.DoesNotContain("zz", Kept(reader), StringComparison.Ordinal);
    }

    [Fact]
    public void FirstMessage_IsNotRemembered()
    {
        var reader = new ServerEventReader();
        byte[] message = TranscriptDelta("first_item", "spoken", null);
        bool[] same = new bool[3];
        for (int i = 0; i < same.Length; i++)
        {
            Assert.True(reader.TryRead(message, default, out ServerEvent value, out _));
            same[i] = value.SameItemAsPrevious;
        }

        Assert.Equal([false, false, true], same);
    }

    [Fact]
    public void EventId_IsNotKept()
    {
        ServerEventReader reader = ReaderThatHasBegun();
        Read(reader, Encoding.UTF8.GetBytes("""{"type":"response.output_text.delta","event_id":"thisOne","response_id":"r","item_id":"an_item","output_index":0,"content_index":0,"delta":"d"}"""));
        Assert.Contains("an_item", Kept(reader), StringComparison.Ordinal);
        Assert.DoesNotContain("thisOne", Kept(reader), StringComparison.Ordinal);
    }

    [Fact]
    public void KindWhoseShapesAlwaysFail_IsNeitherTriedNorLearnedForLongerAndLonger()
    {
        ServerEventReader reader = ReaderThatHasBegun();
        var learned = new List<int>();
        for (int i = 0; i < 600; i++)
        {
            Assert.False(IsSame(reader, TranscriptDelta($"item_{i:D6}", "spoken", null)));
            string kept = Kept(reader);
            Assert.DoesNotContain($"item_{i - 1:D6}", kept, StringComparison.Ordinal);
            if (kept.Contains($"item_{i:D6}", StringComparison.Ordinal))
            {
                learned.Add(i);
            }
        }

        // What is not kept cannot be tried. The pauses are 1, 3, 7, 15, 31, 63 and then always 127 messages.
        Assert.Equal([0, 2, 6, 14, 30, 62, 126, 254, 382, 510], learned);
    }

    /// <summary>Every part of the shape stands where it should, and behind the last one more comes: that is no hit.</summary>
    [Fact]
    public void MessagesThatOnlyBeginLikeTheirShape_ArePutOffAsWell()
    {
        ServerEventReader reader = ReaderThatHasBegun();
        var learned = new List<int>();
        for (int i = 0; i < 200; i++)
        {
            Assert.False(IsSame(reader, [.. TranscriptDelta("one_item", "spoken", null), .. Enumerable.Repeat((byte)' ', i)]));
            if (Kept(reader).Contains("one_item", StringComparison.Ordinal))
            {
                learned.Add(i);
            }
        }

        Assert.Equal([0, 2, 6, 14, 30, 62, 126], learned);
    }

    [Fact]
    public void KindThatBecomesRegular_IsReadByItsShapeAgain()
    {
        ServerEventReader reader = ReaderThatHasBegun();
        for (int i = 0; i < 5_000; i++)
        {
            Assert.False(IsSame(reader, TranscriptDelta($"item_{i}", "spoken", null)));
        }

        int tries = 0;
        while (!IsSame(reader, TranscriptDelta("one_item", "spoken", null)))
        {
            Assert.InRange(++tries, 1, 128);
        }

        for (int i = 0; i < 100; i++)
        {
            Assert.True(IsSame(reader, TranscriptDelta("one_item", "spoken", null)));
        }

        // One hit, and another item costs one message again.
        Assert.False(IsSame(reader, TranscriptDelta("next_item", "spoken", null)));
        Assert.True(IsSame(reader, TranscriptDelta("next_item", "spoken", null)));
    }

    [Fact]
    public void KindWhoseShapesFail_TakesNothingFromOneThatIsRegular()
    {
        ServerEventReader reader = ReaderThatHasBegun();
        Assert.False(IsSame(reader, TextDelta("an_item")));
        for (int i = 0; i < 300; i++)
        {
            Assert.False(IsSame(reader, TranscriptDelta($"item_{i}", "spoken", null)));
            Assert.True(IsSame(reader, TextDelta("an_item")));
        }
    }

    /// <summary>Short text is read without a call, and whatever else comes in the same place by the slow path; both say the same.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("word")]
    [InlineData("thirty characters and one more.")]
    [InlineData("thirty characters and some more, so that it ends in another vector")]
    [InlineData("quoted \\\"word\\\"")]
    [InlineData("größer")]
    [InlineData("\\u00fc")]
    public void TextOfAnyKind_IsReadByTheShapeOfTheOneBefore(string delta)
    {
        ServerEventReader reader = ReaderThatHasBegun();
        Read(reader, TranscriptDelta("an_item", "spoken", null));
        byte[] message = TranscriptDelta("an_item", delta, null);
        Assert.True(reader.TryRead(message, default, out ServerEvent value, out _));
        Assert.True(value.SameItemAsPrevious);
        Assert.True(value.TryGetConversationItemInputAudioTranscriptionDelta(out ConversationItemInputAudioTranscriptionDeltaView view));
        Assert.Equal(delta, Encoding.UTF8.GetString(view.Delta.Raw));
        Assert.Equal(delta.Contains('\\', StringComparison.Ordinal), view.Delta.IsEscaped);
    }

    private static ServerEventReader ReaderThatHasBegun()
    {
        var reader = new ServerEventReader();
        Read(reader, TranscriptDelta("before", "", null));
        return reader;
    }

    private static byte[] TranscriptDelta(string itemId, string delta, string? logprobs) => Encoding.UTF8.GetBytes(
        $$"""{"type":"conversation.item.input_audio_transcription.delta","event_id":"e","item_id":"{{itemId}}","content_index":0,"delta":"{{delta}}"{{(logprobs is null ? "" : $",\"logprobs\":{logprobs}")}}}""");

    private static byte[] TextDelta(string itemId) => Encoding.UTF8.GetBytes(
        $$"""{"type":"response.output_text.delta","event_id":"e","response_id":"r","item_id":"{{itemId}}","output_index":0,"content_index":0,"delta":"d"}""");

    private static bool IsSame(ServerEventReader reader, byte[] message)
    {
        Assert.True(reader.TryRead(message, default, out ServerEvent value, out ReadError error), error.ToString());
        return value.SameItemAsPrevious;
    }

    private static void Read(ServerEventReader reader, byte[] message) =>
        Assert.True(reader.TryRead(message, default, out _, out ReadError error), error.ToString());

    /// <summary>All bytes that can be reached from the reader, whatever they are kept for.</summary>
    private static string Kept(ServerEventReader reader)
    {
        var text = new StringBuilder();
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var left = new Stack<object>([reader]);
        while (left.TryPop(out object? found))
        {
            if (!seen.Add(found))
            {
                continue;
            }

            if (found is byte[] bytes)
            {
                text.Append(Encoding.Latin1.GetString(bytes)).Append('\n');
            }
            else if (found is Array array)
            {
                Push(array.Cast<object?>());
            }
            else if (found.GetType().Namespace!.StartsWith("Realtime", StringComparison.Ordinal))
            {
                Push(found.GetType().GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public).Select(field => field.GetValue(found)));
            }
        }

        return text.ToString();

        void Push(IEnumerable<object?> values)
        {
            foreach (object value in values.OfType<object>().Where(static value => !value.GetType().IsPrimitive))
            {
                left.Push(value);
            }
        }
    }
}
