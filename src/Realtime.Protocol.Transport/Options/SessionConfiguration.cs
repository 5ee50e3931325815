using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Transport;

/// <summary>From options to what the server and the session machine are told: values in, values out.</summary>
internal static class SessionConfiguration
{
    /// <summary>The first thing that a session asks for: to be as the options say.</summary>
    /// <exception cref="ArgumentException">An option cannot be written; the message says which and why.</exception>
    public static SessionIntent Intent(VoiceSessionOptions options)
    {
        ThrowIfUnwritable(options);
        Session session = ForServer(options);
        try
        {
            return SessionIntent.Configure(session);
        }
        catch (ArgumentException refusal)
        {
            bool isTheirs = options.ConfigureSession is not null;
            throw new ArgumentException(
                $"The session as {(isTheirs ? "ConfigureSession left it" : "the options state it")} cannot be sent. {refusal.Message}",
                isTheirs ? $"{nameof(options)}.{nameof(options.ConfigureSession)}" : nameof(options),
                refusal);
        }
    }

    /// <summary>The session object of the one <c>session.update</c> that connecting sends.</summary>
    public static Session ForServer(VoiceSessionOptions options)
    {
        var session = new Session
        {
            Type = SessionType.Realtime,
            OutputModalities = new OpenEnum<Modality>[] { options.Modality },
            Audio = new SessionAudio
            {
                Input = new SessionAudioInput { Format = Format(options.InputEncoding), TurnDetection = TurnDetection(options.TurnTaking) },
                Output = new SessionAudioOutput { Format = Format(options.OutputEncoding) },
            },
        };
        if (options.Voice is not null)
        {
            session.Audio.Value.Output.Value.Voice = (Voice)options.Voice;
        }

        if (options.Instructions is not null)
        {
            session.Instructions = options.Instructions;
        }

        if (options.Tools.Count != 0)
        {
            session.Tools = options.Tools
                .Select(Tool (tool) => new FunctionTool { Name = tool.Name, Description = tool.Description, Parameters = tool.Parameters })
                .ToArray();
        }

        options.ConfigureSession?.Invoke(session);
        return session;
    }

    /// <summary>What the machine is told once.</summary>
    public static MachineSettings ForMachine(VoiceSessionOptions options, string idPrefix) => new()
    {
        IdPrefix = idPrefix,
        InputEncoding = Encoding(options.InputEncoding),
        OutputEncoding = Encoding(options.OutputEncoding),
        TurnWhenBusy = options.WhenBusy,
        ToolTimeout = (long)VoiceTools.DefaultTimeout.TotalMilliseconds,
        ToolTimeouts = options.Tools.ToDictionary(tool => tool.Name, tool => (long)tool.Timeout.TotalMilliseconds, StringComparer.Ordinal),
        PlaybackIsReported = options.PlaybackIsReported,
        MaxResponseAudioMilliseconds = (long)options.MaxAudioPerResponse.TotalMilliseconds,
    };

    /// <summary>The smallest piece of audio that may be sent: a sample is never cut in two.</summary>
    public static int BytesPerSample(AudioEncoding format) => format is AudioEncoding.Pcm16 ? 2 : 1;

    // By the names that the application knows; the writer would say those of the protocol.
    private static void ThrowIfUnwritable(VoiceSessionOptions options)
    {
        Writable.Text(options.Instructions, Name(nameof(options.Instructions)));
        Writable.Text(options.Voice, Name(nameof(options.Voice)));
        if (options.TurnTaking is TurnTaking.ServerVad vad)
        {
            Writable.Number(vad.Threshold, Name(nameof(options.TurnTaking), nameof(vad.Threshold)));
            Writable.Time(vad.PrefixPadding, Name(nameof(options.TurnTaking), nameof(vad.PrefixPadding)));
            Writable.Time(vad.Silence, Name(nameof(options.TurnTaking), nameof(vad.Silence)));
            Writable.Time(vad.IdleTimeout, Name(nameof(options.TurnTaking), nameof(vad.IdleTimeout)));
        }

        static string Name(params ReadOnlySpan<string> members) => $"{nameof(options)}.{string.Join('.', members)}";
    }

    private static SampleFormat Encoding(AudioEncoding format) => format is AudioEncoding.Pcm16 ? SampleFormat.Pcm16 : SampleFormat.G711;

    private static AudioFormat Format(AudioEncoding format) => format switch
    {
        AudioEncoding.G711MuLaw => new() { Type = AudioFormatType.AudioPcmu },
        AudioEncoding.G711ALaw => new() { Type = AudioFormatType.AudioPcma },
        _ => new() { Type = AudioFormatType.AudioPcm, Rate = 24_000 },
    };

    private static Field<TurnDetection> TurnDetection(TurnTaking taking) => taking switch
    {
        TurnTaking.ServerVad vad => new ServerVad
        {
            Threshold = Optional(vad.Threshold),
            PrefixPaddingMs = Milliseconds(vad.PrefixPadding),
            SilenceDurationMs = Milliseconds(vad.Silence),
            IdleTimeoutMs = Milliseconds(vad.IdleTimeout),
            CreateResponse = vad.CreatesResponse,
            InterruptResponse = vad.InterruptsResponse,
        },
        TurnTaking.SemanticVad vad => new SemanticVad
        {
            Eagerness = vad.Eagerness is { } eagerness ? eagerness : default(OpenEnum<SemanticVadEagerness>),
            CreateResponse = vad.CreatesResponse,
            InterruptResponse = vad.InterruptsResponse,
        },
        _ => Field<TurnDetection>.Null,
    };

    private static Field<double> Optional(double? value) => value is { } some ? some : default(Field<double>);

    private static Field<long> Milliseconds(TimeSpan? value) => value is { } some ? (long)some.TotalMilliseconds : default(Field<long>);
}
