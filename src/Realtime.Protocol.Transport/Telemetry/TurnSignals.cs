using System.Diagnostics;

namespace Realtime.Protocol.Transport;

/// <summary>The span of one turn and what its children need: made when a turn begins that somebody observes. A turn is a root, since a span of an hour helps nobody; it is linked to the connection that it began on.</summary>
internal sealed class TurnSignals
{
    private readonly Lock _lock = new();
    private readonly SessionTelemetry _session;
    private readonly Turn _turn;
    private readonly DateTime _began;
    private bool _wasStarted;
    private Activity? _span;

    private TurnSignals(SessionTelemetry session, Turn turn) =>
        (_session, _turn, _began, BeganAt) = (session, turn, session.UtcNow, session.Timestamp);

    public SessionTelemetry Session => _session;

    public long BeganAt { get; }

    /// <summary>The response that began last; null before the first. Under the session's lock.</summary>
    public ResponseSignals? Response { get; private set; }

    public static TurnSignals Begin(SessionTelemetry session, Turn turn)
    {
        var signals = new TurnSignals(session, turn);
        if (Instruments.Source.HasListeners())
        {
            session.Post(() => signals.Start());
        }
        else
        {
            signals._wasStarted = true; // who listens later sees no turn that began before
        }

        return signals;
    }

    /// <summary>A response of the turn has begun.</summary>
    public ResponseSignals Answer(MachineGate gate, string responseId, long askedAt) => Response = new(this, gate, responseId, askedAt);

    /// <summary>The first piece of an answer has come, of whatever kind. Called for each piece, so it does next to nothing.</summary>
    public void Take(ServerEventKind kind)
    {
        if (Response is { FirstChunkAt: null } response && kind is ServerEventKind.ResponseOutputAudioDelta or ServerEventKind.ResponseOutputTextDelta
            or ServerEventKind.ResponseOutputAudioTranscriptDelta or ServerEventKind.ResponseFunctionCallArgumentsDelta)
        {
            response.FirstChunkAt = _session.Timestamp;
        }
    }

    /// <summary>A span within the turn, made by a thread of the pool; null when the turn has none.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="kind">Its kind.</param>
    /// <param name="start">When it began.</param>
    public Activity? StartChild(string name, ActivityKind kind, DateTime start)
    {
        if (Start() is not { } turn)
        {
            return null;
        }

        Activity? child = Instruments.Source.StartActivity(name, kind, turn.Context, tags: null, links: null, new DateTimeOffset(start));
        child?.SetTag(Attributes.ConversationId, _session.Names.ConversationId);
        return child;
    }

    /// <summary>The turn has ended.</summary>
    /// <param name="turn">With its result.</param>
    /// <param name="outcome">How.</param>
    /// <param name="total">How long it took, as its result says.</param>
    /// <param name="error">The error that it is; null for none.</param>
    public void End(Turn turn, TurnOutcome outcome, TimeSpan total, string? error)
    {
        (DateTime end, HeardBasis basis) = (_session.UtcNow, turn.Heard.Basis);
        _session.Post(() =>
        {
            if (Start() is not { } span)
            {
                return;
            }

            span.SetTag(Attributes.TurnOutcome, SignalWords.Of(outcome));
            span.SetTag(Attributes.HeardBasis, SignalWords.Of(basis));
            if (error is not null)
            {
                span.SetTag(Attributes.ErrorType, error).SetStatus(ActivityStatusCode.Error);
            }

            // From where the user was done, as the timings count, which may have been before the turn was known.
            span.SetStartTime(end - total).SetEndTime(end).Stop();
        });
    }

    /// <summary>The turn's span, made by whoever needs it first on a thread of the pool; null when nobody wants it.</summary>
    private Activity? Start()
    {
        lock (_lock)
        {
            if (!_wasStarted)
            {
                _wasStarted = true;
                Activity? before = Activity.Current;
                try
                {
                    Activity.Current = null;
                    ActivityContext connect = _session.ConnectSpan;
                    _span = Instruments.Source.StartActivity(
                        Spans.Turn, ActivityKind.Internal, default(ActivityContext), tags: null, connect == default ? null : [new(connect)], new DateTimeOffset(_began));
                    _span?.SetTag(Attributes.ConversationId, _session.Names.ConversationId)
                        .SetTag(Attributes.TurnNumber, _turn.Number)
                        .SetTag(Attributes.TurnOrigin, SignalWords.Of(_turn.Origin))
                        .SetTag(Attributes.TurnIsOutOfBand, _turn.IsOutOfBand);
                }
                finally
                {
                    Activity.Current = before;
                }
            }

            return _span;
        }
    }
}
