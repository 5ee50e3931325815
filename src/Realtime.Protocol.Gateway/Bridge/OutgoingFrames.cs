using System.Buffers;

namespace Realtime.Protocol.Gateway;

/// <summary>Frames that go out together, in one memory that is used again and again: nothing is allocated for a frame once it has grown.</summary>
internal sealed class OutgoingFrames : IBufferWriter<byte>
{
    private readonly ArrayBufferWriter<byte> _bytes = new(4_096);
    private readonly List<(int End, bool IsText)> _ends = [];

    public int Count => _ends.Count;

    /// <summary>All frames, one behind the other, for a wire that knows no messages.</summary>
    public ReadOnlyMemory<byte> All => _bytes.WrittenMemory;

    public (ReadOnlyMemory<byte> Bytes, bool IsText) this[int index]
    {
        get
        {
            int start = index == 0 ? 0 : _ends[index - 1].End;
            return (_bytes.WrittenMemory[start.._ends[index].End], _ends[index].IsText);
        }
    }

    /// <summary>What was written since the last one is a frame.</summary>
    public void EndFrame(bool isText) => _ends.Add((_bytes.WrittenCount, isText));

    /// <summary>Takes over the frames of another.</summary>
    public void Append(OutgoingFrames others)
    {
        for (int i = 0; i < others.Count; i++)
        {
            (ReadOnlyMemory<byte> bytes, bool isText) = others[i];
            this.Write(bytes.Span);
            EndFrame(isText);
        }
    }

    public void Clear()
    {
        _bytes.ResetWrittenCount();
        _ends.Clear();
    }

    public void Advance(int count) => _bytes.Advance(count);

    public Memory<byte> GetMemory(int sizeHint = 0) => _bytes.GetMemory(sizeHint);

    public Span<byte> GetSpan(int sizeHint = 0) => _bytes.GetSpan(sizeHint);
}
