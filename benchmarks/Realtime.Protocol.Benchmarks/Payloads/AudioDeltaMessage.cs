using System.Text;
using Realtime.Protocol.Benchmarks.Answers;

namespace Realtime.Protocol.Benchmarks.Payloads;

/// <summary>
/// One <c>response.output_audio.delta</c> message as the service sends it: compact JSON, <c>type</c> first, the audio
/// last. The text is put together here and by nothing that is measured. The same size gives the same bytes.
/// </summary>
public sealed class AudioDeltaMessage
{
    private const int Seed = 20_261_120;

    /// <summary>The size of the destination that a connection keeps for audio: more than any event of these benchmarks brings.</summary>
    public const int DestinationBytes = 128 * 1024;

    private AudioDeltaMessage(AudioDelta says, byte[] utf8, Range base64)
    {
        Says = says;
        Utf8 = utf8;
        Base64 = base64;
    }

    /// <summary>What the message says: the answer that every reader must give.</summary>
    public AudioDelta Says { get; }

    public byte[] Utf8 { get; }

    /// <summary>Where the base64 text lies in <see cref="Utf8"/>, without its quotes.</summary>
    public Range Base64 { get; }

    public static AudioDeltaMessage Create(int audioBytes)
    {
        var random = new Random(Seed);
        var says = new AudioDelta(
            SeededIds.EventId(random),
            SeededIds.ResponseId(random),
            SeededIds.ItemId(random),
            OutputIndex: 0,
            ContentIndex: 0,
            SeededSpeech.Pcm16(random, audioBytes));
        string head = $$"""
            {"type":"response.output_audio.delta","event_id":"{{says.EventId}}","response_id":"{{says.ResponseId}}","item_id":"{{says.ItemId}}","output_index":{{says.OutputIndex}},"content_index":{{says.ContentIndex}},"delta":
            """ + '"';
        string base64 = Convert.ToBase64String(says.Audio.Span);
        return new AudioDeltaMessage(says, Encoding.UTF8.GetBytes(head + base64 + "\"}"), head.Length..(head.Length + base64.Length));
    }
}
