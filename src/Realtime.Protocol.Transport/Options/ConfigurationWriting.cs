using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Transport;

/// <summary>From options and configurations to what the server and the session machine are told: values in, values out.</summary>
internal static class ConfigurationWriting
{
    /// <summary>The first thing that a session asks for: to be as the options say.</summary>
    /// <param name="options">Of the application.</param>
    /// <param name="asked">What is asked for.</param>
    /// <param name="tokens">Of its MCP servers; null when they have none.</param>
    /// <exception cref="ArgumentException">An option cannot be written; the message says which and why.</exception>
    public static SessionIntent ForConnecting(VoiceSessionOptions options, out Session asked, McpTokens? tokens = null)
    {
        string name = options.Purpose is SessionPurpose.Transcription ? nameof(options) : $"{nameof(options)}.{nameof(options.Session)}";
        Writable.Known(options.WhenBusy, $"{nameof(options)}.{nameof(options.WhenBusy)}");
        asked = Stated(options.Session, name, tokens);
        if (options.IsBesideACall)
        {
            return Configure(options.Session, asked, name); // the call has its formats
        }

        asked.Audio.Input.Format = Format(options.InputEncoding);
        if (options.Purpose is SessionPurpose.Transcription)
        {
            OnlyTranscribe(asked);
        }
        else
        {
            asked.Audio.Output.Format = Format(options.OutputEncoding);
        }

        return Configure(options.Session, asked, name);
    }

    /// <summary>A session that asks to be changed.</summary>
    /// <param name="changes">Of the application; only what it states is sent.</param>
    /// <param name="purpose">What the session is for.</param>
    /// <param name="argument">The name of the argument that this is, for what is thrown.</param>
    /// <param name="tokens">Of its MCP servers; null when they have none.</param>
    /// <exception cref="ArgumentException">A member cannot be written; the message says which and why.</exception>
    public static SessionIntent ForChanging(SessionConfiguration changes, SessionPurpose purpose, string argument, McpTokens? tokens = null)
    {
        Session changed = Changed(changes, argument, tokens);
        if (purpose is SessionPurpose.Transcription)
        {
            OnlyTranscribe(changed);
        }

        return Configure(changes, changed, argument);
    }

    /// <summary>The object that changes a session, before <see cref="SessionConfiguration.Customize"/>.</summary>
    /// <exception cref="ArgumentException">A member cannot be written; the message says which and why.</exception>
    public static Session Changed(SessionConfiguration changes, string argument, McpTokens? tokens = null)
    {
        Session session = Stated(changes, argument, tokens);
        if (changes.Transcription is { LogProbabilities: false })
        {
            session.Include = []; // they may have been on
        }

        return session;
    }

    /// <summary>What the machine is told once.</summary>
    /// <param name="options">Of the application.</param>
    /// <param name="asked">As it goes to the server: whoever changed a format there asked for that one.</param>
    /// <param name="capabilities">What is known of the service.</param>
    /// <param name="idPrefix">New for every connection.</param>
    /// <param name="numbers">The session's.</param>
    public static MachineSettings ForMachine(VoiceSessionOptions options, Session asked, Capabilities capabilities, string idPrefix, SessionNumbers numbers) => new()
    {
        IdPrefix = idPrefix,
        Numbers = numbers,
        Purpose = options.Purpose,
        Capabilities = options.IsBesideACall ? capabilities with { ServerTruncates = true } : capabilities,
        InputEncoding = Asked(asked.Audio.Input.Format, options.InputEncoding),
        OutputEncoding = Asked(asked.Audio.Output.Format, options.OutputEncoding),
        TranscribesInput = asked.Audio.Input.Transcription.HasValue,
        TurnWhenBusy = options.WhenBusy,
        MaxToolRounds = options.MaxToolRounds,
        ToolTimeout = (long)VoiceTool.Function.DefaultTimeout.TotalMilliseconds,
        ToolTimeouts = ToolList.Timeouts(options.Session.Tools ?? []),
        ApprovalTimeout = (long)VoiceTool.McpServer.DefaultApprovalTimeout.TotalMilliseconds,
        ApprovalTimeouts = ToolList.ApprovalTimeouts(options.Session.Tools ?? []),
        MaxResponseAudioMilliseconds = (long)options.MaxAudioPerResponse.TotalMilliseconds,
    };

    private static SessionIntent Configure(SessionConfiguration configuration, Session asked, string argument)
    {
        configuration.Customize?.Invoke(asked);
        try
        {
            return SessionIntent.Configure(asked, configuration.Tools is { } tools ? ToolList.Timeouts(tools) : null, configuration.Tools is { } listed ? ToolList.ApprovalTimeouts(listed) : null);
        }
        catch (ArgumentException refusal)
        {
            bool isTheirs = configuration.Customize is not null;

            // The message ends in the name of a parameter that the application does not know.
            string why = refusal.Message.Replace($" (Parameter '{refusal.ParamName}')", "", StringComparison.Ordinal);
            throw new ArgumentException(
                $"The session as {(isTheirs ? "Customize left it" : "the configuration states it")} cannot be sent. {why}",
                isTheirs ? $"{argument}.{nameof(configuration.Customize)}" : argument,
                refusal);
        }
    }

    /// <summary>What the configuration states and nothing else, by the names that the application knows; the writer would say those of the protocol.</summary>
    private static Session Stated(SessionConfiguration configuration, string argument, McpTokens? tokens)
    {
        var session = new Session { Type = SessionType.Realtime };
        string Member(params ReadOnlySpan<string> path) => $"{argument}.{string.Join('.', path)}";
        Writable.Text(configuration.Instructions, Member(nameof(configuration.Instructions)));
        Writable.Text(configuration.ReasoningEffort, Member(nameof(configuration.ReasoningEffort)));
        Writable.Number(configuration.Speed, Member(nameof(configuration.Speed)));
        session.ParallelToolCalls = configuration.ParallelToolCalls;
        session.Audio.Output.Speed = configuration.Speed;
        if (configuration.Instructions is not null)
        {
            session.Instructions = configuration.Instructions;
        }

        if (configuration.Voice is { } voice)
        {
            session.Audio.Output.Voice = WireValue.Voice(voice, Member(nameof(configuration.Voice)));
        }

        if (configuration.Modality is { } modality)
        {
            session.OutputModalities = WireValue.Modalities(modality, Member(nameof(configuration.Modality)));
        }

        if (configuration.TurnTaking is { } taking)
        {
            session.Audio.Input.TurnDetection = TurnDetection(taking, Member(nameof(configuration.TurnTaking)));
        }

        if (configuration.Transcription is { } transcription)
        {
            session.Audio.Input.Transcription = Transcription(transcription, Member(nameof(configuration.Transcription)));
            if (transcription.LogProbabilities)
            {
                session.Include = [SessionInclude.ItemInputAudioTranscriptionLogprobs];
            }
        }

        if (configuration.NoiseReduction is { } noise)
        {
            Writable.Number(noise.Strength, Member(nameof(configuration.NoiseReduction), nameof(noise.Strength)));
            session.Audio.Input.NoiseReduction = noise.Type.Length == 0 ? Field<NoiseReduction>.Null : new NoiseReduction { Type = noise.Type, Strength = noise.Strength };
        }

        if (configuration.Tools is { } tools)
        {
            session.Tools = ToolList.Declared(tools, Member(nameof(configuration.Tools)), tokens ?? McpTokens.None);
        }

        if (configuration.ToolUse is { } use)
        {
            session.ToolChoice = WireValue.ToolChoice(use, Member(nameof(configuration.ToolUse)));
        }

        if (configuration.MaxOutputTokens is { } limit)
        {
            session.MaxOutputTokens = WireValue.Tokens(limit, Member(nameof(configuration.MaxOutputTokens)));
        }

        if (configuration.ReasoningEffort is { } effort)
        {
            session.Reasoning.Effort = effort;
        }

        if (configuration.Truncation is { } truncation)
        {
            session.Truncation = Truncation(truncation);
        }

        return session;
    }

    /// <summary>The other kind of session, whose detection says nothing of answers.</summary>
    private static void OnlyTranscribe(Session session)
    {
        session.Type = SessionType.Transcription;
        switch (session.Audio.Input.TurnDetection is { HasValue: true } detection ? detection.Value : null)
        {
            case ServerVad vad:
                (vad.CreateResponse, vad.InterruptResponse, vad.IdleTimeoutMs) = (null, null, default);
                break;
            case SemanticVad vad:
                (vad.CreateResponse, vad.InterruptResponse) = (null, null);
                break;
        }
    }

    private static Truncation Truncation(ContextTruncation truncation)
    {
        if (truncation.Ratio is not { } ratio)
        {
            return truncation.Kind;
        }

        return new RetentionRatioTruncation { RetentionRatio = ratio, TokenLimits = { PostInstructions = truncation.TokenLimit } };
    }

    private static Field<AudioTranscription> Transcription(InputTranscription transcription, string argument)
    {
        if (transcription.IsOff)
        {
            return Field<AudioTranscription>.Null;
        }

        Writable.Text(transcription.Model, $"{argument}.{nameof(transcription.Model)}");
        Writable.Text(transcription.Language, $"{argument}.{nameof(transcription.Language)}");
        Writable.Text(transcription.Prompt, $"{argument}.{nameof(transcription.Prompt)}");
        foreach (string keyword in transcription.Keywords ?? [])
        {
            Writable.Text(keyword, $"{argument}.{nameof(transcription.Keywords)}");
        }

        return new AudioTranscription
        {
            Model = transcription.Model,
            Language = transcription.Language is { } language ? language : default(Text),
            Prompt = transcription.Prompt is { } prompt ? prompt : default(Text),
            Keywords = transcription.Keywords is { } keywords ? keywords.Select(static Text (keyword) => keyword).ToArray() : default(FieldList<Text>),
        };
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

    private static Field<TurnDetection> TurnDetection(TurnTaking taking, string argument)
    {
        switch (taking)
        {
            case TurnTaking.ServerVad vad:
                Writable.Number(vad.Threshold, $"{argument}.{nameof(vad.Threshold)}");
                Writable.Time(vad.PrefixPadding, $"{argument}.{nameof(vad.PrefixPadding)}");
                Writable.Time(vad.Silence, $"{argument}.{nameof(vad.Silence)}");
                Writable.Time(vad.IdleTimeout, $"{argument}.{nameof(vad.IdleTimeout)}");
                return new ServerVad
                {
                    Threshold = vad.Threshold,
                    PrefixPaddingMs = Milliseconds(vad.PrefixPadding),
                    SilenceDurationMs = Milliseconds(vad.Silence),
                    IdleTimeoutMs = Milliseconds(vad.IdleTimeout) is { } idle ? idle : default(Field<long>),
                    CreateResponse = vad.CreatesResponse,
                    InterruptResponse = vad.InterruptsResponse,
                };
            case TurnTaking.SemanticVad vad:
                Writable.Text(vad.Eagerness, $"{argument}.{nameof(vad.Eagerness)}");
                return new SemanticVad
                {
                    Eagerness = vad.Eagerness is { } eagerness ? eagerness : default(OpenEnum<SemanticVadEagerness>),
                    CreateResponse = vad.CreatesResponse,
                    InterruptResponse = vad.InterruptsResponse,
                };
            default:
                return Field<TurnDetection>.Null;
        }
    }

    private static long? Milliseconds(TimeSpan? value) => (long?)value?.TotalMilliseconds;
}
