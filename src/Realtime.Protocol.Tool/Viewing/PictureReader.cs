using System.Text.Unicode;
using Realtime.Protocol.CommandLine.Decoding;
using Realtime.Protocol.CommandLine.Linting;
using Realtime.Protocol.Testing.Grammar;

namespace Realtime.Protocol.CommandLine.Viewing;

/// <summary>Reads one log into a lane, through the same eyes as <c>lint</c>: the events, and the rules that were broken.</summary>
internal sealed class PictureReader
{
    private readonly RecordedEvents _events = new(takesOdd: true);
    private readonly LaneBuilder _lane;
    private readonly ClientGrammar _grammar;

    /// <param name="name">The name of the log.</param>
    /// <param name="withContent">Whether what was said is kept.</param>
    /// <param name="prices">What tokens cost; null when nobody knows.</param>
    public PictureReader(string name, bool withContent, TokenPrices? prices)
    {
        _lane = new(name, withContent, prices);
        _grammar = new(1, new ViolationList { Occurred = _lane.AddViolation });
    }

    /// <summary>How many events there were.</summary>
    public long Events { get; private set; }

    /// <summary>How many lines are no events and should be.</summary>
    public long Faults { get; private set; }

    /// <summary>The first of those lines.</summary>
    public long FirstFaultLine { get; private set; }

    /// <summary>What is wrong with it.</summary>
    public string? FirstFault { get; private set; }

    /// <summary>Takes one line.</summary>
    public void Read(LineSplitter lines)
    {
        string? fault = lines.IsTooLong || Utf8.IsValid(lines.Line.Span) ? Take(lines) : TakeFault(lines.Number, "it is no UTF-8");
        if (fault is not null)
        {
            Faults++;
            FirstFault ??= fault;
            FirstFaultLine = FirstFaultLine == 0 ? lines.Number : FirstFaultLine;
        }
    }

    /// <summary>What there is to see. Nothing more can be read behind it.</summary>
    public CallLane Build()
    {
        _grammar.End(_events.LastAt);
        return _lane.Build();
    }

    private string? Take(LineSplitter lines)
    {
        if (!_events.TryRead(lines, out RecordedEvent read, out string? fault))
        {
            if (fault is null)
            {
                _lane.AddNote(lines.Line[EventFile.MarkIn(lines)..]);
                return null;
            }

            return TakeFault(lines.Number, fault);
        }

        if (_lane.Add(lines.Number, in read) is { } why)
        {
            return why;
        }

        Events++;
        LogReader.Tell(_grammar, in read, lines.Number);
        return null;
    }

    private string TakeFault(long line, string fault)
    {
        _lane.AddFault(line);
        return fault;
    }
}
