using System.Diagnostics;

namespace Realtime.Protocol.Transport;

/// <summary>
/// The span of one attempt to connect: from the address to a session that is configured and filled. It is current only while the transport is opened, so that the platform's spans are in it and nothing that outlives it.
/// The first is a child of what the application does; one that follows is its own root, linked to the connection before.
/// </summary>
internal sealed class ConnectSignals
{
    private readonly SessionTelemetry _session;
    private readonly Activity? _span;

    private ConnectSignals(SessionTelemetry session, Activity? span) => (_session, _span) = (session, span);

    /// <param name="session">Whose connection.</param>
    /// <param name="isAnother">It takes the place of one that was lost.</param>
    public static ConnectSignals Begin(SessionTelemetry session, bool isAnother)
    {
        Activity? span = null;
        if (Instruments.Source.HasListeners())
        {
            Activity? before = Activity.Current;
            SignalQueue.Guard(() =>
            {
                Activity.Current = isAnother ? null : before;
                ActivityContext last = session.ConnectSpan;
                span = Instruments.Source.StartActivity(
                    Spans.Connect, ActivityKind.Client, default(ActivityContext), tags: null, isAnother && last != default ? [new(last)] : null, new DateTimeOffset(session.UtcNow));
            });
            Activity.Current = before;
        }

        return new(session, span);
    }

    /// <summary>Opens the transport with the span as the current one.</summary>
    public async Task<IRealtimeTransport> OpenAsync(RealtimeConnectionOptions options, CancellationToken cancellationToken)
    {
        if (_span is not null)
        {
            Activity.Current = _span; // until this method returns
        }

        return await TransportSource.OpenAsync(options, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The connection is the session's.</summary>
    public void Succeed()
    {
        _session.Connected(_span?.Context ?? default);
        End(null);
    }

    /// <summary>There is no connection.</summary>
    public void Fail(Exception failure) => End(SignalWords.Of(failure));

    private void End(string? error)
    {
        if (_span is not { } span)
        {
            return;
        }

        DateTime end = _session.UtcNow;
        _session.Post(() =>
        {
            span.SetTag(Attributes.ConversationId, _session.Names.ConversationId);
            span.SetTag(Attributes.SessionKind, _session.Kind);
            _session.Service.Tell(span);
            if (error is not null)
            {
                span.SetTag(Attributes.ErrorType, error).SetStatus(ActivityStatusCode.Error);
            }

            span.SetEndTime(end).Stop();
        });
    }
}
