using Realtime.Protocol.Analyzers.Rules;
using Realtime.Protocol.Analyzers.Tests.Verification;

namespace Realtime.Protocol.Analyzers.Tests.Rules;

/// <summary>RT2001 beside programs of the field that are right: phone bridges and browsers that decode, recorders that encode for somebody else, and text that is not audio.</summary>
public class RT2001NeighbourTests
{
    [Theory]
    [InlineData("""var media = JsonDocument.Parse(text).RootElement; await session.Input.WriteAsync(media.GetProperty("media").GetProperty("payload").GetBytesFromBase64());""")]
    [InlineData("""var media = JsonDocument.Parse(text).RootElement; await session.Input.WriteAsync(Convert.FromBase64String(media.GetProperty("payload").GetString()!));""")]
    [InlineData("""var reader = new Utf8JsonReader(pcm); if (reader.Read() && reader.TryGetBytesFromBase64(out var audio)) { session.Input.Write(audio); }""")]
    [InlineData("""var comma = text.IndexOf(',') + 1; await session.Input.WriteAsync(Convert.FromBase64String(text[comma..]));""")]
    [InlineData("""var audio = new byte[text.Length]; if (Convert.TryFromBase64String(text, audio, out var n)) { await session.Input.WriteAsync(audio.AsMemory(0, n)); }""")]
    [InlineData("""await socket.SendAsync(Encoding.UTF8.GetBytes(Convert.ToBase64String(pcm)), WebSocketMessageType.Text, true, default); await session.Input.WriteAsync(pcm);""")]
    [InlineData("""await socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(new { @event = "media", media = new { payload = Convert.ToBase64String(pcm) } }), WebSocketMessageType.Text, true, default); await session.Input.WriteAsync(pcm);""")]
    [InlineData("""var got = await socket.ReceiveAsync(pcm.AsMemory(), default); await session.Input.WriteAsync(pcm.AsMemory(0, got.Count));""")]
    [InlineData("""while (await turn.Audio.ReadAsync() is { IsCompleted: false } read) { Console.WriteLine(Convert.ToBase64String(read.Buffer.FirstSpan)); turn.Audio.AdvanceTo(read.Buffer.End); } await session.Input.WriteAsync(pcm);""")]
    [InlineData("""var saved = Convert.ToBase64String(pcm); await File.WriteAllTextAsync("call.b64", saved); await session.Input.WriteAsync(Convert.FromBase64String(await File.ReadAllTextAsync("call.b64")));""")]
    public Task BridgeOrBrowser_ThatDecodes(string statements) => Verify(statements);

    [Theory]
    [InlineData("""session.SendMessage(Convert.ToBase64String(pcm)); await session.Input.WriteAsync(pcm);""")]
    [InlineData("""await session.SendRawAsync(RawJson.Parse("{\"type\":\"input_audio_buffer.append\",\"audio\":\"" + Convert.ToBase64String(pcm) + "\"}"));""")]
    [InlineData("""await session.SendRawAsync(RawJson.FromUtf8(Encoding.UTF8.GetBytes("{\"type\":\"vendor.audio\",\"audio\":\"" + Convert.ToBase64String(pcm) + "\"}")));""")]
    [InlineData("""var key = Convert.ToBase64String(SHA256.HashData(pcm)); Console.WriteLine(key); await session.Input.WriteAsync(pcm);""")]
    [InlineData("""using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256); hash.AppendData(Encoding.UTF8.GetBytes(Convert.ToBase64String(pcm))); await session.Input.WriteAsync(pcm);""")]
    [InlineData("""var log = new StringBuilder().Append(Convert.ToBase64String(pcm)); await File.WriteAllTextAsync("log", log.ToString()); await session.Input.WriteAsync(pcm);""")]
    [InlineData("""using var encoded = new MemoryStream(); await encoded.WriteAsync(Encoding.UTF8.GetBytes(Convert.ToBase64String(pcm))); await session.Input.WriteAsync(pcm);""")]
    [InlineData("""var image = $"data:image/png;base64,{Convert.ToBase64String(pcm)}"; session.SendMessage(image); await session.Input.WriteAsync(pcm);""")]
    public Task TextThatGoesElsewhere(string statements) => Verify(statements);

    [Theory]
    [InlineData("""var queue = Channel.CreateUnbounded<byte[]>(); queue.Writer.TryWrite(pcm); await foreach (var chunk in queue.Reader.ReadAllAsync()) { await session.Input.WriteAsync(chunk); }""")]
    [InlineData("""var queue = Channel.CreateUnbounded<string>(); queue.Writer.TryWrite(Convert.ToBase64String(pcm)); await foreach (var chunk in queue.Reader.ReadAllAsync()) { await session.Input.WriteAsync(Convert.FromBase64String(chunk)); }""")]
    [InlineData("""foreach (var chunk in pcm.Chunk(960)) { await session.Input.WriteAsync(chunk); } Console.WriteLine(Convert.ToBase64String(pcm));""")]
    [InlineData("""var resampled = Resample(pcm); await session.Input.WriteAsync(resampled); byte[] Resample(byte[] b) => b;""")]
    [InlineData("""var samples = MemoryMarshal.AsBytes(new short[480].AsSpan()); session.Input.Write(samples);""")]
    [InlineData("""var silence = new byte[960]; for (var i = 0; i < 50; i++) { session.Input.Write(silence); }""")]
    [InlineData("""using var wav = File.OpenRead("hello.wav"); wav.Position = 44; await wav.CopyToAsync(session.Input);""")]
    [InlineData("""var memory = session.Input.GetMemory(960); var n = await stream.ReadAsync(memory); session.Input.Advance(n);""")]
    [InlineData("""var audio = text is null ? pcm : Convert.FromBase64String(text); await session.Input.WriteAsync(audio);""")]
    [InlineData("""var audio = pcm; if (text.Length > 0) { audio = Convert.FromBase64String(text); } await session.Input.WriteAsync(audio);""")]
    public Task AudioThatIsRaw(string statements) => Verify(statements);

    [Theory]
    [InlineData("""new Look.Input().Write(Encoding.UTF8.GetBytes(Convert.ToBase64String(pcm)));""")]
    [InlineData("""_ = new Look.InputAudioBufferAppend { Audio = Encoding.UTF8.GetBytes(Convert.ToBase64String(pcm)) };""")]
    [InlineData("""await new Look.VoiceSession().Input.WriteAsync(Encoding.UTF8.GetBytes(Convert.ToBase64String(pcm)));""")]
    [InlineData("""await session.Input.WriteAsync(Look.Convert.ToBase64String(pcm));""")]
    public Task LookAlike_InAnotherNamespace(string statements) => Verify(statements);

    private static Task Verify(string statements) => AnalyzerVerifier.Verify<RT2001Base64TextAsRawAudio>(
        $$"""
        using System; using System.Buffers; using System.Collections.Generic; using System.IO; using System.IO.Pipelines; using System.Linq; using System.Net.WebSockets; using System.Runtime.InteropServices; using System.Security.Cryptography;
        using System.Text; using System.Text.Json; using System.Threading.Channels; using System.Threading.Tasks; using Realtime.Protocol;
        class Caller { async Task Talk(VoiceSession session, Turn turn, WebSocket socket, Stream stream, byte[] pcm, string text) { {{statements}} await Task.Yield(); } }
        namespace Look
        {
            class Input { public void Write(byte[] audio) { } }
            struct InputAudioBufferAppend { public byte[] Audio; }
            class VoiceSession { public PipeWriter Input => null!; }
            static class Convert { public static byte[] ToBase64String(byte[] bytes) => bytes; }
        }
        """,
        Knows.Ours | Knows.Session);
}
