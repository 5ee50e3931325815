using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Text.Unicode;

namespace Realtime.Protocol.Testing.Hosting.Logs;

/// <summary>
/// One line of the log: <c>{"t_ms":12.3,"dir":"server","event":{…}}</c>. The event stands as it was on the wire, byte for byte, except that line breaks between members are
/// spaces, and that audio, unless asked for, is empty with its size beside it: <c>"delta":"…"</c> becomes <c>"delta":"","delta_bytes":19200</c>. A message that is not JSON, or whose
/// names or audio escape half a surrogate pair, which is no text, becomes <c>"not_json":"…"</c>.
/// </summary>
internal static partial class EventLogLine
{
    private const int MostTextCharacters = 2000;

    private static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.Create(UnicodeRanges.All);

    /// <summary>Writes one line with its line feed.</summary>
    public static void Write(IBufferWriter<byte> output, TimeSpan at, Speaker speaker, ReadOnlySpan<byte> message, bool withAudio)
    {
        string milliseconds = Math.Round(at.TotalMilliseconds, 1).ToString("0.0", CultureInfo.InvariantCulture);
        string name = speaker == Speaker.Client ? "client" : "server";
        output.Write(Encoding.UTF8.GetBytes($$"""{"t_ms":{{milliseconds}},"dir":"{{name}}","""));
        List<AudioMember> audio = [];
        if (IsOneJsonValue(message, audio))
        {
            output.Write("\"event\":"u8);
            WriteEvent(output, message, withAudio ? [] : audio);
        }
        else
        {
            output.Write("\"not_json\":"u8);
            WriteText(output, message, withAudio);
        }

        output.Write("}\n"u8);
    }

    private static bool IsOneJsonValue(ReadOnlySpan<byte> message, List<AudioMember> audio)
    {
        if (!Utf8.IsValid(message))
        {
            return false;
        }

        try
        {
            AudioOmission.Find(message, audio);
            return true;
        }
        // The reader takes an escape such as \ud800 for JSON until someone asks for the text that it stands for.
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static void WriteEvent(IBufferWriter<byte> output, ReadOnlySpan<byte> message, List<AudioMember> omitted)
    {
        int position = 0;
        foreach (AudioMember member in omitted)
        {
            WriteOnOneLine(output, message[position..member.Start]);
            string name = Encoding.UTF8.GetString(member.Name);

            // Silence in its place keeps the line an event of the protocol. What is no base64 has no size, and its line is none.
            output.Write(Encoding.UTF8.GetBytes(member.Bytes is { } bytes ? $"\"{name}\":\"\",\"{name}_bytes\":{bytes.ToString(CultureInfo.InvariantCulture)}" : $"\"{name}_bytes\":null"));
            position = member.End;
        }

        WriteOnOneLine(output, message[position..]);
    }

    // JSON allows a line break between tokens only, where a space means the same.
    private static void WriteOnOneLine(IBufferWriter<byte> output, ReadOnlySpan<byte> json)
    {
        Span<byte> line = output.GetSpan(Math.Max(1, json.Length))[..json.Length];
        json.CopyTo(line);
        line.Replace((byte)'\n', (byte)' ');
        line.Replace((byte)'\r', (byte)' ');
        output.Advance(json.Length);
    }

    // A delta that broke off is not JSON and is audio all the same: long runs of base64 are left out here too.
    private static void WriteText(IBufferWriter<byte> output, ReadOnlySpan<byte> message, bool withAudio)
    {
        string text = Encoding.UTF8.GetString(message);
        text = withAudio ? text : LongBase64().Replace(text, static run => $"({run.Length.ToString(CultureInfo.InvariantCulture)} characters of base64)");
        text = text.Length <= MostTextCharacters ? text : string.Concat(text.AsSpan(0, MostTextCharacters), "…");
        using var writer = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = Encoder });
        writer.WriteStringValue(text);
    }

    [GeneratedRegex("[A-Za-z0-9+/=]{64,}")]
    private static partial Regex LongBase64();
}
