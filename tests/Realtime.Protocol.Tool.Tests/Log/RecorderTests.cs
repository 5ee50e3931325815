using Realtime.Protocol.CommandLine.Log;
using Realtime.Protocol.CommandLine.Tests.Support;
using Realtime.Protocol.CommandLine.Timeline;
using Realtime.Protocol.Transport;

namespace Realtime.Protocol.CommandLine.Tests.Log;

/// <summary>Recording watches a session and never ends it.</summary>
public class RecorderTests
{
    [Fact]
    public async Task LogThatThrows_EndsNoSession_AndIsRemembered()
    {
        using var log = new EventLog(new BrokenFile(), withAudio: false);
        var recorder = new Recorder(new ManualTime(), log, new NoTimeline(), new Secret(null));
        await using var transport = new RecordingTransport(new OneMessage(), recorder);

        Assert.True(await transport.SendAsync("""{"type":"response.create"}"""u8.ToArray(), TestContext.Current.CancellationToken));
        Assert.False((await transport.ReceiveAsync(TestContext.Current.CancellationToken)).IsEnd);

        Assert.IsType<InvalidOperationException>(recorder.Failure);
        Assert.Equal(1, recorder.Figures.ResponseRequests);
    }

    [Fact]
    public async Task TimelineThatThrows_EndsNoSession_AndTheLogGoesOn()
    {
        var file = new MemoryStream();
        using var log = new EventLog(file, withAudio: false);
        var recorder = new Recorder(new ManualTime(), log, new BrokenView(), new Secret(null));
        await using var transport = new RecordingTransport(new OneMessage(), recorder);

        Assert.False((await transport.ReceiveAsync(TestContext.Current.CancellationToken)).IsEnd);

        Assert.IsType<InvalidOperationException>(recorder.Failure);
        Assert.NotEqual(0, file.Length);
    }

    [Fact]
    public void NothingWrong_IsNoFailure()
    {
        var recorder = new Recorder(new ManualTime(), log: null, new NoTimeline(), new Secret(null));

        recorder.Record(EventSender.Server, "{"u8);

        Assert.Null(recorder.Failure);
    }

    private sealed class BrokenFile : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => throw new InvalidOperationException("broken");
    }

    private sealed class BrokenView : ITimelineView
    {
        public void Show(TimelineEntry entry) => throw new InvalidOperationException("broken");

        public void ShowProgress(Speaker who, long bytes, long? totalBytes)
        {
        }

        public Task RunAsync(Func<Task> conversation) => conversation();
    }

    private sealed class OneMessage : IRealtimeTransport
    {
        public RealtimeCloseReason? CloseReason => null;

        public ValueTask<ReceivedMessage> ReceiveAsync(CancellationToken cancellationToken = default) => new(new ReceivedMessage("not json"u8.ToArray()));

        public ValueTask<bool> SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken = default) => new(true);

        public ValueTask CloseAsync(int statusCode = 1000, string description = "", CancellationToken cancellationToken = default) => default;

        public ValueTask DisposeAsync() => default;
    }
}
