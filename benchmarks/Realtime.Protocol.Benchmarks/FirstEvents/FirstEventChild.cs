using System.Diagnostics;
using System.Globalization;
using Realtime.Protocol.Benchmarks.Answers;
using Realtime.Protocol.Benchmarks.Comparisons;
using Realtime.Protocol.Benchmarks.Payloads;
using Realtime.Protocol.Benchmarks.Peers;
using Realtime.Protocol.Benchmarks.Peers.Classes;
using Realtime.Protocol.Benchmarks.Peers.Members;
using Realtime.Protocol.Benchmarks.Timing;

namespace Realtime.Protocol.Benchmarks.FirstEvents;

/// <summary>
/// The first event that a process reads, in a process that has done nothing else: what a user waits for while the library
/// is loaded and compiled. The reader is made inside the measured time.
/// </summary>
public static class FirstEventChild
{
    private const int AudioBytes = 19_200;

    public static IReadOnlyList<string> Names { get; } = [Ways.RealtimeProtocol, Ways.SourceGeneration, Ways.OpenAISdk];

    /// <summary>Prints nanoseconds and bytes allocated.</summary>
    public static void Run(string way, TextWriter output)
    {
        Message message = AudioDeltaMessages.Usual(AudioBytes, 1)[0];
        byte[] utf8 = message.ToArray();
        var arrived = new Arrived(utf8, 0, utf8.Length, 0, 0);
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();
        long touch = way switch
        {
            Ways.RealtimeProtocol => ByRealtimeProtocol(arrived),
            Ways.SourceGeneration => BySourceGeneration(arrived),
            Ways.OpenAISdk => ByOpenAISdk(arrived),
            _ => throw new ArgumentOutOfRangeException(nameof(way), way, "There is no such way."),
        };
        double nanoseconds = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        new AnswerCheck(way, () => message.Says.TouchFault(touch)).Require();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{nanoseconds} {allocated}"));
    }

    private static long ByRealtimeProtocol(Arrived message) => Read(new RealtimeProtocolReader<AudioDeltaMembers.OfView>(), message);

    private static long BySourceGeneration(Arrived message) =>
        Read(new SourceGenerationReader<AudioDeltaEvent, AudioDeltaMembers.OfClass>(ClassesJson.Default.AudioDeltaEvent), message);

    private static long ByOpenAISdk(Arrived message) => Read(new OpenAISdkReader<AudioDeltaMembers.OfUpdate>(), message);

    private static long Read<TReader>(TReader reader, Arrived message)
        where TReader : struct, IReader<Arrived>
    {
        var touch = new AnswerTouch();
        reader.Read(message, ref touch);
        return touch.Value;
    }
}
