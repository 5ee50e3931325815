using System.Globalization;

namespace Realtime.Protocol.CommandLine.Audio;

/// <summary>The command line that turns any sound file into one that this tool can speak, ready to be pasted into a shell.</summary>
internal static class SoxCommand
{
    private static readonly System.Buffers.SearchValues<char> PlainCharacters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/+,:@%");

    /// <param name="file">The file as the user wrote it; <c>-</c> for standard input.</param>
    public static string Convert(string file)
    {
        string format = string.Create(CultureInfo.InvariantCulture, $"-r {Pcm.SampleRate} -c {Pcm.Channels} -b {Pcm.BitsPerSample}");
        if (file == SoundSource.StandardInputName)
        {
            return $"sox -t wav - -t raw {format} -e signed -";
        }

        string directory = Path.GetDirectoryName(file) ?? "";
        string converted = Path.Combine(directory, Path.GetFileNameWithoutExtension(file) + "-24k.wav");
        return $"sox {Quote(file)} {format} {Quote(converted)}";
    }

    // POSIX: inside single quotes nothing is special but the quote itself. A leading dash would be read as an option.
    private static string Quote(string path)
    {
        string safe = path.StartsWith('-') ? "./" + path : path;
        return safe.AsSpan().ContainsAnyExcept(PlainCharacters) ? $"'{safe.Replace("'", @"'\''", StringComparison.Ordinal)}'" : safe;
    }
}
