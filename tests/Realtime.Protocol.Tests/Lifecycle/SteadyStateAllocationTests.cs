using System.Text;
using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Tests.Lifecycle;

/// <summary>A running response costs no memory: 0 B for ten thousand deltas, from the bytes of the message to the machine's verdict.</summary>
public class SteadyStateAllocationTests
{
    private const int Deltas = 10_000;

    private static readonly byte[] AudioMessage = Encoding.UTF8.GetBytes(
        $$"""{"type":"response.output_audio.delta","event_id":"event_1","response_id":"A","item_id":"m","output_index":0,"content_index":0,"delta":"{{Convert.ToBase64String(new byte[96])}}"}""");

    private static readonly byte[] TranscriptMessage =
        """{"type":"response.output_audio_transcript.delta","event_id":"event_1","response_id":"A","item_id":"m","output_index":0,"content_index":0,"delta":"word"}"""u8.ToArray();

    [Fact]
    public void AudioAndTranscriptDeltas_AllocateNothing()
    {
        Conversation talk = Running();
        Assert.Equal(0, LeastAllocated(() =>
        {
            for (int i = 0; i < Deltas; i++)
            {
                Receive(talk.Machine, AudioMessage, i);
                Receive(talk.Machine, TranscriptMessage, i);
            }
        }));
        talk.Played("m", 1);
        talk.Interrupt();
        Assert.Equal(2, talk.Sent().Length); // the machine was awake: it cancels and truncates
    }

    [Fact]
    public void PlaybackReports_AllocateNothing()
    {
        Conversation talk = Running();
        Receive(talk.Machine, AudioMessage, 0);
        string item = "m";
        Assert.Equal(0, LeastAllocated(() =>
        {
            for (int i = 0; i < Deltas; i++)
            {
                talk.Machine.Submit(SessionIntent.Played(item, 0, i), 0);
            }
        }));
    }

    [Fact]
    public void PlaybackReportsOfATurn_AllocateNothing()
    {
        Conversation talk = Running();
        int turn = Assert.Single(talk.Changes<SessionChange.TurnBegan>()).Turn;
        Receive(talk.Machine, AudioMessage, 0);
        Assert.Equal(0, LeastAllocated(() =>
        {
            for (int i = 0; i < Deltas; i++)
            {
                talk.Machine.Submit(SessionIntent.Taken(turn, i % 96), 0);
                talk.Machine.Submit(SessionIntent.Played(turn, i), 0);
            }
        }));
    }

    [Fact]
    public void TwentyThousandDeltas_ThatTakeTurnsBetweenTwoItems_AreTakenAtOnce()
    {
        Conversation talk = Running();
        talk.Message("A", "n");
        byte[] other = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(AudioMessage).Replace("\"m\"", "\"n\"", StringComparison.Ordinal));
        long before = System.Diagnostics.Stopwatch.GetTimestamp();
        for (int i = 0; i < 20_000; i++)
        {
            Receive(talk.Machine, i % 2 == 0 ? AudioMessage : other, i);
        }

        // Some ten milliseconds; it was 3.3 s when every change between items looked at all that went before.
        Assert.InRange(System.Diagnostics.Stopwatch.GetElapsedTime(before).TotalSeconds, 0, 10);
    }

    private static Conversation Running()
    {
        var talk = Conversation.Manual(Conversation.Settings(maxAudio: long.MaxValue));
        talk.Answering("A");
        talk.Message("A", "m");
        return talk;
    }

    private static void Receive(SessionMachine machine, byte[] message, long now)
    {
        if (!ServerEvent.TryRead(message, out ServerEvent e, out _) || machine.Receive(FactOf.Of(e), now).IsDropped)
        {
            throw new InvalidOperationException("The delta was not taken.");
        }
    }

    // Tiering once charged bytes to a path that allocates none, so the best of several rounds counts.
    private static long LeastAllocated(Action round)
    {
        long least = long.MaxValue;
        for (int i = 0; i < 10; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            round();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
