namespace Realtime.Protocol.CommandLine.Tests.Support;

/// <summary>
/// A clock that goes five times as fast as the one on the wall, for what lasts seconds by its nature: pauses in speech, patience. No faster: the 15 s that a connection may take
/// are three on the wall then, and a machine with much to do needs them.
/// </summary>
internal sealed class QuickTime : TimeProvider
{
    private const int Times = 5;

    public override long TimestampFrequency => System.TimestampFrequency / Times;

    public override long GetTimestamp() => System.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => System.CreateTimer(callback, state, Sooner(dueTime), Sooner(period));

    private static TimeSpan Sooner(TimeSpan time) => time > TimeSpan.Zero ? time / Times : time;
}
