using System.Buffers;
using System.Text;

namespace Realtime.Protocol.Tests.Wire;

/// <summary>
/// A reader remembers where nested members lie in its last message. What views answer is the same with that and without: for the last
/// message, for an earlier one, where there is more than is remembered, and while the next message is read.
/// </summary>
public class NestedTableTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(40)]
    public void ViewsOfTheLastMessage_AnswerAsWithoutAReader(int items)
    {
        var reader = new ServerEventReader();
        for (int round = 0; round < 3; round++)
        {
            byte[] message = Done(round, items);
            Assert.True(reader.TryRead(message, default, out ServerEvent value, out _));
            Assert.Equal(WithoutReader(message), AllMembers(value));
            Assert.Equal(WithoutReader(message), AllMembers(value));
        }
    }

    [Fact]
    public void ViewsOfAnEarlierMessage_StayWhatTheyWere()
    {
        var reader = new ServerEventReader();
        byte[] first = Done(1, 2);
        Assert.True(reader.TryRead(first, default, out ServerEvent value, out _));
        Assert.True(value.TryGetResponseDone(out ResponseDoneView done));
        ResponseView response = done.Response;
        string expected = WithoutReader(first);
        for (int items = 0; items < 5; items++)
        {
            byte[] next = Done(1_000_000, items);
            Assert.True(reader.TryRead(next, default, out ServerEvent later, out _));
            Assert.Equal(WithoutReader(next), AllMembers(later));
            Assert.Equal(expected, AllMembers(value));
            Assert.Equal(1, response.Usage.InputTokenDetails.CachedTokensDetails.AudioTokens.Value);
            Assert.Equal("item_1_1", LastItem(response));
        }

        Assert.False(reader.TryRead("{\"type\":\"response.done\",\"event_id\":\"e\",\"response\":{\"usage\":{\"total_tokens\":7}},"u8, default, out _, out _));
        Assert.Equal(expected, AllMembers(value));
    }

    [Fact]
    public void AMessageOfTheSameBytesElsewhere_HasItsOwnMembers()
    {
        var reader = new ServerEventReader();
        byte[] first = Done(1, 1);
        byte[] second = Done(2, 1);
        Assert.Equal(first.Length, second.Length);
        Assert.True(reader.TryRead(first, default, out ServerEvent one, out _));
        Assert.True(reader.TryRead(second, default, out ServerEvent two, out _));
        Assert.Equal(WithoutReader(first), AllMembers(one));
        Assert.Equal(WithoutReader(second), AllMembers(two));
    }

    /// <summary>The same object begins at the same place and has other members: only the generation tells the two apart.</summary>
    [Fact]
    public void AMessageWithOtherMembersAtTheSamePlace_ChangesNoViewOfTheOneBefore()
    {
        foreach ((byte[] first, byte[] second) in new[] { (Full, Sparse), (Sparse, Full) })
        {
            var reader = new ServerEventReader();
            Assert.True(reader.TryRead(first, default, out ServerEvent one, out _));
            Assert.True(reader.TryRead(second, default, out ServerEvent two, out _));
            Assert.Equal(WithoutReader(first), AllMembers(one));
            Assert.Equal(WithoutReader(second), AllMembers(two));
        }
    }

    [Fact]
    public async Task ViewsAnswer_WhileTheReaderReadsTheNextMessageOnAnotherThread()
    {
        byte[][] others = [Done(7_000_000, 0), Full, Done(7_000_000, 1), Done(7_000_000, 4)];
        for (int round = 0; round < 50; round++)
        {
            var reader = new ServerEventReader();
            byte[] message = round % 2 == 0 ? Sparse : Done(round, 2);
            bool done = false;
            var other = new Task(() =>
            {
                for (int next = 0; !Volatile.Read(ref done); next++)
                {
                    Assert.True(reader.TryRead(others[next % others.Length], default, out _, out _));
                }
            });
            Hold(reader, message, other);
            Volatile.Write(ref done, true);
            await other;
        }
    }

    private static void Hold(ServerEventReader reader, byte[] message, Task other)
    {
        Assert.True(reader.TryRead(message, default, out ServerEvent value, out _));
        string expected = WithoutReader(message);
        other.Start();
        for (int look = 0; look < 200; look++)
        {
            Assert.Equal(expected, AllMembers(value));
        }
    }

    private static string LastItem(ResponseView response)
    {
        string id = "";
        foreach (ItemView item in response.Output)
        {
            id = item.TryGetMessage(out MessageItemView message) ? message.Id.ToString() : "";
        }

        return id;
    }

    private static string WithoutReader(byte[] message)
    {
        Assert.True(ServerEvent.TryRead(message, out ServerEvent value, out _));
        return AllMembers(value);
    }

    /// <summary>The event written anew from what all its views say.</summary>
    private static string AllMembers(scoped in ServerEvent value)
    {
        Assert.True(value.TryGetResponseDone(out ResponseDoneView done));
        ResponseDone copy = done.ToWritable();
        var output = new ArrayBufferWriter<byte>();
        EventWriter.Write(output, in copy);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static readonly byte[] Full =
        """{"type":"response.done","event_id":"event_1","response":{"object":"realtime.response","id":"resp_1","status":"completed","usage":{"total_tokens":70},"metadata":{"k":"v"}}}"""u8.ToArray();

    private static readonly byte[] Sparse = """{"type":"response.done","event_id":"event_2","response":{"id":"resp_2"}}"""u8.ToArray();

    private static byte[] Done(int number, int items)
    {
        string output = string.Join(',', Enumerable.Range(0, items).Select(item => item % 2 == 1 || number != 7_000_000
            ? $$"""{"object":"realtime.item","id":"item_{{number}}_{{item}}","type":"message","status":"completed","role":"assistant","content":[{"type":"output_audio","transcript":"Words {{number}}."}]}"""
            : $$"""{"id":"item_{{number}}","type":"function_call","call_id":"call_{{item}}","name":"f","arguments":"{}"}"""));
        return Encoding.UTF8.GetBytes($$$$"""{"type":"response.done","event_id":"event_{{{{number}}}}","response":{"object":"realtime.response","id":"resp_{{{{number}}}}","status":"completed","status_details":null,"output":[{{{{output}}}}],"output_modalities":["audio"],"max_output_tokens":"inf","audio":{"output":{"format":{"type":"audio/pcm","rate":24000},"voice":"marin"}},"usage":{"total_tokens":{{{{number}}}},"input_token_details":{"text_tokens":1,"cached_tokens_details":{"audio_tokens":{{{{number}}}}}}},"metadata":{"k":"v"}}}""");
    }
}
