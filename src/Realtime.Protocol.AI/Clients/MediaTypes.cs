using System.Globalization;
using Microsoft.Extensions.AI;

namespace Realtime.Protocol.AI;

/// <summary>Encodings of sound as media types. Bytes of one encoding in another are noise, so every other type is refused by its name.</summary>
internal static class MediaTypes
{
    public const string Pcm = "audio/pcm";
    private const string MuLaw = "audio/pcmu";
    private const string ALaw = "audio/pcma";
    private const int TelephoneRate = 8_000;

    /// <exception cref="NotSupportedException">It is no encoding of a voice session.</exception>
    public static AudioEncoding ToEncoding(RealtimeAudioFormat format, string member) => (TypeOf(format.MediaType), format.SampleRate) switch
    {
        (Pcm, >= AudioEncoding.LeastSamplesPerSecond and <= AudioEncoding.MostSamplesPerSecond and var rate) => AudioEncoding.Pcm(rate),
        (MuLaw, TelephoneRate) => AudioEncoding.G711MuLaw,
        (ALaw, TelephoneRate) => AudioEncoding.G711ALaw,
        _ => throw new NotSupportedException($"{member}: a voice session has no {format.MediaType} at {format.SampleRate} Hz. It has audio/pcm (16 bit), and audio/pcmu and audio/pcma at 8000 Hz."),
    };

    /// <exception cref="NotSupportedException">It is not sound in the encoding that the session takes.</exception>
    public static void ThrowIfOther(DataContent content, AudioEncoding encoding, string member)
    {
        string taken = Of(encoding);
        string stated = content.MediaType;
        if (stated != taken && (TypeOf(stated) != taken || StatesOther(stated, "rate", encoding.SamplesPerSecond) || StatesOther(stated, "channels", 1)))
        {
            throw new NotSupportedException($"{member}: the session takes raw sound as {taken} at {encoding.SamplesPerSecond} Hz in one channel, and this is {stated}.");
        }
    }

    private static string Of(AudioEncoding encoding) => encoding == AudioEncoding.G711MuLaw ? MuLaw : encoding == AudioEncoding.G711ALaw ? ALaw : Pcm;

    private static string TypeOf(string mediaType) => mediaType.Split(';')[0].Trim().ToLowerInvariant();

    // A parameter (";rate=24000") may be left out, and its value may stand in quotation marks (RFC 2045, 5.1).
    private static bool StatesOther(string mediaType, string parameter, int value) => mediaType.Split(';').Skip(1)
        .Select(static stated => stated.Split('=', 2, StringSplitOptions.TrimEntries))
        .Any(stated => stated is [var name, var text] && name.Equals(parameter, StringComparison.OrdinalIgnoreCase) && text.Trim('"') != value.ToString(CultureInfo.InvariantCulture));
}
