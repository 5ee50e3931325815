using System.Security.Cryptography;
using System.Text;
using Realtime.Protocol.Transport;

namespace Realtime.Protocol;

/// <summary>
/// A journal in a folder, one file for each call: for one machine, or for several that share a disk whose locks and renames they can trust. A file is replaced as a whole and is on the disk before a claim or a save has returned,
/// so it survives the end of the process at any moment. A call is locked for the length of a claim, a save or an end, never longer: an owner that stopped hinders nobody.
/// </summary>
/// <remarks>
/// What is stored is what was said: choose a folder that only the application may read. A call that was ended leaves a few bytes with its fence behind, until <see cref="RemoveEnded"/> takes them away.
/// </remarks>
public sealed class FileJournal : ISessionJournal
{
    private const string Extension = ".call";
    private const string Unfinished = ".new";

    // Whoever finds a call locked looks again after this: a claim or a save takes some milliseconds.
    private static readonly TimeSpan LockedPause = TimeSpan.FromMilliseconds(5);

    private readonly string _folder;

    /// <summary>A journal in this folder, which is made if it is not there. When it goes later, every method fails until it is back: an empty one would be taken for calls that nobody owns.</summary>
    /// <param name="folder">A folder for this journal alone.</param>
    public FileJournal(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        _folder = Path.GetFullPath(folder);
        Directory.CreateDirectory(_folder);
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The folder cannot be read or written.</exception>
    /// <exception cref="InvalidDataException">The call's file is damaged. It is left as it is; remove it to begin the call anew.</exception>
    public async ValueTask<JournalClaim> ClaimAsync(string callId, string owner, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(owner);
        Place place = PlaceOf(callId);
        using FileStream locked = await LockAsync(place, cancellationToken).ConfigureAwait(false);
        JournalRecord stored = Read(place);
        foreach (string unfinished in Directory.EnumerateFiles(_folder, Path.GetFileName(place.File) + "*" + Unfinished))
        {
            File.Delete(unfinished); // its writer ended in the midst of it
        }

        long fence = checked(stored.Fence + 1);
        Write(place, stored with { Fence = fence, IsEnded = false });
        return new JournalClaim(fence, stored.Checkpoint);
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The folder cannot be read or written.</exception>
    /// <exception cref="InvalidDataException">The call's file is damaged.</exception>
    public async ValueTask<bool> SaveAsync(string callId, long fence, ReadOnlyMemory<byte> checkpoint, CancellationToken cancellationToken)
    {
        Place place = PlaceOf(callId);
        using FileStream locked = await LockAsync(place, cancellationToken).ConfigureAwait(false);
        if (!IsOwner(Read(place), fence))
        {
            return false;
        }

        Write(place, new JournalRecord(fence, checkpoint));
        return true;
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The folder cannot be read or written.</exception>
    /// <exception cref="InvalidDataException">The call's file is damaged.</exception>
    public async ValueTask EndAsync(string callId, long fence, CancellationToken cancellationToken)
    {
        Place place = PlaceOf(callId);
        using FileStream locked = await LockAsync(place, cancellationToken).ConfigureAwait(false);
        JournalRecord stored = Read(place);
        if (IsOwner(stored, fence))
        {
            // The next fence is nobody's: the owner that ended the call owns it no longer.
            Write(place, new JournalRecord(checked(fence + 1), null, IsEnded: true));
        }
    }

    /// <summary>
    /// Takes away what ended calls left behind. It forgets their fences too, so the age has to be longer than any session that lost its call could still be about to save: a day is plenty.
    /// </summary>
    /// <param name="age">How long ago they ended at least.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How many were taken away.</returns>
    public async ValueTask<int> RemoveEnded(TimeSpan age, CancellationToken cancellationToken = default)
    {
        int removed = 0;
        DateTime before = DateTime.UtcNow - age;
        foreach (string file in Directory.EnumerateFiles(_folder, "*" + Extension))
        {
            if (File.GetLastWriteTimeUtc(file) > before)
            {
                continue;
            }

            var place = new Place(file, LockOf(Path.GetFileName(file)));
            using FileStream locked = await LockAsync(place, cancellationToken).ConfigureAwait(false);
            if (File.Exists(file) && File.GetLastWriteTimeUtc(file) <= before && JournalRecord.TryRead(File.ReadAllBytes(file), out JournalRecord stored) && stored.IsEnded)
            {
                File.Delete(file);
                removed++;
            }
        }

        return removed;
    }

    private static bool IsOwner(JournalRecord stored, long fence) => fence > 0 && stored.Fence == fence;

    // A call's id is any text, and a file's name is not: some systems forbid characters, mean the same by other letters, or end names early.
    private Place PlaceOf(string callId)
    {
        ArgumentException.ThrowIfNullOrEmpty(callId);
        string name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(callId)));
        return new Place(Path.Combine(_folder, name + Extension), LockOf(name));
    }

    // Of all calls that begin alike. A lock of one call alone could never be deleted: somebody may be about to open it.
    private string LockOf(string name) => Path.Combine(_folder, name[..2] + ".lock");

    private static async Task<FileStream> LockAsync(Place place, CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // the caller may hold a thread that must not wait for a disk
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                return new FileStream(place.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            }
            catch (IOException held) when (held is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException) && File.Exists(place.Lock))
            {
                await Task.Delay(LockedPause, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static JournalRecord Read(Place place)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(place.File);
        }
        catch (FileNotFoundException)
        {
            return default;
        }

        return JournalRecord.TryRead(bytes, out JournalRecord record)
            ? record
            : throw new InvalidDataException($"The journal's file {Path.GetFileName(place.File)} is damaged: its sum does not fit its {bytes.Length} bytes. Remove it to begin the call anew.");
    }

    private static void Write(Place place, JournalRecord record)
    {
        string unfinished = $"{place.File}.{Guid.NewGuid():N}{Unfinished}";
        try
        {
            using (var file = new FileStream(unfinished, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                file.Write(record.Write());
                file.Flush(flushToDisk: true);
            }

            File.Move(unfinished, place.File, overwrite: true);
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }

        FolderOnDisk.Flush(Path.GetDirectoryName(place.File)!);
    }

    private readonly record struct Place(string File, string Lock);
}
