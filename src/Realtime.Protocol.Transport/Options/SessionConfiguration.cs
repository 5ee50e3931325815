using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Transport;

/// <summary>From options to what the server and the session machine are told: values in, values out.</summary>
internal static class SessionConfiguration
{
    /// <summary>The first thing that a session asks for: to be as the options say.</summary>
    /// <param name="options">Of the application.</param>
    /// <param name="session">What is asked for.</param>
    /// <exception cref="ArgumentException">An option cannot be written; the message says which and why.</exception>
    public static SessionIntent Intent(VoiceSessionOptions options, out Session session)
    {
        ThrowIfUnwritable(options);
        session = ForServer(options);
        try
        {
            return SessionIntent.Configure(session);
        }
        catch (ArgumentException refusal)
        {
            bool isTheirs = options.ConfigureSession is not null;

            // The message ends in the name of a parameter that the application does not know.
            string why = refusal.Message.Replace($" (Parameter '{refusal.ParamName}')", "", StringComparison.Ordinal);
            throw new ArgumentException(
                $"The session as {(isTheirs ? "ConfigureSession left it" : "the options state it")} cannot be sent. {why}",
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
            session.Audio.Output.Voice = options.Voice;
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
    /// <param name="options">Of the application.</param>
    /// <param name="configuration">As it goes to the server: whoever changed a format there asked for that one.</param>
    /// <param name="capabilities">What is known of the service.</param>
    /// <param name="idPrefix">New for every connection.</param>
    public static MachineSettings ForMachine(VoiceSessionOptions options, Session configuration, Capabilities capabilities, string idPrefix) => new()
    {
        IdPrefix = idPrefix,
        Capabilities = capabilities,
        InputEncoding = Asked(configuration.Audio.Input.Format, options.InputEncoding),
        OutputEncoding = Asked(configuration.Audio.Output.Format, options.OutputEncoding),
        TurnWhenBusy = options.WhenBusy,
        ToolTimeout = (long)VoiceTools.DefaultTimeout.TotalMilliseconds,
        ToolTimeouts = options.Tools.ToDictionary(tool => tool.Name, tool => (long)tool.Timeout.TotalMilliseconds, StringComparer.Ordinal),
        MaxResponseAudioMilliseconds = (long)options.MaxAudioPerResponse.TotalMilliseconds,
    };

    // By the names that the application knows; the writer would say those of the protocol.
    private static void ThrowIfUnwritable(VoiceSessionOptions options)
    {
        Writable.Text(options.Instructions, Name(nameof(options.Instructions)));
        Writable.Text(options.Voice, Name(nameof(options.Voice)));
        Writable.Known(options.Modality, Name(nameof(options.Modality)));
        Writable.Known(options.WhenBusy, Name(nameof(options.WhenBusy)));
        if (options.TurnTaking is TurnTaking.ServerVad vad)
        {
            Writable.Number(vad.Threshold, Name(nameof(options.TurnTaking), nameof(vad.Threshold)));
            Writable.Time(vad.PrefixPadding, Name(nameof(options.TurnTaking), nameof(vad.PrefixPadding)));
            Writable.Time(vad.Silence, Name(nameof(options.TurnTaking), nameof(vad.Silence)));
            Writable.Time(vad.IdleTimeout, Name(nameof(options.TurnTaking), nameof(vad.IdleTimeout)));
        }

        if (options.TurnTaking is TurnTaking.SemanticVad { Eagerness: { } eagerness })
        {
            Writable.Known(eagerness, Name(nameof(options.TurnTaking), nameof(TurnTaking.SemanticVad.Eagerness)));
        }

        static string Name(params ReadOnlySpan<string> members) => $"{nameof(options)}.{string.Join('.', members)}";
    }

    private static AudioFormat Format(AudioEncoding encoding) =>
        encoding == AudioEncoding.G711MuLaw ? new() { Type = AudioFormatType.AudioPcmu }
        : encoding == AudioEncoding.G711ALaw ? new() { Type = AudioFormatType.AudioPcma }
        : new() { Type = AudioFormatType.AudioPcm, Rate = encoding.SamplesPerSecond };

    private static AudioEncoding Asked(AudioFormat format, AudioEncoding option)
    {
        StatedFormat asked = format.Type.Known switch
        {
            AudioFormatType.AudioPcmu => AudioEncoding.G711MuLaw,
            AudioFormatType.AudioPcma => AudioEncoding.G711ALaw,
            AudioFormatType.AudioPcm => StatedFormat.Pcm(format.Rate),
            _ => default,
        };
        return asked.Over(option);
    }

    private static Field<TurnDetection> TurnDetection(TurnTaking taking) => taking switch
    {
        TurnTaking.ServerVad vad => new ServerVad
        {
            Threshold = vad.Threshold,
            PrefixPaddingMs = Milliseconds(vad.PrefixPadding),
            SilenceDurationMs = Milliseconds(vad.Silence),
            IdleTimeoutMs = Milliseconds(vad.IdleTimeout) is { } idle ? idle : default(Field<long>),
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

    private static long? Milliseconds(TimeSpan? value) => (long?)value?.TotalMilliseconds;
}
