using Realtime.Protocol.CommandLine.Audio;
using Realtime.Protocol.CommandLine.Log;
using Realtime.Protocol.CommandLine.Timeline;
using Realtime.Protocol.Testing.Hosting;
using Realtime.Protocol.Testing.Simulation;
using Realtime.Protocol.Testing.Simulation.Responses;
using Realtime.Protocol.Transport;

namespace Realtime.Protocol.CommandLine.Talking;

/// <summary>
/// <c>realtime talk</c>: opens what it needs in the order in which things can be wrong (the files, the connection), holds one conversation, and reports on it whatever came
/// of it. A connection that fails leaves an earlier answer as it was.
/// </summary>
internal sealed class Talk(TalkSettings settings, Surroundings world)
{
    // How long the server has to confirm that it cut an interrupted answer.
    private static readonly TimeSpan Confirmation = TimeSpan.FromSeconds(2);

    private readonly Secret _secret = new(settings.Url is null ? null : world.GetVariable(settings.KeyVariable ?? TalkEndpoint.KeyVariable));
    private readonly List<string> _complaints = [];
    private readonly TaskCompletionSource _cutConfirmed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Recorder? _recorder;
    private AudioOutput? _output;
    private Conversation? _conversation;
    private string? _endpoint;
    private TokenPrices? _prices;
    private SessionUsage? _usage;
    private Collector? _collector;
    private int? _resumedItems;

    private TextWriter Text => settings.AnswersToPipe ? world.Error : world.Output;

    public async Task<ExitCode> RunAsync(CancellationToken cancellationToken)
    {
        Verdict verdict;
        TurnResult? result = null;
        try
        {
            (verdict, result) = await TalkAsync(cancellationToken);
            if (verdict.Complaint is string complaint)
            {
                _complaints.Insert(0, complaint);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            verdict = new("cancelled", ExitCode.Cancelled, null);
        }
        catch (IOException failure) when (StandardOutput.IsClosed(failure))
        {
            // Whoever read the answer has heard enough, as in "talk --out - | head": no news to anybody.
            verdict = new("output_closed", ExitCode.DoneWithProblems, null);
        }
        catch (Exception failure) when (Failures.Explain(failure, settings.KeyVariable ?? TalkEndpoint.KeyVariable) is { } explained)
        {
            verdict = new(NameOf(explained.ExitCode), explained.ExitCode, explained.Message);
            _complaints.Insert(0, explained.Message);
        }

        if (_output?.EndFailure is { } unfinished)
        {
            _complaints.Add($"The answer could not be written to {Files.NameOfOutput(settings)} to its end: {unfinished.Message}");
        }

        if (verdict.ExitCode == ExitCode.Done && _complaints.Count > 0)
        {
            verdict = verdict with { ExitCode = ExitCode.DoneWithProblems };
        }

        Print(Report(verdict, result));
        await TellCollectorAsync();
        return verdict.ExitCode;
    }

    // A collector is not what was asked of: that it did not answer is said, and changes nothing.
    private async Task TellCollectorAsync()
    {
        using Collector? collector = _collector;
        if (collector is not null && await collector.EndAsync() is { } warning)
        {
            world.Error.WriteLine(warning);
            world.Error.Flush();
        }
    }

    private async Task<(Verdict Verdict, TurnResult Result)> TalkAsync(CancellationToken cancellationToken)
    {
        settings.ThrowIfContradictory();
        _collector = Collector.Open(settings.Otlp, "realtime talk");
        SessionFile? file = Files.ReadSession(settings);
        _prices = Files.ReadPrices(settings.Prices);
        await using SoundSource? speech = await Files.OpenInputAsync(settings, world, cancellationToken);
        using AnswerFile? answer = Files.OpenAnswer(settings);
        using EventLog? log = Files.OpenLog(settings);
        await using RealtimeSimulatorHost? simulator = settings.Url is null ? await StartSimulatorAsync(cancellationToken) : null;
        var programs = new Programs(Complain);
        VoiceSessionOptions options = Options(simulator, file, programs);
        ITimelineView view = View();
        _recorder = new(world.Time, log, view, _secret);
        _endpoint = options.Endpoint!.GetLeftPart(UriPartial.Path);
        _recorder.Tell(Speaker.Session, $"connects to {_endpoint}{(simulator is null ? "" : ", a simulator in this process")}");

        TurnResult? result = null;
        Task problems = Task.CompletedTask;
        try
        {
            await view.RunAsync(async () =>
            {
                await using VoiceSession session = await ConnectAsync(options, cancellationToken);
                problems = CollectProblemsAsync(session);
                await using AudioOutput output = _output = await Files.BeginOutputAsync(settings, world, answer, cancellationToken);
                _conversation = new(session, settings, output, view, _recorder, world.Time) { ServerTakesTurns = speech is not null && ServerTakesTurns(file) };
                result = await _conversation.RunAsync(speech, cancellationToken);
                if (_conversation.WasInterrupted)
                {
                    await Task.WhenAny(_cutConfirmed.Task, session.Ended, Task.Delay(Confirmation, world.Time, cancellationToken));
                }

                await LeaveAsync(session, cancellationToken);
                _usage = session.Usage;
            });
        }
        finally
        {
            // They end with the session, whatever ended it.
            await problems;
            await programs.EndAsync();
        }

        Complain(speech, log);
        return (Verdict.Of(result!.Outcome), result);
    }

    // Closing ends a call for good. One that is kept is left for whoever goes on with it.
    private async Task LeaveAsync(VoiceSession session, CancellationToken cancellationToken)
    {
        if (settings.Journal is null)
        {
            await session.CloseAsync(cancellationToken);
            return;
        }

        try
        {
            await session.DrainAsync(cancellationToken);
        }
        catch (RealtimeClosedException)
        {
            // The connection ended first. How the turn ended is known already, and disposal stores what was said.
        }
    }

    private async Task CollectProblemsAsync(VoiceSession session)
    {
        await foreach (VoiceSessionUpdate update in session.ReadUpdatesAsync())
        {
            switch (update)
            {
                case VoiceSessionUpdate.Problem problem:
                    Complain(Printable.Line(problem.Details.ToString()!));
                    break;
                case VoiceSessionUpdate.Resumed resumed:
                    _resumedItems = resumed.ItemIds.Count;
                    _recorder!.Tell(Speaker.Session, $"goes on with {Printable.Line(settings.Call!)}: the service was told {resumed.ItemIds.Count} items of it");
                    foreach (ReplayOmission omission in resumed.LeftOut)
                    {
                        _recorder.Tell(Speaker.Session, $"left out {Printable.Line(omission.What)}: {omission.Reason}");
                    }

                    break;
            }
        }
    }

    private bool ServerTakesTurns(SessionFile? file) => settings.Vad || (file?.ServerTakesTurns ?? false);

    private VoiceSessionOptions Options(RealtimeSimulatorHost? simulator, SessionFile? file, Programs programs)
    {
        IReadOnlyList<VoiceTool> tools = file is not null ? file.Tools(settings.Tools, programs)
            : settings.Tools.Count > 0 ? [.. settings.Tools.Select(tool => tool.Declare(programs))]
            : [Clock()];
        var options = new VoiceSessionOptions
        {
            Session = new()
            {
                // What is null here, the file says or the service decides.
                TurnTaking = settings.Vad ? new TurnTaking.ServerVad() : file?.ServerTakesTurns is null ? TurnTaking.Manual : null,
                Transcription = settings.Transcribe ? new InputTranscription("gpt-4o-transcribe") : null,
                Tools = tools.Count > 0 ? tools : null,
                Customize = file is null ? null : file.AddTo,
            },
            TimeProvider = world.Time,
            Journal = Files.OpenJournal(settings),
            CallId = settings.Call,
            OnServerEvent = (in ServerEvent received) =>
            {
                if (received.Kind is ServerEventKind.ConversationItemTruncated or ServerEventKind.ConversationItemDeleted)
                {
                    _cutConfirmed.TrySetResult();
                }
            },
        };
        if (simulator is not null)
        {
            (options.Endpoint, options.Model) = (simulator.Endpoint, settings.Model ?? file?.Model);
        }
        else
        {
            TalkEndpoint.Apply(options, settings.Service, TalkEndpoint.FindKey(settings.Service, world.GetVariable));
            options.Model ??= file?.Model;
        }

        return options;
    }

    private void Complain(string complaint)
    {
        lock (_complaints)
        {
            _complaints.Add(complaint);
        }
    }

    private VoiceTool Clock() => VoiceTool.Create(
        "clock", "Tells the date and the time of day where the user is.", """{"type":"object","properties":{},"additionalProperties":false}""", _ => TellTime());

    private string TellTime()
    {
        DateTimeOffset now = world.Time.GetLocalNow();
        return FormattableString.Invariant($$"""{"date":"{{now:yyyy-MM-dd}}","time":"{{now:HH:mm:ss}}"}""");
    }

    private async Task<VoiceSession> ConnectAsync(VoiceSessionOptions options, CancellationToken cancellationToken)
    {
        options.Transport = async (copy, giveUp) => new RecordingTransport(await WebSocketTransport.ConnectAsync(copy, giveUp), _recorder!);
        try
        {
            return await VoiceSession.ConnectAsync(options, cancellationToken);
        }
        catch (ArgumentException wrong)
        {
            throw new ToolException(ExitCode.UnusableInput, TalkEndpoint.WithoutParameter(wrong), wrong);
        }
    }

    // An answer that is to be interrupted has to last: the simulator then speaks at its usual pace, however fast this side is.
    private Task<RealtimeSimulatorHost> StartSimulatorAsync(CancellationToken cancellationToken)
    {
        ResponsePace pace = settings.Fast && settings.InterruptAfter is null ? ResponsePace.Immediate : ResponsePace.Default;
        var simulator = new SimulatorOptions { Pace = pace, UnixSecondsAtConnect = world.Time.GetUtcNow().ToUnixTimeSeconds() };
        return RealtimeSimulatorHost.StartAsync(new RealtimeSimulatorHostOptions { Simulator = simulator, Time = world.Time }, cancellationToken);
    }

    private ITimelineView View()
    {
        bool isTerminal = settings.AnswersToPipe ? world.ErrorIsTerminal : world.OutputIsTerminal;
        return settings.Json ? new NoTimeline()
            : isTerminal && world.GetVariable("TERM") != "dumb" ? LiveTimeline.On(Text, isMonochrome: !string.IsNullOrEmpty(world.GetVariable("NO_COLOR")))
            : new PlainTimeline(Text);
    }

    private void Complain(SoundSource? speech, EventLog? log)
    {
        if (speech?.MissingBytes > 0)
        {
            _complaints.Add(FormattableString.Invariant($"{settings.In} is cut short: its header promises {speech.TotalBytes:N0} bytes of samples, {speech.MissingBytes:N0} of them are missing. What is there was spoken."));
        }

        if (log?.Failure is IOException failure)
        {
            _complaints.Add($"The log {settings.Log} is incomplete: {failure.Message}");
        }

        if (_recorder?.Failure is { } unrecorded)
        {
            // Its message might quote the event.
            _complaints.Add($"An event could not be recorded ({unrecorded.GetType().Name}); the timeline or the log is incomplete. Please report this defect of realtime.");
        }
    }

    private TalkReport Report(Verdict verdict, TurnResult? result) => new()
    {
        Verdict = verdict,
        Complaints = [.. _complaints.Select(_secret.Hide)],
        Endpoint = _endpoint,
        Figures = _recorder?.Figures ?? new(),
        AnswerFile = _output is null ? null : settings.Out,
        AnswerBytes = _output?.SampleBytes ?? 0,
        PlayedBytes = _conversation?.PlayedBytes ?? 0,
        WasInterrupted = _conversation?.WasInterrupted ?? false,
        Transcript = _secret.Hide(result?.Transcript ?? ""),
        UserWords = [.. (_recorder?.Figures.UserWords ?? []).Select(_secret.Hide)],
        Usage = _usage,
        Cost = _prices is null ? null : _usage?.Cost(_prices),
        LogFile = settings.Log,
        Call = settings.Call,
        ResumedItems = _resumedItems,
    };

    private void Print(TalkReport report)
    {
        if (settings.Json)
        {
            Text.WriteLine(SummaryJson.Write(report));
        }
        else if (_output is not null)
        {
            Text.Write(SummaryText.Write(report));
        }

        Text.Flush();
        foreach (string complaint in report.Complaints)
        {
            world.Error.WriteLine(complaint);
        }
    }

    private static string NameOf(ExitCode code) => code switch
    {
        ExitCode.UnusableInput => "unusable_input",
        ExitCode.NotConnected => "not_connected",
        ExitCode.Disconnected => "disconnected",
        _ => "failed",
    };
}
