using System.Runtime.InteropServices;

namespace Realtime.Protocol.CommandLine;

/// <summary>
/// Standard input as bytes. Where it was closed before this program started, the runtime's own pipes get its number, and
/// whoever reads from one of those waits for ever: then each read is refused instead.
/// </summary>
internal static partial class StandardInput
{
    private const int GetFlags = 1;
    private const int CloseOnExec = 1;

    /// <summary>The process's own. It need not be closed.</summary>
    public static Stream Open() => IsInherited() ? Console.OpenStandardInput() : new ClosedStream();

    // What a program inherits has been through exec, so it can't be of the kind that is closed there; what the runtime opens is.
    private static bool IsInherited() => OperatingSystem.IsWindows() || Control(0, GetFlags) is >= 0 and var flags && (flags & CloseOnExec) == 0;

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(int descriptor, int command);

    private sealed class ClosedStream : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) =>
            throw new ToolException(ExitCode.UnusableInput, "Standard input is closed. Pipe something in, or name a file.");

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
