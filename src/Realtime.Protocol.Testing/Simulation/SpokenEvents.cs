using System.Buffers;
using System.Text;
using Realtime.Protocol.Testing.Grammar;
using Realtime.Protocol.Testing.Simulation.Faults;

namespace Realtime.Protocol.Testing.Simulation;

/// <summary>
/// What the simulator wants done, in order, and the bytes of its messages in pages. It is also the one place that everything the
/// server says passes through, and so the place where faults happen. After a close nothing gets in any more.
/// </summary>
/// <remarks>What comes late waits here, too: it is due like everything else that happens later.</remarks>
internal sealed class SpokenEvents(FaultPlan faults, WireIds ids) : IDue
{
    // A block of a piece of sound is not kept until the next one comes: that would be as much as everything else that a session holds.
    private const int KeptBytes = 4 * 1024;

    // From here on messages go to the next page: an answer that comes at once is no one large block.
    private const int PageBytes = 40 * 1024;

    private readonly TimedFaults _timed = new(faults);
    private readonly List<(long At, byte[] Message, FrameMarks? Marks)> _late = [];
    private ArrayBufferWriter<byte> _bytes = new();
    private readonly Queue<Entry> _entries = new();
    private readonly Dictionary<string, int> _counts = [];
    private int _sent;
    private int _injected;
    private int _messageStart;
    private byte[]? _swapped;
    private FrameMarks? _swappedMarks;

    /// <summary>The type of each event, when it is said: before the faults, which are the wire's.</summary>
    public event Action<string>? Said;

    /// <summary>Sees each event as it is said, before the faults; null for nobody.</summary>
    public ServerGrammar? Watcher { get; set; }

    /// <summary>True once a close was put in.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>The moment of the call that is being answered.</summary>
    public long Now { get; set; }

    /// <summary>When something is due that a fault put off: an event that comes late, or a fault that has a time of its own.</summary>
    public long? Due => _timed.Due is not { } timed ? NextLate : Math.Min(timed, NextLate ?? timed);

    private long? NextLate => _late.Count == 0 ? null : _late.Min(static late => late.At);

    /// <summary>The session begins: times count from now on.</summary>
    public void Begin() => _timed.Begin(Now);

    /// <summary>Where the next message is written; <see cref="EndMessage"/> ends it.</summary>
    public IBufferWriter<byte> BeginMessage()
    {
        Turn();
        _messageStart = _bytes.WrittenCount;
        return _bytes;
    }

    /// <summary>Ends the message begun before and lets the faults have it.</summary>
    /// <param name="isForeign">Whether somebody else wrote it, whose words are not held against the server.</param>
    public void EndMessage(string eventType, bool isForeign = false)
    {
        var message = new Entry(SimulatorEffectKind.Send, 0, _bytes.WrittenMemory[_messageStart..], 0, "");
        if (Watcher is { } watcher && !isForeign && !IsClosed)
        {
            watcher.Accept(message.Message.Span);
        }

        int occurrence = _counts[eventType] = _counts.GetValueOrDefault(eventType) + 1;
        _sent++;
        Said?.Invoke(eventType);
        int copies = 1;
        long? lateBy = null;
        bool isSwapped = false;
        FrameMarks? marks = null;
        foreach (Fault fault in _timed.At(faults.At(eventType, occurrence, _sent), Now))
        {
            if (!FaultPlan.IsDrawn(fault, ids.Chance))
            {
                continue;
            }

            switch (fault.Kind)
            {
                case FaultKind.Close:
                    Close(fault.Status, fault.Text);
                    break;
                case FaultKind.Drop:
                    copies = 0;
                    break;
                case FaultKind.Repeat:
                    copies += fault.Number;
                    break;
                case FaultKind.Late:
                    lateBy = Math.Max(lateBy ?? 0, fault.Number);
                    break;
                case FaultKind.Swap:
                    isSwapped = true;
                    break;
                case FaultKind.Change:
                    message = Written(fault.Change!(TextOf(message), ids.Chance));
                    break;
                case FaultKind.Inject:
                    Inject(fault);
                    break;
                case FaultKind.Wire:
                    marks = fault.AddToMarks!(marks ?? FrameMarks.None);
                    break;
            }
        }

        for (int i = 0; i < copies; i++)
        {
            if (lateBy is { } milliseconds)
            {
                _late.Add((Now + milliseconds, TextOf(message), marks));
            }
            else if (isSwapped && _swapped is null)
            {
                (_swapped, _swappedMarks) = (TextOf(message), marks);
            }
            else
            {
                Put(message with { Marks = marks });
            }
        }

        if (!isSwapped && _swapped is { } swapped)
        {
            _swapped = null;
            Put(Written(swapped) with { Marks = _swappedMarks });
        }

        // A connection that ends within this message has no next one.
        IsClosed |= marks is { End: not WireEnd.None } && copies > 0;
    }

    /// <summary>Says what has become due.</summary>
    public void Act()
    {
        if (_timed.Due is { } timed && (NextLate is not { } late || timed <= late))
        {
            Happen(_timed.Take());
            return;
        }

        int first = 0;
        for (int i = 1; i < _late.Count; i++)
        {
            first = _late[i].At < _late[first].At ? i : first;
        }

        (_, byte[] message, FrameMarks? marks) = _late[first];
        _late.RemoveAt(first);
        Put(Written(message) with { Marks = marks });
    }

    /// <summary>From here on nothing is read from the client for so long.</summary>
    public void Deafen(in Fault fault) => Put(new(SimulatorEffectKind.Wire, 0, default, 0, "", fault.AddToMarks!(FrameMarks.None)));

    public void SetTimer(long at) => Put(new(SimulatorEffectKind.SetTimer, at, default, 0, ""));

    /// <summary>Tells whoever watches; the client hears nothing of it.</summary>
    public void Report(string report) => Put(new(SimulatorEffectKind.Report, 0, default, 0, report));

    public void Close(int status, string reason)
    {
        Put(new(SimulatorEffectKind.Close, 0, default, status, reason));
        IsClosed = true;
    }

    /// <summary>Makes room when everything was taken; what was not taken keeps its bytes.</summary>
    public void Reuse()
    {
        if (_entries.Count == 0 && _bytes.Capacity > KeptBytes)
        {
            _bytes = new();
        }
        else if (_entries.Count == 0)
        {
            _bytes.ResetWrittenCount();
        }
    }

    public bool TryTake(out SimulatorEffect effect)
    {
        bool taken = _entries.TryDequeue(out Entry entry);
        effect = entry.Kind switch
        {
            SimulatorEffectKind.SetTimer => SimulatorEffect.SetTimer(entry.At),
            SimulatorEffectKind.Wire => SimulatorEffect.Wire(entry.Marks),
            SimulatorEffectKind.Close => SimulatorEffect.Close(entry.Status, entry.Text),
            SimulatorEffectKind.Report => SimulatorEffect.Told(entry.Text),
            _ => taken ? SimulatorEffect.Send(entry.Message, entry.Marks) : default,
        };
        return taken;
    }

    // It is nobody's event: it happens when its time has come.
    private void Happen(in Fault fault)
    {
        if (!FaultPlan.IsDrawn(fault, ids.Chance))
        {
            return;
        }

        switch (fault.Kind)
        {
            case FaultKind.Close:
                Close(fault.Status, fault.Text);
                break;
            case FaultKind.Inject:
                Inject(fault);
                break;
            case FaultKind.Wire:
                FrameMarks marks = fault.AddToMarks!(FrameMarks.None);
                Put(new(SimulatorEffectKind.Wire, 0, default, 0, "", marks));
                IsClosed |= marks.End != WireEnd.None;
                break;
        }
    }

    private void Inject(Fault fault) => Put(Written(Encoding.UTF8.GetBytes(fault.NthText?.Invoke(++_injected) ?? fault.Text)));

    private static byte[] TextOf(Entry message) => message.Message.ToArray();

    private Entry Written(byte[] message)
    {
        Turn();
        int start = _bytes.WrittenCount;
        _bytes.Write(message);
        return new(SimulatorEffectKind.Send, 0, _bytes.WrittenMemory[start..], 0, "");
    }

    // What was written before stays where it is, for as long as an entry shows it.
    private void Turn()
    {
        if (_bytes.WrittenCount > PageBytes)
        {
            _bytes = new ArrayBufferWriter<byte>(2 * PageBytes);
        }
    }

    private void Put(Entry entry)
    {
        if (!IsClosed)
        {
            _entries.Enqueue(entry);
        }
    }

    private readonly record struct Entry(SimulatorEffectKind Kind, long At, ReadOnlyMemory<byte> Message, int Status, string Text, FrameMarks? Marks = null);
}
