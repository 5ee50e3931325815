using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Realtime.Protocol.Transport;

namespace Realtime.Protocol.Hosting.Tests.Configuration;

/// <summary>What a configuration says is what the options say; and what it says wrongly is told with its path, all at once, without a value.</summary>
public class BinderTests
{
    // Every key once, each with a value that is not the default.
    internal const string Everything = """
        {
          "Endpoint": "https://name.openai.azure.com/openai/v1/realtime?api-version=preview", "Model": "my-deployment", "Credential": "k-1", "CredentialHeader": "ApiKey", "AllowCredentialOverPlainText": true,
          "Headers": { "OpenAI-Organization": "org-1", "X-Trace": "yes" },
          "ConnectTimeout": "20s", "KeepAliveInterval": "00:00:05", "KeepAliveTimeout": "infinite", "Limits": { "MaxMessageBytes": 1048576, "MaxFragments": 128 },
          "InputEncoding": "g711_mulaw", "OutputEncoding": 16000, "WhenBusy": "queue", "Reconnect": { "Type": "standard", "MaxAttempts": 3, "FirstDelay": "1s", "MaxDelay": "5s", "HandOverBeforeExpiry": "0s" }, "MaxAudioPerResponse": "2min", "MaxToolRounds": 3,
          "Session": {
            "Instructions": "Be brief.", "Voice": "marin", "Speed": 1.25, "Modality": "Text",
            "TurnTaking": { "Type": "server_vad", "Threshold": 0.6, "PrefixPadding": "200 ms", "Silence": "0.4s", "IdleTimeout": "00:00:10", "CreatesResponse": false, "InterruptsResponse": false },
            "Transcription": { "Model": "whisper-1", "Language": "en", "Prompt": "", "Keywords": ["Ulm", "Aachen"], "LogProbabilities": true },
            "NoiseReduction": { "Type": "near_field", "Strength": 2.5 }, "ToolUse": { "Type": "function", "Name": "clock" }, "ParallelToolCalls": false,
            "MaxOutputTokens": 300, "ReasoningEffort": "low", "Truncation": { "Type": "retain", "Ratio": 0.8, "TokenLimit": 9000 }
          }
        }
        """;

    [Fact]
    public void EveryKey_ArrivesWhereItBelongs()
    {
        VoiceSessionOptions options = Read.Options(Everything);

        Assert.Equal("https://name.openai.azure.com/openai/v1/realtime?api-version=preview", options.Endpoint!.OriginalString);
        Assert.Equal(("my-deployment", CredentialHeader.ApiKey, true), (options.Model, options.CredentialHeader, options.AllowCredentialOverPlainText));
        Assert.NotNull(options.Credential);
        Assert.Equal([new("OpenAI-Organization", "org-1"), new("X-Trace", "yes")], options.Headers);
        Assert.Equal((TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(5), Timeout.InfiniteTimeSpan), (options.ConnectTimeout, options.KeepAliveInterval, options.KeepAliveTimeout));
        Assert.Equal(new MessageLimits { MaxMessageBytes = 1 << 20, MaxFragments = 128 }, options.Limits);
        Assert.Equal((AudioEncoding.G711MuLaw, AudioEncoding.Pcm(16_000), WhenBusy.Queue), (options.InputEncoding, options.OutputEncoding, options.WhenBusy));
        Assert.Equal((TimeSpan.FromMinutes(2), 3), (options.MaxAudioPerResponse, options.MaxToolRounds));
        Assert.Equal(new ReconnectPolicy { MaxAttempts = 3, FirstDelay = TimeSpan.FromSeconds(1), MaxDelay = TimeSpan.FromSeconds(5), HandOverBeforeExpiry = TimeSpan.Zero }, options.Reconnect);
        SessionConfiguration session = options.Session;
        Assert.Equal(("Be brief.", (VoiceName)"marin", 1.25, OutputModality.Text), (session.Instructions, session.Voice!.Value, session.Speed, session.Modality));
        Assert.Equal(
            new TurnTaking.ServerVad
            {
                Threshold = 0.6,
                PrefixPadding = TimeSpan.FromMilliseconds(200),
                Silence = TimeSpan.FromMilliseconds(400),
                IdleTimeout = TimeSpan.FromSeconds(10),
                CreatesResponse = false,
                InterruptsResponse = false,
            },
            session.TurnTaking);
        InputTranscription transcription = session.Transcription!;
        Assert.Equal(("whisper-1", "en", "", true), (transcription.Model, transcription.Language, transcription.Prompt, transcription.LogProbabilities));
        Assert.Equal(["Ulm", "Aachen"], transcription.Keywords!);
        Assert.Equal(InputNoiseReduction.NearField with { Strength = 2.5 }, session.NoiseReduction);
        Assert.Equal((ToolUse.Function("clock"), false, 300, "low"), (session.ToolUse!, session.ParallelToolCalls, session.MaxOutputTokens, session.ReasoningEffort));
        Assert.Equal(ContextTruncation.Retain(0.8, 9_000), session.Truncation);
    }

    [Theory]
    [InlineData("\"manual\"", typeof(object))]
    [InlineData("\"SemanticVad\"", typeof(TurnTaking.SemanticVad))]
    [InlineData("\"server_vad\"", typeof(TurnTaking.ServerVad))]
    [InlineData("""{ "type": "semantic_vad", "eagerness": "high" }""", typeof(TurnTaking.SemanticVad))]
    public void AWordAlone_IsAKindWithNothingMoreToSay(string value, Type expected)
    {
        TurnTaking? taking = Read.Options($$"""{ "Session": { "TurnTaking": {{value}} } }""").Session.TurnTaking;

        Assert.IsAssignableFrom(expected, taking);
        Assert.True(expected != typeof(object) || taking == TurnTaking.Manual);
    }

    [Fact]
    public void WhatIsOff_IsOff_AndWhatIsNotSaid_StaysAsItWas()
    {
        var options = new VoiceSessionOptions { Model = "mine", Session = SessionConfiguration.OpenMicrophone with { Instructions = "Sing." } };

        options.Bind(Read.Root("""{ "Session": { "Transcription": "off", "NoiseReduction": "off", "Truncation": "disabled", "ToolUse": "none", "Voice": { "Custom": "voice_1" }, "MaxOutputTokens": "unlimited" } }""").GetSection("Voice"));

        Assert.Equal(("mine", "Sing."), (options.Model, options.Session.Instructions));
        Assert.IsType<TurnTaking.SemanticVad>(options.Session.TurnTaking);
        Assert.Equal((InputTranscription.Off, InputNoiseReduction.Off, ContextTruncation.Disabled, ToolUse.None), (options.Session.Transcription, options.Session.NoiseReduction, options.Session.Truncation, options.Session.ToolUse));
        Assert.Equal((VoiceName.Custom("voice_1"), SessionConfiguration.Unlimited), (options.Session.Voice!.Value, options.Session.MaxOutputTokens));
    }

    [Theory]
    [InlineData("\"none\"", 0)]
    [InlineData("\"standard\"", 5)]
    [InlineData("""{ "MaxAttempts": 2 }""", 2)]
    public void Reconnect_IsStandardWhereItHasKeys(string value, int attempts)
    {
        Assert.Equal(attempts, Read.Options($$"""{ "Reconnect": {{value}} }""").Reconnect.MaxAttempts);
        Assert.Equal((0, 5), (ReconnectPolicy.None.MaxAttempts, ReconnectPolicy.Standard.MaxAttempts));
    }

    [Fact]
    public void Presets_AreNotWrittenInto()
    {
        _ = new VoiceSessionOptions { Session = SessionConfiguration.PushToTalk }.Bind(Read.Root("""{ "Session": { "TurnTaking": "server_vad", "Speed": 1.5 } }""").GetSection("Voice"));

        Assert.Equal(new() { TurnTaking = TurnTaking.Manual }, SessionConfiguration.PushToTalk);
    }

    [Fact]
    public void Null_SaysNothing_AndTakesBackACredentialOfASourceBefore()
    {
        VoiceSessionOptions options = Read.Options("""{ "Credential": "k-1", "Model": null, "Session": null, "Headers": {} }""", ("Voice:Credential", null));

        Assert.Equal((null, null), (options.Credential, options.Model));
    }

    [Theory]
    [InlineData("""{ "Sessoin": {} }""", "Voice:Sessoin is unknown: did you mean Session?")]
    [InlineData("""{ "Session": { "TurnTakng": "manual" } }""", "Voice:Session:TurnTakng is unknown: did you mean TurnTaking?")]
    [InlineData("""{ "Session": { "TurnDetection": "server_vad" } }""", "Voice:Session:TurnDetection is unknown: did you mean Session:TurnTaking?")]
    [InlineData("""{ "Instructions": "x" }""", "Voice:Instructions is unknown: did you mean Session:Instructions?")]
    [InlineData("""{ "ApiKey": "k-1" }""", "Voice:ApiKey is unknown: did you mean Credential?")]
    [InlineData("""{ "Credentials": "k-1" }""", "Voice:Credentials is unknown: did you mean Credential?")]
    [InlineData("""{ "Session": { "TurnTaking": { "Type": "server_vad", "Silense": "1s" } } }""", "Voice:Session:TurnTaking:Silense is unknown: did you mean Silence?")]
    [InlineData("""{ "Limits": { "Zebra": 1 } }""", "Voice:Limits:Zebra is unknown here. There are: MaxMessageBytes, MaxFragments.")]
    [InlineData("""{ "Session": { "Tools": [ "clock" ] } }""", "Voice:Session:Tools is set in code: code runs in them. Configure(o => o.Session = o.Session with { Tools = […] }) adds them to what is read here.")]
    [InlineData("""{ "CallId": "7" }""", "Voice:CallId is set in code: it names one call. Set it in the callback of VoiceSessionFactory.ConnectAsync.")]
    [InlineData("""{ "Session": { "Model": "m" } }""", "Voice:Session:Model is set in code: the model is chosen when connecting, by the key Model beside Session.")]
    public void AKeyThatIsNone_IsTold_WithTheOneThatWasMeant(string voice, string wrong) => Assert.Equal([wrong], Read.Wrong(voice));

    [Theory]
    [InlineData("""{ "Session": "manual" }""", "Voice:Session takes keys of its own, not a value: ")]
    [InlineData("""{ "Session": { "Instructions": { "Text": "x" } } }""", "Voice:Session:Instructions takes a text, not keys of its own.")]
    [InlineData("""{ "Session": { "Voice": "" } }""", "Voice:Session:Voice is empty. It takes the name of a voice")]
    [InlineData("""{ "Session": { "Speed": "fast" } }""", "Voice:Session:Speed is not what it takes: a number")]
    [InlineData("""{ "Session": { "Speed": "1,5" } }""", "Voice:Session:Speed is not what it takes: a number")]
    [InlineData("""{ "Session": { "Speed": "NaN" } }""", "Voice:Session:Speed is not what it takes: a number")]
    [InlineData("""{ "Session": { "Speed": "1e999" } }""", "Voice:Session:Speed is not what it takes: a number")]
    [InlineData("""{ "Session": { "Speed": -1 } }""", "Voice:Session:Speed is not what it takes: a number")]
    [InlineData("""{ "Session": { "TurnTaking": { "Type": "server_vad", "Threshold": 1.01 } } }""", "Voice:Session:TurnTaking:Threshold is not what it takes: a number, 0 to 1.")]
    [InlineData("""{ "Session": { "ParallelToolCalls": "yes" } }""", "Voice:Session:ParallelToolCalls is not what it takes: true or false.")]
    [InlineData("""{ "Session": { "Modality": "both" } }""", "Voice:Session:Modality is not what it takes: audio or text.")]
    [InlineData("""{ "Session": { "Modality": 1 } }""", "Voice:Session:Modality is not what it takes: audio or text.")]
    [InlineData("""{ "Session": { "MaxOutputTokens": 0 } }""", "Voice:Session:MaxOutputTokens is not what it takes: a whole number of tokens, 1 to 4096, or unlimited.")]
    [InlineData("""{ "Session": { "MaxOutputTokens": 99999999999 } }""", "Voice:Session:MaxOutputTokens is not what it takes: a whole number of tokens, 1 to 4096, or unlimited.")]
    [InlineData("""{ "Session": { "TurnTaking": "client_vad" } }""", "Voice:Session:TurnTaking is not what it takes: manual, server_vad or semantic_vad.")]
    [InlineData("""{ "Session": { "TurnTaking": { "Silence": "1s" } } }""", "Voice:Session:TurnTaking has no Type. It takes manual, server_vad or semantic_vad.")]
    [InlineData("""{ "Session": { "TurnTaking": "" } }""", "Voice:Session:TurnTaking is empty. It takes manual, server_vad or semantic_vad.")]
    [InlineData("""{ "Session": { "ToolUse": { "Type": "function" } } }""", "Voice:Session:ToolUse has no Name. It takes the name of a tool.")]
    [InlineData("""{ "Session": { "Truncation": { "Type": "retain", "Ratio": 1.5 } } }""", "Voice:Session:Truncation:Ratio is not what it takes: a number, 0 to 1.")]
    [InlineData("""{ "Session": { "Truncation": { "Type": "retain", "Ratio": 0.5, "TokenLimit": -1 } } }""", "Voice:Session:Truncation:TokenLimit is not what it takes: a whole number of tokens, at least 0.")]
    [InlineData("""{ "Session": { "Transcription": { "Model": "whisper-1", "Keywords": "Ulm" } } }""", "Voice:Session:Transcription:Keywords is not what it takes: a list of texts.")]
    [InlineData("""{ "Session": { "Transcription": { "Model": "whisper-1", "Keywords": { "first": "Ulm" } } } }""", "Voice:Session:Transcription:Keywords:first is unknown: Keywords takes a list of texts.")]
    [InlineData("""{ "Session": { "Voice": { "Id": "voice_1" } } }""", "Voice:Session:Voice:Id is unknown. Voice takes the name of a voice")]
    [InlineData("""{ "Endpoint": "/v1/realtime" }""", "Voice:Endpoint is not what it takes: an address: ")]
    [InlineData("""{ "ConnectTimeout": 15 }""", "Voice:ConnectTimeout is not what it takes: a time such as 00:00:15, 15s or 400ms, more than zero, or infinite.")]
    [InlineData("""{ "ConnectTimeout": "0s" }""", "Voice:ConnectTimeout is not what it takes: ")]
    [InlineData("""{ "ConnectTimeout": "-00:00:01" }""", "Voice:ConnectTimeout is not what it takes: ")]
    [InlineData("""{ "ConnectTimeout": "600h" }""", "Voice:ConnectTimeout is not what it takes: ")]
    [InlineData("""{ "ConnectTimeout": "99999999999999999999h" }""", "Voice:ConnectTimeout is not what it takes: ")]
    [InlineData("""{ "KeepAliveTimeout": "00:15" }""", "Voice:KeepAliveTimeout is not what it takes: ")]
    [InlineData("""{ "MaxAudioPerResponse": "0ms" }""", "Voice:MaxAudioPerResponse is not what it takes: ")]
    [InlineData("""{ "MaxToolRounds": -1 }""", "Voice:MaxToolRounds is not what it takes: a whole number, at least 0.")]
    [InlineData("""{ "MaxToolRounds": 1.5 }""", "Voice:MaxToolRounds is not what it takes: a whole number, at least 0.")]
    [InlineData("""{ "Limits": { "MaxMessageBytes": 0 } }""", "Voice:Limits:MaxMessageBytes is not what it takes: a whole number of bytes, 1 to 536870911.")]
    [InlineData("""{ "Limits": { "MaxMessageBytes": 536870912 } }""", "Voice:Limits:MaxMessageBytes is not what it takes: a whole number of bytes, 1 to 536870911.")]
    [InlineData("""{ "Limits": 5 }""", "Voice:Limits takes keys of its own, not a value: MaxMessageBytes or MaxFragments.")]
    [InlineData("""{ "InputEncoding": 7999 }""", "Voice:InputEncoding is not what it takes: Pcm16 (24000 Hz)")]
    [InlineData("""{ "CredentialHeader": "Basic" }""", "Voice:CredentialHeader is not what it takes: AuthorizationBearer or ApiKey.")]
    [InlineData("""{ "WhenBusy": "2" }""", "Voice:WhenBusy is not what it takes: CancelThenCreate, Queue or Refuse.")]
    [InlineData("""{ "Headers": "a" }""", "Voice:Headers takes keys of its own, one for each header, not a value.")]
    [InlineData("""{ "Headers": { "X": { "Y": "z" } } }""", "Voice:Headers:X takes the text of a request header, not keys of its own.")]
    public void AValueThatIsNone_IsTold_WithWhatTheKeyTakes(string voice, string begins) => Assert.StartsWith(begins, Assert.Single(Read.Wrong(voice)), StringComparison.Ordinal);

    [Theory]
    [InlineData("""{ "Session": { "TurnTaking": { "Type": "semantic_vad", "Silence": "1s" } } }""", "Voice:Session:TurnTaking:Silence contradicts semantic_vad, which has no such key.")]
    [InlineData("""{ "Session": { "TurnTaking": { "Type": "manual", "CreatesResponse": true } } }""", "Voice:Session:TurnTaking:CreatesResponse contradicts manual, which has no such key.")]
    [InlineData("""{ "Session": { "NoiseReduction": { "Type": "off", "Strength": 1 } } }""", "Voice:Session:NoiseReduction:Strength contradicts off, which has no such key.")]
    [InlineData("""{ "Session": { "Transcription": { "Model": "off", "Language": "en" } } }""", "Voice:Session:Transcription:Language contradicts off, which has no such key.")]
    [InlineData("""{ "Reconnect": { "Type": "none", "MaxAttempts": 3 } }""", "Voice:Reconnect:MaxAttempts contradicts none, which has no such key.")]
    [InlineData("""{ "Session": { "Truncation": { "Type": "auto", "Ratio": 1 } } }""", "Voice:Session:Truncation:Ratio contradicts auto, which has no such key.")]
    public void KeysOfTwoKinds_AreAContradiction(string voice, string wrong) => Assert.Equal([wrong], Read.Wrong(voice));

    [Fact]
    public void TwoSources_ThatSayOneThing_Agree_AndOtherwiseContradict()
    {
        const string File = """{ "Session": { "TurnTaking": "semantic_vad" } }""";

        TurnTaking? taking = Read.Options(File, ("Voice__Session__TurnTaking__Eagerness", "low"), ("VOICE__SESSION__TURNTAKING__TYPE", "semantic_vad")).Session.TurnTaking;

        Assert.Equal(new TurnTaking.SemanticVad { Eagerness = "low" }, taking);
        Assert.Equal(["Voice:Session:TurnTaking says one thing itself and another as Type."], Read.Wrong(File, ("Voice__Session__TurnTaking__Type", "server_vad")));
        Assert.Equal(["Voice:Session:TurnTaking:Silence contradicts semantic_vad, which has no such key."], Read.Wrong(File, ("Voice__Session__TurnTaking__Silence", "1s")));
    }

    [Fact]
    public void ALaterSource_WinsWhateverItsCase() =>
        Assert.Equal("cedar", Read.Options("""{ "Session": { "Voice": "marin" } }""", ("VOICE__SESSION__VOICE", "cedar")).Session.Voice!.Value.Name);

    [Fact]
    public void OneFileWithAKeyTwice_IsRefusedWhenItIsRead()
    {
        Exception refused = Assert.ThrowsAny<Exception>(() => Read.Root("""{ "Session": { "Voice": "marin", "voice": "cedar" } }"""));

        Assert.Contains("Voice:Session:voice", refused.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("cedar", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void ASourceWithAKeyTwice_IsToldSo() =>
        Assert.Equal(["Model is there twice."], Assert.Throws<OptionsValidationException>(() => new VoiceSessionOptions().Bind(new TwiceConfiguration())).Failures);

    [Fact]
    public void All_IsToldAtOnce_AndACrowdIsCutShort()
    {
        string[] wrong = Read.Wrong("""{ "Modell": "x", "Session": { "Speed": "fast", "Voise": "marin" } }""");
        Assert.Equal(["Voice:Modell", "Voice:Session:Speed", "Voice:Session:Voise"], wrong.Select(static failure => failure.Split(' ')[0]).Order(StringComparer.Ordinal));

        string[] crowd = Read.Wrong($$"""{ {{string.Join(',', Enumerable.Range(0, 60).Select(static i => $"\"zebra{i}\": 1"))}} }""");
        Assert.Equal((21, "And 40 more."), (crowd.Length, crowd[^1]));
    }

    [Fact]
    public void ASectionThatIsNotThere_IsAMistake_AndAnEmptyRootIsNone()
    {
        Assert.Equal(
            ["The section Voise is not there, or has no key."],
            Assert.Throws<OptionsValidationException>(() => new VoiceSessionOptions().Bind(Read.Root("""{ "Model": "m" }""").GetSection("Voise"))).Failures);
        Assert.Null(new VoiceSessionOptions().Bind(new ConfigurationBuilder().Build()).Model);
    }

    [Fact]
    public void ARootIsRead_AsASectionIs()
    {
        IConfigurationRoot root = new ConfigurationBuilder().AddInMemoryCollection([new("Model", "mine"), new("Session:Voice", "marin")]).Build();

        VoiceSessionOptions options = new VoiceSessionOptions().Bind(root);

        Assert.Equal(("mine", "marin"), (options.Model, options.Session.Voice!.Value.Name));
    }

    [Theory]
    [InlineData("""{ "Credential": "Bearer {0}" }""", "Voice:Credential is no credential. The credential begins with the word \"Bearer\"; leave it out, it is added.")]
    [InlineData("""{ "Credential": "{0}\n" }""", "Voice:Credential is no credential. The credential holds a line break at position ")]
    [InlineData("""{ "Credential": "" }""", "Voice:Credential is empty. It takes a key or token.")]
    [InlineData("""{ "Credential": { "ApiKey": "{0}" } }""", "Voice:Credential takes a key or token, not keys of its own.")]
    [InlineData("""{ "Credential": [ "{0}" ] }""", "Voice:Credential takes a key or token, not keys of its own.")]
    [InlineData("""{ "Credential": "{0}", "Endpoint": "{0}" }""", "Voice:Endpoint is not what it takes: ")]
    [InlineData("""{ "ApiKey": "{0}" }""", "Voice:ApiKey is unknown: did you mean Credential?")]
    [InlineData("""{ "Session": { "Credential": "{0}" } }""", "Voice:Session:Credential is unknown: did you mean Credential?")]
    [InlineData("""{ "CredentialHeader": "{0}" }""", "Voice:CredentialHeader is not what it takes: ")]
    [InlineData("""{ "Headers": { "Authorization": [ "{0}" ] } }""", "Voice:Headers:Authorization takes ")]
    [InlineData("""{ "ConnectTimeout": "{0}" }""", "Voice:ConnectTimeout is not what it takes: ")]
    public void ACredential_IsNeitherDroppedNorRepeated(string voice, string begins)
    {
        const string Canary = "sk-canary-5d1e";

        OptionsValidationException refused = Assert.Throws<OptionsValidationException>(() => Read.Options(voice.Replace("{0}", Canary, StringComparison.Ordinal)));

        Assert.StartsWith(begins, Assert.Single(refused.Failures), StringComparison.Ordinal);
        Assert.DoesNotContain("canary", refused.ToString(), StringComparison.Ordinal);
    }
}
