namespace Realtime.Protocol.CommandLine.Talking;

/// <summary>What <c>realtime talk</c> was told on its command line.</summary>
internal sealed record TalkSettings
{
    /// <summary>The name that stands for standard input and standard output.</summary>
    public const string Pipe = "-";

    /// <summary>The WAV file to speak, <c>-</c> for raw samples from standard input; null for the built-in question.</summary>
    public string? In { get; init; }

    /// <summary>Where the answer goes: a WAV file, or <c>-</c> for raw samples on standard output.</summary>
    public string Out { get; init; } = "reply.wav";

    /// <summary>What to write instead of speaking.</summary>
    public string? Text { get; init; }

    /// <summary>Where the events go; null for nowhere.</summary>
    public string? Log { get; init; }

    /// <summary>Whether the log holds audio.</summary>
    public bool LogAudio { get; init; }

    /// <summary>The service; null for a simulator in this process.</summary>
    public string? Url { get; init; }

    /// <summary>The environment variable that holds the key; null for <see cref="TalkEndpoint.KeyVariable"/>.</summary>
    public string? KeyVariable { get; init; }

    /// <summary>The request header that carries the key.</summary>
    public CredentialHeader KeyHeader { get; init; }

    /// <summary>The model to ask for.</summary>
    public string? Model { get; init; }

    /// <summary>How long after its first audio the model is interrupted; null for never.</summary>
    public TimeSpan? InterruptAfter { get; init; }

    /// <summary>Whether the server finds the end of the user's turn.</summary>
    public bool Vad { get; init; }

    /// <summary>Whether the user's words are written down by the service.</summary>
    public bool Transcribe { get; init; }

    /// <summary>The programs that answer calls of the model; empty for the demonstration clock.</summary>
    public IReadOnlyList<CommandTool> Tools { get; init; } = [];

    /// <summary>A file with a session as the protocol writes it; null for none.</summary>
    public string? Session { get; init; }

    /// <summary>A file with the prices of a million tokens each; null when nobody asks for the cost.</summary>
    public string? Prices { get; init; }

    /// <summary>The address of a collector of traces and metrics; null for none.</summary>
    public string? Otlp { get; init; }

    /// <summary>The folder that keeps the conversation; null when nothing is kept.</summary>
    public string? Journal { get; init; }

    /// <summary>What the conversation is called there; null exactly when there is no folder.</summary>
    public string? Call { get; init; }

    /// <summary>Whether to speak and listen as fast as the connection allows.</summary>
    public bool Fast { get; init; }

    /// <summary>Whether a program reads the result.</summary>
    public bool Json { get; init; }

    /// <summary>The four of them that say where the service is and how it lets us in.</summary>
    public ServiceAddress Service => new(Url, KeyVariable, KeyHeader, Model);

    /// <summary>True when standard output carries the answer, so that no text may.</summary>
    public bool AnswersToPipe => Out == Pipe;

    /// <summary>Refuses combinations that can't be meant.</summary>
    /// <exception cref="ToolException">The line says which.</exception>
    public void ThrowIfContradictory()
    {
        if (In is not null && Text is not null)
        {
            throw new ToolException(ExitCode.UnusableInput, "--in and --text are two ways to say something; use one of them.");
        }

        if (Vad && Text is not null)
        {
            throw new ToolException(ExitCode.UnusableInput, "--vad finds the end of speech, and --text is none; use one of them.");
        }

        if (Tools.GroupBy(static tool => tool.Name, StringComparer.Ordinal).FirstOrDefault(static named => named.Count() > 1) is { } twice)
        {
            throw new ToolException(ExitCode.UnusableInput, $"--tool names {Timeline.Printable.Line(twice.Key)} twice; one program answers one name.");
        }

        if (LogAudio && Log is null)
        {
            throw new ToolException(ExitCode.UnusableInput, "--log-audio has no effect without --log FILE.");
        }

        if (Url is null && (KeyVariable is not null || KeyHeader != default))
        {
            throw new ToolException(ExitCode.UnusableInput, "--key-variable and --key-header have no effect without --url URL: the simulator in this process wants no key.");
        }

        if (Journal is null != Call is null)
        {
            throw new ToolException(ExitCode.UnusableInput, "--journal DIR and --call ID belong together: the folder, and the name of the conversation in it.");
        }

        if (Log == Pipe)
        {
            throw new ToolException(ExitCode.UnusableInput, "--log writes to a file only; name one.");
        }

        (string Option, string? Path)[] files = [("--in", In), ("--session", Session), ("--prices", Prices), ("--out", Out), ("--log", Log)];
        (string Option, string Path)[] named = [.. files.Where(file => file.Path is not null and not Pipe).Select(file => (file.Option, Path.GetFullPath(file.Path!)))];
        for (int later = 1; later < named.Length; later++)
        {
            if (Array.Find(named[..later], file => file.Path == named[later].Path) is { Option: { } option })
            {
                throw new ToolException(ExitCode.UnusableInput, $"{option} and {named[later].Option} name the same file, {named[later].Path}; choose another name for one of them.");
            }
        }
    }
}
