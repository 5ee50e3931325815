using System.Buffers;
using Realtime.Protocol.Testing.Grammar;

namespace Realtime.Protocol.Testing.Hosting.Logs;

/// <summary>
/// What is written down of one session: the recipe of its server, what both sides said, which rules its client broke, and how it ended. Whoever adds to it never waits: a
/// line is a copy on its way to the one writer, and what finds no room there is only counted.
/// </summary>
/// <param name="writer">The one that writes for all sessions of a host.</param>
/// <param name="path">The file.</param>
/// <param name="recipe">The first line, without its line feed; empty for none.</param>
/// <param name="withAudio">Whether sound is kept; its size stands in its place otherwise.</param>
internal sealed class SessionLog(LogWriter writer, string path, byte[] recipe, bool withAudio)
{
    private readonly ArrayBufferWriter<byte> _line = new();
    private Stream? _file;
    private bool _hasBegun;
    private long _lost;
    private int _ends;

    /// <summary>The file.</summary>
    public string Path => path;

    /// <summary>How many lines are not in it.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>One side said something.</summary>
    public void Add(Speaker speaker, ReadOnlySpan<byte> message, long at)
    {
        byte[] block = ArrayPool<byte>.Shared.Rent(Math.Max(1, message.Length));
        message.CopyTo(block);
        if (!writer.TryAdd(new(this, LogJobKind.Event, at, speaker, block, message.Length)))
        {
            ArrayPool<byte>.Shared.Return(block);
            Interlocked.Increment(ref _lost);
        }
    }

    /// <summary>The client broke a rule.</summary>
    public void Add(Violation violation) => Add(LogNote.Of(violation));

    /// <summary>Somebody was refused at the door.</summary>
    public void Add(DoorRefusal refusal, string? path, TimeSpan at) => Add(LogNote.Of(refusal, path, at));

    /// <summary>Something failed that is nobody's doing but ours.</summary>
    public void Add(Exception defect, long at) => Add(LogNote.Of(defect, at));

    /// <summary>The session is over, and so is the file. The first time counts.</summary>
    public void End(HostedConnection connection, long at)
    {
        if (Interlocked.Exchange(ref _ends, 1) == 0)
        {
            writer.Add(new(this, LogJobKind.End, at, default, null, 0) { Ended = connection });
        }
    }

    private void Add(byte[] note)
    {
        if (!writer.TryAdd(new(this, LogJobKind.Note, 0, default, note, note.Length)))
        {
            Interlocked.Increment(ref _lost);
        }
    }

    /// <summary>Writes one line. Only the writer calls it.</summary>
    /// <exception cref="IOException">The disk does not take it.</exception>
    public void Write(in LogJob job)
    {
        if (!_hasBegun)
        {
            _hasBegun = true;
            _file = writer.Open(path);
            if (recipe.Length > 0)
            {
                _file.Write(recipe);
                _file.Write("\n"u8);
            }
        }

        if (_file is null)
        {
            Interlocked.Increment(ref _lost);
            return;
        }

        _line.ResetWrittenCount();
        switch (job.Kind)
        {
            case LogJobKind.Event:
                EventLogLine.Write(_line, TimeSpan.FromMilliseconds(job.At), job.Speaker, job.Block.AsSpan(0, job.Length), withAudio);
                break;
            case LogJobKind.Note:
                _line.Write(job.Block.AsSpan(0, job.Length));
                _line.Write("\n"u8);
                break;
            case LogJobKind.End:
                _line.Write(LogNote.Of(job.Ended!, job.At, Lost));
                _line.Write("\n"u8);
                break;
        }

        _file.Write(_line.WrittenSpan);
        if (job.Kind == LogJobKind.End)
        {
            Close();
        }
    }

    /// <summary>Hands what was written to the system, so that whoever reads the file sees it. Only the writer calls it.</summary>
    public void Flush() => _file?.Flush();

    /// <summary>Nothing more can be written. Only the writer calls it.</summary>
    public void Abandon()
    {
        Interlocked.Increment(ref _lost);
        try
        {
            Close();
        }
        catch (IOException)
        {
            // What it still held is lost as well, and the writer knows why.
        }
    }

    /// <summary>Nothing more comes. Only the writer calls it.</summary>
    public void Close()
    {
        Stream? file = _file;
        _file = null;
        file?.Dispose();
    }
}
