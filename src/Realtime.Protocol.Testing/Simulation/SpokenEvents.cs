using System.Buffers;
using System.Text;
using Realtime.Protocol.Testing.Simulation.Faults;

namespace Realtime.Protocol.Testing.Simulation;

/// <summary>
/// What the simulator wants done, in order, and the bytes of its messages in one block. It is also the one place that everything the
/// server says passes through, and so the place where faults happen. After a close nothing gets in any more.
/// </summary>
internal sealed class SpokenEvents(FaultPlan faults)
{
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly Queue<Entry> _entries = new();
    private readonly Dictionary<string, int> _counts = [];
    private int _sent;
    private int _messageStart;

    /// <summary>True once a close was put in.</summary>
    public bool IsClosed { get; private set; }

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
        int copies = 1;
        FrameMarks? marks = null;
        foreach (Fault fault in faults.At(eventType, occurrence, _sent))
        {
            switch (fault.Kind)
            {
                case FaultKind.Close:
                    Close(fault.Status, fault.Text);
                    break;
                case FaultKind.Drop:
                    copies = 0;
                    break;
                case FaultKind.Repeat:
                    copies++;
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
            Put(message with { Marks = marks });
        }

        // A connection that ends within this message has no next one.
        IsClosed |= marks is { End: not WireEnd.None } && copies > 0;
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

    private void Inject(string text)
    {
        int start = _bytes.WrittenCount;
        _bytes.Write(Encoding.UTF8.GetBytes(text));
        Put(new(SimulatorEffectKind.Send, start, _bytes.WrittenCount - start, 0, ""));
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
