using Microsoft.Win32.SafeHandles;

namespace Realtime.Protocol.CommandLine;

/// <summary>
/// Standard output as bytes. The console's own stream takes a pipe that its reader has closed for a success and would let
/// this program count, and pay for, what nobody gets.
/// </summary>
internal static class StandardOutput
{
    private const int BrokenPipeOfUnix = 32;
    private const int BrokenPipeOfWindows = unchecked((int)0x8007006D);
    private const int ClosingPipeOfWindows = unchecked((int)0x800700E8);

    /// <summary>The process's own. It need not be closed.</summary>
    public static Stream Open()
    {
        if (!OperatingSystem.IsWindows())
        {
            try
            {
                var stream = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
                if (!stream.CanSeek)
                {
                    return stream;
                }

                // A file has no reader to lose, and a FileStream would not move the place where the next program goes on.
            }
            catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException or ArgumentException)
            {
                // Closed by whoever started this program: the console's stream copes with that.
            }
        }

        return Console.OpenStandardOutput();
    }

    /// <summary>True when a write failed because the other end of a pipe was closed, as <c>head</c> does it.</summary>
    public static bool IsClosed(IOException failure) => failure.HResult is BrokenPipeOfUnix or BrokenPipeOfWindows or ClosingPipeOfWindows;
}
