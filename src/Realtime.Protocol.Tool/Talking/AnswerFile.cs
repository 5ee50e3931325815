namespace Realtime.Protocol.CommandLine.Talking;

/// <summary>
/// The file for the answer, open from before the connection: so a path that can't be written is found out before anybody is
/// called, and an earlier answer still stays until there is a session to replace it. Where nothing came of it, no file is left
/// that was not there before.
/// </summary>
internal sealed class AnswerFile : IDisposable
{
    private readonly FileStream _file;
    private readonly bool _isNew;
    private bool _isTaken;

    private AnswerFile(FileStream file, bool isNew) => (_file, _isNew) = (file, isNew);

    /// <summary>Opens what is there, or makes it.</summary>
    /// <exception cref="IOException">It can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written, or is a directory.</exception>
    public static AnswerFile Open(string path)
    {
        try
        {
            return new(Open(path, FileMode.CreateNew), isNew: true);
        }
        catch (IOException)
        {
            // It is there, or opening it finds out what else is wrong.
            return new(Open(path, FileMode.OpenOrCreate), isNew: false);
        }
    }

    /// <summary>Hands the file over, empty.</summary>
    /// <exception cref="IOException">It can't be emptied.</exception>
    public FileStream Take()
    {
        // A device or a pipe has no length, and can't be given one.
        if (_file.CanSeek && _file.Length > 0)
        {
            _file.SetLength(0);
        }

        _isTaken = true;
        return _file;
    }

    public void Dispose()
    {
        if (_isTaken)
        {
            return;
        }

        _file.Dispose();
        if (_isNew)
        {
            try
            {
                File.Delete(_file.Name);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // An empty file stays; why there is no answer is told anyway.
            }
        }
    }

    private static FileStream Open(string path, FileMode mode) => new(path, mode, FileAccess.Write, FileShare.Read, bufferSize: 0);
}
