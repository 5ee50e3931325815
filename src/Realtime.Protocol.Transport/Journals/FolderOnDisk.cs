using System.Runtime.InteropServices;

namespace Realtime.Protocol.Transport;

/// <summary>
/// Puts the names in a folder on the disk: a file that was renamed is there after a loss of power only when its folder was flushed as well. .NET has no call for it. Windows writes the names by itself, and has nothing to ask for.
/// </summary>
internal static partial class FolderOnDisk
{
    private const int ReadOnly = 0;

    /// <exception cref="IOException">The disk refused.</exception>
    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int handle = Open(folder, ReadOnly);
        if (handle < 0)
        {
            throw Refused();
        }

        int result = Synchronize(handle);
        IOException? refused = result < 0 ? Refused() : null;
        _ = Close(handle);
        if (refused is not null)
        {
            throw refused;
        }
    }

    private static IOException Refused() => new($"The journal's folder could not be flushed to the disk: error {Marshal.GetLastPInvokeError()} of the system.");

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Synchronize(int handle);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int handle);
}
