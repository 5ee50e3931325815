using System.Buffers;
using System.Collections;
using System.Reflection;
using System.Text;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Tests.Schema;

/// <summary>
/// What may be absent and is never null in the protocol: an object is there to be written through, a value is null while it is left out, and only
/// where the protocol means something by null there is a field that says so.
/// </summary>
public class ObjectMemberTests
{
    [Fact]
    public void NestedInitialisers_WriteThrough()
    {
        var session = new Session { Audio = { Output = { Voice = "marin", Speed = 1.1 }, Input = { NoiseReduction = new NoiseReduction { Type = NoiseReductionType.NearField } } } };
        session.Audio.Input.TurnDetection = new ServerVad { SilenceDurationMs = 300 };

        Assert.Equal(
            """{"audio":{"input":{"noise_reduction":{"type":"near_field"},"turn_detection":{"type":"server_vad","silence_duration_ms":300}},"output":{"voice":"marin","speed":1.1}}}""",
            Text(session));
    }

    [Fact]
    public void WhatWasOnlyLookedAt_IsNotWritten()
    {
        var session = new Session();
        Assert.Null(session.Audio.Output.Voice);
        Assert.Null(session.Audio.Output.Speed);
        Assert.Null(session.Audio.Output.Format.Rate);

        Assert.Equal("{}", Text(session));
    }

    [Fact]
    public void WhatTheApplicationMade_IsWrittenThoughItIsEmpty()
    {
        Assert.Equal("""{"audio":{}}""", Text(new Session { Audio = new SessionAudio() }));
        Assert.Equal("""{"audio":{"output":{}}}""", Text(new Session { Audio = { Output = new SessionAudioOutput() } }));
    }

    [Fact]
    public void Null_LeavesAnObjectOut_AndWhatWasInIt()
    {
        var session = new Session { Instructions = "Be brief.", Audio = { Output = { Voice = "marin" } } };
        session.Audio = null;

        Assert.Equal("""{"instructions":"Be brief."}""", Text(session));
        Assert.Null(session.Audio.Output.Voice);
    }

    [Fact]
    public void AFieldSaysNull_WhereTheProtocolMeansSomethingByIt()
    {
        var session = new Session { Audio = { Input = { TurnDetection = Field<TurnDetection>.Null } } };

        Assert.Equal("""{"audio":{"input":{"turn_detection":null}}}""", Text(session));
    }

    [Fact]
    public void AUnionThatMayBeNull_TakesItsTextAsItStands()
    {
        Assert.Equal("""{"tracing":"auto"}""", Text(new Session { Tracing = "auto" }));
        Assert.Equal("""{"tracing":"auto"}""", Text(new Session { Tracing = TracingOption.Auto }));
        Assert.Equal("""{"tracing":"of tomorrow"}""", Text(new Session { Tracing = $"of {"tomorrow"}" }));
        Assert.Equal("""{"tracing":""}""", Text(new Session { Tracing = "" }));
        Assert.Equal("""{"tracing":{"group_id":"shop"}}""", Text(new Session { Tracing = new TracingConfiguration { GroupId = "shop" } }));
        Assert.Equal("{}", Text(new Session { Tracing = default }));
        string? nothing = null;
        Assert.All(
            (Session[])[new() { Tracing = null }, new() { Tracing = nothing }, new() { Tracing = (Tracing?)null }, new() { Tracing = Field<Tracing>.Null }, new() { Tracing = Field<Tracing, TracingOption>.Null }],
            static session => Assert.Equal("""{"tracing":null}""", Text(session)));

        Field<Tracing> withoutText = new Session { Tracing = "auto" }.Tracing;
        Assert.Equal("auto", Assert.IsType<TracingText>(withoutText.Value).Value.ToString());
        Assert.Equal(Presence.Absent, new Session().Tracing.Presence);
        Assert.Throws<InvalidOperationException>(static () => new Session { Tracing = null }.Tracing.Value);
        Field<ResponseStatusDetails, Text> plain = (Text)"cut off";
        Assert.Equal("cut off", Assert.IsType<ResponseStatusDetailsText>(plain.Value).Value.ToString());
    }

    [Fact]
    public void NoUnionThatHasAText_IsInAFieldThatDoesNotTakeIt()
    {
        IEnumerable<PropertyInfo> properties = typeof(Session).Assembly.GetExportedTypes().Where(static type => type.Namespace!.StartsWith("Realtime.Protocol.Events", StringComparison.Ordinal)).SelectMany(static type => type.GetProperties());
        Type[] fields = [.. properties.Where(static property => property.CanWrite && property.PropertyType.IsGenericType).Select(static property => property.PropertyType).Where(static type => type.Name.StartsWith("Field`", StringComparison.Ordinal))];

        Assert.Contains(typeof(Field<Tracing, TracingOption>), fields);
        Assert.Contains(typeof(Field<McpToolRequireApproval, McpToolRequireApprovalOption>), fields);
        Assert.DoesNotContain(fields, static field => field.GetGenericArguments() is [var only] && only.GetMethods().Any(static method => method.Name == "op_Implicit" && method.GetParameters()[0].ParameterType == typeof(string)));
    }

    /// <summary>Looking at all that an object holds, however deep, changes nothing that it writes.</summary>
    [Theory]
    [MemberData(nameof(Example.Names), MemberType = typeof(Example))]
    public void Looking_ChangesNothing(string name)
    {
        Example example = Example.Named(name);
        foreach (object writable in ObjectsOf(example))
        {
            byte[] before = Written(writable);
            Assert.True(Look(writable, depth: 0) > 0);
            Assert.Equal(Encoding.UTF8.GetString(before), Encoding.UTF8.GetString(Written(writable)));
        }
    }

    private static List<object> ObjectsOf(Example example)
    {
        List<object> objects = [];
        if (example.Family != "realtime")
        {
            return objects;
        }

        if (example.Direction == "client")
        {
            Assert.True(ClientEvent.TryRead(example.Json, out ClientEvent sent, out _));
            if (sent.TryGetSessionUpdate(out SessionUpdateView update))
            {
                objects.Add(update.Session.ToWritable());
            }
            else if (sent.TryGetResponseCreate(out ResponseCreateView create) && create.Response.HasValue)
            {
                objects.Add(create.Response.ToWritable());
            }
            else if (sent.TryGetConversationItemCreate(out ConversationItemCreateView item))
            {
                objects.Add(item.Item.ToWritable());
            }

            return objects;
        }

        Assert.True(ServerEvent.TryRead(example.Json, out ServerEvent received, out _));
        if (received.TryGetSessionCreated(out SessionCreatedView created))
        {
            objects.Add(created.Session.ToWritable());
        }
        else if (received.TryGetResponseDone(out ResponseDoneView done))
        {
            objects.Add(done.Response.ToWritable());
        }
        else if (received.TryGetConversationItemAdded(out ConversationItemAddedView added))
        {
            objects.Add(added.Item.ToWritable());
        }

        return objects;
    }

    private static int Look(object at, int depth)
    {
        int looks = 1;
        foreach (PropertyInfo property in at.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (depth < 8 && property.PropertyType.IsClass && property.PropertyType != typeof(string) && property.GetValue(at) is { } inner and not IEnumerable)
            {
                looks += Look(inner, depth + 1);
            }
        }

        return looks;
    }

    private static byte[] Written(object writable)
    {
        var output = new ArrayBufferWriter<byte>();
        typeof(JsonWrite).GetMethod(nameof(JsonWrite.Write))!.MakeGenericMethod(writable.GetType()).Invoke(null, [output, writable]);
        return output.WrittenSpan.ToArray();
    }

    [SequencerEntry] // a session is no response, but the analyzer sees one generic method for both
    private static string Text(Session session)
    {
        var output = new ArrayBufferWriter<byte>();
        JsonWrite.Write(output, session);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
