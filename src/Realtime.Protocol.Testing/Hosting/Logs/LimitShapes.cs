using Realtime.Protocol.Testing.Scenarios.Json;

namespace Realtime.Protocol.Testing.Hosting.Logs;

/// <summary>How a recipe writes what a host bears: one row a limit, and only what is not the default is written. A test holds the rows to <see cref="SimulatorHostLimits"/>.</summary>
internal static class LimitShapes
{
    private const int MostMs = 24 * 60 * 60 * 1000;
    private static readonly SimulatorHostLimits Usual = new();
    private static readonly WholeCodec Count = new(1, int.MaxValue);
    private static readonly WholeCodec Milliseconds = new(1, MostMs);

    public static readonly ObjectCodec<SimulatorHostLimits> Limits = new ObjectCodec<SimulatorHostLimits>("limits", "what a host bears", Usual)
        .With("message_bytes", "The longest message of a client.", new WholeCodec(1, 512 * 1024 * 1024), static limits => Unusual(limits.MaxMessageBytes, Usual.MaxMessageBytes), static (limits, bytes) => limits with { MaxMessageBytes = bytes })
        .With("fragments", "How many fragments a message may have.", Count, static limits => Unusual(limits.MaxFragments, Usual.MaxFragments), static (limits, count) => limits with { MaxFragments = count })
        .With("connections", "How many there may be at once.", Count, static limits => Unusual(limits.MaxConnections, Usual.MaxConnections), static (limits, count) => limits with { MaxConnections = count })
        .With("queued_bytes", "How many may wait for one client.", Count, static limits => Unusual(limits.MaxQueuedBytes, Usual.MaxQueuedBytes), static (limits, bytes) => limits with { MaxQueuedBytes = bytes })
        .With("queued_bytes_in_all", "How many may wait for all clients.", new KeptAudioCodec(), static limits => Unusual(limits.MaxQueuedBytesInAll, Usual.MaxQueuedBytesInAll), static (limits, bytes) => limits with { MaxQueuedBytesInAll = Math.Max(1, bytes) })
        .With("kept_audio_bytes_in_all", "How much of their users' sound all sessions keep.", new KeptAudioCodec(), static limits => Unusual(limits.KeptAudioBytesInAll, Usual.KeptAudioBytesInAll), static (limits, bytes) => limits with { KeptAudioBytesInAll = bytes })
        .With("patience_ms", "How long one for whom too much waits may take nothing.", Milliseconds, static limits => Unusual(Ms(limits.Patience), Ms(Usual.Patience)), static (limits, ms) => limits with { Patience = TimeSpan.FromMilliseconds(ms) })
        .With("handshake_ms", "How long a client may take for its request.", Milliseconds, static limits => Unusual(Ms(limits.HandshakeTimeout), Ms(Usual.HandshakeTimeout)), static (limits, ms) => limits with { HandshakeTimeout = TimeSpan.FromMilliseconds(ms) })
        .With("ping_after_ms", "How long a client may be silent.", Milliseconds, static limits => Unusual(Ms(limits.PingAfter), Ms(Usual.PingAfter)), static (limits, ms) => limits with { PingAfter = TimeSpan.FromMilliseconds(ms) })
        .With("pong_ms", "How long a client may take to answer the ping.", Milliseconds, static limits => Unusual(Ms(limits.PongTimeout), Ms(Usual.PongTimeout)), static (limits, ms) => limits with { PongTimeout = TimeSpan.FromMilliseconds(ms) });

    private static T? Unusual<T>(T value, T usual)
        where T : struct => EqualityComparer<T>.Default.Equals(value, usual) ? null : value;

    private static int Ms(TimeSpan span) => (int)Math.Clamp(span.TotalMilliseconds, 1, MostMs);
}
