using System.Diagnostics;
using Realtime.Protocol.Lifecycle;

namespace Realtime.Protocol.Transport;

/// <summary>One response of a turn that somebody observes. Its span is made when it has ended: nothing of the application's runs inside. Under the session's lock.</summary>
/// <param name="turn">Of which turn.</param>
/// <param name="gate">To the machine of the connection that it runs on.</param>
/// <param name="id">The server's.</param>
/// <param name="askedAt">When it was asked for.</param>
internal sealed class ResponseSignals(TurnSignals turn, MachineGate gate, string id, long askedAt)
{
    private TimeSpan _took;
    private TimeSpan? _toFirstChunk;
    private DateTime _ended;
    private TokenUsage? _usage;

    public string Id => id;

    public MachineGate Gate => gate;

    /// <summary>When its first piece came; null while none has.</summary>
    public long? FirstChunkAt { get; set; }

    /// <summary>How it ended; null while it runs.</summary>
    public FactStatus? Status { get; private set; }

    public void End(FactStatus status, TokenUsage? usage)
    {
        if (Status is not null)
        {
            return;
        }

        SessionTelemetry session = turn.Session;
        (Status, _usage, _ended) = (status, usage, session.UtcNow);
        _took = session.Between(askedAt, session.Timestamp);
        _toFirstChunk = FirstChunkAt is { } first ? session.Between(askedAt, first) : null;
    }

    public void Tell(string? error) => turn.Session.Post(() =>
    {
        ServiceTags service = turn.Session.Service;
        if (Instruments.OperationDuration.Enabled)
        {
            TagList tags = service.ToTags(error);
            SignalQueue.Guard(() => Instruments.OperationDuration.Record(_took.TotalSeconds, in tags));
        }

        if (_toFirstChunk is { } first && Instruments.TimeToFirstChunk.Enabled)
        {
            TagList tags = service.ToTags();
            SignalQueue.Guard(() => Instruments.TimeToFirstChunk.Record(first.TotalSeconds, in tags));
        }

        TellSpan(service, error);
    });

    private void TellSpan(ServiceTags service, string? error)
    {
        string name = service.Model is { } model ? $"{Spans.Response} {model}" : Spans.Response;
        if (turn.StartChild(name, ActivityKind.Client, _ended - _took) is not { } span)
        {
            return;
        }

        span.SetTag(Attributes.OperationName, SignalWords.Realtime);
        service.Tell(span);
        span.SetTag(Attributes.ResponseId, id).SetTag(Attributes.ResponseStatus, SignalWords.Of(Status ?? FactStatus.Unknown));
        if (error is not null)
        {
            span.SetTag(Attributes.ErrorType, error).SetStatus(ActivityStatusCode.Error);
        }

        if (_usage is { } usage)
        {
            span.SetTag(Attributes.InputTokens, usage.Input.Total).SetTag(Attributes.OutputTokens, usage.Output.Total)
                .SetTag(Attributes.CachedInputTokens, usage.CachedInput.Total)
                .SetTag(Attributes.AudioInputTokens, usage.Input.Audio).SetTag(Attributes.AudioOutputTokens, usage.Output.Audio)
                .SetTag(Attributes.TextInputTokens, usage.Input.Text).SetTag(Attributes.TextOutputTokens, usage.Output.Text)
                .SetTag(Attributes.ImageInputTokens, usage.Input.Image)
                .SetTag(Attributes.ReasoningOutputTokens, usage.ReasoningOutput);
        }

        span.SetEndTime(_ended).Stop();
    }
}
