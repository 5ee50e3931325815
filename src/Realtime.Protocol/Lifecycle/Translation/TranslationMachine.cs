using System.Diagnostics.CodeAnalysis;

namespace Realtime.Protocol.Lifecycle;

/// <summary>
/// The mind of a translation: speech goes in all the time, its translation comes out all the time, and nobody takes turns. So it knows configurations, which are acknowledged in order, and the
/// end, which has two steps (SE-10); there is nothing else to decide. The same verbs as <see cref="SessionMachine"/>, and as pure: no task, no clock, no socket, no lock, one caller at a time.
/// </summary>
/// <remarks>
/// <c>now</c> is in milliseconds of any clock that never goes back. Effects are taken in order, before the next verb. What the server says of sound and text is content: it proves that the
/// server lives (<see cref="Heard"/>), and decides nothing.
/// </remarks>
public sealed class TranslationMachine
{
    private const long Never = long.MaxValue;
    private const string Kind = "translation";

    private readonly EffectQueue _effects = new();
    private readonly ConfigurationQueue _configurations = new();
    private readonly OperationTable _operations;
    private readonly IdSource _ids;
    private readonly long _silence;
    private TranslationPhase _phase;

    // Whoever waits for the server's last word; 0 while nobody does.
    private int _closing;
    private long _lastHeardAt;

    /// <summary>A machine for one connection.</summary>
    /// <param name="settings"><see cref="MachineSettings.IdPrefix"/>, <see cref="MachineSettings.AcknowledgementTimeout"/> for configurations, and <see cref="MachineSettings.StuckTimeout"/>: how long the server may say nothing at all while its last word is due.</param>
    /// <exception cref="ArgumentException">The prefix is too short or too long, or has other characters than it may; or a time is negative, or longer than 24 days.</exception>
    public TranslationMachine(MachineSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings.ThrowIfUnusable();
        _ids = new IdSource(settings.IdPrefix);
        _operations = new OperationTable(_effects, settings.AcknowledgementTimeout, settings.StuckTimeout);
        _silence = settings.StuckTimeout;
    }

    /// <summary>The last word is due, and somebody waits for it: due when the server has said nothing since for too long.</summary>
    private long LastWordDueAt => _phase is TranslationPhase.Closing && _closing != 0 ? _lastHeardAt + _silence : Never;

    /// <summary>The server said something; facts of other kinds than a translation has are life, and nothing else.</summary>
    public void Receive(in SessionFact fact, long now)
    {
        if (_phase is TranslationPhase.Over)
        {
            return;
        }

        _lastHeardAt = now;
        switch (fact.Kind)
        {
            case SessionFactKind.SessionCreated:
                Created(fact);
                break;
            case SessionFactKind.SessionUpdated:
                Complete(_configurations.Acknowledge());
                break;
            case SessionFactKind.SessionClosed:
                Closed();
                break;
            case SessionFactKind.Error:
                Failed(ErrorReach.Describe(fact));
                break;
        }

        _effects.Arm(Next());
    }

    /// <summary>The server sent content, or something that could not be read: it lives. Allocates nothing.</summary>
    public void Heard(long now) => _lastHeardAt = now;

    /// <summary>The application wants something. Never throws for a rule's sake: a refusal names the rule and changes nothing.</summary>
    /// <param name="intent">What it wants.</param>
    /// <param name="now">The time.</param>
    /// <param name="waitingBytes">How much of what was sent before, audio apart, the connection has not taken yet (BP-04).</param>
    public SubmitResult Submit(in TranslationIntent intent, long now, long waitingBytes = 0)
    {
        if (CloseInTwoSteps.Refusal(_phase, intent.Kind) is (string rule, string message))
        {
            return SessionIntents.Refuse(rule, message);
        }

        if (intent.Kind is TranslationIntentKind.Configure && BoundWhatWaits.Refusal(waitingBytes) is { } tooMuch)
        {
            return SessionIntents.Refuse("BP-04", tooMuch);
        }

        SubmitResult result = intent.Kind switch
        {
            TranslationIntentKind.Configure => Configure(intent.Changes!, now),
            TranslationIntentKind.Close => Close(now),
            _ => new SubmitResult(SubmitVerdict.Accepted),
        };
        _effects.Arm(Next());
        return result;
    }

    /// <summary>It is now <paramref name="now"/>. Calling it too early or too often does nothing.</summary>
    public void Elapse(long now)
    {
        if (_phase is TranslationPhase.Over)
        {
            return;
        }

        _effects.Disarm(now);
        while (_operations.TryTakeOverdue(now, out PendingHandle? overdue))
        {
            Overdue(overdue!);
        }

        if (now >= LastWordDueAt)
        {
            _closing = 0;
            _effects.Tell(new SessionChange.ConnectionUnresponsive("SE-10"));
        }

        _effects.Arm(Next());
    }

    /// <summary>The connection ended: every operation fails, exactly once; a second call does nothing (SE-09).</summary>
    public void Close()
    {
        _phase = TranslationPhase.Over;
        _operations.FailAll();
    }

    /// <summary>The next thing to do, in order; false when there is nothing left.</summary>
    public bool TryTakeEffect([MaybeNullWhen(false)] out SessionEffect effect) => _effects.TryTake(out effect);

    private long Next() => _phase is TranslationPhase.Over ? Never : Math.Min(_operations.DueAt, LastWordDueAt);

    private void Created(in SessionFact fact)
    {
        if (fact.SessionType.IsEmpty || fact.SessionType.SequenceEqual("translation"u8))
        {
            _effects.Tell(new SessionChange.SessionOpened());
            return;
        }

        _effects.Tell(new SessionChange.SessionKindDiffers(Kind, FactText.OrNull(fact.SessionType)!));
    }

    private SubmitResult Configure(Events.Translation.SessionChanges changes, long now)
    {
        int handle = _operations.Open(now);
        var operation = new Operation(OperationKind.Configure, _ids.NewEventId()) { Handle = handle, Configuration = _configurations.Add(handle, toolTimeouts: null) };
        _operations.Remember(operation, now);
        _effects.Send(new SessionCommand.UpdateTranslation(operation.EventId, changes));
        return new SubmitResult(SubmitVerdict.Accepted, Operation: handle);
    }

    /// <summary>The first step. Whoever asks once more waits for the same last word.</summary>
    private SubmitResult Close(long now)
    {
        if (_phase is TranslationPhase.Open)
        {
            _phase = TranslationPhase.Closing;
            _closing = _operations.Open(now);
            _lastHeardAt = now;
            var operation = new Operation(OperationKind.Close, _ids.NewEventId()) { Handle = _closing };
            _operations.Remember(operation, now);
            _effects.Send(new SessionCommand.CloseTranslation(operation.EventId));
        }
        else if (_closing == 0)
        {
            return SessionIntents.Refuse("SE-10", "You asked the translation to end once more after the server had refused it or left it unanswered; close the connection.");
        }

        return new SubmitResult(SubmitVerdict.Accepted, Operation: _closing);
    }

    /// <summary>The second step, or the server's own decision: then what was asked and not answered has failed.</summary>
    private void Closed()
    {
        _operations.Complete(_closing);
        _effects.Tell(new SessionChange.SessionClosed(WasAsked: _phase is TranslationPhase.Closing));
        Close();
    }

    private void Failed(ServerError error)
    {
        if (ErrorReach.Severity(error.Code) is ErrorSeverity.Reconnect)
        {
            Surface(error);
            _effects.Tell(new SessionChange.SessionExpired(ErrorReach.Expired(error)));
            Close();
            return;
        }

        Operation? operation = error.EventId is { } eventId ? _operations.Find(System.Text.Encoding.UTF8.GetBytes(eventId)) : null;
        PendingConfiguration? configuration = operation?.Configuration;
        if (configuration is not null)
        {
            _configurations.Refuse(configuration);
        }
        else if (operation is null && ErrorReach.IsAboutTheOldestConfiguration(error))
        {
            configuration = _configurations.RefuseOldest();
        }

        int handle = configuration?.Handle ?? operation?.Handle ?? 0;
        _closing = handle == _closing ? 0 : _closing;
        if (!_operations.Fail(handle, error) || ErrorReach.Severity(error.Code) is not ErrorSeverity.Recoverable)
        {
            Surface(error);
        }
    }

    private void Overdue(PendingHandle overdue)
    {
        if (overdue.Number == _closing)
        {
            return; // the translation of what was said takes as long as it takes; silence is what ends it
        }

        if (overdue.Configuration is { } configuration && _configurations.IsAcknowledgedInDoubt(configuration))
        {
            _effects.Tell(new SessionChange.ViolationTolerated("SE-02", "The server acknowledged fewer configurations than it took; the last one counts as taken."));
            Complete(configuration);
            return;
        }

        _operations.Fail(overdue.Number, null);
    }

    private void Complete(PendingConfiguration? configuration)
    {
        if (configuration is not null)
        {
            _operations.Complete(configuration.Handle);
        }
    }

    private void Surface(ServerError error) => _effects.Tell(new SessionChange.ErrorSurfaced(error, ErrorReach.Severity(error.Code)));
}
