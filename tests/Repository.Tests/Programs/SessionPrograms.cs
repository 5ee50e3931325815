using Realtime.Protocol;

namespace Repository.Tests.Programs;

/// <summary>
/// The programs of the README of the session, which need no other namespace than the one above. What stands in a region is shown there, word for word; what stands around it makes the program run
/// against a simulator. Several regions of one name are one program.
/// </summary>
internal static class SessionPrograms
{
    public static async Task OptionsAsync(string key, Uri simulator, bool telephone, TextWriter output, CancellationToken ct)
    {
        #region Program 0
        var options = VoiceSessionOptions.OpenAI(key, "gpt-realtime-2");
        options.Session = SessionConfiguration.OpenMicrophone with
        {
            Instructions = "You answer for a bicycle shop.",
            Voice = "marin",
            Transcription = "gpt-4o-transcribe",
            TurnTaking = new TurnTaking.ServerVad { Silence = TimeSpan.FromMilliseconds(400), IdleTimeout = TimeSpan.FromSeconds(10) },
            Customize = wire => { wire.Tracing = "auto"; wire.Audio.Output.Speed = 1.1; },
        };
        var onThePhone = options.Clone();
        onThePhone.InputEncoding = onThePhone.OutputEncoding = AudioEncoding.G711MuLaw;
        #endregion
        options.Endpoint = onThePhone.Endpoint = simulator;
        #region Program 0
        await using var session = await VoiceSession.ConnectAsync(telephone ? onThePhone : options, ct);
        output.WriteLine($"{session.Id} {session.State} {session.Configuration.Voice?.Name} until {session.ExpiresAt:t}");
        #endregion
    }

    public static async Task ServerTurnsAsync(VoiceSession session, TextWriter output)
    {
        Task PlayAsync(Turn turn) => SessionPrograms.PlayAsync(turn, new Speaker());
        #region Program 3
        await foreach (var turn in session.ReadServerTurnsAsync())
        {
            _ = PlayAsync(turn);                                       // reads turn.Audio, reports, stops at turn.Silenced
            await foreach (var update in turn.ReadUpdatesAsync().OfType<TurnUpdate.TranscriptDelta>()) { output.Write(update.Text); }
            var result = await turn.Completion;
            output.WriteLine(result.Outcome switch
            {
                TurnOutcome.Completed => $", first sound after {result.Timings.FirstAudio?.TotalMilliseconds:0} ms",
                TurnOutcome.Interrupted { Reason: InterruptionReason.UserSpeech } => $", cut off; {turn.Heard.Bytes} of {result.AudioBytes} bytes heard ({turn.Heard.Basis})",
                TurnOutcome.Disconnected(var reason) => $", gone: {reason.Description}",
                var other => other.ToString(),
            });
        }
        #endregion
    }

    public static async Task BesideTheConversationAsync(VoiceSession session, Func<Task> transferAsync)
    {
        Task TransferAsync() => transferAsync();
        #region Program 4
        var mood = session.Respond(ResponseRequest.OutOfBand with
        {
            Instructions = "Is the caller annoyed? Answer yes or no.",
            Modality = OutputModality.Text,
            Input = [.. session.Conversation.Items.TakeLast(4)],
            Metadata = new Dictionary<string, string> { ["topic"] = "mood" },
        });
        if ((await mood.Completion).Transcript.StartsWith("yes", StringComparison.OrdinalIgnoreCase)) { await TransferAsync(); }
        #endregion
    }

    public static async Task ConversationAsync(VoiceSession session, byte[] pcm, byte[] jpeg, TextWriter output, CancellationToken ct)
    {
        #region Program 5
        var talk = session.Conversation;
        await talk.AddAsync(ConversationItem.System("The caller is a member since 2019."), ItemPosition.Start, ct);
        _ = talk.AddAsync(ConversationItem.User(new ItemContent.Audio(pcm)));                    // not awaited, and still before the question
        var turn = session.SendMessage(ConversationItem.User("What is wrong with this wheel?", new ItemContent.Image(jpeg, "image/jpeg")));
        var said = await turn.Completion;
        foreach (var message in talk.Items.OfType<ConversationItem.Message>()) { output.WriteLine($"{message.Role}: {message.Text}"); }
        await talk.DeleteAsync(said.Items[0].Id, ct);
        #endregion
    }

    public static async Task UtterancesAsync(VoiceSession session, TextWriter output)
    {
        #region Program 6
        await foreach (var utterance in session.ReadUtterancesAsync())
        {
            await foreach (var piece in utterance.ReadTranscriptAsync()) { output.Write(piece); }
            var said = await utterance.Completion;
            output.WriteLine($" [{utterance.Start:ss\\.fff}-{utterance.End:ss\\.fff}] {said.Outcome}");
        }
        #endregion
    }

    public static async Task ChangingAsync(VoiceSession session, VoiceTool booking, TextWriter output)
    {
        #region Program 7
        try
        {
            var inForce = await session.UpdateAsync(new() { Instructions = "Now speak French.", TurnTaking = TurnTaking.Manual, Tools = [booking] });
            await session.UpdateAsync(new() { Transcription = InputTranscription.Off, MaxOutputTokens = SessionConfiguration.Unlimited });
            output.WriteLine($"{inForce.Voice} speaks; {inForce.Tools?.Count} tools");     // as the server stated it, with your tools
            await session.UpdateAsync(new() { Speed = 9 });
        }
        catch (RealtimeRefusedException refused) when (refused.Rule == "SE-05") { /* the voice was heard already */ }
        catch (RealtimeRejectedException rejected) { output.WriteLine(rejected.Error.Parameter); }
        #endregion
    }

    public static async Task PlayAsync(Turn turn, Speaker speaker)
    {
        #region Program 8
        turn.ReportPlayed(0);                                                    // this sink reports
        turn.Silenced.Register(speaker.Flush);                                   // for good: it may fire while the end still plays
        speaker.Played += position => turn.ReportPlayed(position);
        await turn.Audio.CopyToAsync(speaker);
        #endregion
    }

    public static async Task ToolsAsync(VoiceSession session, Func<McpApprovalRequest, CancellationToken, ValueTask<bool>> askOperatorAsync)
    {
        ValueTask<bool> AskOperatorAsync(McpApprovalRequest request, CancellationToken ct) => askOperatorAsync(request, ct);
        #region Program 12
        VoiceTool clock = VoiceTool.Create("clock", "Tells the time.", """{"type":"object"}""", static call => $"{DateTime.Now:t}");
        VoiceTool weather = VoiceTool.Create("weather", "Tells the weather.", static async (place, ct) => await Weather.OfAsync(place.City, ct), ToolJson.Default.Place, ToolJson.Default.Weather) with { Timeout = TimeSpan.FromSeconds(5) };
        VoiceTool note = VoiceTool.Create("note", "Takes a note.", """{"type":"object"}""", call => ToolCallOutput.WithoutResponse("noted"));
        VoiceTool shop = new VoiceTool.McpServer { Label = "shop", Url = new("https://mcp.example.com"), Approval = McpApprovalPolicy.Ask(async (request, ct) => await AskOperatorAsync(request, ct)).ExceptReadOnly() };
        await session.UpdateAsync(new() { Tools = [clock, weather, note, shop] });
        #endregion
    }

    public static async Task NewsAsync(VoiceSession session, TextWriter output)
    {
        #region Program 13
        await foreach (var update in session.ReadUpdatesAsync())
        {
            switch (update)
            {
                case VoiceSessionUpdate.Problem(SessionProblem.Reported(var error, var severity)): output.WriteLine($"{error.Code} {severity}"); break;
                case VoiceSessionUpdate.SpeechStarted: output.Write("… "); break;
            }
        }

        output.WriteLine((await session.Ended).Error?.Code ?? "an orderly end");
        #endregion
    }

    public static async Task UsageAsync(VoiceSession session, TokenPrices prices, TextWriter output)
    {
        #region Program 14
        var result = await session.SendMessage("Hello").Completion;
        if (result.Usage is { } usage)
        {
            output.WriteLine($"{usage.Input.Audio} heard, {usage.CachedInput.Total} cached, {usage.Output.Audio} spoken: {usage.Cost(prices):0.0000} $");
        }

        output.WriteLine($"{session.Usage.Cost(prices):0.00} $, {session.Usage.ResponsesWithoutUsage} responses without usage");
        #endregion
    }

    public static async Task CaptionsAndInterpreterAsync(string key, Uri simulator, Uri translations, byte[] pcm, Stream speaker, TextWriter output, CancellationToken ct)
    {
        #region Program 15
        var listen = new TranscriptionSessionOptions { Credential = key, Transcription = "gpt-4o-transcribe", TurnTaking = new TurnTaking.ServerVad() };
        var interpret = new TranslationSessionOptions { Credential = key, Language = "de", TranscriptionModel = "gpt-realtime-whisper" };
        #endregion
        listen.Endpoint = simulator;
        interpret.Endpoint = translations;
        #region Program 15
        await using var captions = await TranscriptionSession.ConnectAsync(listen, ct);
        await captions.Input.WriteAsync(pcm, ct);
        await captions.DrainAsync(ct);                                                         // every transcript that is due has come
        await foreach (var utterance in captions.ReadUtterancesAsync(ct)) { output.WriteLine((await utterance.Completion).Transcript); }

        await using var interpreter = await TranslationSession.ConnectAsync(interpret, ct);
        var hear = interpreter.Audio.CopyToAsync(speaker, ct);
        await interpreter.Input.WriteAsync(pcm, ct);
        var drain = interpreter.DrainAsync(ct);                                                // no more will be said; what was said is translated to its end
        await foreach (var text in interpreter.ReadTextAsync(ct)) { if (text.Side == TranslationSide.Translation) { output.Write(text.Text); } }
        await Task.WhenAll(hear, drain);
        #endregion
    }

    public static async Task OutliveAsync(VoiceSessionOptions options, ISessionJournal store, string callId, Func<VoiceSession, Task> talk)
    {
        #region Program 11
        options.Reconnect = ReconnectPolicy.Standard with { HandOverBeforeExpiry = TimeSpan.FromMinutes(5) };
        (options.Journal, options.CallId) = (store, callId);                        // connecting resumes, if the store knows the call
        await using var session = await VoiceSession.ConnectAsync(options);
        #endregion
        await talk(session);
        #region Program 11
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        SessionCheckpoint left = await session.DrainAsync(patience.Token);          // finish this answer, then close
        await File.WriteAllBytesAsync("call.json", left.ToUtf8Json());
        #endregion
    }
}
