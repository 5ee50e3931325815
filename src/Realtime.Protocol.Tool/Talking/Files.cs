using Realtime.Protocol.CommandLine.Audio;
using Realtime.Protocol.CommandLine.Log;
using Realtime.Protocol.CommandLine.Speech;

namespace Realtime.Protocol.CommandLine.Talking;

/// <summary>Opens what a conversation reads and writes. Whatever the file system objects becomes one line that names the option and the file.</summary>
internal static class Files
{
    /// <summary>What the user says; null when it is written.</summary>
    public static async ValueTask<SoundSource?> OpenInputAsync(TalkSettings settings, Surroundings world, CancellationToken cancellationToken)
    {
        if (settings.Text is not null)
        {
            return null;
        }

        return settings.In switch
        {
            null => await SoundSource.WavAsync(BuiltInSpeech.Open(), "the built-in question", cancellationToken),
            TalkSettings.Pipe => await SoundSource.PipeAsync(world.AudioIn, cancellationToken),
            string path => await SoundSource.WavAsync(Open("--in", path, static path => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite)), path, cancellationToken),
        };
    }

    /// <summary>The session that a file states; null when none is named.</summary>
    public static SessionFile? ReadSession(TalkSettings settings)
    {
        if (settings.Session is null)
        {
            return null;
        }

        using FileStream file = Open("--session", settings.Session, static path => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return SessionFile.Read(settings.Session, file);
    }

    /// <summary>The prices that a file states; null when none is named.</summary>
    public static TokenPrices? ReadPrices(string? path)
    {
        if (path is null)
        {
            return null;
        }

        try
        {
            // A page at most: what is longer is no list of prices, and breaks off.
            using FileStream file = Open("--prices", path, static path => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            byte[] text = new byte[64 * 1024];
            return TokenPrices.Parse(text.AsSpan(0, file.ReadAtLeast(text, text.Length, throwOnEndOfStream: false)));
        }
        catch (FormatException wrong)
        {
            throw new ToolException(ExitCode.UnusableInput, $"{path} (--prices) can't be used. {Timeline.Printable.Line(wrong.Message)}", wrong);
        }
    }

    /// <summary>The file that the answer will replace; null when it goes to standard output.</summary>
    public static AnswerFile? OpenAnswer(TalkSettings settings) => settings.AnswersToPipe ? null : Open("--out", settings.Out, AnswerFile.Open);

    /// <summary>Where the answer goes. What the file held is gone from here on.</summary>
    public static async ValueTask<AudioOutput> BeginOutputAsync(TalkSettings settings, Surroundings world, AnswerFile? answer, CancellationToken cancellationToken)
    {
        if (answer is null)
        {
            return AudioOutput.Raw(world.AudioOut);
        }

        try
        {
            return await AudioOutput.WavAsync(answer.Take(), cancellationToken);
        }
        catch (IOException failure)
        {
            throw new ToolException(ExitCode.UnusableInput, $"{settings.Out} (--out) could not be written: {failure.Message.TrimEnd('.')}. Make room there, or name another file.", failure);
        }
    }

    /// <summary>What messages call the place where the answer goes.</summary>
    public static string NameOfOutput(TalkSettings settings) => settings.AnswersToPipe ? "standard output" : settings.Out;

    /// <summary>Where the events go; null for nowhere. A file of that name is replaced.</summary>
    public static EventLog? OpenLog(TalkSettings settings) => settings.Log is null ? null : new EventLog(Open("--log", settings.Log, Create), settings.LogAudio);

    /// <summary>What keeps the conversation; null for nothing. The folder is made if it is not there.</summary>
    public static FileJournal? OpenJournal(TalkSettings settings) => settings.Journal is null ? null : Open("--journal", settings.Journal, static folder => new FileJournal(folder));

    private static FileStream Create(string path) => new(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);

    private static T Open<T>(string option, string path, Func<string, T> open)
    {
        try
        {
            return open(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            string what = failure switch
            {
                FileNotFoundException => $"There is no file {path} ({option}). Check its name{(option == "--in" ? "; without --in the built-in question is spoken" : "")}.",
                DirectoryNotFoundException => $"There is no directory for {path} ({option}). Make it first.",
                _ when Directory.Exists(path) => $"{path} ({option}) is a directory; name a file.",
                UnauthorizedAccessException => $"{path} ({option}) may not be opened. Check its permissions.",
                _ => $"{path} ({option}) can't be opened: {failure.Message}",
            };
            throw new ToolException(ExitCode.UnusableInput, what, failure);
        }
    }
}
