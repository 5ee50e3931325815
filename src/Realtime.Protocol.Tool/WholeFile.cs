namespace Realtime.Protocol.CommandLine;

/// <summary>A file that is there as a whole or not at all: whoever waits for it never finds half of it.</summary>
internal static class WholeFile
{
    /// <summary>Writes it; a file of that name is replaced.</summary>
    /// <exception cref="ToolException">It can't be written.</exception>
    public static async Task WriteAsync(string path, string text, CancellationToken cancellationToken)
    {
        string beside = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            await File.WriteAllTextAsync(beside, text, cancellationToken);
            File.Move(beside, path, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            if (File.Exists(beside))
            {
                File.Delete(beside);
            }

            throw new ToolException(ExitCode.UnusableInput, $"{path} can't be written: {failure.Message}", failure);
        }
    }
}
