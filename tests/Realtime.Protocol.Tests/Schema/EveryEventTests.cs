using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Realtime.Protocol.Tests.Wire;

namespace Realtime.Protocol.Tests.Schema;

/// <summary>What holds for every event of the schema, run on its examples. A new schema file is tested without a line of C#.</summary>
public class EveryEventTests
{
    [Fact]
    public void EveryEvent_HasAMinimalExampleAndOneMore()
    {
        Assert.True(Example.All.Count > 100);
        Assert.All(Example.All.GroupBy(static example => (example.Family, example.Direction, example.Type)), static group => Assert.True(group.Count() >= 2, $"{group.Key} has fewer than two examples"));
    }

    [Theory]
    [MemberData(nameof(Example.Names), MemberType = typeof(Example))]
    public void Example_IsReadAsItsOwnKindAndItsViewWritesItUnchanged(string name)
    {
        Example example = Example.Named(name);
        Assert.True(example.Events.TryRead(example.Json, default, out EventFacts facts, out ReadError error), error.ToString());
        Assert.True(facts.IsKnown);
        Assert.Equal(example.Type, example.Events.Head(example.Json).Type);
        var output = new ArrayBufferWriter<byte>();
        example.Events.WriteTo(example.Json, output);
        Assert.Equal(example.Json, output.WrittenSpan.ToArray());
    }

    /// <summary>Reads with our reader and writes with our writer; System.Text.Json judges whether both texts say the same.</summary>
    [Theory]
    [MemberData(nameof(Example.Names), MemberType = typeof(Example))]
    public void Example_CopiedIntoItsWriteStructSaysTheSame(string name)
    {
        Example example = Example.Named(name);
        JsonEquality.AssertEqual(example.Json, example.Events.Rewrite(example.Json));
    }

    [Theory]
    [MemberData(nameof(Example.Names), MemberType = typeof(Example))]
    public void Example_CutAtAnyByteIsRefused(string name)
    {
        Example example = Example.Named(name);
        EventFamily events = example.Events;
        for (int length = 0; length < example.Json.Length; length++)
        {
            Assert.False(events.TryRead(example.Json.AsSpan(0, length), default, out EventFacts facts, out ReadError error));
            Assert.False(facts.IsKnown);
            Assert.Equal(ReadErrorReason.Truncated, error.Reason);

            // At the cut, or at the escape that it goes through: the longest is a pair of surrogates.
            Assert.InRange(error.Offset, Math.Max(0, length - 11), length);
        }
    }

    [Theory]
    [MemberData(nameof(Example.Names), MemberType = typeof(Example))]
    public void Example_SplitAnywhereIsReadTheSame(string name)
    {
        Example example = Example.Named(name);
        EventFamily events = example.Events;
        for (int split = 0; split <= example.Json.Length; split++)
        {
            AssertReadsWhole(events, example, Segments.Of(example.Json.AsMemory(0, split), example.Json.AsMemory(split)));
            AssertReadsWhole(events, example, Segments.Of(example.Json.AsMemory(0, split), ReadOnlyMemory<byte>.Empty, example.Json.AsMemory(split)));
        }

        AssertReadsWhole(events, example, Segments.Every(1, example.Json));
        AssertReadsWhole(events, example, Segments.Of([ReadOnlyMemory<byte>.Empty, example.Json, ReadOnlyMemory<byte>.Empty]));
    }

    /// <summary>What lies before and behind a message in its buffer must not matter: here it would change the meaning.</summary>
    [Theory]
    [MemberData(nameof(Example.Names), MemberType = typeof(Example))]
    public void Example_BetweenGuardBytesIsReadTheSame(string name)
    {
        Example example = Example.Named(name);
        foreach (byte guard in "\"{}0\\,"u8)
        {
            byte[] buffer = new byte[example.Json.Length + 128];
            Array.Fill(buffer, guard);
            example.Json.CopyTo(buffer, 64);
            Assert.True(example.Events.TryRead(buffer.AsSpan(64, example.Json.Length), default, out EventFacts facts, out ReadError error), error.ToString());
            Assert.True(facts.Json.SequenceEqual(example.Json));
            Assert.False(example.Events.TryRead(buffer.AsSpan(64, example.Json.Length - 1), default, out _, out _));
        }
    }

    [Theory]
    [MemberData(nameof(Example.Names), MemberType = typeof(Example))]
    public void Example_WithMembersInAnyOrderAndUnknownOnesAddedKeepsThemAll(string name)
    {
        Example example = Example.Named(name);
        int seed = Seeds.Next();
        var random = new Random(seed);
        byte[] reversed = Reordered(example.Json, static members => members.Reverse());
        JsonEquality.AssertEqual(reversed, example.Events.Rewrite(reversed));
        for (int i = 0; i < 8; i++)
        {
            byte[] reordered = Reordered(example.Json, members => members.OrderBy(_ => random.Next()));
            JsonEquality.AssertEqual(reordered, example.Events.Rewrite(reordered));
        }
    }

    /// <summary>A null is refused, or it has a meaning and is written, or it has none and is left out: copying never fails, at whatever depth it stands.</summary>
    [Theory]
    [MemberData(nameof(Example.Names), MemberType = typeof(Example))]
    public void Example_WithNullForAnyMemberIsRefusedOrCopiedWithItOrWithoutIt(string name)
    {
        Example example = Example.Named(name);
        for (int place = 0; TryPutNull(example.Json, place, out byte[] withNull, out byte[] without); place++)
        {
            if (!example.Events.TryRead(withNull, default, out _, out ReadError error))
            {
                Assert.Contains(error.Reason, (ReadErrorReason[])[ReadErrorReason.WrongType, ReadErrorReason.MissingMember]);
                continue;
            }

            var output = new ArrayBufferWriter<byte>();
            example.Events.WriteTo(withNull, output);
            Assert.Equal(withNull, output.WrittenSpan.ToArray());

            using JsonDocument copied = JsonDocument.Parse(example.Events.Rewrite(withNull));
            using JsonDocument expected = JsonDocument.Parse(withNull);
            using JsonDocument absent = JsonDocument.Parse(without);
            Assert.True(
                JsonElement.DeepEquals(copied.RootElement, expected.RootElement) || JsonElement.DeepEquals(copied.RootElement, absent.RootElement),
                $"{Encoding.UTF8.GetString(withNull)} became {copied.RootElement.GetRawText()}");
        }
    }

    [Theory]
    [MemberData(nameof(Example.Names), MemberType = typeof(Example))]
    public void Example_PrettyPrintedSaysTheSame(string name)
    {
        Example example = Example.Named(name);
        using JsonDocument document = JsonDocument.Parse(example.Json);
        byte[] pretty = JsonSerializer.SerializeToUtf8Bytes(document.RootElement, new JsonSerializerOptions { WriteIndented = true });
        JsonEquality.AssertEqual(example.Json, example.Events.Rewrite(pretty));
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
            Assert.False(example.Events.TryRead(Encoding.UTF8.GetBytes(twice), default, out _, out ReadError error));
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
        Assert.Equal(example.Json, example.Events.Keep(buffer, () => Array.Fill(buffer, (byte)'x')));
    }

    private static void AssertReadsWhole(EventFamily events, Example example, ReadOnlySequence<byte> message)
    {
        Assert.True(events.TryRead(in message, default, out EventFacts facts, out ReadError error), error.ToString());
        Assert.True(facts.IsKnown);
        Assert.True(facts.Json.SequenceEqual(example.Json));
    }

    /// <summary>The same JSON with null for one member of its objects, counted through all depths, and without that member. False when there are not so many.</summary>
    private static bool TryPutNull(byte[] json, int place, out byte[] withNull, out byte[] without)
    {
        (withNull, without) = (json, json);
        JsonNode root = JsonNode.Parse(json)!;
        if (Members(root).Skip(place).FirstOrDefault() is not { Owner: { } owner, Name: { } name })
        {
            return false;
        }

        owner[name] = null;
        withNull = Encoding.UTF8.GetBytes(root.ToJsonString());
        owner.Remove(name);
        without = Encoding.UTF8.GetBytes(root.ToJsonString());
        return true;
    }

    private static IEnumerable<(JsonObject Owner, string Name)> Members(JsonNode? node) => node switch
    {
        JsonObject owner => owner.SelectMany(member => Members(member.Value).Prepend((owner, member.Key))),
        JsonArray items => items.SelectMany(Members),
        _ => [],
    };

    /// <summary>The same JSON with the members of every object in another order, and unknown members added at the top.</summary>
    private static byte[] Reordered(byte[] json, Func<IEnumerable<JsonProperty>, IEnumerable<JsonProperty>> order)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output))
        {
            Write(document.RootElement, writer, order, isTop: true);
        }

        return output.WrittenSpan.ToArray();
    }

    private static void Write(JsonElement element, Utf8JsonWriter writer, Func<IEnumerable<JsonProperty>, IEnumerable<JsonProperty>> order, bool isTop)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (JsonProperty member in order(element.EnumerateObject()))
                {
                    writer.WritePropertyName(member.Name);
                    Write(member.Value, writer, order, isTop: false);
                }

                // Below the top, an object may be a map or any JSON, where an added member would be content.
                if (isTop)
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
                    Write(item, writer, order, isTop: false);
                }

                writer.WriteEndArray();
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }
}
