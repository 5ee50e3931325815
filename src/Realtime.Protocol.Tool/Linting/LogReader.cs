using Realtime.Protocol.CommandLine.Decoding;
using Realtime.Protocol.Testing.Grammar;

namespace Realtime.Protocol.CommandLine.Linting;

/// <summary>Gives a recorded log to the client's grammar, line by line.</summary>
internal sealed class LogReader
{
    private readonly RecordedEvents _events = new();

    /// <summary>How many events there were.</summary>
    public long Events => _events.Count;

    /// <summary>The time of the last event that has one.</summary>
    public double? LastAt => _events.LastAt;

    /// <summary>Takes one line. Says why it is no event; null when it is one, or is no event on purpose.</summary>
    public string? Read(LineSplitter lines, ClientGrammar grammar)
    {
        if (!_events.TryRead(lines, out RecordedEvent read, out string? fault))
        {
            return fault;
        }

        Tell(grammar, in read, lines.Number);
        return null;
    }

    /// <summary>Gives one event to the grammar.</summary>
    public static void Tell(ClientGrammar grammar, in RecordedEvent read, long line)
    {
        if (read.Sender == EventSender.Client)
        {
            grammar.AcceptClient(read.Message, read.At, line);
        }
        else
        {
            grammar.AcceptServer(read.Message, read.At);
        }
    }
}
