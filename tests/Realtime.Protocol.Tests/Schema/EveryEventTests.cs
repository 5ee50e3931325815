using System.Buffers;
using System.Text;
using System.Text.Json;
using Realtime.Protocol.Tests.Wire;

namespace Realtime.Protocol.Tests.Schema;

/// <summary>What holds for every event of the schema, run on its examples. A new schema file is tested without a line of C#.</summary>
public class EveryEventTests
{
    [Fact]
    public void EveryEvent_HasAMinimalExampleAndOneMore()
    {
        Assert.True(Example.All.Count > 0);
        Assert.All(Example.All.GroupBy(static example => (example.Direction, example.Type)), static group => Assert.True(group.Count() >= 2, $"{group.Key} has fewer than two examples"));
    }

    [Theory]
    [MemberData(nameof(Example.Names), MemberType = typeof(Example))]
    public void Example_IsReadAsItsOwnKindAndItsViewWritesItUnchanged(string name)
    {
        Example example = Example.Named(name);
        (string type, bool isKnown, byte[] json) = Reading.ReadAndWrite(example, example.Json);
        Assert.Equal(example.Type, type);
        Assert.True(isKnown);
        Assert.Equal(example.Json, json);
    }

    [Theory]
    [MemberData(nameof(Example.Names), MemberType = typeof(Example))]
    public void Example_CopiedIntoItsWriteStructSaysTheSame(string name)
    {
        Example example = Example.Named(name);
        JsonEquality.AssertEqual(example.Json, Reading.Rewrite(example, example.Json));
    }

    [Theory]
    [MemberData(nameof(Example.Names), MemberType = typeof(Example))]
    public void Example_CutAtAnyByteIsRefused(string name)
    {
        Example example = Example.Named(name);
        for (int length = 0; length < example.Json.Length; length++)
        {
            Assert.False(Reading.TryRead(example, example.Json.AsSpan(0, length), out ReadError error));
            Assert.NotEqual(ReadErrorReason.None, error.Reason);
            Assert.InRange(error.Offset, 0, length);
        }
    }

    [Theory]
    [MemberData(nameof(Example.Names), MemberType = typeof(Example))]
    public void Example_SplitAnywhereIsReadTheSame(string name)
    {
        Example example = Example.Named(name);
        var server = new ServerEventReader();
        var client = new ClientEventReader();
        for (int split = 0; split <= example.Json.Length; split++)
        {
            ReadOnlySequence<byte> message = Segments.Of(example.Json.AsMemory(0, split), ReadOnlyMemory<byte>.Empty, example.Json.AsMemory(split));
            if (example.IsServer)
            {
                Assert.True(server.TryRead(in message, default, out ServerEvent value, out ReadError error), error.ToString());
                Assert.True(value.TypeText.ValueEquals(example.Type));
                Assert.True(value.Json.SequenceEqual(example.Json));
            }
            else
            {
                Assert.True(client.TryRead(in message, default, out ClientEvent value, out ReadError error), error.ToString());
                Assert.True(value.TypeText.ValueEquals(example.Type));
                Assert.True(value.Json.SequenceEqual(example.Json));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Example.Names), MemberType = typeof(Example))]
    public void Example_WithMembersReversedAndUnknownOnesAddedSaysTheSame(string name)
    {
        Example example = Example.Named(name);
        JsonEquality.AssertEqual(example.Json, Reading.Rewrite(example, Shuffled(example.Json, addUnknown: true)));
    }

    [Theory]
    [MemberData(nameof(Example.Names), MemberType = typeof(Example))]
    public void Example_PrettyPrintedSaysTheSame(string name)
    {
        Example example = Example.Named(name);
        using JsonDocument document = JsonDocument.Parse(example.Json);
        byte[] pretty = JsonSerializer.SerializeToUtf8Bytes(document.RootElement, new JsonSerializerOptions { WriteIndented = true });
        JsonEquality.AssertEqual(example.Json, Reading.Rewrite(example, pretty));
    }

    [Theory]
    [MemberData(nameof(Example.Names), MemberType = typeof(Example))]
    public void Example_WithATopLevelMemberGivenTwiceIsRefused(string name)
    {
        Example example = Example.Named(name);
        using JsonDocument document = JsonDocument.Parse(example.Json);
        foreach (JsonProperty member in document.RootElement.EnumerateObject())
        {
            string twice = Encoding.UTF8.GetString(example.Json)[..^1] + $",\"{member.Name}\":{member.Value.GetRawText()}}}";
            Assert.False(Reading.TryRead(example, Encoding.UTF8.GetBytes(twice), out ReadError error));
            Assert.Equal(ReadErrorReason.DuplicateMember, error.Reason);
            Assert.Equal(member.Name, error.Member);
        }
    }

    [Theory]
    [MemberData(nameof(Example.Names), MemberType = typeof(Example))]
    public void Example_SurvivesBeingKept(string name)
    {
        Example example = Example.Named(name);
        byte[] buffer = [.. example.Json];
        if (example.IsServer)
        {
            Assert.True(ServerEvent.TryRead(buffer, out ServerEvent value, out _));
            OwnedServerEvent owned = value.ToOwned();
            Array.Fill(buffer, (byte)'x');
            Assert.Equal(example.Type, owned.View.TypeText.ToString());
            Assert.True(owned.View.Json.SequenceEqual(example.Json));
        }
        else
        {
            Assert.True(ClientEvent.TryRead(buffer, out ClientEvent value, out _));
            OwnedClientEvent owned = value.ToOwned();
            Array.Fill(buffer, (byte)'x');
            Assert.Equal(example.Type, owned.View.TypeText.ToString());
            Assert.True(owned.View.Json.SequenceEqual(example.Json));
        }
    }

    /// <summary>The same JSON with the members of every object in reverse order, so that the type comes last.</summary>
    private static byte[] Shuffled(byte[] json, bool addUnknown)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output))
        {
            Write(document.RootElement, writer, addUnknown);
        }

        return output.WrittenSpan.ToArray();
    }

    private static void Write(JsonElement element, Utf8JsonWriter writer, bool addUnknown)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (JsonProperty member in element.EnumerateObject().Reverse())
                {
                    writer.WritePropertyName(member.Name);

                    // Below the top, an object may be a map or any JSON, where an added member would be content.
                    Write(member.Value, writer, addUnknown: false);
                }

                if (addUnknown)
                {
                    writer.WriteString("x_unknown", "\ud83d\ude00 \" \\");
                    writer.WriteStartArray("x_unknown_too");
                    writer.WriteNumberValue(-1.5e-7);
                    writer.WriteNullValue();
                    writer.WriteEndArray();
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (JsonElement item in element.EnumerateArray())
                {
                    Write(item, writer, addUnknown: false);
                }

                writer.WriteEndArray();
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }
}
