using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using Realtime.Protocol.CommandLine.Audio;
using Realtime.Protocol.CommandLine.Bridging;
using Realtime.Protocol.CommandLine.Speech;
using Realtime.Protocol.Testing.Grammar;
using Realtime.Protocol.Testing.Hosting;
using Realtime.Protocol.Testing.Simulation.Responses;

namespace Realtime.Protocol.CommandLine.Chaos;

/// <summary>
/// <c>realtime chaos</c>: one simulator, two gateways as processes, phones in real time, and what goes wrong while they talk. It fails when a call does not go on with what was said, when an answer is heard twice or not at all, when a gateway that
/// lost a call writes or speaks, when a client breaks a rule, or when anything hangs.
/// </summary>
internal sealed class ChaosRun(ChaosSettings settings, Surroundings world) : IAsyncDisposable
{
    private const string TicketKeyVariable = "REALTIME_CHAOS_TICKET_KEY";
    private const string JournalVariable = "REALTIME_CHAOS_JOURNAL";
    private const string NoGoodbye = "left-without-goodbye"; // which is what being killed is
    private const int HandedOver = 4001; // the close code of CALLS.md
    private const int QuestionMs = 750; // the first words of the built-in speech, up to its pause
    private const int AnswerMs = 2_000;
    private const int ApartMs = 800; // within this all begin to speak

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan DrainPatience = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan GivingUpPatience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan StoreIsGone = TimeSpan.FromSeconds(1);

    private readonly string _ticketKey = RandomNumberGenerator.GetHexString(64);
    private readonly Random _random = new(settings.Seed);
    private readonly HttpClient _http = new();
    private readonly GatewayProcess?[] _gateways = new GatewayProcess?[2];
    private readonly Uri[] _addresses = new Uri[2];
    private readonly List<Phone> _phones = [];
    private readonly ConcurrentQueue<string> _faults = new();
    private readonly List<DeedReport> _reports = [];
    private ChaosStore? _store;
    private RealtimeSimulatorHost? _simulator;
    private PhoneWorld? _phoneWorld;

    // Whoever cancels does not wait for it; it is waited for when all is put away.
    private Task _doing = Task.CompletedTask;

    // Who dialled while the store was gone.
    private Phone? _late;

    // The gateway that has the calls.
    private int _current;

    public async Task<ExitCode> RunAsync(CancellationToken cancellationToken)
    {
        _store = await ChaosStore.OpenAsync(Journal(out bool variable), variable);
        IReadOnlyList<Deed> deeds = Deeds();
        var model = new CountingModel(AnswerMs);
        _simulator = await RealtimeSimulatorHost.StartAsync(
            new() { Simulator = new() { Seed = (ulong)settings.Seed, Speaker = model, Pace = ResponsePace.Default with { Transcription = 40 }, UnixSecondsAtConnect = world.Time.GetUtcNow().ToUnixTimeSeconds() }, Time = world.Time },
            cancellationToken);
        await Task.WhenAll(StartAsync(0, 0, cancellationToken), StartAsync(1, 0, cancellationToken));
        _phoneWorld = new([.. _addresses.Select(static address => $"ws://{address.Authority}{GatewayDoors.Calls}")], await QuestionAsync(cancellationToken), TicketAsync, world.Time, world.Time.GetTimestamp());
        for (int number = 1; number <= settings.Calls; number++)
        {
            _phones.Add(Dial());
        }

        await AllAsync(static phone => phone.WaitAsync(static notes => notes.Lines.Count > 0, Patience), "was not taken").WaitAsync(cancellationToken);
        foreach (Deed deed in deeds)
        {
            Task<DeedReport> doing = DoAsync(deed, cancellationToken);
            _doing = doing;
            DeedReport report = await doing.WaitAsync(cancellationToken);
            _reports.Add(report);
            Tell(ChaosText.Line(report));
            if (!_faults.IsEmpty || _phones.Any(static phone => phone.Read(static notes => notes.Faults.Count > 0)))
            {
                // What comes after a fault proves nothing.
                break;
            }
        }

        _doing = LeaveAsync();
        await _doing.WaitAsync(cancellationToken);
        await CheckJournalAsync(cancellationToken);
        return Conclude(model);
    }

    /// <summary>Whatever came of the run, nothing of it stays. What one part throws keeps no other from its end.</summary>
    public async ValueTask DisposeAsync()
    {
        // Without phones a deed soon ends, and starts nothing more that nobody would end.
        Func<Task>[] parts =
        [
            () => Task.WhenAll(_phones.Append(_late).OfType<Phone>().Select(static phone => phone.DisposeAsync().AsTask())),
            async () => await _doing.WaitAsync(Patience * 2, world.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing),
            () => Task.WhenAll(_gateways.OfType<GatewayProcess>().Select(static gateway => gateway.DisposeAsync().AsTask())),
            () => _simulator?.DisposeAsync().AsTask() ?? Task.CompletedTask,
            () => _store?.DisposeAsync().AsTask() ?? Task.CompletedTask,
        ];
        Exception? first = null;
        foreach (Func<Task> part in parts)
        {
            try
            {
                await part();
            }
            catch (Exception failure)
            {
                first ??= failure;
            }
        }

        _http.Dispose();
        if (first is not null)
        {
            ExceptionDispatchInfo.Throw(first);
        }
    }

    private string Journal(out bool variable)
    {
        variable = settings.JournalVariable is not null;
        return settings.JournalVariable is not { } name ? settings.Journal
            : world.GetVariable(name) is { Length: > 0 } text ? text
            : throw new ToolException(ExitCode.UnusableInput, "The environment variable that --journal-variable names is not set, or empty.");
    }

    private IReadOnlyList<Deed> Deeds()
    {
        if (settings.Deeds is { } asked)
        {
            return asked.Contains(Deed.Store) && !_store!.CanGo ? throw new ToolException(ExitCode.UnusableInput, "A store that is given is not taken away: leave store out of --kinds, or let --journal be file, postgresql or redis.")
                : OperatingSystem.IsWindows() && asked.Any(static deed => deed is Deed.Stop or Deed.Drain) ? throw new ToolException(ExitCode.UnusableInput, "There is no SIGSTOP and no SIGTERM here: leave stop and drain out of --kinds.")
                : asked;
        }

        return [.. Enum.GetValues<Deed>().Where(deed => (deed is not Deed.Store || _store!.CanGo) && (deed is not (Deed.Stop or Deed.Drain) || !OperatingSystem.IsWindows()))];
    }

    private async Task StartAsync(int index, int port, CancellationToken cancellationToken)
    {
        var variables = new Dictionary<string, string> { [TicketKeyVariable] = _ticketKey, [JournalVariable] = _store!.Place.ToText() };
        _gateways[index] = await GatewayProcess.StartAsync(port, _simulator!.Endpoint, variables, ["--ticket-key-variable", TicketKeyVariable, "--journal-variable", JournalVariable], cancellationToken);
        _addresses[index] = _gateways[index]!.Address;
    }

    private Phone Dial() => new(new CallNotes($"chaos-{settings.Seed}-{_phones.Count + 1}-{Guid.NewGuid():N}"), _phoneWorld!, _current);

    private static async Task<byte[]> QuestionAsync(CancellationToken cancellationToken)
    {
        await using SoundSource speech = await SoundSource.WavAsync(BuiltInSpeech.Open(), "the built-in question", cancellationToken);
        byte[] question = new byte[QuestionMs * Pcm.BytesPerMillisecond];
        for (int length = 0; length < question.Length;)
        {
            length += await speech.ReadAsync(question.AsMemory(length), cancellationToken);
        }

        return question;
    }

    private async Task<string> TicketAsync(int gateway, string id, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_addresses[gateway], GatewayDoors.Tickets + id));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _ticketKey);
        using HttpResponseMessage answer = await _http.SendAsync(request, cancellationToken);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadAsStringAsync(cancellationToken);
    }

    private async Task<DeedReport> DoAsync(Deed deed, CancellationToken cancellationToken)
    {
        int[] lines = [.. _phones.Select(static phone => phone.Read(static notes => notes.Lines.Count))];
        int saidAgain = _phones.Sum(static phone => phone.Read(static notes => notes.SaidAgain));
        string note = deed is Deed.Store ? await TakeStoreAwayAsync(lines) : await TakeGatewayAwayAsync(deed, lines, cancellationToken);
        for (int turn = 1; turn < settings.Turns; turn++)
        {
            await AskAllAsync();
        }

        LineNotes[][] since = [.. _phones.Select((phone, index) => phone.Read(notes => notes.Lines.Skip(index < lines.Length ? lines[index] - 1 : 0).ToArray()))];
        TimeSpan[] resumed = [.. since.SelectMany(static own => own.Skip(1).Zip(own, static (next, before) => next.ReadyAt - before.EndedAt))];
        TimeSpan[] sounds = [.. since.SelectMany(static own => own.Skip(1)).Where(static line => line.FirstSoundAt is not null).Select(static line => line.FirstSoundAt!.Value - line.ReadyAt)];
        return new(deed, _phones.Count, resumed, deed is Deed.Drain ? [] : sounds, _phones.Sum(static phone => phone.Read(static notes => notes.SaidAgain)) - saidAgain, note);
    }

    /// <summary>Kill, stop or drain the gateway that has the most calls, in the midst of answers; the other goes on with them, and the first is started again.</summary>
    private async Task<string> TakeGatewayAwayAsync(Deed deed, int[] lines, CancellationToken cancellationToken)
    {
        int[] at = [.. _phones.Select(static phone => phone.Read(static notes => notes.Lines is [.., { End: LineEnd.None } line] ? line.Gateway : -1))];

        // A busy machine may have moved a call on its own.
        int index = at.Count(gateway => gateway == 1 - _current) > at.Count(gateway => gateway == _current) ? 1 - _current : _current;
        (Phone Phone, int Line)[] concerned = [.. _phones.Zip(lines).Where((_, number) => at[number] == index)];
        GatewayProcess gateway = _gateways[index]!;
        Task asking = AskAllAsync();
        bool isHearing = false;
        await foreach (Task<bool> hearing in Task.WhenEach(concerned.Select(static call => call.Phone.WaitAsync(static notes => notes.IsHearing, Patience))))
        {
            isHearing = await hearing;
            if (isHearing)
            {
                break;
            }
        }

        if (!isHearing)
        {
            _faults.Enqueue($"Nobody at the gateway heard an answer in {Patience.TotalSeconds:0} s: what is done to it shows nothing.");
        }

        await Task.Delay(TimeSpan.FromMilliseconds(_random.Next(deed is Deed.Stop ? AnswerMs / 8 : AnswerMs)), world.Time, cancellationToken);
        Task<int?>? ending = null;
        switch (deed)
        {
            case Deed.Kill:
                await gateway.KillAsync();
                break;
            case Deed.Stop:
                gateway.Stop();
                break;
            case Deed.Drain:
                ending = gateway.EndAsync(DrainPatience);
                break;
        }

        _current = 1 - index;
        TimeSpan patience = deed is Deed.Drain ? DrainPatience : Patience;
        await Task.WhenAll(concerned.Select(async call =>
        {
            if (!await call.Phone.WaitAsync(notes => notes.Lines.Count > call.Line, patience))
            {
                _faults.Enqueue($"call {call.Phone.Id}: it did not go on at the other gateway in {patience.TotalSeconds:0} s.");
            }
            else if (deed is Deed.Drain && call.Phone.Read(notes => notes.FaultOfDrain(call.Line)) is { } fault)
            {
                _faults.Enqueue(fault);
            }
        }));
        string note = "";
        if (deed is Deed.Stop)
        {
            note = await GoOnAsync(gateway);
        }
        else
        {
            if (ending is not null && await ending is not 0 and var code)
            {
                _faults.Enqueue($"The gateway that was asked to end {(code is null ? "did not" : $"ended with {code}")}: {string.Join(" / ", gateway.LastLines.TakeLast(3))}");
            }

            int port = gateway.Address.Port;
            _gateways[index] = null; // what follows may fail, and this one is put away but once
            await gateway.DisposeAsync();
            await StartAsync(index, port, cancellationToken);
        }

        await asking;
        return note;
    }

    /// <summary>A gateway that stood still goes on, and finds out that its calls are another's: at its next save, or because nobody is there any more. In no case does it write.</summary>
    private async Task<string> GoOnAsync(GatewayProcess gateway)
    {
        gateway.Continue();
        IReadOnlyList<int?>[] closings = await Task.WhenAll(_phones.Select(static phone => phone.LeftLinesAsync(GivingUpPatience)));
        foreach ((Phone phone, IReadOnlyList<int?> closing) in _phones.Zip(closings))
        {
            foreach (int? status in closing.Where(static status => status is not HandedOver))
            {
                _faults.Enqueue($"call {phone.Id}: the gateway that stood still in an answer did not give it up as handed over, but {(status is null ? "kept it" : $"closed it with {status}")}.");
            }
        }

        int given = closings.Sum(static closing => closing.Count);
        if (given == 0)
        {
            _faults.Enqueue("No answer sounded when the gateway stood still: that it gives its calls up was not shown.");
        }

        return $"{given} given up as handed over by the gateway that stood still";
    }

    /// <summary>The store is gone while everybody asks: who talks notices nothing, and who dials waits until it is back.</summary>
    private async Task<string> TakeStoreAwayAsync(int[] lines)
    {
        await _store!.TakeAwayAsync();
        Phone late = _late = Dial();
        Task<bool> taken = late.WaitAsync(static notes => notes.Lines.Count > 0, Patience * 2);
        long began = world.Time.GetTimestamp();
        await Task.WhenAll(AskAllAsync(), Task.Delay(StoreIsGone, world.Time));
        bool wasTaken = taken.IsCompleted;
        await _store.GiveBackAsync();
        TimeSpan gone = world.Time.GetElapsedTime(began);
        bool isTaken = await taken;
        TimeSpan waited = world.Time.GetElapsedTime(began) - gone;
        for (int number = 0; number < lines.Length; number++)
        {
            // If this process stood still, its phones may have given up a gateway that did not.
            if (_phones[number].Read(notes => notes.Lines.Skip(lines[number] - 1).Any(static line => line.End is not LineEnd.None && line.Late < CallNotes.StoodStill)))
            {
                _faults.Enqueue($"call {_phones[number].Id}: it lost its line because the store was gone.");
            }
        }

        if (wasTaken || !isTaken)
        {
            _faults.Enqueue(wasTaken ? $"call {late.Id}: it was taken while the store was gone." : $"call {late.Id}: it was not taken when the store was back.");
        }

        _phones.Add(late);
        _late = null;
        return FormattableString.Invariant($"nobody noticed {gone.TotalSeconds:0.0} s without the store; who dialled then was taken {waited.TotalMilliseconds:0} ms after it was back");
    }

    private Task AskAllAsync() => Task.WhenAll(_phones.Select(phone => AskAsync(phone, TimeSpan.FromMilliseconds(_random.Next(ApartMs)))).ToArray());

    private async Task AskAsync(Phone phone, TimeSpan later)
    {
        await Task.Delay(later, world.Time);
        await phone.AskAsync(Patience);
    }

    private async Task AllAsync(Func<Phone, Task<bool>> become, string otherwise)
    {
        bool[] all = await Task.WhenAll(_phones.Select(become));
        foreach ((Phone phone, _) in _phones.Zip(all).Where(static pair => !pair.Second))
        {
            _faults.Enqueue($"call {phone.Id}: it {otherwise}.");
        }
    }

    /// <summary>All leave as pages do that are closed, and both gateways end: what they know of the calls is then stored.</summary>
    private async Task LeaveAsync()
    {
        await Task.WhenAll(_phones.Select(static phone => phone.DisposeAsync().AsTask()));
        foreach (GatewayProcess gateway in _gateways.OfType<GatewayProcess>())
        {
            if (await gateway.EndAsync(DrainPatience) is not 0 and var code)
            {
                _faults.Enqueue($"A gateway {(code is null ? "did not end" : $"ended with {code}")}: {string.Join(" / ", gateway.LastLines.TakeLast(3))}");
            }
        }
    }

    private async Task CheckJournalAsync(CancellationToken cancellationToken)
    {
        await using JournalStore? journal = JournalStore.Open(_store!.Place, _ => { }, world.Time);
        foreach (Phone phone in _phones)
        {
            SessionCheckpoint? stored = null;
            if (journal is not null)
            {
                JournalClaim claim = await journal.ClaimAsync(phone.Id, "chaos", cancellationToken);
                stored = claim.Checkpoint is { } checkpoint ? SessionCheckpoint.FromUtf8Json(checkpoint.Span) : null;
                await journal.EndAsync(phone.Id, claim.Fence, cancellationToken);
            }

            foreach (string fault in phone.Read(static notes => notes.Faults.ToArray()).Concat(phone.Read(notes => StoredCall.Faults(notes, stored).ToArray())))
            {
                _faults.Enqueue(fault);
            }
        }
    }

    private ExitCode Conclude(CountingModel model)
    {
        foreach (Violation violation in _simulator!.Violations.Where(static violation => violation.IsCounted && violation.Rule != NoGoodbye))
        {
            _faults.Enqueue($"A rule was broken: {violation}");
        }

        foreach (HostedConnection defect in _simulator.Connections.Where(static connection => connection.Defect is not null))
        {
            _faults.Enqueue($"The simulator failed: {defect.Defect!.GetType().Name}.");
        }

        int questions = _phones.Sum(static phone => phone.Read(static notes => notes.Asked));
        int answered = _phones.Sum(static phone => phone.Read(static notes => notes.Answered));
        string[] faults = [.. _faults];
        if (settings.Json)
        {
            world.Output.WriteLine(ChaosText.Json(_store!.Name, settings, _reports, questions, answered, faults));
        }
        else
        {
            world.Output.WriteLine(FormattableString.Invariant($"{_phones.Count} calls over {_store!.Name}: {questions} questions, {answered} answered to the end and once, with {model.Answers} answers begun; {faults.Length} faults"));
        }

        world.Output.Flush();
        foreach (string fault in faults)
        {
            world.Error.WriteLine(Timeline.Printable.Line(fault));
        }

        return faults.Length == 0 ? ExitCode.Done : ExitCode.DoneWithProblems;
    }

    private void Tell(string line)
    {
        if (!settings.Json)
        {
            world.Output.WriteLine(line);
            world.Output.Flush();
        }
    }
}
