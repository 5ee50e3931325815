using System.Globalization;

namespace Realtime.Protocol.CommandLine.Decoding;

/// <summary>A file of one event a line, or standard input. Whatever keeps it from being read is one sentence that names it.</summary>
internal static class EventFile
{
    /// <summary>What a message may hold at most.</summary>
    public const int MaxMessageBytes = 16 * 1024 * 1024;

    /// <summary>What a line may hold at most: a recorded line is an event and a little more around it.</summary>
    public const int MaxLineBytes = MaxMessageBytes + 1024;

    private static ReadOnlySpan<byte> ByteOrderMark => "\uFEFF"u8;

    /// <summary>Opens it.</summary>
    /// <param name="file">A path, or <c>-</c>.</param>
    /// <param name="standardInput">What <c>-</c> stands for.</param>
    public static Stream Open(string file, Stream standardInput)
    {
        if (file == "-")
        {
            return new UnownedStream(standardInput);
        }

        if (string.IsNullOrWhiteSpace(file))
        {
            throw new ToolException(ExitCode.UnusableInput, "FILE is empty. Name a file, or give - for standard input.");
        }

        try
        {
            return new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0, useAsync: false);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            string what = failure switch
            {
                FileNotFoundException or DirectoryNotFoundException => $"There is no file {file}. Check its name, or give - for standard input.",
                _ when Directory.Exists(file) => $"{file} is a directory; name a file in it that holds one event a line, or give - for standard input.",
                _ => $"{file} can't be read: {failure.Message}",
            };
            throw new ToolException(ExitCode.UnusableInput, what, failure);
        }
    }

    /// <summary>Reads the next line. False at the end.</summary>
    public static async ValueTask<bool> ReadAsync(LineSplitter lines, string file, CancellationToken cancellationToken)
    {
        try
        {
            return await lines.ReadAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            string source = file == "-" ? "Standard input" : file;
            throw new ToolException(ExitCode.UnusableInput, $"{source} can't be read behind line {lines.Number.ToString(CultureInfo.InvariantCulture)}: {failure.Message}", failure);
        }
    }

    /// <summary>What stands in front of the first line's content: a byte order mark, or nothing.</summary>
    public static int MarkIn(LineSplitter lines) => lines.Number == 1 && lines.Line.Span.StartsWith(ByteOrderMark) ? ByteOrderMark.Length : 0;

    /// <summary>True when a line is white space only.</summary>
    public static bool IsBlank(ReadOnlySpan<byte> line) => line.Trim(" \t\r"u8).IsEmpty;
}
