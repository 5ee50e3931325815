using System.IO.Pipelines;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Realtime.Protocol.Lifecycle;
using static Realtime.Protocol.Transport.Tests.TranslationTalk;

namespace Realtime.Protocol.Transport.Tests.Sessions;

/// <summary>What a translation keeps for whoever reads late is bounded, and receiving it costs nothing.</summary>
public sealed class TranslationStreamTests
{
    [Fact]
    public void TextsThatNobodyReads_AreBounded_AndTheNewestStay()
    {
        var feed = new TranslationFeed();
        for (int i = 0; i < TranslationFeed.MaxWaiting + 10; i++)
        {
            feed.Add(new TranslationText(TranslationSide.Translation, i.ToString(System.Globalization.CultureInfo.InvariantCulture), default));
        }

        feed.Complete();
        TranslationText[] read = feed.ReadAllAsync().ToBlockingEnumerable().ToArray();
        Assert.Equal(TranslationFeed.MaxWaiting, read.Length);
        Assert.Equal("10", read[0].Text);
    }

    [Fact]
    public async Task SoundThatNobodyReads_IsBounded_AndGoesOnInWholeSamplesOnceItWasRead()
    {
        var stream = new TranslationStream(NullLogger.Instance, 96_000);
        byte[] delta = Encoding.UTF8.GetBytes($$"""{"type":"session.output_audio.delta","event_id":"e","delta":"{{Convert.ToBase64String(new byte[9_600])}}"}""");
        byte[] odd = Encoding.UTF8.GetBytes("""{"type":"session.output_audio.delta","event_id":"e","delta":"/w=="}""");
        byte[] mark = Encoding.UTF8.GetBytes("""{"type":"session.output_audio.delta","event_id":"e","delta":"BwA="}""");
        for (int i = 0; i < 20; i++)
        {
            Write(stream, delta);
        }

        Write(stream, odd);
        long read = await TakeAsync(stream.Reader);
        Assert.Equal(96_000, read);
        Write(stream, mark); // half a sample was left out: this one would be heard shifted by a byte
        Write(stream, odd);
        Write(stream, mark);
        stream.Complete();
        Assert.Equal([7, 0], await ReadAllAsync(stream.Reader));
    }

    [Fact]
    public void ReceivingAndReadingSound_AllocatesNothing()
    {
        var stream = new TranslationStream(NullLogger.Instance);
        using var gate = new TranslationGate(new MachineSettings { IdPrefix = "test" }, TimeProvider.System, new ChangeReporter(NullLogger.Instance, null), stream, new());
        var reader = new Events.Translation.ServerEventReader();
        byte[] message = Encoding.UTF8.GetBytes($$"""{"type":"session.output_audio.delta","event_id":"event_9","delta":"{{Convert.ToBase64String(new byte[9_600])}}","sample_rate":24000,"channels":1,"format":"pcm16","elapsed_ms":1600}""");
        byte[] audio = new byte[32 * 1024];
        long least = long.MaxValue;
        for (int attempt = 0; attempt < 10; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 50; i++)
            {
                if (!reader.TryRead(message, audio, out Events.Translation.ServerEvent e, out _))
                {
                    Assert.Fail("The message is well-formed.");
                }

                gate.Receive(in e);
                gate.AddAudio(9_600);
                while (gate.SendQueue.TryTake(out _))
                {
                }

                if (!stream.Reader.TryRead(out ReadResult read) || read.Buffer.Length != 9_600)
                {
                    Assert.Fail("The audio was received.");
                }

                stream.Reader.AdvanceTo(read.Buffer.End);
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    private static void Write(TranslationStream stream, byte[] message)
    {
        Assert.True(Events.Translation.ServerEvent.TryRead(message, out Events.Translation.ServerEvent e, out _));
        Assert.True(e.TryGetSessionOutputAudioDelta(out Events.Translation.SessionOutputAudioDeltaView delta));
        stream.Write(delta.Delta);
    }

    private static async Task<long> TakeAsync(PipeReader reader)
    {
        ReadResult read = await reader.ReadAsync();
        long bytes = read.Buffer.Length;
        reader.AdvanceTo(read.Buffer.End);
        return bytes;
    }
}
