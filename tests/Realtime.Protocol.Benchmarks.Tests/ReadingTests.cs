using Realtime.Protocol.Benchmarks.Answers;
using Realtime.Protocol.Benchmarks.Payloads;
using Realtime.Protocol.Benchmarks.Peers;
using Realtime.Protocol.Benchmarks.Peers.Members;
using Realtime.Protocol.Benchmarks.Timing;

namespace Realtime.Protocol.Benchmarks.Tests;

/// <summary>A reader that answers wrongly is caught before it is timed, whichever message and member it gets wrong.</summary>
public class ReadingTests
{
    private static readonly Message[] Messages = AudioDeltaMessages.Usual(960, 3);

    [Fact]
    public void RightAnswers_HaveNoFault() => Assert.Null(FaultOf(new Faulty(Fault.None)));

    [Fact]
    public void AnAnswerOfAnotherMessage_IsCaught() => Assert.StartsWith("message 2 of 3: event_id", FaultOf(new Faulty(Fault.AlwaysTheFirst)));

    [Fact]
    public void AMemberLeftOut_IsCaught() => Assert.Contains("expected 6 members, got 5", FaultOf(new Faulty(Fault.NoAudio)));

    [Fact]
    public void WrongAudio_IsCaughtWithItsPlace() => Assert.Contains("audio: differs from byte 7 on", FaultOf(new Faulty(Fault.OneBitOfAudio)));

    [Fact]
    public void DoingLessWhenTimed_IsCaught() => Assert.Contains("the timed method returned", FaultOf(new Faulty(Fault.NothingWhenTimed)));

    [Fact]
    public void Run_GoesOnWhereTheLastRunStopped()
    {
        var reading = new Reading<RealtimeProtocolReader<AudioDeltaMembers.OfView>, MessageRing, Arrived>("ours", new(), new MessageRing(OfTwoSizes()));
        long[] one = [reading.Run(1), reading.Run(1), reading.Run(1)];

        Assert.NotEqual(one[0], one[1]);
        Assert.Equal(one[0], one[2]);
    }

    [Fact]
    public void AnyOrder_NeverRepeatsTheArrangementBefore()
    {
        string[] heads = [.. AudioDeltaMessages.AnyOrder(960, 64).Select(static message => System.Text.Encoding.ASCII.GetString([.. message.Head, .. message.Tail]))];
        string[] arrangements = [.. heads.Select(static head => System.Text.RegularExpressions.Regex.Replace(head, "_[A-Za-z0-9]{21}", ""))];

        Assert.True(arrangements.Distinct().Count() > 55);
        Assert.True(heads.Count(static head => head.TrimEnd('}').TrimEnd().EndsWith("response.output_audio.delta\"", StringComparison.Ordinal)) > 12);
    }

    private static string? FaultOf(Faulty reader) => new Reading<Faulty, MessageRing, Arrived>("faulty", reader, new MessageRing(Messages)).Fault();

    private static Message[] OfTwoSizes() => [AudioDeltaMessages.Usual(960, 1)[0], AudioDeltaMessages.Usual(4_800, 1)[0]];

    private enum Fault
    {
        None,
        AlwaysTheFirst,
        NoAudio,
        OneBitOfAudio,
        NothingWhenTimed,
    }

    private readonly struct Faulty(Fault fault) : IReader<Arrived>
    {
        public void Read<TSink>(Arrived message, ref TSink sink)
            where TSink : struct, IAnswerSink
        {
            if (fault == Fault.NothingWhenTimed && typeof(TSink) == typeof(AnswerTouch))
            {
                return;
            }

            Message read = Messages[fault == Fault.AlwaysTheFirst ? 0 : Array.FindIndex(Messages, one => message.Utf8.SequenceEqual(one.ToArray()))];
            foreach ((_, object value) in read.Says.Members)
            {
                switch (value)
                {
                    case string text:
                        sink.Text(text);
                        break;
                    case long number:
                        sink.Number(number);
                        break;
                    case byte[] audio when fault != Fault.NoAudio:
                        byte[] copy = [.. audio];
                        copy[7] ^= fault == Fault.OneBitOfAudio ? (byte)1 : (byte)0;
                        sink.Bytes(copy);
                        break;
                }
            }
        }
    }
}
