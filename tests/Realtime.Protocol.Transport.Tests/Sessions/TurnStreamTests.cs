using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Transport.Tests.Sessions;

/// <summary>Whose memory the audio of a turn is: the pool's again as soon as nobody can hear it any more, whoever reads it or doesn't.</summary>
public sealed class TurnStreamTests
{
    private const int Second = 48_000;

    [Fact]
    public void ASilencedStream_GivesItsBlocksBack_ThoughNobodyReadsIt()
    {
        using var blocks = new CountedPool();
        TurnStream stream = Written(blocks, seconds: 10);
        Assert.True(blocks.Rented > 5, $"{blocks.Rented} blocks hold ten seconds.");

        stream.Silence();
        Assert.Equal(0, blocks.Rented);
        Assert.True(stream.Reader.TryRead(out ReadResult end) && end is { IsCompleted: true, Buffer.IsEmpty: true });
    }

    [Fact]
    public async Task ASilencedStream_LeavesTheBlocksInTheReadersHands_UntilTheyAreGivenBack()
    {
        using var blocks = new CountedPool();
        TurnStream stream = Written(blocks, seconds: 10);
        ReadResult read = await stream.Reader.ReadAtLeastAsync(Second);
        stream.Silence();
        Assert.True(blocks.Rented > 0);
        Assert.True(read.Buffer.ToArray().All(static sample => sample == 7)); // nobody else has them

        stream.Reader.AdvanceTo(read.Buffer.GetPosition(960));
        Assert.Equal(0, blocks.Rented);
    }

    [Fact]
    public async Task ASilencedStream_GivesItsBlocksBack_ThoughItsReaderWaitsForMore()
    {
        using var blocks = new CountedPool();
        TurnStream stream = Written(blocks, seconds: 1);
        ReadResult read = await stream.Reader.ReadAsync();
        stream.Reader.AdvanceTo(read.Buffer.Start, read.Buffer.End); // wants to see more before it takes any
        ValueTask<ReadResult> waiting = stream.Reader.ReadAsync();
        Assert.False(waiting.IsCompleted);

        stream.Silence();
        Assert.True((await waiting).IsCompleted);
        Assert.Equal(0, blocks.Rented);
    }

    [Fact]
    public void AudioAfterTheSilence_TakesNoBlock()
    {
        using var blocks = new CountedPool();
        TurnStream stream = Written(blocks, seconds: 1);
        stream.Silence();
        Write(stream, Second);
        Assert.Equal((0, (long)Second), (blocks.Rented, stream.Bytes));
    }

    [Fact]
    public void AReaderThatWantsNoMore_GivesTheBlocksBack_AndAudioThatStillComesTakesNone()
    {
        using var blocks = new CountedPool();
        TurnStream stream = Written(blocks, seconds: 1);
        stream.Reader.Complete();
        Write(stream, Second);
        Write(stream, Second);
        stream.Complete();
        Assert.Equal((0, 3L * Second), (blocks.Rented, stream.Bytes));
    }

    private static TurnStream Written(CountedPool blocks, int seconds)
    {
        var host = new SessionHost(new(), new SessionUpdates(), new(TimeProvider.System), new(NullLogger.Instance));
        var gate = new MachineGate(new MachineSettings { IdPrefix = "test" }, TimeProvider.System, host, new SendQueue(CommandWriter.Write));
        var stream = new TurnStream(new Turn(gate, NullLogger.Instance, 1, TurnOrigin.Application, false, AudioEncoding.Pcm16, 0), blocks);
        for (int i = 0; i < seconds; i++)
        {
            Write(stream, Second);
        }

        return stream;
    }

    private static void Write(TurnStream stream, int bytes)
    {
        string pcm = Convert.ToBase64String(Enumerable.Repeat((byte)7, bytes).ToArray());
        byte[] message = Encoding.UTF8.GetBytes($$"""{"type":"response.output_audio.delta","event_id":"e","response_id":"r","item_id":"i","output_index":0,"content_index":0,"delta":"{{pcm}}"}""");
        Assert.True(ServerEvent.TryRead(message, out ServerEvent e, out ReadError error), error.ToString());
        Assert.True(e.TryGetResponseOutputAudioDelta(out ResponseOutputAudioDeltaView delta));
        stream.Write(delta.Delta);
    }

    /// <summary>Knows how many of its blocks are out.</summary>
    private sealed class CountedPool : MemoryPool<byte>
    {
        public int Rented { get; private set; }

        public override int MaxBufferSize => int.MaxValue;

        public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
        {
            Rented++;
            return new Block(this, Math.Max(minBufferSize, 4_096));
        }

        protected override void Dispose(bool disposing)
        {
        }

        private sealed class Block(CountedPool pool, int size) : IMemoryOwner<byte>
        {
            private readonly byte[] _bytes = new byte[size];

            public Memory<byte> Memory => _bytes;

            public void Dispose()
            {
                pool.Rented--;
                Array.Clear(_bytes); // as whoever rents it next would
            }
        }
    }
}
