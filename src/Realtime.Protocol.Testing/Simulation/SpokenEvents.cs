using System.Buffers;
using System.Text;
using Realtime.Protocol.Testing.Simulation.Faults;

namespace Realtime.Protocol.Testing.Simulation;

/// <summary>
/// What the simulator wants done, in order, and the bytes of its messages in one block. It is also the one place that everything the
/// server says passes through, and so the place where faults happen. After a close nothing gets in any more.
/// </summary>
/// <remarks>What comes late waits here, too: it is due like everything else that happens later.</remarks>
internal sealed class SpokenEvents(FaultPlan faults, WireIds ids) : IDue
{
    private readonly List<(long At, byte[] Message, FrameMarks? Marks)> _late = [];
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly Queue<Entry> _entries = new();
    private readonly Dictionary<string, int> _counts = [];
    private int _sent;
    private int _messageStart;
    private byte[]? _swapped;
    private FrameMarks? _swappedMarks;

    /// <summary>The type of each event, when it is said: before the faults, which are the wire's.</summary>
    public event Action<string>? Said;

    /// <summary>True once a close was put in.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>The moment of the call that is being answered.</summary>
    public long Now { get; set; }

    /// <summary>When an event is due that comes late.</summary>
    public long? Due => _late.Count == 0 ? null : _late.Min(static late => late.At);

    /// <summary>Where the next message is written; <see cref="EndMessage"/> ends it.</summary>
    public IBufferWriter<byte> BeginMessage()
    {
        _messageStart = _bytes.WrittenCount;
        return _bytes;
    }

    /// <summary>Ends the message begun before and lets the faults have it.</summary>
    public void EndMessage(string eventType)
    {
        var message = new Entry(SimulatorEffectKind.Send, _messageStart, _bytes.WrittenCount - _messageStart, 0, "");
        int occurrence = _counts[eventType] = _counts.GetValueOrDefault(eventType) + 1;
        _sent++;
        Said?.Invoke(eventType);
        int copies = 1;
        long? lateBy = null;
        bool isSwapped = false;
        FrameMarks? marks = null;
        foreach (Fault fault in faults.At(eventType, occurrence, _sent))
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
                    Inject(fault.Text);
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
        int first = 0;
        for (int i = 1; i < _late.Count; i++)
        {
            first = _late[i].At < _late[first].At ? i : first;
        }

        (_, byte[] message, FrameMarks? marks) = _late[first];
        _late.RemoveAt(first);
        Put(Written(message) with { Marks = marks });
    }

    public void SetTimer(long at) => Put(new(SimulatorEffectKind.SetTimer, at, 0, 0, ""));

    public void Close(int status, string reason)
    {
        Put(new(SimulatorEffectKind.Close, 0, 0, status, reason));
        IsClosed = true;
    }

    /// <summary>Makes room when everything was taken; what was not taken keeps its bytes.</summary>
    public void Reuse()
    {
        if (_entries.Count == 0)
        {
            _bytes.ResetWrittenCount();
        }
    }

    public bool TryTake(out SimulatorEffect effect)
    {
        bool taken = _entries.TryDequeue(out Entry entry);
        effect = entry.Kind switch
        {
            SimulatorEffectKind.SetTimer => SimulatorEffect.SetTimer(entry.AtOrStart),
            SimulatorEffectKind.Close => SimulatorEffect.Close(entry.Status, entry.Reason),
            _ => taken ? SimulatorEffect.Send(_bytes.WrittenMemory.Slice((int)entry.AtOrStart, entry.Length), entry.Marks) : default,
        };
        return taken;
    }

    private void Inject(string text) => Put(Written(Encoding.UTF8.GetBytes(text)));

    private byte[] TextOf(Entry message) => _bytes.WrittenSpan.Slice((int)message.AtOrStart, message.Length).ToArray();

    private Entry Written(byte[] message)
    {
        int start = _bytes.WrittenCount;
        _bytes.Write(message);
        return new(SimulatorEffectKind.Send, start, message.Length, 0, "");
    }

    private void Put(Entry entry)
    {
        if (!IsClosed)
        {
            _entries.Enqueue(entry);
        }
    }

    private readonly record struct Entry(SimulatorEffectKind Kind, long AtOrStart, int Length, int Status, string Reason, FrameMarks? Marks = null);
}
