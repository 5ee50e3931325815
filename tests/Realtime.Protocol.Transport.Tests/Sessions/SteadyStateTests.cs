using System.IO.Pipelines;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Transport.Tests.Sessions;

/// <summary>What a running session costs per audio event: nothing, from the received message to the reader's buffer and back to the playback report.</summary>
public sealed class SteadyStateTests
{
    [Fact]
    public void ReceivingReadingAndReportingAudio_AllocatesNothing()
    {
        using var engine = new MachineGate(
            new MachineSettings { IdPrefix = "test" }, TimeProvider.System, new SessionHost(new(), new(), new(TimeProvider.System), new(NullLogger.Instance)));
        Turn turn = Speaking(engine);
        byte[] message = Encoding.UTF8.GetBytes(
            $$"""{"type":"response.output_audio.delta","event_id":"event_9","response_id":"resp_1","item_id":"item_1","output_index":0,"content_index":0,"delta":"{{Convert.ToBase64String(new byte[19_200])}}"}""");
        var reader = new ServerEventReader();
        byte[] audio = new byte[32 * 1024];

        long played = 0;
        long least = long.MaxValue;
        for (int attempt = 0; attempt < 10; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 50; i++)
            {
                if (!reader.TryRead(message, audio, out ServerEvent e, out _))
                {
                    Assert.Fail("The message is well-formed.");
                }

                engine.Receive(in e);
                if (!turn.Audio.TryRead(out ReadResult read))
                {
                    Assert.Fail("The audio was received.");
                }

                played += read.Buffer.Length;
                turn.Audio.AdvanceTo(read.Buffer.End);
                turn.ReportPlayed(played);
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(10 * 50 * 19_200, played);
        Assert.Equal(0, least);
    }

    [Fact]
    public void TakingAndWaitingForInputAudio_AllocatesNothing()
    {
        using var engine = new MachineGate(
            new MachineSettings { IdPrefix = "test" }, TimeProvider.System, new SessionHost(new(), new(), new(TimeProvider.System), new(NullLogger.Instance)));
        Speaking(engine);
        while (engine.SendQueue.TryTake(out _))
        {
        }

        long least = long.MaxValue;
        for (int attempt = 0; attempt < 10; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 50; i++)
            {
                engine.AddAudio(960);
                while (engine.SendQueue.TryTake(out _))
                {
                }
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    private static Turn Speaking(MachineGate engine)
    {
        Take(engine, """{"type":"session.created","event_id":"event_1","session":{"type":"realtime","audio":{"input":{"turn_detection":null}}}}""");
        Turn turn = engine.SubmitTurn(SessionIntent.CreateResponse()).Turn!;
        Assert.True(engine.SendQueue.TryTake(out Outgoing create));
        string? token = (string?)System.Text.Json.Nodes.JsonNode.Parse(create.Message.Span)!["response"]!["metadata"]![ResponseToken.MetadataKey];
        Take(engine, $$$$"""{"type":"response.created","event_id":"event_2","response":{"id":"resp_1","status":"in_progress","metadata":{"{{{{ResponseToken.MetadataKey}}}}":"{{{{token}}}}"}}}""");
        Take(engine, """{"type":"response.output_item.added","event_id":"event_3","response_id":"resp_1","output_index":0,"item":{"id":"item_1","type":"message","role":"assistant","status":"in_progress","content":[]}}""");
        return turn;
    }

    private static void Take(MachineGate engine, string message)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(message);
        Assert.True(ServerEvent.TryRead(bytes, out ServerEvent e, out ReadError error), error.ToString());
        engine.Receive(in e);
    }
}
