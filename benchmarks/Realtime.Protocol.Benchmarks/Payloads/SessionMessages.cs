namespace Realtime.Protocol.Benchmarks.Payloads;

/// <summary>
/// A whole session of the size of a real one: 180 messages, 100 of them audio (1.9 MB of PCM), in the order in which the
/// service sends them. The first deltas of an answer are smaller, and so is the last; words come ahead of their sound.
/// </summary>
public static class SessionMessages
{
    public const int Count = 180;

    private const int Seed = 20_261_121;
    private const int AudioDeltas = 100;
    private static readonly int[] FirstBytes = [4_800, 7_200, 12_000, 12_000];
    private const int UsualBytes = 19_200;
    private const int LastBytes = 9_600;

    public static Message[] Create()
    {
        var call = new MuseumCall(Seed);
        var random = new Random(Seed);
        Message[] opening = [call.SessionEvent("session.created"), call.SessionEvent("session.updated"), .. call.Asked(), .. call.Began()];
        Message[] heard = [.. call.Heard()];
        Message[] ended = [.. call.Ended()];
        int words = Count - opening.Length - heard.Length - ended.Length - AudioDeltas;
        var spoken = new List<Message>();
        for (int delta = 0, word = 0; delta < AudioDeltas; delta++)
        {
            // Two words with each delta until all are said: the service is ahead with its text.
            for (int ahead = 0; ahead < 2 && word < words; ahead++, word++)
            {
                spoken.Add(call.TranscriptDelta(MuseumCall.Words[word % MuseumCall.Words.Length]));
            }

            int bytes = delta < FirstBytes.Length ? FirstBytes[delta] : delta == AudioDeltas - 1 ? LastBytes : UsualBytes;
            spoken.Add(call.AudioDelta(SeededSpeech.Pcm16(random, bytes)));
        }

        return [.. opening, .. heard, .. spoken, .. ended];
    }
}
