using System.Buffers;
using Realtime.Protocol.Testing;
using Realtime.Protocol.Testing.Hosting.Logs;

namespace Realtime.Protocol.CommandLine.Log;

/// <summary>
/// The log file, one line an event, each line handed to the operating system as it is written, so that <c>tail -f</c> shows it and a crash loses none. Not for several
/// threads at once. A disk that is full ends the log and not the conversation: <see cref="Failure"/> tells of it.
/// </summary>
internal sealed class EventLog(Stream file, bool withAudio) : IDisposable
{
    private readonly ArrayBufferWriter<byte> _line = new(4096);

    /// <summary>What ended the log early; null while it goes well.</summary>
    public IOException? Failure { get; private set; }

    public void Add(TimeSpan at, EventSender sender, ReadOnlySpan<byte> message)
    {
        if (Failure is not null)
        {
            return;
        }

        _line.ResetWrittenCount();
        EventLogLine.Write(_line, at, sender == EventSender.Client ? Speaker.Client : Speaker.Server, message, withAudio);
        try
        {
            file.Write(_line.WrittenSpan);
            file.Flush();
        }
        catch (IOException failure)
        {
            Failure = failure;
        }
    }

    public void Dispose()
    {
        try
        {
            file.Dispose();
        }
        catch (IOException failure)
        {
            Failure ??= failure;
        }
    }
}
