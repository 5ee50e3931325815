using System.Text;
using Realtime.Protocol.CommandLine.Log;

namespace Realtime.Protocol.CommandLine.Tests.Log;

public class EventLogTests
{
    [Fact]
    public void Events_AreLines()
    {
        var file = new MemoryStream();
        using (var log = new EventLog(file, withAudio: false))
        {
            log.Add(TimeSpan.FromMilliseconds(1), EventSender.Client, """{"type":"a"}"""u8);
            log.Add(TimeSpan.FromMilliseconds(2), EventSender.Server, """{"type":"b"}"""u8);
            Assert.Null(log.Failure);
        }

        Assert.Equal(
            """
            {"t_ms":1.0,"dir":"client","event":{"type":"a"}}
            {"t_ms":2.0,"dir":"server","event":{"type":"b"}}

            """.ReplaceLineEndings("\n"),
            Encoding.UTF8.GetString(file.ToArray()));
    }

    [Fact]
    public void FullDisk_EndsTheLogAndNothingElse()
    {
        using var log = new EventLog(new FullDisk(), withAudio: false);

        log.Add(TimeSpan.Zero, EventSender.Client, "{}"u8);
        log.Add(TimeSpan.Zero, EventSender.Client, "{}"u8);

        Assert.Equal("No space left on device", log.Failure?.Message);
    }

    private sealed class FullDisk : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("No space left on device");
    }
}
