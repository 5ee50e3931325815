using System.Reflection;
using System.Runtime.Intrinsics;
using System.Text;
using Realtime.Protocol.Wire;

namespace Realtime.Protocol.Tests.Wire;

/// <summary>
/// Every fast path gives the answers of its slow one, so no answer tells which of them gave it. What tells is that ordinary
/// messages are read without the slow one being compiled, wherever the processor has vectors of 128 bits.
/// </summary>
public class SlowPathTests
{
    private static readonly string[] ByteByByte = ["FixedPart.IsAtByBytes", "PlainText.EndByBytes", "JsonNested.EndByBytes"];

    [Fact]
    public async Task OrdinaryMessages_AreNotReadByteByByte()
    {
        IReadOnlySet<string> compiled = await CompiledMethods.OfAsync(typeof(SlowPathTests).GetMethod(nameof(ReadOrdinaryMessages), BindingFlags.Static | BindingFlags.NonPublic)!);

        // Without vectors there is no other way, which shows that these methods would be seen.
        Assert.Equal(Vector128.IsHardwareAccelerated ? [] : ByteByByte, ByteByByte.Where(compiled.Contains));
        Assert.Equal(AnyOrderReader.IsSupported, compiled.Contains("AnyOrderReader.TryRead"));
        Assert.Equal(Base64AdvSimd.IsSupported, compiled.Contains("Base64AdvSimd.Decode"));
        Assert.Contains("MessageShape.TryReadValues", compiled);
    }

    [Fact]
    public async Task ShortTexts_AreReadByTheWayThatIsMeantForThem()
    {
        IReadOnlySet<string> compiled = await CompiledMethods.OfAsync(typeof(SlowPathTests).GetMethod(nameof(ReadShortTexts), BindingFlags.Static | BindingFlags.NonPublic)!);

        string[] expected = Vector128.IsHardwareAccelerated ? ["MessageShape.TryReadTexts"] : ["MessageShape.TryReadValues"];
        Assert.Equal(expected, compiled.Where(static method => method is "MessageShape.TryReadTexts" or "MessageShape.TryReadUnusual" or "MessageShape.TryReadValues"));
    }

    /// <summary>Run in a copy of this assembly and of the library.</summary>
    private static void ReadShortTexts()
    {
        var reader = new ServerEventReader();
        foreach (string delta in (string[])["of", " all", "", " words", " that were ever said, so it is"])
        {
            byte[] message = Encoding.UTF8.GetBytes($$"""{"type":"response.output_audio_transcript.delta","event_id":"event_00000000000000","response_id":"resp_00000000000000","item_id":"item_00000000000000","output_index":0,"content_index":0,"delta":"{{delta}}","obfuscation":"Qx7"}""");
            Assert.True(reader.TryRead(message, default, out _, out _));
        }
    }

    /// <summary>Run in a copy of this assembly and of the library.</summary>
    private static void ReadOrdinaryMessages()
    {
        var reader = new ServerEventReader();
        byte[] audio = new byte[960];
        string base64 = Convert.ToBase64String(audio);
        for (int i = 0; i < 4; i++)
        {
            Read($$"""{"type":"response.output_audio.delta","event_id":"event_{{i}}00000000000000","response_id":"resp_00000000000000","item_id":"item_00000000000000","output_index":0,"content_index":0,"delta":"{{base64}}"}""");
            Read($$"""{"type":"response.output_audio_transcript.delta","event_id":"event_{{i}}00000000000000","response_id":"resp_00000000000000","item_id":"item_00000000000000","output_index":0,"content_index":0,"delta":" of all words that were ever said {{i}}"}""");
        }

        byte[] done = """{"type":"response.done","event_id":"event_00000000000000","response":{"id":"resp_00000000000000","object":"realtime.response","status":"completed","output":[{"id":"item_00000000000000","type":"message","status":"completed","role":"assistant","content":[{"type":"output_audio","transcript":"all that was said"}]}]}}"""u8.ToArray();
        Assert.True(reader.TryRead(done, default, out ServerEvent value, out _));
        Assert.True(value.TryGetResponseDone(out ResponseDoneView view));
        foreach (ItemView item in view.Response.Output)
        {
            Assert.Equal(ItemKind.Message, item.Kind);
        }

        // What stands before the first gap is shorter than a vector.
        for (int i = 0; i < 3; i++)
        {
            Read($$"""{"delta":"{{base64}}", "item_id":"item_0", "event_id":"event_{{i}}", "output_index":0, "type":"response.output_audio.delta", "content_index":0, "response_id":"resp_0"}""");
        }

        void Read(string message) => Assert.True(reader.TryRead(Encoding.UTF8.GetBytes(message), audio, out _, out _));
    }
}
