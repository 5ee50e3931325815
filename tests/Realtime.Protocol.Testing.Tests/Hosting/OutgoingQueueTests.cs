using System.Text;
using Realtime.Protocol.Testing.Hosting;

namespace Realtime.Protocol.Testing.Tests.Hosting;

/// <summary>What waits for a client comes out as it went in, and what is thrown away is thrown away between frames.</summary>
public class OutgoingQueueTests
{
    // One slot for both once let a server that pings often keep its answer to the client's own ping for itself.
    [Fact]
    public void APing_DoesNotTakeThePlaceOfAPongThatWaits_AndOfEachKindTheLastGoes()
    {
        var queue = new OutgoingQueue();
        queue.AddPong([0x8A, 1, (byte)'a']);
        queue.AddPong([0x8A, 1, (byte)'b']);
        queue.AddPing([0x89, 0]);
        queue.AddPing([0x89, 0]);

        List<byte[]> taken = [];
        while (queue.TryTake(out Portion portion))
        {
            taken.Add(portion.Bytes.ToArray());
            queue.Written();
        }

        Assert.Equal([[0x8A, 1, (byte)'b'], [0x89, 0]], taken);
    }

    [Fact]
    public void RandomUse_KeepsOrder_WholeFrames_AndTheCount()
    {
        for (int seed = 0; seed < 1_000; seed++)
        {
            var random = new Random(seed);
            var queue = new OutgoingQueue();
            var written = new MemoryStream();
            int added = 0;
            for (int step = 0; step < 60; step++)
            {
                switch (random.Next(10))
                {
                    case < 4:
                        queue.Add(Encoding.ASCII.GetBytes(Message(added++, random.Next(3) == 0 ? random.Next(60_000) : random.Next(300))));
                        break;
                    case 4:
                        queue.Add(new Special([0x81, 6, .. Encoding.ASCII.GetBytes($"s{added++:00000}")], null));
                        break;
                    case 5:
                        queue.AddPong([0x8A, 0]);
                        break;
                    case 6 when random.Next(4) == 0:
                        queue.Discard();
                        break;
                    default:
                        if (queue.TryTake(out Portion portion))
                        {
                            written.Write(portion.Bytes.Span);
                            if (random.Next(8) == 0)
                            {
                                queue.Discard();
                            }

                            queue.Written();
                        }

                        break;
                }
            }

            while (queue.TryTake(out Portion portion))
            {
                written.Write(portion.Bytes.Span);
                queue.Written();
            }

            Assert.Equal(0, queue.Bytes);
            AssertWholeFramesInOrder(written.ToArray());
        }
    }

    private static string Message(int number, int length) => $"m{number:00000}{new string('.', length)}";

    private static void AssertWholeFramesInOrder(byte[] bytes)
    {
        int last = -1;
        for (int at = 0; at < bytes.Length;)
        {
            Assert.Contains(bytes[at], new byte[] { 0x81, 0x8A });
            int announced = bytes[at + 1];
            (int head, int length) = announced == 126 ? (4, (bytes[at + 2] << 8) + bytes[at + 3]) : (2, announced);
            if (bytes[at] == 0x81)
            {
                int number = int.Parse(Encoding.ASCII.GetString(bytes, at + head + 1, 5), System.Globalization.CultureInfo.InvariantCulture);
                Assert.True(number > last, $"{number} behind {last}");
                last = number;
                Assert.False(bytes.AsSpan(at + head + 6, length - 6).ContainsAnyExcept((byte)'.'));
            }

            at += head + length;
        }
    }
}
