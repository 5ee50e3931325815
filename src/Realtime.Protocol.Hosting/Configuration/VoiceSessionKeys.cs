using System.Globalization;

namespace Realtime.Protocol.Hosting;

/// <summary>
/// Every key that voice sessions can be configured with, as tables. A member of the options that is neither among the keys nor among those that code alone can set fails a test, so that none is forgotten here.
/// </summary>
internal static class VoiceSessionKeys
{
    private static readonly KeyTable<Transport.MessageLimits> Limits = new(
        [
            Key.Whole<Transport.MessageLimits>("MaxMessageBytes", "a whole number of bytes, 1 to 536870911", static (limits, bytes) => limits with { MaxMessageBytes = bytes }),
            Key.Whole<Transport.MessageLimits>("MaxFragments", "a whole number, at least 1", static (limits, fragments) => limits with { MaxFragments = fragments }),
        ],
        []);

    private static readonly Key<TurnTaking>[] Detection =
    [
        Key.Flag<TurnTaking>("CreatesResponse", static (taking, flag) => (TurnTaking.Detection)taking with { CreatesResponse = flag }),
        Key.Flag<TurnTaking>("InterruptsResponse", static (taking, flag) => (TurnTaking.Detection)taking with { InterruptsResponse = flag }),
    ];

    private static readonly KindTable<TurnTaking> TurnTakings = new("Type",
        [
            ("manual", static () => TurnTaking.Manual, new([], [])),
            ("server_vad", static () => new TurnTaking.ServerVad(), new(
                [
                    Key.Number<TurnTaking>("Threshold", static (taking, number) => (TurnTaking.ServerVad)taking with { Threshold = Within(number, 0, 1) }, "a number, 0 to 1"),
                    Key.Time<TurnTaking>("PrefixPadding", static (taking, time) => (TurnTaking.ServerVad)taking with { PrefixPadding = time }),
                    Key.Time<TurnTaking>("Silence", static (taking, time) => (TurnTaking.ServerVad)taking with { Silence = time }),
                    Key.Time<TurnTaking>("IdleTimeout", static (taking, time) => (TurnTaking.ServerVad)taking with { IdleTimeout = time }),
                    .. Detection,
                ],
                [])),
            ("semantic_vad", static () => new TurnTaking.SemanticVad(), new(
                [
                    Key.Text<TurnTaking>("Eagerness", static (taking, text) => (TurnTaking.SemanticVad)taking with { Eagerness = text }, "a word of the service: low, medium, high or auto"),
                    .. Detection,
                ],
                [])),
        ]);

    private static readonly KindTable<InputTranscription> Transcriptions = new("Model",
        [("off", static () => InputTranscription.Off, new([], []))],
        ("the name of a model", static model => new InputTranscription(model), new(
            [
                Key.Text<InputTranscription>("Language", static (transcription, text) => transcription with { Language = text }, "a language as ISO 639-1 has it, such as en"),
                Key.Text<InputTranscription>("Prompt", static (transcription, text) => transcription with { Prompt = text }, mayBeEmpty: true),
                new("Keywords", "a list of texts", static (transcription, place) => TryTexts(place, "a list of texts", out string[] words) ? transcription with { Keywords = words } : transcription),
                Key.Flag<InputTranscription>("LogProbabilities", static (transcription, flag) => transcription with { LogProbabilities = flag }),
            ],
            [])));

    private static readonly KeyTable<InputNoiseReduction> Noise = new([Key.Number<InputNoiseReduction>("Strength", static (noise, number) => noise with { Strength = number }, "a number in the service's own measure")], []);

    private static readonly KindTable<InputNoiseReduction> NoiseReductions = new("Type",
        [
            ("off", static () => InputNoiseReduction.Off, new([], [])),
            ("near_field", static () => InputNoiseReduction.NearField, Noise),
            ("far_field", static () => InputNoiseReduction.FarField, Noise),
        ]);

    private static readonly KindTable<ToolUse> ToolUses = new("Type",
        [
            ("auto", static () => ToolUse.Auto, new([], [])),
            ("none", static () => ToolUse.None, new([], [])),
            ("required", static () => ToolUse.Required, new([], [])),
            ("function", static () => ToolUse.Auto, new([Key.Text<ToolUse>("Name", static (_, name) => ToolUse.Function(name), "the name of a tool") with { IsRequired = true }], [])),
        ]);

    private static readonly KindTable<ContextTruncation> Truncations = new("Type",
        [
            ("auto", static () => ContextTruncation.Auto, new([], [])),
            ("disabled", static () => ContextTruncation.Disabled, new([], [])),
            ("retain", static () => ContextTruncation.Retain(1), new(
                [
                    Key.Number<ContextTruncation>("Ratio", static (truncation, ratio) => ContextTruncation.Retain(ratio, truncation.TokenLimit), "a number, 0 to 1") with { IsRequired = true },
                    Key.Long<ContextTruncation>("TokenLimit", "a whole number of tokens, at least 0", static (truncation, limit) => ContextTruncation.Retain(truncation.Ratio!.Value, limit)),
                ],
                [])),
        ]);

    private static readonly KindTable<ReconnectPolicy> Reconnects = new("Type",
        [
            ("none", static () => ReconnectPolicy.None, new([], [])),
            ("standard", static () => ReconnectPolicy.Standard, new(
                [
                    Key.Whole<ReconnectPolicy>("MaxAttempts", "a whole number, at least 0", static (policy, attempts) => policy with { MaxAttempts = attempts }),
                    Key.Time<ReconnectPolicy>("FirstDelay", static (policy, time) => policy with { FirstDelay = time }),
                    Key.Time<ReconnectPolicy>("MaxDelay", static (policy, time) => policy with { MaxDelay = time }),
                    Key.Time<ReconnectPolicy>("HandOverBeforeExpiry", static (policy, time) => policy with { HandOverBeforeExpiry = time }, $"{WrittenTime.Takes}; 0s is never"),
                ],
                [])),
        ],
        Unsaid: "standard");

    private static readonly KeyTable<SessionConfiguration> Session = new(
        [
            Key.Text<SessionConfiguration>("Instructions", static (session, text) => session with { Instructions = text }, mayBeEmpty: true),
            new("Voice", "the name of a voice", static (session, place) => ReadVoice(session, place)) { Inner = [("Custom", "the id of a voice of your own, in place of a name")] },
            Key.Number<SessionConfiguration>("Speed", static (session, number) => session with { Speed = Within(number, 0.01, 100) }, "a number, 0.01 to 100; OpenAI takes 0.25 to 1.5"),
            Key.Word<SessionConfiguration, OutputModality>("Modality", static (session, modality) => session with { Modality = modality }, ("audio", OutputModality.Audio), ("text", OutputModality.Text)),
            Key.Kinds<SessionConfiguration, TurnTaking>("TurnTaking", static (session, taking) => session with { TurnTaking = taking }, TurnTakings),
            Key.Kinds<SessionConfiguration, InputTranscription>("Transcription", static (session, transcription) => session with { Transcription = transcription }, Transcriptions),
            Key.Kinds<SessionConfiguration, InputNoiseReduction>("NoiseReduction", static (session, noise) => session with { NoiseReduction = noise }, NoiseReductions),
            Key.Kinds<SessionConfiguration, ToolUse>("ToolUse", static (session, use) => session with { ToolUse = use }, ToolUses),
            Key.Flag<SessionConfiguration>("ParallelToolCalls", static (session, flag) => session with { ParallelToolCalls = flag }),
            new("MaxOutputTokens", TokensTake, static (session, place) => ReadTokens(session, place)),
            Key.Text<SessionConfiguration>("ReasoningEffort", static (session, text) => session with { ReasoningEffort = text }, "a word of the service: minimal, low, medium or high"),
            Key.Kinds<SessionConfiguration, ContextTruncation>("Truncation", static (session, truncation) => session with { Truncation = truncation }, Truncations),
        ],
        [
            ("Tools", "code runs in them. Configure(o => o.Session = o.Session with { Tools = […] }) adds them to what is read here."),
            ("Customize", "it is a callback."),
            ("Model", "the model is chosen when connecting, by the key Model beside Session."),
        ]);

    private static readonly KeyTable<VoiceSessionOptions> Options = new(
        [
            Key.Text<VoiceSessionOptions>("Endpoint", static (options, text) => With(options, o => o.Endpoint = Address(text)), "an address: wss:, https:, ws: or http:, without a user and password"),
            Key.Text<VoiceSessionOptions>("Model", static (options, text) => With(options, o => o.Model = text), "the name of a model or deployment"),
            new("Credential", "a key or token, without the word Bearer", static (options, place) => ReadCredential(options, place)) { IsSecret = true },
            Key.Word<VoiceSessionOptions, CredentialHeader>("CredentialHeader", static (options, header) => With(options, o => o.CredentialHeader = header), ("AuthorizationBearer", CredentialHeader.AuthorizationBearer), ("ApiKey", CredentialHeader.ApiKey)),
            Key.Flag<VoiceSessionOptions>("AllowCredentialOverPlainText", static (options, flag) => With(options, o => o.AllowCredentialOverPlainText = flag)),
            new("Headers", "", static (options, place) => ReadHeaders(options, place)) { Inner = [("<name>", "the text of a request header")], IsSecret = true },
            Key.TimeOrInfinite<VoiceSessionOptions>("ConnectTimeout", static (options, time) => With(options, o => o.ConnectTimeout = time)),
            Key.TimeOrInfinite<VoiceSessionOptions>("KeepAliveInterval", static (options, time) => With(options, o => o.KeepAliveInterval = time)),
            Key.TimeOrInfinite<VoiceSessionOptions>("KeepAliveTimeout", static (options, time) => With(options, o => o.KeepAliveTimeout = time)),
            Key.Section<VoiceSessionOptions, Transport.MessageLimits>("Limits", static options => options.Limits, static (options, limits) => With(options, o => o.Limits = limits), Limits),
            new("InputEncoding", EncodingTakes, static (options, place) => TryEncoding(place, out AudioEncoding encoding) ? With(options, o => o.InputEncoding = encoding) : options),
            new("OutputEncoding", EncodingTakes, static (options, place) => TryEncoding(place, out AudioEncoding encoding) ? With(options, o => o.OutputEncoding = encoding) : options),
            Key.Kinds<VoiceSessionOptions, ReconnectPolicy>("Reconnect", static (options, policy) => With(options, o => o.Reconnect = policy), Reconnects),
            Key.Word<VoiceSessionOptions, WhenBusy>("WhenBusy", static (options, busy) => With(options, o => o.WhenBusy = busy), ("CancelThenCreate", WhenBusy.CancelThenCreate), ("Queue", WhenBusy.Queue), ("Refuse", WhenBusy.Refuse)),
            Key.Time<VoiceSessionOptions>("MaxAudioPerResponse", static (options, time) => With(options, o => o.MaxAudioPerResponse = time), $"{WrittenTime.Takes}, more than zero"),
            Key.Whole<VoiceSessionOptions>("MaxToolRounds", "a whole number, at least 0", static (options, rounds) => With(options, o => o.MaxToolRounds = rounds)),
            Key.Section<VoiceSessionOptions, SessionConfiguration>("Session", static options => options.Session, static (options, session) => With(options, o => o.Session = session), Session),
        ],
        [
            ("CallId", "it names one call. Set it in the callback of VoiceSessionFactory.ConnectAsync."),
            ("History", "it is what was said before one session. Set it in the callback of VoiceSessionFactory.ConnectAsync."),
            ("ResumeFrom", "it is what one session goes on from. Set it in the callback of VoiceSessionFactory.ConnectAsync."),
            ("ConfigureWebSocket", "it is a callback."),
            ("Transport", "it is a callback."),
            ("Journal", "it is a store, which code makes."),
            ("LoggerFactory", "it is the host's."),
            ("TimeProvider", "it is the host's."),
            ("OnServerEvent", "it is a callback."),
            ("OnClientEvent", "it is a callback."),
        ]);

    // What people call them elsewhere.
    private static readonly (string Written, string Meant)[] Aliases =
        [("ApiKey", "Credential"), ("Key", "Credential"), ("Token", "Credential"), ("Secret", "Credential"), ("Password", "Credential"), ("Url", "Endpoint"), ("Uri", "Endpoint"), ("Deployment", "Model"), ("TurnDetection", "Session:TurnTaking")];

    private const string TokensTake = "a whole number of tokens, 1 to 4096, or unlimited";

    private const string EncodingTakes = "Pcm16 (24000 Hz), G711MuLaw, G711ALaw, or for other 16-bit PCM its rate in Hz, 8000 to 48000";

    /// <summary>The keys of the options themselves.</summary>
    public static KeyTable<VoiceSessionOptions> Root => Options;

    /// <summary>What code alone can set, by type, with the reasons.</summary>
    public static IReadOnlyList<(Type Type, string Name, string Why)> InCode =>
        [.. Options.InCode.Select(static row => (typeof(VoiceSessionOptions), row.Name, row.Why)), .. Session.InCode.Select(static row => (typeof(SessionConfiguration), row.Name, row.Why))];

    /// <summary>Every key with what it takes, in the order of the tables.</summary>
    public static IReadOnlyList<(string Path, string Takes)> All => Options.Described();

    /// <summary>Where a key belongs that stands in the wrong place, by the name that it has there or elsewhere; null for nowhere.</summary>
    public static string? Elsewhere(string written) =>
        Aliases.FirstOrDefault(alias => Spelled.Same(alias.Written, written)).Meant ?? All.Select(static row => row.Path).FirstOrDefault(path => Spelled.Same(path[(path.LastIndexOf(':') + 1)..], written));

    private static VoiceSessionOptions With(VoiceSessionOptions options, Action<VoiceSessionOptions> set)
    {
        set(options);
        return options;
    }

    // The row says what is in range.
    private static double Within(double number, double least, double most) => number >= least && number <= most ? number : throw new ArgumentOutOfRangeException(nameof(number));

    // The row says what it takes. To some platforms a path is the address of a file.
    private static Uri Address(string text) => Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address is { Scheme: "wss" or "https" or "ws" or "http", UserInfo: "" } ? address
        : throw new ArgumentException("The address is none.", nameof(text));

    // The credential's own sentence says what is wrong with it, and repeats nothing of it.
    private static VoiceSessionOptions ReadCredential(VoiceSessionOptions options, Place place)
    {
        if (!place.IsStated)
        {
            options.Credential = null; // said so: a later source takes it away
        }
        else if (place.TryText("a key or token", out string text))
        {
            try
            {
                options.Credential = new(text);
            }
            catch (ArgumentException wrong)
            {
                place.Wrong($"is no credential. {wrong.Message.Replace($" (Parameter '{wrong.ParamName}')", "", StringComparison.Ordinal)}");
            }
        }

        return options;
    }

    private static VoiceSessionOptions ReadHeaders(VoiceSessionOptions options, Place place)
    {
        if (place.Value is { Length: > 0 })
        {
            place.Wrong("takes keys of its own, one for each header, not a value.");
        }

        foreach (Place header in place.Children)
        {
            if (header.TryText("the text of a request header", out string text))
            {
                options.Headers[header.Name] = text;
            }
        }

        return options;
    }

    private static SessionConfiguration ReadVoice(SessionConfiguration session, Place place)
    {
        const string Takes = "the name of a voice, or the key Custom with the id of one of your own";
        if (place is { Value: not null } or { Children: [] })
        {
            return place.TryText(Takes, out string name) ? session with { Voice = name } : session;
        }

        foreach (Place child in place.Children)
        {
            if (!string.Equals(child.Name, "Custom", StringComparison.OrdinalIgnoreCase))
            {
                child.Wrong($"is unknown. Voice takes {Takes}.");
            }
            else if (child.TryText("the id of a voice", out string id))
            {
                session = session with { Voice = VoiceName.Custom(id) };
            }
        }

        return session;
    }

    private static SessionConfiguration ReadTokens(SessionConfiguration session, Place place)
    {
        if (place.Children.Count == 0 && place.Value is { } text && Spelled.Same(text, "unlimited"))
        {
            return session with { MaxOutputTokens = SessionConfiguration.Unlimited };
        }

        return place.TryWhole(TokensTake, out long tokens) && (tokens is >= 1 and <= 4096 || place.IsNone(TokensTake)) ? session with { MaxOutputTokens = (int)tokens } : session;
    }

    private static bool TryEncoding(Place place, out AudioEncoding encoding)
    {
        encoding = default;
        if (!place.TryText(EncodingTakes, out string text))
        {
            return false;
        }

        (string Word, AudioEncoding Encoding)[] words = [("Pcm16", AudioEncoding.Pcm16), ("G711MuLaw", AudioEncoding.G711MuLaw), ("G711ALaw", AudioEncoding.G711ALaw)];
        foreach ((string word, AudioEncoding known) in words)
        {
            if (Spelled.Same(word, text))
            {
                encoding = known;
                return true;
            }
        }

        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int rate) || rate is < AudioEncoding.LeastSamplesPerSecond or > AudioEncoding.MostSamplesPerSecond)
        {
            return place.IsNone(EncodingTakes);
        }

        encoding = AudioEncoding.Pcm(rate);
        return true;
    }

    // A list of one source: 0, 1, 2 … Another source that has fewer leaves the rest of it, which is the platform's way.
    private static bool TryTexts(Place place, string takes, out string[] texts)
    {
        texts = [];
        if (place.Value is { Length: > 0 })
        {
            return place.IsNone(takes);
        }

        var read = new List<string>();
        bool isRight = place.IsStated;
        foreach (Place child in place.Children)
        {
            if (!int.TryParse(child.Name, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            {
                child.Wrong($"is unknown: {place.Name} takes {takes}.");
                isRight = false;
            }
            else if (child.TryText("a text", out string text))
            {
                read.Add(text);
            }
        }

        texts = [.. read];
        return isRight;
    }
}
