namespace Realtime.Protocol.CommandLine.Tests.Support;

/// <summary>A clock that goes twenty times as fast as the one on the wall, for what lasts seconds by its nature: pauses in speech, patience.</summary>
internal sealed class QuickTime : TimeProvider
{
    private const int Times = 20;

    public override long TimestampFrequency => System.TimestampFrequency / Times;

    public override long GetTimestamp() => System.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => System.CreateTimer(callback, state, Sooner(dueTime), Sooner(period));

    private static TimeSpan Sooner(TimeSpan time) => time > TimeSpan.Zero ? time / Times : time;
}
