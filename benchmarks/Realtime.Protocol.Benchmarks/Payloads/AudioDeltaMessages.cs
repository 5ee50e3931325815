using System.Text;
using Realtime.Protocol.Benchmarks.Answers;

namespace Realtime.Protocol.Benchmarks.Payloads;

/// <summary>
/// <c>response.output_audio.delta</c> messages of one response: another <c>event_id</c> in each, the same ids, indices and
/// sound in all. The same arguments give the same bytes.
/// </summary>
public static class AudioDeltaMessages
{
    private const int Seed = 20_261_120;
    private const string Type = "response.output_audio.delta";

    /// <summary>The size of the destination that a connection keeps for audio: more than any event of these benchmarks brings.</summary>
    public const int DestinationBytes = 128 * 1024;

    // How senders space their JSON, after a colon and after a comma; the last one breaks lines.
    private static readonly (string Colon, string Comma)[] Spacings = [("", ""), (" ", " "), (" ", ""), ("", " "), ("  ", "\n  "), (" ", "\r\n\t")];

    /// <summary>As the service sends them: compact, <c>type</c> first, the audio last.</summary>
    public static Message[] Usual(int audioBytes, int count) => Create(audioBytes, count, static (members, _) => Compose(members, ("", "")));

    /// <summary>Every message with an order of members and a spacing of its own; in every fourth, <c>type</c> comes last.</summary>
    public static Message[] AnyOrder(int audioBytes, int count) => Create(audioBytes, count, static (members, random) =>
    {
        string[] shuffled = [.. members];
        random.Shuffle(shuffled);
        if (random.Next(4) == 0)
        {
            shuffled = [.. shuffled.Except([members[0]]), members[0]];
        }

        return Compose(shuffled, Spacings[random.Next(Spacings.Length)]);
    });

    private static Message[] Create(int audioBytes, int count, Func<string[], Random, (string Head, string Tail)> compose)
    {
        var random = new Random(Seed);
        string responseId = SeededIds.ResponseId(random);
        string itemId = SeededIds.ItemId(random);
        byte[] audio = SeededSpeech.Pcm16(random, audioBytes);
        byte[] payload = Encoding.ASCII.GetBytes(Convert.ToBase64String(audio));
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            string eventId = SeededIds.EventId(random);
            (string head, string tail) = compose([Text("type", Type), Text("event_id", eventId), Text("response_id", responseId), Text("item_id", itemId), "\"output_index\":0", "\"content_index\":0", Audio], random);
            var says = new Answer(("event_id", eventId), ("response_id", responseId), ("item_id", itemId), ("output_index", 0L), ("content_index", 0L), ("audio", audio));
            return new Message(Encoding.ASCII.GetBytes(head), payload, Encoding.ASCII.GetBytes(tail), says);
        })];
    }

    // The payload stands between the quotes of this member, where the pieces are parted.
    private const string Audio = "\"delta\":\"\"";

    private static string Text(string member, string value) => $"\"{member}\":\"{value}\"";

    private static (string Head, string Tail) Compose(string[] members, (string Colon, string Comma) spacing)
    {
        string text = "{" + string.Join("," + spacing.Comma, members.Select(member => member.Replace("\":", "\":" + spacing.Colon, StringComparison.Ordinal))) + "}";
        int payload = text.IndexOf("\"\"", StringComparison.Ordinal) + 1;
        return (text[..payload], text[payload..]);
    }
}
