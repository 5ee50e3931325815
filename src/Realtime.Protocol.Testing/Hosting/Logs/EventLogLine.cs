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
/// spaces, that audio, unless asked for, is empty with its size beside it: <c>"delta":"…"</c> becomes <c>"delta":"","delta_bytes":19200</c>, and that a remote tool's
/// <c>authorization</c> and <c>headers</c> are withheld. Of what is not JSON, secrets are withheld that can be told by their shape: <c>sk-…</c>, <c>ek_…</c>, <c>Bearer …</c>. A message that is not JSON, or whose
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
        List<OmittedPlace> omitted = [];
        if (IsOneJsonValue(message, omitted))
        {
            output.Write("\"event\":"u8);
            WriteEvent(output, message, omitted, withAudio);
        }
        else
        {
            output.Write("\"not_json\":"u8);
            WriteText(output, message, withAudio);
        }

        output.Write("}\n"u8);
    }

    /// <summary>JSON without the secrets in it. It must be JSON.</summary>
    public static string WithoutSecrets(string json)
    {
        byte[] message = Encoding.UTF8.GetBytes(json);
        List<OmittedPlace> omitted = [];
        LogOmission.Find(message, omitted);
        var output = new ArrayBufferWriter<byte>();
        WriteEvent(output, message, omitted, withAudio: true);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static bool IsOneJsonValue(ReadOnlySpan<byte> message, List<OmittedPlace> omitted)
    {
        if (!Utf8.IsValid(message))
        {
            return false;
        }

        try
        {
            LogOmission.Find(message, omitted);
            return true;
        }
        // The reader takes an escape such as \ud800 for JSON until someone asks for the text that it stands for.
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static void WriteEvent(IBufferWriter<byte> output, ReadOnlySpan<byte> message, List<OmittedPlace> omitted, bool withAudio)
    {
        int position = 0;
        foreach (OmittedPlace place in omitted)
        {
            if (place.IsAudio && withAudio)
            {
                continue;
            }

            WriteOnOneLine(output, message[position..place.Start]);
            output.Write(place.Instead);
            position = place.End;
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
        text = Masked(text);
        text = withAudio ? text : LongBase64().Replace(text, static run => $"({run.Length.ToString(CultureInfo.InvariantCulture)} characters of base64)");
        text = text.Length <= MostTextCharacters ? text : string.Concat(text.AsSpan(0, MostTextCharacters), "…");
        using var writer = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = Encoder });
        writer.WriteStringValue(text);
    }

    /// <summary>A sentence without the secrets in it that can be told by their shape: keys, client secrets, and what stands behind "Bearer".</summary>
    public static string Masked(string text) => Secret().Replace(text, static secret => $"{secret.Groups[1].Value}…");

    // An escaped space or tab stands for itself in what was to be JSON.
    [GeneratedRegex(@"((?<![A-Za-z0-9])(?:sk-|ek_)|bearer(?:\s|\\[ntr]|\\u00[0-9a-f]{2}|[:=+""'])+)[A-Za-z0-9_\-.~+/=]{4,}", RegexOptions.IgnoreCase)]
    private static partial Regex Secret();

    [GeneratedRegex("[A-Za-z0-9+/=]{64,}")]
    private static partial Regex LongBase64();
}
