namespace Realtime.Protocol;

/// <summary>A checkpoint cannot be used. The message names the place and the reason, and quotes nothing of the content.</summary>
public sealed class SessionCheckpointException : FormatException
{
    internal SessionCheckpointException(CheckpointFault fault, string path, int? offset, string message)
        : base(message)
    {
        Fault = fault;
        Path = path;
        Offset = offset;
    }

    /// <summary>What is wrong.</summary>
    public CheckpointFault Fault { get; }

    /// <summary>Where in the document, as in <c>items[3].role</c>; empty at the top.</summary>
    public string Path { get; }

    /// <summary>The same place in bytes from the beginning; null where it is no place in the bytes.</summary>
    public int? Offset { get; }
}
