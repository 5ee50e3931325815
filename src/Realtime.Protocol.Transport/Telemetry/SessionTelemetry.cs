using System.Diagnostics;
using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Transport;

/// <summary>
/// What one session tells of itself, whatever connection it runs over. It looks at what happens and changes nothing; it reads no content. Under the session's lock it takes values only; what is told of them is told from
/// <see cref="SignalQueue"/>. While nobody listens it holds nothing but this.
/// </summary>
/// <param name="options">A copy of the caller's.</param>
/// <param name="kind">What the session is for: a word of <see cref="SignalWords"/>.</param>
/// <param name="names">What the session is called.</param>
internal sealed class SessionTelemetry(RealtimeConnectionOptions options, string kind, SessionNames names)
{
    private readonly Lock _lock = new();
    private SignalQueue? _queue;
    private ServiceTags? _service;
    private ActivityContext _connect;
    private bool _isCountedAsActive;
    private bool _hasEnded;

    // Under the session's lock. Responses that have begun and not ended; null while there was none.
    private Dictionary<string, ResponseSignals>? _responses;
    private long? _openedAt;
    private long? _askedAt;

    /// <summary>What the session is called.</summary>
    public SessionNames Names => names;

    /// <summary>What it asks, and of whom.</summary>
    public ServiceTags Service => _service ?? Interlocked.CompareExchange(ref _service, ServiceTags.Of(options), null) ?? _service;

    /// <summary>What the session is for.</summary>
    public string Kind => kind;

    /// <summary>The span of the connection that the session has now, for links; default when there is none.</summary>
    public ActivityContext ConnectSpan
    {
        get
        {
            lock (_lock)
            {
                return _connect;
            }
        }
    }

    /// <summary>How many bytes of the user's audio wait to be sent; null where nobody says. Called by whoever collects metrics.</summary>
    public Func<long>? Backlog { get; set; }

    public long Timestamp => options.TimeProvider.GetTimestamp();

    public DateTime UtcNow => options.TimeProvider.GetUtcNow().UtcDateTime;

    /// <summary>For a host without a session, as tests have it.</summary>
    public static SessionTelemetry OfNothing() => new(new RealtimeConnectionOptions(), SignalWords.Voice, new(null));

    public TimeSpan Between(long from, long to) => options.TimeProvider.GetElapsedTime(from, to);

    /// <summary>Tells a signal from the pool.</summary>
    public void Post(Action signal) => (_queue ?? Interlocked.CompareExchange(ref _queue, new(), null) ?? _queue).Add(signal);

    /// <summary>Whether the caller is told a signal just now.</summary>
    public bool IsInside => Volatile.Read(ref _queue)?.IsInside is true;

    /// <summary>Waits until all was told, or for two seconds.</summary>
    public Task WaitAsync() => Volatile.Read(ref _queue)?.WaitAsync(options.TimeProvider) ?? Task.CompletedTask;

    /// <summary>An attempt to connect begins, in the caller's context.</summary>
    public ConnectSignals Connecting(bool isAnother = false) => ConnectSignals.Begin(this, isAnother);

    /// <summary>The session has a connection.</summary>
    public void Connected(ActivityContext span)
    {
        lock (_lock)
        {
            _connect = span;
        }
    }

    /// <summary>The session is open; it is counted until <see cref="Ended"/>.</summary>
    public void Opened()
    {
        lock (_lock)
        {
            if (_hasEnded || _openedAt is not null)
            {
                return;
            }

            _openedAt = Timestamp;
            LiveSessions.Add(this);
            _isCountedAsActive = Instruments.SessionsActive.Enabled;
            if (_isCountedAsActive)
            {
                Post(() => Instruments.SessionsActive.Add(1, new KeyValuePair<string, object?>(Attributes.SessionKind, kind)));
            }
        }
    }

    /// <summary>The session has ended. A second call does nothing.</summary>
    public void Ended(RealtimeCloseReason reason)
    {
        lock (_lock)
        {
            if (_hasEnded)
            {
                return;
            }

            _hasEnded = true;
            if (_openedAt is not { } openedAt)
            {
                return;
            }

            LiveSessions.Remove(this);

            // Who was not told that it began is not told that there is one less.
            if (_isCountedAsActive)
            {
                Post(() => Instruments.SessionsActive.Add(-1, new KeyValuePair<string, object?>(Attributes.SessionKind, kind)));
            }

            if (Instruments.SessionDuration.Enabled)
            {
                double seconds = Between(openedAt, Timestamp).TotalSeconds;
                Post(() => Instruments.SessionDuration.Record(seconds, new(Attributes.CloseKind, SignalWords.Of(reason.Kind)), new(Attributes.SessionKind, kind)));
            }
        }
    }

    /// <summary>Another connection has taken the place of one that was lost for this reason.</summary>
    public void Reconnected(RealtimeCloseKind lost)
    {
        if (Instruments.Reconnects.Enabled)
        {
            Post(() => Instruments.Reconnects.Add(1, new KeyValuePair<string, object?>(Attributes.ReconnectReason, SignalWords.Of(lost))));
        }
    }

    /// <summary>Something went wrong that the session survives.</summary>
    public void Met(SessionProblem problem)
    {
        if (Instruments.Problems.Enabled)
        {
            (string kindOfProblem, string? code) = SignalWords.Of(problem);
            var tags = new TagList { { Attributes.ProblemKind, kindOfProblem } };
            if (code is not null)
            {
                tags.Add(Attributes.ProblemCode, code);
            }

            Post(() => Instruments.Problems.Add(1, in tags));
        }
    }

    /// <summary>A reader was told that so many were left out. Called by the reader, so it is told at once.</summary>
    /// <param name="reader">A word of <see cref="SignalWords"/>.</param>
    /// <param name="count">So many.</param>
    public static void Missed(string reader, int count)
    {
        if (count > 0 && Instruments.EventsMissed.Enabled)
        {
            SignalQueue.Guard(() => Instruments.EventsMissed.Add(count, new KeyValuePair<string, object?>(Attributes.Reader, reader)));
        }
    }

    /// <summary>A turn begins; what follows of it is told to what this gives. Null when nobody listens.</summary>
    public TurnSignals? Began(Turn turn) => Instruments.AreTurnsObserved ? TurnSignals.Begin(this, turn) : null;

    /// <summary>A request for a response of the conversation was made. Those beside it are sent when their turn begins.</summary>
    public void Sent(SessionCommand command)
    {
        if (command is SessionCommand.CreateResponse { Parameters: not { Conversation.Known: ResponseParametersConversation.None } } && Instruments.AreTurnsObserved)
        {
            _askedAt = Timestamp;
        }
    }

    /// <summary>Takes one change of a connection's machine, after the host. Under the session's lock.</summary>
    /// <param name="gate">Whose machine.</param>
    /// <param name="change">What has changed.</param>
    /// <param name="turn">The turn that it is about, as far as it had not ended before; null for none.</param>
    public void Told(MachineGate gate, SessionChange change, Turn? turn)
    {
        switch (change)
        {
            case SessionChange.ResponseStarted started when turn?.Signals is { } signals:
                TellFailed(signals, SignalWords.Other);
                (_responses ??= new(StringComparer.Ordinal))[started.ResponseId] = signals.Answer(gate, started.ResponseId, AskedAt(turn, signals));
                break;
            case SessionChange.ResponseTakenBack taken:
                _responses?.Remove(taken.ResponseId);
                break;
            case SessionChange.ResponseEnded ended:
                if (ended.Usage is { } usage)
                {
                    Used(usage);
                }

                if (_responses is not null && _responses.TryGetValue(ended.ResponseId, out ResponseSignals? response))
                {
                    response.End(ended.Status, ended.Usage);

                    // Why it failed is said by the end of its turn, which follows.
                    if (ended.Status is not FactStatus.Failed || turn is null)
                    {
                        Tell(response, ended.Status is FactStatus.Failed ? SignalWords.Other : null);
                    }
                }

                break;
            case SessionChange.ResponseUsageStated stated:
                Used(stated.Usage);
                break;
            case SessionChange.PlaybackStopped stopped when Instruments.Interruptions.Enabled:
                Post(() => Instruments.Interruptions.Add(1, new KeyValuePair<string, object?>(Attributes.InterruptionReason, SignalWords.Of(stopped.Reason))));
                break;
            case SessionChange.TurnEnded ended when turn is not null:
                TurnEnded(turn, ended.Outcome);
                break;
        }
    }

    /// <summary>A turn has ended, and its result is there: what is told is read from it. Under the session's lock.</summary>
    public void TurnEnded(Turn turn, TurnOutcome outcome)
    {
        TurnTimings timings = turn.Completion.Result.Timings;
        string? error = SignalWords.ErrorOf(outcome);
        if (turn.Signals is { } signals)
        {
            TellFailed(signals, error ?? SignalWords.Other);
            signals.End(turn, outcome, timings.Total, error);
        }

        if (timings.FirstAudio is { } firstAudio && Instruments.TurnFirstAudio.Enabled)
        {
            Post(() => Instruments.TurnFirstAudio.Record(firstAudio.TotalSeconds, new KeyValuePair<string, object?>(Attributes.TurnOrigin, SignalWords.Of(turn.Origin))));
        }

        if (Instruments.TurnDuration.Enabled)
        {
            HeardBasis basis = turn.Heard.Basis;
            Post(() => Instruments.TurnDuration.Record(
                timings.Total.TotalSeconds,
                new(Attributes.TurnOutcome, SignalWords.Of(outcome)),
                new(Attributes.TurnOrigin, SignalWords.Of(turn.Origin)),
                new(Attributes.HeardBasis, SignalWords.Of(basis))));
        }
    }

    /// <summary>A connection has ended, and every response that ran on it. Under the session's lock.</summary>
    public void Lost(MachineGate gate, RealtimeCloseReason? reason)
    {
        foreach (ResponseSignals response in _responses?.Values.Where(response => response.Gate == gate).ToArray() ?? [])
        {
            response.End(FactStatus.Unknown, null);
            Tell(response, reason is { IsOrderly: false } ? SignalWords.Of(reason.Kind) : null);
        }

        _askedAt = null;
    }

    private void TellFailed(TurnSignals turn, string error)
    {
        if (turn.Response is { Status: FactStatus.Failed } failed)
        {
            Tell(failed, error);
        }
    }

    // Once, whoever comes first.
    private void Tell(ResponseSignals response, string? error)
    {
        if (_responses?.Remove(response.Id) is true)
        {
            response.Tell(error);
        }
    }

    /// <summary>From where a response is counted: our request, or where the server took the user's speech and asked itself.</summary>
    private long AskedAt(Turn turn, TurnSignals signals)
    {
        long beganAt = turn.Origin is TurnOrigin.ServerTurnDetection && turn.Utterance?.CommittedAt is { } committed ? committed : signals.BeganAt;
        long? askedAt = turn.IsOutOfBand ? null : _askedAt;
        _askedAt = turn.IsOutOfBand ? _askedAt : null;
        return askedAt ?? beganAt;
    }

    private void Used(TokenUsage usage)
    {
        if (!Instruments.TokenUsage.Enabled)
        {
            return;
        }

        Post(() =>
        {
            (ModalityTokens all, ModalityTokens cached) = (usage.Input, usage.CachedInput);
            Record(all.Text - cached.Text, SignalWords.Input, SignalWords.Text, isCached: false);
            Record(all.Audio - cached.Audio, SignalWords.Input, SignalWords.Audio, isCached: false);
            Record(all.Image - cached.Image, SignalWords.Input, SignalWords.Image, isCached: false);
            Record(cached.Text, SignalWords.Input, SignalWords.Text, isCached: true);
            Record(cached.Audio, SignalWords.Input, SignalWords.Audio, isCached: true);
            Record(cached.Image, SignalWords.Input, SignalWords.Image, isCached: true);
            Record(usage.Output.Text, SignalWords.Output, SignalWords.Text, isCached: false);
            Record(usage.Output.Audio, SignalWords.Output, SignalWords.Audio, isCached: false);
            Record(usage.Output.Image, SignalWords.Output, SignalWords.Image, isCached: false);
        });

        void Record(long tokens, string type, string modality, bool isCached)
        {
            if (tokens > 0)
            {
                TagList tags = Service.ToTags();
                tags.Add(Attributes.TokenType, type);
                tags.Add(Attributes.TokenModality, modality);
                tags.Add(Attributes.TokenCached, isCached);
                Instruments.TokenUsage.Record(tokens, in tags);
            }
        }
    }
}
